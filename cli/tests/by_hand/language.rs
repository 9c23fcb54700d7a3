//! Both languages, and commands that are none.

use crate::desk::{ask, sanben};

fn run(words: &[&str], environment: &[(&str, &str)]) -> (i32, String, String) {
    let output = sanben().args(words).envs(environment.iter().copied()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn help_speaks_the_language_that_is_asked_for() {
    for (words, environment, expected) in [
        (&["--help"][..], &[][..], "用法"),
        (&["--help"], &[("LANG", "en_US.UTF-8")], "Usage"),
        (&["--help"], &[("LANG", "en_US.UTF-8"), ("LC_ALL", "zh_CN.UTF-8")], "用法"),
        (&["--help"], &[("LANG", "C.UTF-8")], "用法"),
        (&["--lang", "en", "field", "record", "--help"], &[], "Usage"),
        (&["field", "act", "--help", "--lang", "zh"], &[("LANG", "en_US.UTF-8")], "用法"),
    ] {
        let (status, out, err) = run(words, environment);
        assert_eq!((status, err.as_str()), (0, ""), "{words:?}");
        assert!(out.contains(expected), "{words:?} {environment:?}: {out}");
    }
    let (_, chinese, _) = run(&["field", "cases", "--help"], &[]);
    assert!(!chinese.contains("Options:") && !chinese.contains("[default"), "{chinese}");
    assert_eq!(run(&["--version"], &[]).1, format!("sanben {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_command_line_that_cannot_be_read_ends_with_2() {
    for words in [
        &[][..],
        &["fly"],
        &["field", "--store", "x"],
        &["field", "cases"],
        &["field", "--store", "x", "show"],
        &["field", "--store", "x", "show", "abcdef", "more"],
        &["field", "--store", "x", "cases", "--status", "sleeping"],
        &["field", "--store", "x", "cases", "--limit", "0"],
        &["field", "--store", "x", "record", "--at", "somewhere", "words"],
        &["field", "--store", "x", "where", "91", "0"],
        &["field", "--store", "x", "look-back", "abcdef"],
        &["field", "--store", "x", "look-back", "abcdef", "--passed", "--failed"],
        &["field", "--store", "x", "score", "park-02", "--month", "2026-13"],
        &["field", "--store", "x", "score", "park-02", "--month", "2026-01", "--week", "2026-01-01"],
        &["field", "--store", "x", "act", "abcdef", "on-account", "--until", "tomorrow", "why"],
        &["serve", "--dir", "x", "--listen", "nowhere"],
        &["--lang", "fr", "demo"],
    ] {
        for language in ["zh_CN.UTF-8", "en_GB.UTF-8"] {
            let (status, out, err) = run(words, &[("LANG", language)]);
            assert_eq!((status, out.as_str()), (2, ""), "{words:?}: {err}");
            let chinese = err.contains("看");
            assert_eq!(chinese, language.starts_with("zh"), "{words:?}: {err}");
        }
        let answer = ask(words);
        assert_eq!((answer.status, answer.text("/error/code").as_str()), (2, "usage"), "{words:?}");
    }
}
