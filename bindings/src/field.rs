//! The store as an object. Its calls stand in the files of their stories, beside what goes in and comes out; each only
//! changes the form of that.

use crate::failure::{FieldFailure, guarded};
use sanben_field::{FieldError, Http, Platform};
use std::path::Path;

/// One store in one folder, for one person of one tenant. Everything but `enrol`, `sync` and `photo` works
/// without a network.
#[derive(Debug, uniffi::Object)]
pub struct Field(pub(crate) sanben_field::Field);

impl Field {
    pub(crate) fn call<T>(
        &self,
        work: impl FnOnce(&sanben_field::Field) -> Result<T, FieldFailure>,
    ) -> Result<T, FieldFailure> {
        guarded(|| work(&self.0))
    }

    /// The way to the server that this store is enrolled with.
    pub(crate) fn server(&self) -> Result<Http, FieldFailure> {
        Ok(Http::new(&self.0.enrolment()?.url))
    }
}

pub(crate) fn each<A, B: From<A>>(all: Vec<A>) -> Vec<B> {
    all.into_iter().map(B::from).collect()
}

/// Whether an act was found to be allowed.
pub(crate) fn allowed<T>(judged: Result<T, FieldError>) -> Result<bool, FieldFailure> {
    match judged {
        Ok(_) => Ok(true),
        Err(FieldError::Denied(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[uniffi::export]
impl Field {
    /// Opens the store in a folder, making a new one where there is none.
    ///
    /// # Errors
    /// [`FieldFailure::NewerStore`], [`FieldFailure::CorruptStore`], [`FieldFailure::Full`],
    /// [`FieldFailure::Busy`]; [`FieldFailure::Locked`] for an encrypted one, which `Vault` opens.
    #[uniffi::constructor]
    pub fn open(dir: String) -> Result<Self, FieldFailure> {
        guarded(|| Ok(Self(sanben_field::Field::open(Path::new(&dir), Platform::system())?)))
    }

    /// Writes everything out and closes the database until the next call. For a phone that is about to put
    /// the app to sleep.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn suspend(&self) -> Result<(), FieldFailure> {
        self.call(|field| Ok(field.suspend()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn open(dir: &Path) -> Result<Field, FieldFailure> {
        Field::open(dir.display().to_string())
    }

    #[test]
    fn a_damaged_store_says_so_and_is_kept_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        drop(open(dir.path()).unwrap());
        let database = dir.path().join("sanben.db");
        let damaged = vec![0x5a; usize::try_from(fs::metadata(&database).unwrap().len()).unwrap()];
        fs::write(&database, &damaged).unwrap();
        assert!(matches!(open(dir.path()), Err(FieldFailure::CorruptStore { .. })));
        assert_eq!(fs::read(&database).unwrap(), damaged);
    }

    #[test]
    fn two_at_once_are_one_too_many() {
        let dir = tempfile::tempdir().unwrap();
        let first = open(dir.path()).unwrap();
        assert!(matches!(open(dir.path()), Err(FieldFailure::Busy)));
        first.suspend().unwrap();
        let second = open(dir.path()).unwrap();
        assert_eq!(first.counts(), Err(FieldFailure::Busy), "it woke up, but somebody else is there");
        drop(second);
        assert!(first.counts().is_ok());
    }
}
