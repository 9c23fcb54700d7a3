//! One device's store that grows with the benchmarks: filled once, measured at several sizes.

use crate::Outcome;
use crate::cases::{Town, fill};
use crate::desk::{COMMAND, Desk, NEW_YEAR, platform};
use crate::measure::timed;
use crate::report::{grouped, time};
use crate::words::Writer;
use sanben_field::Field;
use std::path::{Path, PathBuf};

/// Reports are spread over so many days of the year.
const DAYS: i64 = 300;

/// The store and what is in it.
pub(crate) struct Shelf {
    dir: PathBuf,
    /// The largest size it will have.
    most: usize,
    held: usize,
    writer: Writer,
}

impl Shelf {
    /// An enrolled device with reference data and no case.
    pub(crate) fn new(dir: &Path, most: usize) -> Outcome<Self> {
        let desk = Desk::open(&dir.join("shelf-server"))?;
        let dir = dir.join("shelf");
        drop(desk.device(&dir, COMMAND[0], true)?);
        Ok(Self { dir, most, held: 0, writer: Writer::new(1) })
    }

    /// The folder; nobody holds it open.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The file of the database.
    pub(crate) fn database(&self) -> PathBuf {
        self.dir.join("sanben.db")
    }

    /// How many cases are in it.
    pub(crate) fn held(&self) -> usize {
        self.held
    }

    /// The device, as a phone opens it.
    pub(crate) fn open(&self) -> Outcome<Field> {
        Ok(Field::open(&self.dir, platform(true))?)
    }

    /// Lets cases arrive until there are so many.
    pub(crate) fn fill_to(&mut self, size: usize) -> Outcome<()> {
        if size <= self.held {
            return Ok(());
        }
        // Not every batch has to survive a power cut while filling.
        let field = Field::open(&self.dir, platform(false))?;
        let town = Town::of(&*field.reference()?, None, NEW_YEAR.plus_ms(1));
        let numbers = self.held..size;
        let (took, changes) =
            timed(|| fill(field.store(), &town, &mut self.writer, numbers, self.most, (NEW_YEAR, DAYS)))?;
        eprintln!(
            "filled from {} to {} cases: {} changes in {}",
            grouped(self.held),
            grouped(size),
            grouped(changes),
            time(took)
        );
        self.held = size;
        Ok(())
    }
}
