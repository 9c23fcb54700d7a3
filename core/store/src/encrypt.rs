//! From a store that lies open to an encrypted one, as an app needs it that was updated from a build without.
//!
//! Everything is made anew beside what is there, in [`MAKING`]: the database under the key, every photo sealed, the
//! vault's file. What was made is read again and compared, and only then one rename, to [`MADE`], decides. A kill before
//! it leaves the open store and a folder that is thrown away; one after it leaves moves that whoever comes next ends
//! ([`settle`]). For as long as it takes, there has to be room for both.
//!
//! The old files are removed, which on flash is not the same as wiped.

use crate::connection;
use crate::error::StoreError;
use crate::files::PhotoFiles;
use crate::installation::Installation;
use crate::key::StoreKey;
use crate::photos::sync_folder;
use crate::store::{DATABASE, Options, Store, VAULT};
use rusqlite::Connection;
use rusqlite::types::Value;
use sanben_domain::id::PhotoHash;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Where it is made: worth nothing until it is whole.
const MAKING: &str = "encrypting";
/// What was made and is decided for.
const MADE: &str = "encrypted";
const PHOTOS: &str = "photos";

/// An encrypted copy of a store, in the making. Dropped without [`Encrypting::decide`], it leaves the store as it was.
#[derive(Debug)]
pub struct Encrypting {
    dir: PathBuf,
    making: PathBuf,
    decided: bool,
    _installation: Installation,
}

impl Encrypting {
    /// Copies the store in a folder, which nobody has open, under a key, and compares the copy with it.
    ///
    /// # Errors
    /// [`StoreError::Busy`], [`StoreError::Full`], [`StoreError::Corrupt`] when the store is damaged,
    /// [`StoreError::Locked`] when it is encrypted already, [`StoreError::NotEncrypting`] in a build without it.
    pub fn begin(dir: &Path, key: &StoreKey) -> Result<Self, StoreError> {
        if !Store::ENCRYPTS {
            return Err(StoreError::NotEncrypting);
        }
        let installation = Installation::lock(dir)?;
        settle_held(dir)?;
        if dir.join(VAULT).exists() || is_sealed(dir)? {
            return Err(StoreError::Locked);
        }
        let making = dir.join(MAKING);
        fs::create_dir_all(making.join(PHOTOS))?;
        let encrypting = Self { dir: dir.to_owned(), making, decided: false, _installation: installation };
        encrypting.database(key)?;
        encrypting.photos(key)?;
        Ok(encrypting)
    }

    /// Where the caller writes the file [`VAULT`], without which nothing could be opened any more.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.making
    }

    /// From here on the store is the encrypted one.
    ///
    /// # Errors
    /// [`StoreError::Full`], [`StoreError::Io`]. The store is the one or the other all the same.
    pub fn decide(mut self) -> Result<(), StoreError> {
        let vault = self.making.join(VAULT);
        if !vault.exists() {
            return Err(StoreError::Io("there is no vault for the encrypted store".to_owned()));
        }
        for file in [vault, self.making.join(DATABASE)] {
            File::open(file)?.sync_all()?;
        }
        sync_folder(&self.making)?;
        fs::rename(&self.making, self.dir.join(MADE))?;
        self.decided = true;
        sync_folder(&self.dir)?;
        settle_held(&self.dir)
    }

    fn database(&self, key: &StoreKey) -> Result<(), StoreError> {
        let source = connection::writer(&self.dir.join(DATABASE), Options::default(), None)?;
        whole(&source)?;
        let path = self.making.join(DATABASE);
        connection::export(&source, &path, key)?;
        let copy = connection::writer(&path, Options::default(), Some(key))?;
        whole(&copy)?;
        if !same(&source, &copy)? {
            return Err(StoreError::Corrupt("its encrypted copy differs from it".to_owned()));
        }
        copy.close().map_err(|(_, error)| error)?;
        Ok(())
    }

    /// What can be fetched again is left.
    fn photos(&self, key: &StoreKey) -> Result<(), StoreError> {
        let open = PhotoFiles { dir: self.dir.clone(), key: None };
        let under = PhotoFiles { dir: self.making.clone(), key: Some(key.clone()) };
        for hash in photos(&self.dir.join(PHOTOS))? {
            let content = fs::read(open.original(hash))?;
            let path = under.original(hash);
            fs::create_dir_all(path.parent().unwrap_or(&self.making))?;
            let mut file = File::create(path)?;
            under.write_original(hash, &content, &mut file)?;
            file.sync_all()?;
            if under.read_original(hash, 0, usize::MAX)? != content {
                return Err(StoreError::WrongBytes(hash));
            }
        }
        for folder in fs::read_dir(self.making.join(PHOTOS))? {
            sync_folder(&folder?.path())?;
        }
        sync_folder(&self.making.join(PHOTOS))
    }
}

