//! The disk as SQLite sees it: a VFS that is the default one of the process, serves what lies below a
//! mounted folder from memory, and hands everything else to the one that was the default before.

#![expect(
    unsafe_code,
    reason = "a VFS is a table of C functions; each says below why it may do what it does"
)]

use super::file::Level;
use super::{Disk, Kind, Refusal, State};
use rusqlite::ffi::{
    self, SQLITE_BUSY, SQLITE_CANTOPEN, SQLITE_IOERR, SQLITE_NOTFOUND, SQLITE_OK, sqlite3_file, sqlite3_vfs,
};
use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError, Weak};

/// Mounted folders.
static MOUNTED: Mutex<BTreeMap<PathBuf, Weak<Mutex<State>>>> = Mutex::new(BTreeMap::new());
/// The VFS that was the default before, as an address.
static SYSTEM: OnceLock<usize> = OnceLock::new();

pub(super) fn mount(root: &Path, disk: &Disk) {
    register();
    let mut mounted = MOUNTED.lock().unwrap_or_else(PoisonError::into_inner);
    mounted.retain(|_, state| state.strong_count() > 0);
    mounted.insert(root.to_owned(), std::sync::Arc::downgrade(&disk.0));
}

/// The disk a path lies on, and its name there.
fn disk_of(path: &Path) -> Option<(Disk, PathBuf)> {
    let mounted = MOUNTED.lock().unwrap_or_else(PoisonError::into_inner);
    path.ancestors().find_map(|root| {
        let disk = Disk(mounted.get(root)?.upgrade()?);
        Some((disk, path.strip_prefix(root).ok()?.to_owned()))
    })
}

fn register() {
    SYSTEM.get_or_init(|| {
        // SAFETY: SQLite allows these calls at any time from any thread; the found VFS lives as long as the
        // process, and so does ours, which is leaked.
        unsafe {
            assert_eq!(ffi::sqlite3_initialize(), SQLITE_OK);
            let system = ffi::sqlite3_vfs_find(std::ptr::null());
            let own = i32::try_from(size_of::<Handle>()).unwrap();
            let ours = sqlite3_vfs {
                iVersion: 2,
                szOsFile: own.max((*system).szOsFile),
                pNext: std::ptr::null_mut(),
                zName: c"sanben-simulated".as_ptr(),
                pAppData: system.cast(),
                xOpen: Some(open),
                xDelete: Some(delete),
                xAccess: Some(access),
                xFullPathname: Some(full_pathname),
                xDlOpen: None,
                xDlError: None,
                xDlSym: None,
                xDlClose: None,
                xSetSystemCall: None,
                xGetSystemCall: None,
                xNextSystemCall: None,
                // These do not look at the VFS that they are called for.
                ..*system
            };
            assert_eq!(ffi::sqlite3_vfs_register(Box::leak(Box::new(ours)), 1), SQLITE_OK);
            system as usize
        }
    });
}

/// # Safety
/// `vfs` is the one made in [`register`].
unsafe fn system(vfs: *mut sqlite3_vfs) -> *mut sqlite3_vfs {
    // SAFETY: the caller's promise.
    unsafe { (*vfs).pAppData.cast() }
}

/// # Safety
/// `name` is null or a C string.
unsafe fn path<'a>(name: *const c_char) -> Option<&'a Path> {
    if name.is_null() {
        return None;
    }
    // SAFETY: the caller's promise; SQLite keeps it alive during the call.
    unsafe { CStr::from_ptr(name) }.to_str().ok().map(Path::new)
}

/// An open file, in memory that SQLite gives and takes.
#[repr(C)]
struct Handle {
    base: sqlite3_file,
    open: *mut Open,
}

struct Open {
    disk: Disk,
    file: u64,
    id: u64,
    /// Goes when it is closed.
    passing: Option<PathBuf>,
}

