//! Folders that are no stores, addresses that are no servers, a demo without its data: said in words that
//! help, and nothing is made or changed.

use crate::desk::{Desk, ask, data, sanben};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

/// Everything in a folder, by name and content.
fn content(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(dir).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file());
    let mut files: Vec<_> = entries
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn what_is_no_store_is_left_alone_and_named() {
    let desk = Desk::open();
    let code = desk.invite("U008", &[]).text("/code");
    let file = desk.device("file");
    std::fs::write(&file.store, "a letter").unwrap();
    for device in [&file, &desk.device("file/below")] {
        let told = device.fails(&["enroll", &desk.url, &code], "store");
        assert!(told.text("/error/message").contains("不是文件夹"), "{:#}", told.json);
    }
    file.fails(&["cases"], "store");

    // Somebody's folder: nothing of ours appears in it.
    let folder = desk.device("folder");
    std::fs::create_dir(&folder.store).unwrap();
    std::fs::write(folder.store.join("letter.txt"), "dear").unwrap();
    folder.fails(&["cases"], "not-enrolled");
    assert_eq!(content(&folder.store).len(), 1);

    // Another program's database of the same name, whatever number it gave itself.
    for version in [0, 7] {
        let foreign = desk.device(&format!("foreign-{version}"));
        std::fs::create_dir(&foreign.store).unwrap();
        let database = rusqlite::Connection::open(foreign.store.join("sanben.db")).unwrap();
        database.execute_batch("CREATE TABLE letter (words TEXT)").unwrap();
        database.pragma_update(None, "user_version", version).unwrap();
        database.close().unwrap();
        let told = foreign.fails(&["cases"], "store");
        assert!(told.text("/error/message").contains("别的程序"), "{:#}", told.json);
        let database = rusqlite::Connection::open(foreign.store.join("sanben.db")).unwrap();
        let tables: u32 =
            database.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
        assert_eq!(tables, 1, "nothing of ours is in it");
    }

    // A folder that may only be read. Root may write everywhere: as somebody else, where that can be.
    let inspector = desk.enrolled("U008");
    let mut command = Command::new("/bin/sh");
    let script = "chmod -R a-w \"$1\" && cp \"$2\" \"$1/..\" && chmod a+rx \"$1\" \"$1/..\" &&
        if [ \"$(id -u)\" = 0 ]
        then exec setpriv --reuid=65534 --clear-groups \"$1/../sanben\" --json field --store \"$1\" cases
        else exec \"$2\" --json field --store \"$1\" cases
        fi";
    command.args(["-c", script, "sh"]).arg(&inspector.store).arg(env!("CARGO_BIN_EXE_sanben"));
    let told = crate::desk::answer(&mut command);
    assert_eq!((told.status, told.text("/error/code").as_str()), (1, "store"), "{:#}", told.json);
    let message = told.text("/error/message");
    assert!(message.contains("没有权限") && message.contains("自己能写的文件夹"), "{message}");

    let nothing = desk.dir().join("nothing");
    let told = ask([Path::new("import"), Path::new("--dir"), &desk.server_dir(), &nothing]);
    assert_eq!((told.status, told.text("/error/code").as_str()), (1, "no-folder"));
}

/// Answers every request with the same page, as the gate of a public network does; its address.
fn gate(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let (mut seen, mut bytes) = (Vec::new(), [0; 4096]);
            // The head and a body of the length that it names.
            while let Ok(read @ 1..) = stream.read(&mut bytes) {
                seen.extend_from_slice(&bytes[..read]);
                let text = String::from_utf8_lossy(&seen).into_owned();
                let Some((head, _)) = text.split_once("\r\n\r\n") else { continue };
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
                if seen.len() >= head.len() + 4 + length {
                    break;
                }
            }
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}

#[test]
fn a_login_page_is_called_what_it_is() {
    let desk = Desk::open();
    let code = desk.invite("U008", &[]).text("/code");
    let inspector = desk.enrolled("U008");
    let case = inspector.done(&["record", "--point", "P011", "垃圾"]).text("/case");
    let pages = [
        "HTTP/1.1 200 OK\r\ncontent-length: 20\r\nconnection: close\r\n\r\n<html>log in!</html>",
        "HTTP/1.1 302 Found\r\nlocation: http://login.invalid/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    ];
    let fresh = desk.device("fresh");
    for page in pages {
        let url = gate(page);
        for told in [
            fresh.fails(&["enroll", &url, &code], "network"),
            inspector.fails(&["sync", "--url", &url], "network"),
        ] {
            assert!(told.text("/error/message").contains("登录"), "{:#}", told.json);
        }
    }
    for (url, said) in [("http://127.0.0.1:1", "没有启动"), ("somewhere", "http://")] {
        let told = fresh.fails(&["enroll", url, &code], "network");
        assert!(told.text("/error/message").contains(said), "{:#}", told.json);
    }
    // The code is still good, and nothing is lost.
    fresh.done(&["enroll", &desk.url, &code]);
    inspector.done(&["sync"]);
    assert_eq!(inspector.done(&["show", &case]).at("/delivery/pending"), 0);
}

#[test]
fn a_demo_without_its_data_says_where_to_find_it() {
    let elsewhere = tempfile::tempdir().unwrap();
    for (language, said) in [("zh", "--data DIR"), ("en", "clone")] {
        let output =
            sanben().current_dir(elsewhere.path()).args(["demo", "--lang", language]).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.lines().count() == 1 && text.contains(said) && text.contains("data/park"), "{text}");
    }
    let told = crate::desk::answer(sanben().current_dir(elsewhere.path()).arg("demo"));
    assert_eq!((told.status, told.text("/error/code").as_str()), (1, "no-data"));
    assert!(content(elsewhere.path()).is_empty());
}

#[test]
fn nothing_at_all_is_no_report_and_no_comment() {
    let desk = Desk::open();
    let inspector = desk.enrolled("U008");
    for words in [&["record"][..], &["record", "  "], &["record", "--source", "city"]] {
        let told = inspector.fails(words, "invalid");
        assert!(told.text("/error/message").contains("--photo"), "{:#}", told.json);
    }
    assert!(inspector.done(&["drafts"]).list("/drafts").is_empty(), "not even a draft");
    inspector.fails(&["record", "--photo", "/nowhere/photo.jpg"], "file");
    assert!(inspector.done(&["drafts"]).list("/drafts").is_empty());
    let photo = data("park/photos/south-entrance-rubbish-before.jpg");
    for words in [
        &["record", "--photo", photo.to_str().unwrap()][..],
        &["record", "--at", "38.308162,116.839776"],
        &["record", "--standard", "S01"],
        &["record", "--point", "P011"],
    ] {
        inspector.done(words);
    }
    let case = inspector.done(&["record", "垃圾"]).text("/case");
    inspector.fails(&["act", &case, "comment", " "], "invalid");
    assert_eq!(inspector.done(&["show", &case]).list("/thread").len(), 1);
}

#[test]
fn a_standard_of_other_points_is_recorded_with_a_hint() {
    let desk = Desk::open();
    let inspector = desk.enrolled("U008");
    let codes = |words: &[&str]| -> Vec<String> {
        let listed = inspector.done(words);
        listed.list("/standards").iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    let here = codes(&["standards", "--point", "P011"]);
    let elsewhere = codes(&["standards"]).into_iter().find(|code| !here.contains(code)).unwrap();
    for (standard, applies) in [(&here[0], true), (&elsewhere, false)] {
        let words = ["record", "--point", "P011", "--standard", standard, "有问题"];
        assert_eq!(inspector.done(&words).at("/standard_applies"), applies);
        assert_eq!(inspector.shown(&words).contains("不适用于这类点位"), !applies);
    }
    let bare = inspector.done(&["record", "--standard", &elsewhere, "不知道在哪里"]);
    assert!(bare.at("/standard_applies").is_null());
}
