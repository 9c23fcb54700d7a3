//! The stage: one real server behind a real socket, one store a person, and the commands of this program.
//!
//! A scene does nothing but what a person can type: [`Stage::run`] parses the words and runs the command
//! with the clock of the play in place of the machine's. Every command opens its store anew, as a phone
//! that was killed in between.

use super::clock::PlayClock;
use super::office::Office;
use crate::command::{self, World};
use crate::language::{Language, say};
use sanben_domain::id::DocumentId;
use sanben_field::{Platform, SystemRandom};
use serde_json::Value;
use std::cell::Cell;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why the demo stopped: something did not happen that must.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Failure(pub(super) String);

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// What a command brought back.
pub(super) struct Said {
    /// As with `--json`.
    pub(super) json: Value,
    /// As for a person.
    pub(super) text: String,
}

impl Said {
    /// The text at a JSON pointer.
    pub(super) fn text_at(&self, pointer: &str) -> Result<&str, Failure> {
        self.json.pointer(pointer).and_then(Value::as_str).ok_or_else(|| self.missing(pointer))
    }

    /// The list at a JSON pointer.
    pub(super) fn list_at(&self, pointer: &str) -> Result<&[Value], Failure> {
        self.json
            .pointer(pointer)
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .ok_or_else(|| self.missing(pointer))
    }

    /// The number at a JSON pointer.
    pub(super) fn number_at(&self, pointer: &str) -> Result<u64, Failure> {
        self.json.pointer(pointer).and_then(Value::as_u64).ok_or_else(|| self.missing(pointer))
    }

    fn missing(&self, pointer: &str) -> Failure {
        Failure(format!("nothing at {pointer} in what the command said"))
    }
}

/// The stage.
pub(super) struct Stage {
    pub(super) language: Language,
    pub(super) clock: PlayClock,
    /// The folder with the server and all stores.
    pub(super) dir: PathBuf,
    /// The folder with the reference data.
    pub(super) data: PathBuf,
    /// The server of the subdistrict.
    pub(super) office: Office,
    quiet: bool,
    /// How many syncs were asked for so far, and which one of them is left out (in a test of the play).
    syncs: Cell<usize>,
    left_out: Option<usize>,
}

impl Stage {
    /// Starts the server in `dir` on a free port of loopback.
    pub(super) fn open(dir: &Path, data: PathBuf, language: Language, quiet: bool) -> Result<Self, Failure> {
        let clock = PlayClock::new();
        let office = Office::open(&dir.join("server"), &clock)?;
        Ok(Self {
            language,
            clock,
            dir: dir.to_owned(),
            data,
            office,
            quiet,
            syncs: Cell::new(0),
            left_out: None,
        })
    }

    /// Prints a line for the person who watches.
    pub(super) fn tell(&self, line: &str) {
        if !self.quiet {
            // Whoever read the output has seen enough; the day is played to its end all the same.
            let _ = writeln!(io::stdout(), "{line}");
        }
    }

    /// A scene begins: the clocks are set.
    pub(super) fn scene(&self, hour: u32, minute: u32, title: &str) {
        self.clock.set(hour, minute);
        let time = format!("{hour:02}:{minute:02}");
        self.tell("");
        self.tell(&say!(self.language, "demo-scene", time = time, title = title.to_owned()));
    }

    /// Runs a command as if it had been typed, and shows it.
    pub(super) fn run(&self, words: &[&str]) -> Result<Said, Failure> {
        let said = self.run_quietly(words)?;
        self.show(words, &said);
        Ok(said)
    }

    /// Runs a command without showing it.
    pub(super) fn run_quietly(&self, words: &[&str]) -> Result<Said, Failure> {
        self.try_run(words).map_err(|error| Failure(format!("sanben {}: {error}", words.join(" "))))
    }

    /// Leaves out the sync with this number, from 0.
    #[cfg(test)]
    pub(super) fn without_sync(mut self, number: usize) -> Self {
        self.left_out = Some(number);
        self
    }

    /// How many syncs were asked for.
    #[cfg(test)]
    pub(super) fn syncs(&self) -> usize {
        self.syncs.get()
    }

    /// Runs a command that may fail.
    pub(super) fn try_run(&self, words: &[&str]) -> Result<Said, String> {
        if words.contains(&"sync") && self.left_out == Some(self.syncs.replace(self.syncs.get() + 1)) {
            eprintln!("left out: {}", words.join(" "));
            return Ok(Said { json: Value::Null, text: String::new() });
        }
        let world = World {
            language: self.language,
            platform: Platform {
                clock: Arc::new(self.clock.clone()),
                random: Arc::new(SystemRandom),
                ..Platform::system()
            },
        };
        let done = command::run_words(words, &world).map_err(|error| error.show(self.language))?;
        Ok(Said { json: done.json, text: done.text })
    }

    /// Shows a command and what it said.
    pub(super) fn show(&self, words: &[&str], said: &Said) {
        if self.quiet {
            return;
        }
        self.tell(&say!(self.language, "demo-command", words = self.typed(words)));
        for line in said.text.lines() {
            self.tell(&format!("      {line}"));
        }
    }

    /// A command as a person would type it, with the folders of the play shortened.
    fn typed(&self, words: &[&str]) -> String {
        let quoted = words.iter().map(|word| {
            let word = word.replace(&*self.dir.to_string_lossy(), "$DIR");
            let word = word.replace(&*self.data.to_string_lossy(), "data/park");
            let word = word.replace(&*self.beside().to_string_lossy(), "data/hightech");
            // An id is typed as its first eight digits.
            let word = match word.parse::<DocumentId>() {
                Ok(id) => id.to_string().chars().take(8).collect(),
                Err(_) => word,
            };
            if word.is_empty() || word.contains([' ', ',', ',', '!']) { format!("'{word}'") } else { word }
        });
        quoted.collect::<Vec<_>>().join(" ")
    }

    /// Runs a `field` command on a person's store, and shows it.
    pub(super) fn field(&self, person: &str, words: &[&str]) -> Result<Said, Failure> {
        let store = self.store(person);
        self.run(&[&["field", "--store", &store], words].concat())
    }

    /// The same, not shown.
    pub(super) fn field_quietly(&self, person: &str, words: &[&str]) -> Result<Said, Failure> {
        let store = self.store(person);
        self.run_quietly(&[&["field", "--store", &store], words].concat())
    }

    /// The folder of a person's store.
    pub(super) fn store(&self, person: &str) -> String {
        self.dir.join(person).to_string_lossy().into_owned()
    }

    /// The folder with the reference data of the other tenant.
    pub(super) fn beside(&self) -> PathBuf {
        self.data.with_file_name("hightech")
    }

    /// A photo of the reference data.
    pub(super) fn photo(&self, name: &str) -> String {
        self.data.join("photos").join(name).to_string_lossy().into_owned()
    }

    /// A person's name, as the server knows it.
    pub(super) fn name(&self, person: &str) -> Result<String, Failure> {
        self.office.name(person)
    }
}
