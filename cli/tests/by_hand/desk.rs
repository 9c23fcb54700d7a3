//! A desk with a server of its own in a scratch folder, and the devices it hands out.

use serde_json::Value;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use tempfile::TempDir;

/// A file of the repository.
pub(crate) fn data(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data").join(path)
}

/// The program with a clean environment.
pub(crate) fn sanben() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sanben"));
    command.env_clear().stdin(Stdio::null());
    command
}

/// What a command answered.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The exit status.
    pub(crate) status: i32,
    /// The JSON document.
    pub(crate) json: Value,
}

impl Answer {
    /// The value at a JSON pointer.
    #[track_caller]
    pub(crate) fn at(&self, pointer: &str) -> &Value {
        self.json.pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer} in {:#}", self.json))
    }

    /// The text at a JSON pointer.
    #[track_caller]
    pub(crate) fn text(&self, pointer: &str) -> String {
        self.at(pointer).as_str().unwrap_or_else(|| panic!("no text at {pointer}")).to_owned()
    }

    /// The list at a JSON pointer.
    #[track_caller]
    pub(crate) fn list(&self, pointer: &str) -> &[Value] {
        self.at(pointer).as_array().unwrap_or_else(|| panic!("no list at {pointer}"))
    }
}

/// Runs a command with `--json`, whatever it answers.
pub(crate) fn ask<S: AsRef<OsStr>>(words: impl IntoIterator<Item = S>) -> Answer {
    answer(sanben().args(words))
}

/// The same for a command that was made ready elsewhere.
pub(crate) fn answer(command: &mut Command) -> Answer {
    let output = command.arg("--json").output().unwrap();
    let json = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        panic!("{error}: no JSON in {out}\n{err}")
    });
    Answer { status: output.status.code().unwrap(), json }
}

/// A server that runs.
struct Running {
    child: Child,
    /// Held open, so that the server is not told that nobody listens.
    _out: BufReader<ChildStdout>,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may be gone already; either way it is gone now.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A desk.
pub(crate) struct Desk {
    dir: TempDir,
    server: Option<Running>,
    /// What the server writes to standard error.
    told: PathBuf,
    /// Where the server listens.
    pub(crate) url: String,
}

impl Desk {
    /// A desk with the park's reference data and a server on a free port.
    pub(crate) fn open() -> Self {
        let mut desk = Self::closed();
        desk.start();
        desk
    }

    /// A desk without a server.
    pub(crate) fn closed() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let told = dir.path().join("server.log");
        Self { dir, server: None, told, url: String::new() }
    }

    /// Imports the park's reference data and starts the server on a free port.
    pub(crate) fn start(&mut self) {
        let imported = self.import(&data("park"));
        assert_eq!(imported.status, 0, "{:#}", imported.json);
        self.serve("127.0.0.1:0");
    }

    /// What the server wrote for its keeper.
    pub(crate) fn told(&self) -> String {
        std::fs::read_to_string(&self.told).unwrap()
    }

    /// The server's process.
    pub(crate) fn process(&self) -> u32 {
        self.server.as_ref().unwrap().child.id()
    }

    /// The scratch folder.
    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The server's folder.
    pub(crate) fn server_dir(&self) -> PathBuf {
        self.dir().join("server")
    }

    /// Imports a folder.
    pub(crate) fn import(&self, folder: &Path) -> Answer {
        ask([OsStr::new("import"), OsStr::new("--dir"), self.server_dir().as_os_str(), folder.as_os_str()])
    }

    fn serve(&mut self, address: &str) {
        let mut child = crate::disk::unkillable(&sanben())
            .args(["--json", "serve", "--listen", address, "--dir"])
            .arg(self.server_dir())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&self.told).unwrap())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut text = String::new();
        while !text.ends_with("}\n") {
            assert_ne!(out.read_line(&mut text).unwrap(), 0, "the server ended: {text}");
        }
        let listening: Value = serde_json::from_str(&text).unwrap();
        listening["url"].as_str().unwrap().clone_into(&mut self.url);
        self.server = Some(Running { child, _out: out });
    }

    /// Asks the server to stop, and waits until it has.
    pub(crate) fn stop(&mut self) {
        if let Some(running) = &mut self.server {
            let id = running.child.id().to_string();
            assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
            running.child.wait().unwrap();
        }
        self.server = None;
    }

    /// Kills the server: from now on there is no network.
    pub(crate) fn cut(&mut self) {
        self.server = None;
    }

    /// Starts the server again where it was.
    pub(crate) fn serve_again(&mut self) {
        let address = self.url.trim_start_matches("http://").to_owned();
        self.serve(&address);
    }

    /// A code for a person.
    pub(crate) fn invite(&self, person: &str, more: &[&str]) -> Answer {
        let dir = self.server_dir();
        ask([&["invite", "--dir", dir.to_str().unwrap(), person], more].concat())
    }

    /// A store nobody has enrolled.
    pub(crate) fn device(&self, name: &str) -> Device {
        Device { store: self.dir().join(name) }
    }

    /// An enrolled device of a person, synced once.
    pub(crate) fn enrolled(&self, person: &str) -> Device {
        let device = self.device(person);
        device.done(&["enroll", &self.url, &self.invite(person, &[]).text("/code")]);
        device.done(&["sync"]);
        device
    }
}

/// A device.
pub(crate) struct Device {
    /// Its folder.
    pub(crate) store: PathBuf,
}

impl Device {
    /// Runs a `field` command, whatever it answers.
    pub(crate) fn ask(&self, words: &[&str]) -> Answer {
        let store = self.store.to_str().unwrap();
        ask([&["field", "--store", store], words].concat())
    }

    /// Runs a `field` command that has to succeed.
    #[track_caller]
    pub(crate) fn done(&self, words: &[&str]) -> Answer {
        let answer = self.ask(words);
        assert_eq!(answer.status, 0, "{words:?}: {:#}", answer.json);
        answer
    }

    /// Runs a `field` command that has to fail with this code and a message.
    #[track_caller]
    pub(crate) fn fails(&self, words: &[&str], code: &str) -> Answer {
        let answer = self.ask(words);
        assert_eq!((answer.status, answer.text("/error/code").as_str()), (1, code), "{:#}", answer.json);
        assert!(!answer.text("/error/message").is_empty());
        answer
    }

    /// What a person sees.
    pub(crate) fn shown(&self, words: &[&str]) -> String {
        let output = sanben().arg("field").arg("--store").arg(&self.store).args(words).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    }
}
