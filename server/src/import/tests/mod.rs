//! Imports of both tenants of the sample data, whole, and of the park subdistrict with faults put into copies of it.

mod broken;
mod checks;
mod corruption;
mod hightech;
mod office;
mod park;
mod partial;
mod rules;
mod workbook;

use super::folder::Folder;
use super::remark::Report;
use super::{Import, ImportError, ImportErrors, Problem, import, read};
use sanben_domain::reference::Reference;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data")
}

/// A folder in memory that faults can be put into.
#[derive(Clone, Default)]
struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    /// The reference data of the park subdistrict.
    fn park() -> Self {
        let mut files = Self::default();
        for entry in std::fs::read_dir(data().join("park")).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = path.file_name().unwrap().to_str().unwrap();
                files.0.insert(name.to_owned(), std::fs::read(&path).unwrap());
            }
        }
        files
    }

    fn text(&self, file: &str) -> String {
        String::from_utf8(self.0[file].clone()).unwrap()
    }

    /// With this text as a file.
    fn put(mut self, file: &str, text: &str) -> Self {
        self.0.insert(file.to_owned(), text.as_bytes().to_vec());
        self
    }

    /// Without a file.
    fn without(mut self, file: &str) -> Self {
        self.0.remove(file).unwrap();
        self
    }

    /// With a part of a file written differently; it has to be there.
    fn edit(self, file: &str, from: &str, to: &str) -> Self {
        let text = self.text(file);
        assert!(text.contains(from), "{file} holds no {from}");
        self.put(file, &text.replacen(from, to, 1))
    }

    fn onto(&self, current: Option<&Reference>) -> Result<Import, ImportErrors> {
        let mut report = Report::default();
        let mut folder = Folder::default();
        for (name, bytes) in &self.0 {
            folder.put(name, Ok(bytes.clone()), &mut report);
        }
        import(&folder, current, report)
    }

    fn import(&self) -> Result<Import, ImportErrors> {
        self.onto(None)
    }

    /// What is wrong; something has to be.
    #[track_caller]
    fn errors(&self) -> Vec<ImportError> {
        match self.import() {
            Ok(_) => panic!("imported in spite of a fault"),
            Err(errors) => errors.errors,
        }
    }

    /// The one thing that is wrong: row, column, problem.
    #[track_caller]
    fn fault(&self) -> (Option<usize>, String, Problem) {
        let errors = self.errors();
        let [error] = errors.as_slice() else { panic!("{errors:#?}") };
        (error.row, error.column.clone().unwrap_or_default(), error.problem.clone())
    }
}

fn reference(import: Import) -> Reference {
    Reference::from_rows(import.update.rows)
}
