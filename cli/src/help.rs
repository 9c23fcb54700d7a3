//! The help of every command in the person's language. The texts of a command are one message of the
//! catalogue, `cmd-…` after its path, with an attribute for each argument.

use crate::args::CommandLine;
use crate::language::{Language, say};
use clap::{Arg, ArgAction, Command, CommandFactory};
use fluent_bundle::FluentArgs;

/// After a command's own options come those that every command has.
pub(crate) const LAST: usize = 900;

/// The whole command line, speaking a language.
#[must_use]
pub(crate) fn command(language: Language) -> Command {
    let heading = say!(language, "heading-options");
    let help =
        Arg::new("help").short('h').long("help").action(ArgAction::Help).global(true).display_order(LAST);
    let version =
        Arg::new("version").short('V').long("version").action(ArgAction::Version).display_order(LAST);
    let root = CommandLine::command()
        .disable_version_flag(true)
        .arg(help.help_heading(heading.clone()))
        .arg(version.help_heading(heading));
    localized(root, language, "cmd")
}

fn localized(command: Command, language: Language, key: &str) -> Command {
    let text = |attribute: Option<&str>| language.find(key, attribute, &FluentArgs::new());
    let usage = say!(language, "heading-usage");
    let mut command = command
        .about(text(None).unwrap_or_default())
        .long_about(None)
        .after_help(text(Some("examples")).unwrap_or_default())
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .subcommand_help_heading(say!(language, "heading-commands"))
        .help_template(format!("{{about-with-newline}}\n{usage} {{usage}}\n\n{{all-args}}{{after-help}}"));
    let arguments: Vec<_> = command.get_arguments().map(|arg| arg.get_id().clone()).collect();
    for id in arguments {
        let help = text(Some(&id.as_str().replace('_', "-"))).unwrap_or_default();
        command = command.mut_arg(id, |arg| {
            let heading = match arg.is_positional() {
                true => say!(language, "heading-arguments"),
                false => say!(language, "heading-options"),
            };
            let takes_value = arg.get_action().takes_values();
            // Defaults and possible values are said in the text, in the same language.
            arg.help(help)
                .long_help(None)
                .help_heading(heading)
                .hide_default_value(takes_value)
                .hide_possible_values(takes_value)
                .hide_env(takes_value)
        });
    }
    let children: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in children {
        let key = format!("{key}-{name}");
        command = command.mut_subcommand(name, |sub| localized(sub, language, &key));
    }
    command
}