impl Drop for Encrypting {
    fn drop(&mut self) {
        if !self.decided {
            // Otherwise the next one does.
            let _ = fs::remove_dir_all(&self.making);
        }
    }
}

/// The originals in a folder of photos that lie open.
fn photos(folder: &Path) -> Result<Vec<PhotoHash>, StoreError> {
    let mut found = Vec::new();
    let folders = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(found),
        folders => folders?,
    };
    for folder in folders {
        for file in fs::read_dir(folder?.path())? {
            // What lies beside an original has an extension.
            found.extend(file?.file_name().to_str().and_then(|name| name.parse::<PhotoHash>().ok()));
        }
    }
    Ok(found)
}

fn whole(database: &Connection) -> Result<(), StoreError> {
    let found: String = database.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(StoreError::Corrupt(found)) }
}

/// Whether two databases hold the same, row by row.
fn same(one: &Connection, other: &Connection) -> Result<bool, StoreError> {
    const TABLES: &str =
        "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY name";
    const SCHEMA: &str = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name";
    if rows(one, SCHEMA)? != rows(other, SCHEMA)? {
        return Ok(false);
    }
    let mut tables = one.prepare(TABLES)?;
    let names = tables.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    for name in names {
        let all = format!("SELECT * FROM \"{}\"", name.replace('"', "\"\""));
        let (mut first, mut second) = (one.prepare(&all)?, other.prepare(&all)?);
        let columns = first.column_count();
        let (mut first, mut second) = (first.query([])?, second.query([])?);
        loop {
            let (here, there) = (first.next()?, second.next()?);
            let (Some(here), Some(there)) = (here, there) else {
                if here.is_some() || there.is_some() {
                    return Ok(false);
                }
                break;
            };
            for column in 0..columns {
                if here.get_ref(column)? != there.get_ref(column)? {
                    return Ok(false);
                }
            }
        }
    }
    Ok(true)
}

fn rows(connection: &Connection, question: &str) -> Result<Vec<Vec<Value>>, StoreError> {
    let mut statement = connection.prepare(question)?;
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| (0..columns).map(|column| row.get(column)).collect())?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Ends what was decided and interrupted. Asked before anybody looks at how the folder's store stands; costs one look
/// into the folder.
///
/// # Errors
/// [`StoreError::Busy`] while another program does it, [`StoreError::Io`].
pub fn settle(dir: &Path) -> Result<(), StoreError> {
    if !dir.join(MADE).exists() {
        return Ok(());
    }
    let _installation = Installation::lock(dir)?;
    settle_held(dir)
}

/// Whether an encrypted store is decided for and not yet in its place.
pub(crate) fn decided(dir: &Path) -> bool {
    dir.join(MADE).exists()
}

/// The same for whoever holds the folder's lock; sweeps up what was never decided, too. Each step can be taken again.
pub(crate) fn settle_held(dir: &Path) -> Result<(), StoreError> {
    gone(fs::remove_dir_all(dir.join(MAKING)))?;
    let made = dir.join(MADE);
    if !made.exists() {
        return Ok(());
    }
    let database = made.join(DATABASE);
    if database.exists() {
        // Its log first: that of the one must not be played into the other.
        for log in ["-wal", "-shm"] {
            gone(fs::remove_file(dir.join(format!("{DATABASE}{log}"))))?;
        }
        sync_folder(dir)?;
        fs::rename(database, dir.join(DATABASE))?;
    }
    let photos = made.join(PHOTOS);
    if photos.exists() {
        gone(fs::remove_dir_all(dir.join(PHOTOS)))?;
        fs::rename(photos, dir.join(PHOTOS))?;
    }
    let vault = made.join(VAULT);
    if vault.exists() {
        fs::rename(vault, dir.join(VAULT))?;
    }
    sync_folder(dir)?;
    fs::remove_dir_all(made)?;
    sync_folder(dir)
}

fn gone(removed: std::io::Result<()>) -> std::io::Result<()> {
    match removed {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Whether the database in a folder is an encrypted one, by its look: without a key every byte of it is noise.
///
/// # Errors
/// [`StoreError::Io`].
pub fn is_sealed(dir: &Path) -> Result<bool, StoreError> {
    let mut head = Vec::new();
    match File::open(dir.join(DATABASE)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        file => file?.take(HEAD as u64).read_to_end(&mut head)?,
    };
    // What every database that lies open has: its first words, and three bytes that are always the same. Damage that
    // took both (zeros, a piece of another file) is told from noise, of whose 100 bytes some 83 differ.
    let fractions = head.get(21..24) == Some(&[64, 32, 32]);
    let noise = head.iter().collect::<BTreeSet<_>>().len() > HEAD / 2;
    Ok(head.len() == HEAD && noise && !head.starts_with(b"SQLite format 3\0") && !fractions)
}

/// The head of a database, bytes.
const HEAD: usize = 100;
