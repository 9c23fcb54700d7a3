//! A log is read by many: nothing in it says who, what or where.

use crate::office::*;
use sanben_domain::id::PersonId;
use sanben_server::{Front, Limits};
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing_subscriber::filter::LevelFilter;

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_day_of_syncs_leaves_no_person_in_the_log() {
    let kept = Kept::default();
    let writer = kept.clone();
    // Everything that is ever said, by us and by what we use.
    tracing_subscriber::fmt()
        .json()
        .with_max_level(LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .init();

    let office = Office::park();
    let open = office.open(Front::new(Limits::OPEN));
    let url = open.plain();
    let people = [INSPECTOR, CLERK, HEAD, "U024", "U001"];
    let devices: Vec<_> = people.iter().map(|person| office.device(person, &url)).collect();
    let words = "三号楼张阿姨家门口的旧沙发放了两天";
    let case = devices[0].report(words);
    for device in &devices {
        device.sync(&url).unwrap();
    }
    // What goes wrong speaks most: a code that is none, a person taken out, noise, an unknown device.
    let stranger = Device::new();
    assert!(stranger.field.enrol(&url, "ABCDE-FGHJK-MNPQR-STVWX", &sanben_field::Http::new(&url)).is_err());
    let id = devices[1].field.enrolment().unwrap().device;
    office.server.revoke(id).unwrap();
    devices[1].report("车棚顶漏雨");
    assert!(devices[1].sync(&url).is_err());
    say(open.address, b"\x16\x03\x01 noise\r\n\r\n");
    say(
        open.address,
        b"POST /v1/sync HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\nconnection: close\r\n\r\nabc",
    );
    drop(open);
    office.server.backup(&office.dir.path().join("backup.tar")).unwrap();

    // The devices are in this process too; what their HTTP client says is on their side.
    let log = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    let ours = log.lines().filter(|line| !line.contains(r#""target":"ureq"#));
    let log = ours.collect::<Vec<_>>().join("\n");
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ours = lines.iter().filter(|line| line["target"].as_str().is_some_and(|t| t.starts_with("sanben")));
    let answered = ours.filter(|line| line["fields"]["message"] == "answered").count();
    assert!(answered >= 15, "calls are logged: {answered}");

    let reference = office.server.reference().unwrap();
    let person = |id: &PersonId| reference.people[id].name.clone();
    let mut secrets: Vec<String> = people.iter().map(|id| person(&PersonId::from(*id))).collect();
    secrets.extend(people.iter().map(|id| format!("\"{id}\"")));
    secrets.extend(
        [words, "沙发", "车棚", "30.1234", "3012345", "104.7654", "10476543", "P001", "ABCDE"]
            .map(str::to_owned),
    );
    secrets.extend([case.to_string(), id.to_string()]);
    secrets.extend(devices.iter().map(|device| device.field.enrolment().unwrap().device.to_string()));
    for secret in secrets {
        let line = log.lines().find(|line| line.contains(&secret));
        assert!(line.is_none(), "{secret} in {}", line.unwrap_or_default());
    }
}
