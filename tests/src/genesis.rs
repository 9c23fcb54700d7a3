//! How runs begin: made once for the same people, and copied.

use crate::disk::{Backup, Disk};
use crate::network::Wire;
use crate::world::{MORNING, World, park};
use sanben_domain::id::PersonId;
use sanben_domain::time::Timestamp;
use sanben_server::import;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// How every run with the same people begins: reference data published, devices enrolled and synced once.
/// Made once, because it takes as long as half a run.
pub(crate) struct Genesis {
    pub(crate) time: Timestamp,
    pub(crate) server: Folder,
    pub(crate) devices: Vec<Folder>,
}

/// A folder's databases and its few plain files.
pub(crate) struct Folder {
    databases: Backup,
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl Genesis {
    pub(crate) fn of(people: &[&str]) -> Arc<Self> {
        type Known = BTreeMap<Vec<String>, Arc<Genesis>>;
        static KNOWN: Mutex<Known> = Mutex::new(BTreeMap::new());
        let key = people.iter().map(|person| (*person).to_owned()).collect();
        let mut known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Arc::clone(known.entry(key).or_insert_with(|| Arc::new(Self::make(people))))
    }

    fn make(people: &[&str]) -> Self {
        let mut world = World::empty(0, MORNING);
        world.open_server();
        world.server().publish_import(&import::read(&park()).unwrap()).unwrap();
        for (number, person) in people.iter().enumerate() {
            let mut device = world.device(number, person);
            device.turn_on();
            let code = world.server().invite(&PersonId::from(*person), 600_000).unwrap();
            device.field().enrol("sim://server", &code.to_string(), &Wire::perfect(world.server())).unwrap();
            world.devices.push(device);
            world.sync(number).unwrap();
        }
        world.stop_server();
        let devices = world.devices.iter_mut().map(|device| {
            device.turn_off();
            Folder::take(&device.dir, &device.disk)
        });
        let devices = devices.collect();
        Self {
            time: world.time.now(),
            server: Folder::take(&world.server_dir(), &world.server_disk),
            devices,
        }
    }
}

impl Folder {
    fn take(dir: &Path, disk: &Disk) -> Self {
        let (mut files, mut folders) = (Vec::new(), vec![dir.to_owned()]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    let name = entry.path().strip_prefix(dir).unwrap().to_owned();
                    files.push((name, std::fs::read(entry.path()).unwrap()));
                }
            }
        }
        Self { databases: disk.back_up(), files }
    }

    pub(crate) fn put(&self, dir: &Path, disk: &Disk) {
        for (name, content) in &self.files {
            let path = dir.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        disk.restore(&self.databases);
    }
}
