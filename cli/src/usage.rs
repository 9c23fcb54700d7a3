//! What was typed cannot be read as a command: said in the person's language, with where to look.

use crate::language::{Language, say};
use crate::reading::Misread;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::error::Error;
use std::ffi::OsString;

/// What is wrong with the command line.
#[must_use]
pub(crate) fn explain(language: Language, error: &clap::Error) -> String {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(" "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        _ => String::new(),
    };
    let argument = context(ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::UnknownArgument => say!(language, "usage-unknown-argument", argument = argument),
        ErrorKind::InvalidSubcommand => {
            say!(language, "usage-unknown-command", command = context(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            say!(language, "usage-missing-command")
        }
        ErrorKind::MissingRequiredArgument => say!(language, "usage-missing", arguments = argument),
        ErrorKind::ArgumentConflict => {
            let other = context(ContextKind::PriorArg);
            say!(language, "usage-conflict", argument = argument, other = other)
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value = context(ContextKind::InvalidValue);
            match error.source().and_then(|source| source.downcast_ref::<Misread>()) {
                Some(misread) => {
                    let why = misread.say(language);
                    say!(language, "usage-misread", argument = argument, value = value, why = why)
                }
                None if value.is_empty() => say!(language, "usage-no-value", argument = argument),
                None => say!(language, "usage-bad-value", argument = argument, value = value),
            }
        }
        ErrorKind::NoEquals | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            say!(language, "usage-no-value", argument = argument)
        }
        ErrorKind::TooManyValues => {
            let value = context(ContextKind::InvalidValue);
            say!(language, "usage-bad-value", argument = argument, value = value)
        }
        ErrorKind::InvalidUtf8 => say!(language, "usage-not-utf8"),
        // Help and version are printed as they are; of anything new clap speaks for itself.
        _ => error.to_string(),
    }
}

/// The language that the command line asks for, found before it is read: its errors need it.
#[must_use]
pub(crate) fn asked_language(args: &[OsString]) -> Option<Language> {
    let mut words = args.iter().skip(1).map_while(|word| word.to_str().filter(|word| *word != "--"));
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--lang") {
            Some("") => words.next(),
            Some(rest) => rest.strip_prefix('='),
            None => continue,
        };
        return value.and_then(|value| value.parse().ok());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(words: &[&str]) -> Option<Language> {
        asked_language(&words.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn the_language_is_found_wherever_it_stands() {
        assert_eq!(asked(&["sanben", "--lang", "en", "field"]), Some(Language::En));
        assert_eq!(asked(&["sanben", "field", "cases", "--lang=zh"]), Some(Language::Zh));
        assert_eq!(asked(&["sanben", "field", "--", "--lang", "en"]), None);
        assert_eq!(asked(&["sanben", "--lang"]), None);
    }
}
