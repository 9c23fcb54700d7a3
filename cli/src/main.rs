//! `sanben`: the desk's server, reference data and invitations, and a device in a terminal that runs exactly
//! the code of the phones. [`command`] has a file for each command; [`args`] is the command line, [`help`]
//! its help in two languages; `locales/` has every text that a person reads.

mod args;
mod cause;
mod close;
mod command;
mod deed;
mod demo;
mod error;
mod explain;
mod help;
mod language;
mod outcome;
mod reading;
mod table;
mod usage;
mod view;
mod words;

#[cfg(test)]
mod catalogue;

use args::{Command, CommandLine};
use clap::FromArgMatches;
use command::World;
use command::serve::LogForm;
use error::CommandError;
use language::Language;
use sanben_field::Platform;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    let environment = || Language::from_environment(|name| std::env::var(name).ok());
    let language = usage::asked_language(&args).unwrap_or_else(environment);
    let parsed = help::command(language)
        .try_get_matches_from(&args)
        .and_then(|matches| CommandLine::from_arg_matches(&matches));
    let line = match parsed {
        Ok(line) => line,
        Err(asked) if !asked.use_stderr() => {
            // Help or version; without an output there is nobody to tell.
            let _ = asked.print();
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            let json = args.iter().any(|arg| arg == "--json");
            return fail(&CommandError::Usage(usage::explain(language, &error)), json, language);
        }
    };
    let world = World { language, platform: Platform::system() };
    let done = match &line.command {
        Command::Demo(args) => return demo::run(args, line.json, language),
        Command::Serve(args) => serve(args, line.json, &world),
        Command::Field(args) => {
            command::stay(args, line.json, &world).unwrap_or_else(|| finish(&line, &world))
        }
        _ => finish(&line, &world),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output has seen enough.
        Err(CommandError::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => fail(&error, line.json, language),
    }
}

/// Runs a command that comes to an end by itself.
fn finish(line: &CommandLine, world: &World) -> Result<(), CommandError> {
    Ok(print(&command::run(&line.command, world)?, line.json)?)
}

fn serve(args: &command::serve::ServeArgs, json: bool, world: &World) -> Result<(), CommandError> {
    let log = tracing_subscriber::fmt().with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    match args.log {
        LogForm::Text => log.init(),
        LogForm::Json => log.json().init(),
    }
    let announce = |done: &command::Done| print(done, json);
    command::serve::run(args, world, command::serve::asked_to_stop(), announce)
}

fn print(done: &command::Done, json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        writeln!(out, "{:#}", done.json)?;
    } else {
        out.write_all(done.text.as_bytes())?;
    }
    out.flush()
}

/// An error goes to the error output, or as data to the output. Without either there is nobody to tell.
fn fail(error: &CommandError, json: bool, language: Language) -> ExitCode {
    if json {
        let mut out = io::stdout().lock();
        let _ = serde_json::to_writer_pretty(&mut out, &error.failure(language));
        let _ = writeln!(out);
    } else {
        let _ = writeln!(io::stderr(), "{}", error.show(language));
    }
    ExitCode::from(error.status())
}
