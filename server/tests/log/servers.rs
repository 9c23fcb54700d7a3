//! Several server processes on one database, over real sockets: one is killed and another added while
//! devices work, and nothing that was acknowledged is lost.

use crate::device::{CLERK_01, Device};
use crate::processes::Process;
use crate::served::{Home, device};
use crate::store::Store;
use sanben_server::{Call, Reply};
use sanben_sync::wire::{SIGNATURE_HEADER, Verdict};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const DEVICES: usize = 6;
const REPORTS: usize = 14;

/// One call; `None` when nobody answered, or not to the end.
pub(crate) fn send(address: &str, call: &Call) -> Option<Reply> {
    let config = ureq::Agent::config_builder().http_status_as_error(false);
    let agent = config.timeout_global(Some(Duration::from_secs(20))).build().new_agent();
    let mut request = ureq::http::Request::builder().method(call.method.as_str());
    request = request.uri(format!("http://{address}{}", call.path));
    for (name, value) in &call.headers {
        request = request.header(name, value);
    }
    let mut answer = agent.run(request.body(call.body.as_slice()).unwrap()).ok()?;
    let signature = answer.headers().get(SIGNATURE_HEADER).map(|value| value.to_str().unwrap().to_owned());
    Some(Reply {
        status: answer.status().as_u16(),
        headers: signature.into_iter().map(|value| (SIGNATURE_HEADER, value)).collect(),
        body: answer.body_mut().with_config().limit(64 << 20).read_to_vec().ok()?,
    })
}

/// Reports and delivers; goes to another server when one does not answer.
fn work(device: &mut Device, servers: &Mutex<Vec<String>>, turn: usize, acknowledged: &AtomicUsize) {
    for report in 0..REPORTS {
        let (case, _) = device.report("park-01", "P001");
        device.comment(case, "还在");
        let mut tries = turn + report;
        let until = Instant::now() + Duration::from_secs(30);
        while !device.outbox.is_empty() {
            assert!(Instant::now() < until, "no server took the work");
            let address = {
                let servers = servers.lock().unwrap();
                servers[tries % servers.len()].clone()
            };
            tries += 1;
            let call = device.ask();
            match send(&address, &call) {
                Some(reply) if reply.status == 200 => drop(device.take(&call, &reply)),
                _ => std::thread::sleep(Duration::from_millis(10)),
            }
        }
        acknowledged.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn a_server_is_killed_and_another_added_while_devices_work() {
    let store = Store::postgres();
    let homes: Vec<Home<'_>> = (0..3).map(|_| Home::of(&store)).collect();
    let server = homes[0].park();
    let mut devices: Vec<Device> = (0..DEVICES).map(|_| device(&server, CLERK_01)).collect();
    for home in &homes[1..] {
        let key = "server.key";
        std::fs::copy(homes[0].folder().join(key), home.folder().join(key)).unwrap();
    }
    let start = |home: &Home<'_>| {
        let mut process = Process::start("serve", &store.address(), Some(&home.folder()));
        let address = process.said("address");
        (process, address)
    };
    let ((doomed, first), (lasting, second)) = (start(&homes[0]), start(&homes[1]));
    let (servers, acknowledged) = (Mutex::new(vec![first, second]), AtomicUsize::new(0));
    let added = std::thread::scope(|threads| {
        let working: Vec<_> = devices
            .iter_mut()
            .enumerate()
            .map(|(turn, device)| {
                let (servers, acknowledged) = (&servers, &acknowledged);
                threads.spawn(move || work(device, servers, turn, acknowledged))
            })
            .collect();
        let reached = |part: usize| {
            while acknowledged.load(Ordering::SeqCst) < DEVICES * REPORTS * part / 4 {
                assert!(working.iter().any(|thread| !thread.is_finished()), "all ended early");
                std::thread::sleep(Duration::from_millis(2));
            }
        };
        reached(1);
        doomed.kill();
        reached(2);
        let (added, third) = start(&homes[2]);
        servers.lock().unwrap()[0] = third;
        added
    });
    for process in [added, lasting] {
        process.finish();
    }

    let audit = server.audit().unwrap();
    assert_eq!(audit.faults, []);
    assert_eq!(server.counts().unwrap().changes, (DEVICES * REPORTS * 2) as u64, "nothing twice");
    let reader = device(&server, CLERK_01);
    for device in &devices {
        for (hash, verdict) in &device.verdicts {
            assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
            assert!(reader.documents.values().any(|document| document.holds(*hash)), "acknowledged and lost");
        }
        for (id, document) in &device.documents {
            assert_eq!(reader.documents[id].heads(), document.heads());
        }
    }
    assert_eq!(reader.documents.len(), DEVICES * REPORTS);
}
