//! TLS: a device talks to exactly the server that its invitation names.

use crate::office::*;
use sanben_field::{FieldError, Http};
use sanben_server::{Front, Limits, Tls};
use std::path::Path;

fn behind(tls: &Tls) -> Front {
    Front::new(Limits::OPEN).tls(tls.clone())
}

fn told(error: &FieldError) -> String {
    assert_eq!(error.code(), "network", "what was recorded is kept: {error}");
    error.to_string()
}

#[test]
fn the_pinned_server_is_believed_and_no_other() {
    let office = Office::park();
    let tls = Tls::own(office.dir.path()).unwrap();
    let open = office.open(behind(&tls));
    let url = format!("https://{}/{}", open.address, tls.pin);
    let device = office.device(INSPECTOR, &url);
    device.report("围挡后面堆了一车建筑垃圾");
    let waiting = device.waiting();
    let report = device.sync(&url).unwrap();
    assert_eq!((report.accepted, report.photos_delivered, device.waiting()), (waiting, 1, 0));
    assert_eq!(device.field.enrolment().unwrap().url, url, "later syncs know the pin");

    // Another certificate at the same place: nothing is sent, and it is said what to do.
    let elsewhere = tempfile::tempdir().unwrap();
    let other = Tls::own(elsewhere.path()).unwrap();
    device.report("公园西门的导览牌倒了");
    let waiting = device.waiting();
    drop(open);
    let changed = office.open(behind(&other));
    let moved = format!("https://{}/{}", changed.address, tls.pin);
    let words = told(&device.sync(&moved).unwrap_err());
    assert!(words.contains("not the server that the invitation names"), "{words}");
    assert!(words.contains("take the new address"), "{words}");
    assert_eq!(device.waiting(), waiting);
    // The desk did change it, and says so.
    let known = format!("https://{}/{}", changed.address, other.pin);
    assert_eq!(device.sync(&known).unwrap().accepted, waiting);
}

#[test]
fn an_enrolment_sends_nothing_to_a_stranger() {
    let office = Office::park();
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (tls, wrong) = (Tls::own(one.path()).unwrap(), Tls::own(other.path()).unwrap());
    let open = office.open(behind(&tls));
    let (device, code) = (Device::new(), office.code(CLERK));
    let enrol = |url: &str| device.field.enrol(url, &code, &Http::new(url));
    let refused = |url: &str, words: &str| {
        let error = told(&enrol(url).unwrap_err());
        assert!(error.contains(words), "{url}: {error}");
    };
    let address = open.address;
    refused(&format!("https://{address}/{}", wrong.pin), "not the server that the invitation names");
    refused(&format!("https://{address}"), "use the whole address of the invitation");
    refused(&format!("https://{address}/#sha256=abc"), "copy the whole address");
    refused(&format!("https://{address}/#md5=abc"), "copy the whole address");
    refused(&format!("http://{address}/{}", tls.pin), "begins with https");
    // The code is still good: nobody has seen it.
    enrol(&format!("https://{address}/{}", tls.pin)).unwrap();
}

#[test]
fn plain_and_tls_do_not_meet_in_silence() {
    let office = Office::park();
    let tls = Tls::own(office.dir.path()).unwrap();
    let (plain, secure) = (office.open(Front::new(Limits::OPEN)), office.open(behind(&tls)));
    let device = office.device(CLERK, &plain.plain());
    let words = told(&device.sync(&format!("https://{}/{}", plain.address, tls.pin)).unwrap_err());
    assert!(words.contains("does not speak TLS"), "{words}");
    told(&device.sync(&format!("http://{}", secure.address)).unwrap_err());
    device.sync(&format!("https://{}/{}", secure.address, tls.pin)).unwrap();
}

/// The system's own tool agrees on what the pin is, on the versions, and on who holds the key.
#[test]
fn openssl_sees_the_same_key() {
    let office = Office::park();
    let tls = Tls::own(office.dir.path()).unwrap();
    let open = office.open(behind(&tls));
    let shell = |script: &str| {
        let done = std::process::Command::new("sh").arg("-c").arg(script).output().unwrap();
        String::from_utf8_lossy(&done.stdout).trim().to_owned()
    };
    let cert: &Path = &office.dir.path().join("tls.crt");
    let key = "openssl pkey -pubin -outform der | openssl dgst -sha256 -r | cut -d' ' -f1";
    let shown = shell(&format!("openssl x509 -in {} -noout -pubkey | {key}", cert.display()));
    assert_eq!(format!("#sha256={shown}"), tls.pin.to_string());
    let connect = |version: &str| {
        let address = open.address;
        shell(&format!(
            "openssl s_client -connect {address} {version} </dev/null 2>/dev/null | grep -c '^-----BEGIN'"
        ))
    };
    assert_eq!((connect("-tls1_3").as_str(), connect("-tls1_2").as_str()), ("1", "1"));
    assert_eq!(connect("-tls1_1"), "0", "what is broken is not spoken");
}

#[test]
fn a_given_certificate_is_served() {
    // As somebody would make one by hand, with a key of another kind.
    let office = Office::park();
    let dir = tempfile::tempdir().unwrap();
    let (cert, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
    let made = std::process::Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=sanben.example"])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&cert)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let tls = Tls::given(&cert, &key).unwrap();
    let open = office.open(behind(&tls));
    let device = Device::new();
    let unknown = format!("https://localhost:{}", open.address.port());
    let error = device.field.enrol(&unknown, &office.code(CLERK), &Http::new(&unknown)).unwrap_err();
    assert!(told(&error).contains("no public authority vouches"), "{error}");
    office.device(HEAD, &format!("https://{}/{}", open.address, tls.pin));
}
