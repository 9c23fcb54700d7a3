//! Tests of the catalogue: both languages hold the same texts with the same gaps, and every text that the
//! program asks for, by [`crate::language::say`] or for its help, is there.

use crate::help;
use crate::language::Language;
use fluent_bundle::FluentArgs;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

type Gaps = BTreeSet<String>;

/// Every text of a language (`key` or `key.attribute`) with the names of its gaps.
fn texts(language: Language) -> BTreeMap<String, Gaps> {
    let mut texts = BTreeMap::new();
    for (file, text) in language.texts() {
        let resource = parser::parse(*text).unwrap_or_else(|(_, errors)| panic!("{file}: {errors:?}"));
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let values = message.value.iter().map(|pattern| (String::new(), pattern));
            let attributes = message
                .attributes
                .iter()
                .map(|attribute| (format!(".{}", attribute.id.name), &attribute.value));
            for (suffix, pattern) in values.chain(attributes) {
                let mut gaps = Gaps::new();
                pattern_gaps(pattern, &mut gaps);
                let name = format!("{}{suffix}", message.id.name);
                assert!(texts.insert(name.clone(), gaps).is_none(), "{language}: {name} is there twice");
            }
        }
    }
    texts
}

fn pattern_gaps(pattern: &Pattern<&str>, gaps: &mut Gaps) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(inline) => inline_gaps(inline, gaps),
            Expression::Select { selector, variants } => {
                inline_gaps(selector, gaps);
                variants.iter().for_each(|variant| pattern_gaps(&variant.value, gaps));
            }
        }
    }
}

fn inline_gaps(inline: &InlineExpression<&str>, gaps: &mut Gaps) {
    match inline {
        InlineExpression::VariableReference { id } => drop(gaps.insert(id.name.to_owned())),
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        other => panic!("a kind of gap that this test does not know: {other:?}"),
    }
}

fn sources() -> Vec<PathBuf> {
    fn collect(dir: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

/// The keys that a source file says, with the gaps it fills: everything between `say!(` and its end.
fn said(source: &str) -> Vec<(String, Gaps)> {
    let mut found = Vec::new();
    for (start, _) in source.match_indices("say!(") {
        let call = balanced(&source[start + "say!".len()..]);
        let mut parts = call.splitn(3, '"');
        let (Some(_), Some(key), Some(rest)) = (parts.next(), parts.next(), parts.next()) else { continue };
        // `name = value`, at the depth of the call itself; `name = "…` would not be a Rust literal elsewhere.
        let mut gaps = Gaps::new();
        let mut depth = 0;
        let mut argument = String::new();
        for character in rest.chars().chain([',']) {
            match character {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                ',' if depth <= 0 => {
                    if let Some((name, _)) = argument.split_once(" = ") {
                        gaps.insert(name.trim().to_owned());
                    }
                    argument.clear();
                    continue;
                }
                _ => {}
            }
            argument.push(character);
        }
        found.push((key.to_owned(), gaps));
    }
    found
}

/// The text up to the parenthesis that closes the first one.
fn balanced(text: &str) -> &str {
    let mut depth = 0;
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            return &text[..at];
        }
    }
    text
}

#[test]
fn both_languages_say_the_same_things_about_the_same_things() {
    let (zh, en) = (texts(Language::Zh), texts(Language::En));
    let only = |mine: &BTreeMap<String, Gaps>, other: &BTreeMap<String, Gaps>| -> Vec<String> {
        mine.keys().filter(|key| !other.contains_key(*key)).cloned().collect()
    };
    assert_eq!(only(&zh, &en), Vec::<String>::new(), "only in Chinese");
    assert_eq!(only(&en, &zh), Vec::<String>::new(), "only in English");
    for (key, gaps) in &zh {
        assert_eq!(Some(gaps), en.get(key), "the gaps of {key}");
    }
}

#[test]
fn every_text_that_is_said_is_there_with_its_gaps_and_none_is_idle() {
    let held = texts(Language::Zh);
    let mut used = BTreeSet::new();
    for path in sources() {
        // This file and the macro speak about texts, they do not say any.
        if path.ends_with("catalogue.rs") || path.ends_with("language.rs") {
            continue;
        }
        for (key, filled) in said(&std::fs::read_to_string(&path).unwrap()) {
            let gaps = held.get(&key).unwrap_or_else(|| panic!("{}: no text {key}", path.display()));
            assert_eq!(gaps, &filled, "{}: the gaps of {key}", path.display());
            used.insert(key);
        }
    }
    assert!(used.len() > 300, "the sources were searched: {}", used.len());
    let idle: Vec<_> = held
        .keys()
        .filter(|key| !used.contains(*key) && !key.starts_with("cmd-") && !key.starts_with("cmd."))
        .filter(|key| *key != "cmd")
        .collect();
    assert!(idle.is_empty(), "texts that nobody says: {idle:?}");
}

#[test]
fn every_command_and_argument_has_its_help() {
    fn expected(command: &clap::Command, key: &str, keys: &mut BTreeSet<String>) {
        keys.insert(key.to_owned());
        for arg in command.get_arguments() {
            keys.insert(format!("{key}.{}", arg.get_id().as_str().replace('_', "-")));
        }
        for child in command.get_subcommands() {
            expected(child, &format!("{key}-{}", child.get_name()), keys);
        }
    }
    for language in [Language::Zh, Language::En] {
        let mut keys = BTreeSet::new();
        expected(&help::command(language), "cmd", &mut keys);
        let held = texts(language);
        let help =
            |key: &&String| key.as_str() == "cmd" || key.starts_with("cmd-") || key.starts_with("cmd.");
        let held: BTreeSet<_> =
            held.keys().filter(help).filter(|key| !key.ends_with(".examples")).cloned().collect();
        assert_eq!(keys, held, "{language}");
        help::command(language).debug_assert();
    }
}

#[test]
fn a_text_is_filled_in_and_counts_in_english() {
    let photos = |language: Language, n: u32| {
        let mut args = FluentArgs::new();
        args.set("n", n);
        language.text("deed-photos", &args)
    };
    assert_eq!(photos(Language::En, 1), "1 photo");
    assert_eq!(photos(Language::En, 4), "4 photos");
    assert_eq!(photos(Language::Zh, 4), "4 张照片");
}

#[test]
fn whatever_the_core_calls_invalid_is_said_in_chinese() {
    for cause in sanben_field::Invalid::ALL {
        let said = crate::explain::field(Language::Zh, &cause.into());
        assert!(!said.is_ascii(), "{cause:?}: {said}");
    }
}