unsafe extern "C" fn open(
    vfs: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite calls with a VFS of ours, a name that is null or a string, and room for a handle.
    unsafe {
        (*file).pMethods = std::ptr::null();
        let Some((disk, name)) = path(name).and_then(disk_of) else {
            let system = system(vfs);
            return (*system).xOpen.map_or(SQLITE_CANTOPEN, |open| open(system, name, file, flags, out));
        };
        let opened = {
            let mut state = disk.state();
            state.open(&name, flags)
        };
        let (number, id) = match opened {
            Ok(opened) => opened,
            Err(refusal) => return refusal,
        };
        let passing = (flags & ffi::SQLITE_OPEN_DELETEONCLOSE != 0).then_some(name);
        (*file.cast::<Handle>()).open = Box::into_raw(Box::new(Open { disk, file: number, id, passing }));
        (*file).pMethods = &raw const METHODS;
        if !out.is_null() {
            *out = flags;
        }
        SQLITE_OK
    }
}

impl State {
    fn open(&mut self, name: &Path, flags: c_int) -> Result<(u64, u64), Refusal> {
        if self.dead {
            return Err(SQLITE_CANTOPEN);
        }
        let database = flags & ffi::SQLITE_OPEN_MAIN_DB != 0;
        let create = flags & ffi::SQLITE_OPEN_CREATE != 0;
        if database {
            self.files.note_database(name);
            let sign = self.root.join(name);
            if self.files.holds(name) && !sign.exists() {
                // Somebody removed the folder.
                for beside in ["", "-wal", "-journal"] {
                    let mut beside_name = name.as_os_str().to_owned();
                    beside_name.push(beside);
                    self.files.remove(Path::new(&beside_name), true);
                }
            }
        }
        let file = self.files.open(name, create).ok_or(SQLITE_CANTOPEN)?;
        if database {
            self.show();
        }
        Ok((file, self.files.number()))
    }
}

unsafe extern "C" fn delete(vfs: *mut sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    // SAFETY: as in `open`.
    unsafe {
        let Some((disk, name)) = path(name).and_then(disk_of) else {
            let system = system(vfs);
            return (*system).xDelete.map_or(SQLITE_IOERR, |delete| delete(system, name, sync));
        };
        let mut state = disk.state();
        match state.admit(Kind::Write) {
            Err(_) => ffi::SQLITE_IOERR_DELETE,
            Ok(()) if state.files.remove(&name, sync != 0) => SQLITE_OK,
            Ok(()) => ffi::SQLITE_IOERR_DELETE_NOENT,
        }
    }
}

unsafe extern "C" fn access(
    vfs: *mut sqlite3_vfs,
    name: *const c_char,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: as in `open`; `out` is a place for the answer.
    unsafe {
        let Some((disk, name)) = path(name).and_then(disk_of) else {
            let system = system(vfs);
            return (*system).xAccess.map_or(SQLITE_IOERR, |access| access(system, name, flags, out));
        };
        *out = c_int::from(disk.state().files.holds(&name));
        SQLITE_OK
    }
}

