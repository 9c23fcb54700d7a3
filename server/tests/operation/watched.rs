//! What a monitor sees.

use crate::office::*;
use sanben_server::{ALIVE_PATH, Front, Limits, METRICS_PATH, READY_PATH};

#[test]
fn health_readiness_and_metrics() {
    let office = Office::park();
    let open = office.open(Front::new(Limits::OPEN));
    let device = office.device(INSPECTOR, &open.plain());
    device.report("果皮箱满溢");
    let accepted = device.sync(&open.plain()).unwrap().accepted;
    assert!(get(open.address, ALIVE_PATH).ends_with("alive\n"));
    assert!(get(open.address, READY_PATH).ends_with("ready\n"));
    assert!(get(open.address, METRICS_PATH).starts_with("HTTP/1.1 404"), "numbers are nothing for the world");
    assert!(get(open.monitor, "/v1/sync").starts_with("HTTP/1.1 404"), "a monitor does not sync");
    assert!(get(open.monitor, READY_PATH).ends_with("ready\n"));

    assert!(get(open.address, "/v1/bundles/nobody/0").starts_with("HTTP/1.1 4"));
    let metrics = get(open.monitor, METRICS_PATH);
    let (_, text) = metrics.split_once("\r\n\r\n").unwrap();
    let value = |name: &str| -> f64 {
        let line = text.lines().find(|line| line.rsplit_once(' ').is_some_and(|(held, _)| held == name));
        line.unwrap_or_else(|| panic!("no {name} in\n{text}")).rsplit_once(' ').unwrap().1.parse().unwrap()
    };
    assert!(value("sanben_calls_total{kind=\"sync\",status=\"200\"}") >= 2.0);
    assert_eq!(value("sanben_calls_total{kind=\"enrol\",status=\"200\"}"), 1.0);
    assert_eq!(value("sanben_call_seconds_count{kind=\"bundle\"}"), 1.0);
    assert_eq!(value("sanben_log_changes").to_string(), accepted.to_string());
    assert_eq!(value("sanben_photos"), 1.0);
    assert_eq!(value("sanben_devices"), 1.0);
    assert_eq!(value("sanben_log_up"), 1.0);
    assert!(value("sanben_disk_free_bytes") > 0.0);
    let calls = value("sanben_call_seconds_count{kind=\"sync\"}");
    assert_eq!(value("sanben_call_seconds_bucket{kind=\"sync\",le=\"+Inf\"}"), calls);
    assert!(value("sanben_call_seconds_sum{kind=\"sync\"}") > 0.0);
    // Every series is announced, and every line is one: as the format wants it.
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, number) = line.rsplit_once(' ').unwrap();
        assert!(number.parse::<f64>().is_ok(), "{line}");
        let family = name.split('{').next().unwrap();
        let family =
            ["_bucket", "_sum", "_count"].iter().find_map(|end| family.strip_suffix(end)).unwrap_or(family);
        assert!(text.contains(&format!("# TYPE {family} ")), "{line}");
    }
}

#[test]
fn a_log_that_is_gone_is_not_ready() {
    let office = Office::park();
    let open = office.open(Front::new(Limits::OPEN));
    std::fs::write(office.dir.path().join("log.db"), b"no database any more, but long enough to be read")
        .unwrap();
    let answer = get(open.monitor, READY_PATH);
    if answer.starts_with("HTTP/1.1 503") {
        assert!(answer.contains("the log does not answer"), "{answer}");
        assert!(!get(open.address, READY_PATH).contains("the log"), "why is nothing for the world");
    }
    assert!(get(open.address, ALIVE_PATH).starts_with("HTTP/1.1 200"), "the process is alive");
}
