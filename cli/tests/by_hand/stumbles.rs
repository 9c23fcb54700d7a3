//! What a newcomer tries on the first morning.

use crate::desk::{ask, data, sanben};
use std::io::{BufRead, BufReader};
use std::process::Stdio;

#[test]
fn a_dry_run_refuses_another_tenants_folder_as_the_import_does() {
    let scratch = tempfile::tempdir().unwrap();
    let server = scratch.path().join("server");
    let import = |folder: &str, more: &[&str]| {
        let folder = data(folder);
        ask([&["import", "--dir", server.to_str().unwrap(), folder.to_str().unwrap()], more].concat())
    };
    assert_eq!(import("park", &[]).status, 0);
    assert_eq!(import("park", &["--dry-run"]).status, 0, "its own folder");
    let (dry, real) = (import("hightech", &["--dry-run"]), import("hightech", &[]));
    assert_eq!((dry.status, dry.text("/error/code").as_str()), (1, "other-tenant"));
    assert_eq!((dry.status, dry.at("/error")), (real.status, real.at("/error")));
}

#[test]
fn a_watch_without_end_takes_no_time_limit() {
    let scratch = tempfile::tempdir().unwrap();
    let store = scratch.path().join("store");
    let answer = ask(["field", "--store", store.to_str().unwrap(), "sync", "--watch", "--for", "2s"]);
    assert_eq!((answer.status, answer.text("/error/code").as_str()), (2, "usage"));
    let message = answer.text("/error/message");
    assert!(message.contains("--watch") && message.contains("--for"), "{message}");
}

#[test]
fn a_reader_who_leaves_early_ends_the_demo_quietly() {
    for (form, reads) in [(&[][..], true), (&["--json"], false)] {
        let mut command = sanben();
        command.args(["demo", "--data"]).arg(data("park")).args(form);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        if reads {
            out.read_line(&mut String::new()).unwrap();
        }
        drop(out);
        let ended = child.wait_with_output().unwrap();
        let told = String::from_utf8(ended.stderr).unwrap();
        assert!(ended.status.success() && told.is_empty(), "{form:?}: {told}");
    }
}

#[test]
fn what_is_no_key_is_not_taken_for_another_servers() {
    for typed in ["abcd", "没有"] {
        let answer = ask(["verify-log", "nowhere.log", "--server-key", typed]);
        assert_eq!((answer.status, answer.text("/error/code").as_str()), (2, "usage"), "{:#}", answer.json);
        assert!(answer.text("/error/message").contains("66"), "{:#}", answer.json);
    }
}