unsafe extern "C" fn full_pathname(
    vfs: *mut sqlite3_vfs,
    name: *const c_char,
    room: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: as in `open`; the system's own function fills its own buffer.
    unsafe {
        let system = system(vfs);
        (*system).xFullPathname.map_or(SQLITE_CANTOPEN, |full| full(system, name, room, out))
    }
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// # Safety
/// `file` was opened by [`open`] and is not closed.
unsafe fn opened<'a>(file: *mut sqlite3_file) -> &'a Open {
    // SAFETY: the caller's promise.
    unsafe { &*(*file.cast::<Handle>()).open }
}

fn code(result: Result<(), Refusal>) -> c_int {
    result.err().unwrap_or(SQLITE_OK)
}

fn number(offset: i64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite closes a file once and does not use it afterwards.
    let open = unsafe {
        (*file).pMethods = std::ptr::null();
        Box::from_raw((*file.cast::<Handle>()).open)
    };
    let mut state = open.disk.state();
    if let Some(name) = &open.passing {
        state.files.remove(name, true);
    }
    state.files.close(open.file, open.id);
    SQLITE_OK
}

unsafe extern "C" fn read(file: *mut sqlite3_file, into: *mut c_void, len: c_int, at: i64) -> c_int {
    // SAFETY: an open file and room for so many bytes.
    let (open, into) =
        unsafe { (opened(file), std::slice::from_raw_parts_mut(into.cast::<u8>(), number(len.into()))) };
    let mut state = open.disk.state();
    match state.admit(Kind::Read) {
        Err(refusal) => refusal,
        Ok(()) if state.files.file(open.file).read(number(at), into) => SQLITE_OK,
        Ok(()) => ffi::SQLITE_IOERR_SHORT_READ,
    }
}

unsafe extern "C" fn write(file: *mut sqlite3_file, from: *const c_void, len: c_int, at: i64) -> c_int {
    // SAFETY: an open file and so many bytes.
    let (open, from) =
        unsafe { (opened(file), std::slice::from_raw_parts(from.cast::<u8>(), number(len.into()))) };
    let mut state = open.disk.state();
    let was_dead = state.dead;
    let admitted = state.admit(Kind::Write);
    // Whoever dies in a write leaves some of it.
    if admitted.is_ok() || (state.dead && !was_dead && state.dice.chance(50)) {
        let some = if admitted.is_ok() { from.len() } else { state.dice.roll(from.len()) };
        state.files.file(open.file).write(number(at), &from[..some]);
    }
    code(admitted)
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, len: i64) -> c_int {
    // SAFETY: an open file.
    let open = unsafe { opened(file) };
    let mut state = open.disk.state();
    code(state.admit(Kind::Write).map(|()| state.files.file(open.file).cut(number(len))))
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, _flags: c_int) -> c_int {
    // SAFETY: an open file.
    let open = unsafe { opened(file) };
    let mut state = open.disk.state();
    let admitted = state.admit(Kind::Sync);
    if admitted.is_ok() && !state.lying {
        state.files.sync(open.file);
    }
    code(admitted)
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, out: *mut i64) -> c_int {
    // SAFETY: an open file and a place for the answer.
    unsafe {
        let open = opened(file);
        *out = i64::try_from(open.disk.state().files.file(open.file).len()).unwrap_or(i64::MAX);
    }
    SQLITE_OK
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    // SAFETY: an open file.
    let open = unsafe { opened(file) };
    let wanted = match level {
        ffi::SQLITE_LOCK_SHARED => Level::Shared,
        ffi::SQLITE_LOCK_RESERVED => Level::Reserved,
        ffi::SQLITE_LOCK_EXCLUSIVE => Level::Exclusive,
        _ => return SQLITE_OK,
    };
    let mut state = open.disk.state();
    let locks = &mut state.files.file(open.file).locks;
    if locks.get(&open.id).is_some_and(|held| *held >= wanted) {
        return SQLITE_OK;
    }
    let strongest = locks.iter().filter(|(id, _)| **id != open.id).map(|(_, held)| *held).max();
    let (free, waits) = match wanted {
        Level::Shared => (strongest.is_none_or(|held| held < Level::Pending), false),
        Level::Reserved => (strongest.is_none_or(|held| held < Level::Reserved), false),
        _ => (strongest.is_none(), strongest == Some(Level::Shared)),
    };
    if free {
        locks.insert(open.id, wanted);
        SQLITE_OK
    } else {
        if waits {
            locks.insert(open.id, Level::Pending);
        }
        SQLITE_BUSY
    }
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    // SAFETY: an open file.
    let open = unsafe { opened(file) };
    let mut state = open.disk.state();
    let locks = &mut state.files.file(open.file).locks;
    if level == ffi::SQLITE_LOCK_SHARED && locks.contains_key(&open.id) {
        locks.insert(open.id, Level::Shared);
    } else {
        locks.remove(&open.id);
    }
    SQLITE_OK
}

unsafe extern "C" fn check_reserved_lock(file: *mut sqlite3_file, out: *mut c_int) -> c_int {
    // SAFETY: an open file and a place for the answer.
    unsafe {
        let open = opened(file);
        let mut state = open.disk.state();
        *out = c_int::from(state.files.file(open.file).locks.values().any(|held| *held >= Level::Reserved));
    }
    SQLITE_OK
}

unsafe extern "C" fn file_control(_file: *mut sqlite3_file, _op: c_int, _arg: *mut c_void) -> c_int {
    SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_file: *mut sqlite3_file) -> c_int {
    512
}

unsafe extern "C" fn device_characteristics(_file: *mut sqlite3_file) -> c_int {
    // As the system's own says: a torn write harms no byte beside it.
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

/// The memory that the connections of a database share; it goes with the last of them.
#[derive(Debug, Default)]
pub(super) struct SharedMemory {
    regions: Vec<Region>,
    /// Slots that each handle holds, shared and alone.
    held: BTreeMap<u64, (u32, u32)>,
}

#[derive(Debug)]
struct Region(*mut [u64]);

// SAFETY: the memory belongs to the region; who may touch it when is settled by SQLite's own locks.
unsafe impl Send for Region {}

impl Drop for Region {
    fn drop(&mut self) {
        // SAFETY: made by `Box::into_raw`, and dropped when no handle has it mapped.
        drop(unsafe { Box::from_raw(self.0) });
    }
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    region: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: an open file and a place for the answer.
    unsafe {
        let open = opened(file);
        let mut state = open.disk.state();
        if state.dead {
            return ffi::SQLITE_IOERR_SHMMAP;
        }
        let memory = &mut state.files.file(open.file).shared;
        memory.held.entry(open.id).or_default();
        let (region, words) = (number(region.into()), number(size.into()) / size_of::<u64>());
        while extend != 0 && memory.regions.len() <= region {
            memory.regions.push(Region(Box::into_raw(vec![0; words].into_boxed_slice())));
        }
        *out = memory.regions.get(region).map_or(std::ptr::null_mut(), |region| region.0.cast());
    }
    SQLITE_OK
}

unsafe extern "C" fn shm_lock(file: *mut sqlite3_file, offset: c_int, n: c_int, flags: c_int) -> c_int {
    // SAFETY: an open file.
    let open = unsafe { opened(file) };
    let mut state = open.disk.state();
    let memory = &mut state.files.file(open.file).shared;
    let slots = ((1_u32 << n) - 1) << offset;
    let mut others = memory.held.iter().filter(|(id, _)| **id != open.id).map(|(_, held)| *held);
    let alone = flags & ffi::SQLITE_SHM_EXCLUSIVE != 0;
    if flags & ffi::SQLITE_SHM_LOCK != 0
        && others.any(|(shared, held)| (held | if alone { shared } else { 0 }) & slots != 0)
    {
        return SQLITE_BUSY;
    }
    let (shared, held) = memory.held.entry(open.id).or_default();
    match (flags & ffi::SQLITE_SHM_LOCK != 0, alone) {
        (true, true) => *held |= slots,
        (true, false) => *shared |= slots,
        (false, _) => {
            *held &= !slots;
            *shared &= !slots;
        }
    }
    SQLITE_OK
}

unsafe extern "C" fn shm_barrier(_file: *mut sqlite3_file) {
    std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst);
}

unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, _delete: c_int) -> c_int {
    // SAFETY: an open file.
    let open = unsafe { opened(file) };
    let mut state = open.disk.state();
    let memory = &mut state.files.file(open.file).shared;
    memory.held.remove(&open.id);
    if memory.held.is_empty() {
        memory.regions.clear();
    }
    SQLITE_OK
}
