//! A server in a process of its own, as phones meet it: what it holds and works is its own, not the bench's.
//! Between it and a device stands, where bytes are counted, the proxy of `tests/peers`.

use crate::Outcome;
use crate::desk::{Desk, Loopback};
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// A child that answers every line with numbers.
pub(crate) struct Answering {
    child: Child,
    ask: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    /// Where it listens.
    pub(crate) port: u16,
}

impl Answering {
    fn start(command: &mut Command) -> Outcome<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let ask = child.stdin.take().ok_or("no way to ask")?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("no way to hear")?).lines();
        let port = lines.next().ok_or("it ended before it began")??.trim().parse()?;
        Ok(Self { child, ask, lines, port })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn two(&mut self) -> Outcome<(u64, u64)> {
        writeln!(self.ask)?;
        let line = self.lines.next().ok_or("it has ended")??;
        let (one, other) = line.split_once(' ').ok_or("two numbers were asked for")?;
        Ok((one.parse()?, other.parse()?))
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        // It would end by itself with its standard input; whoever measured is done with it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The server.
pub(crate) struct Served(Answering);

impl Served {
    /// Serves a folder that [`Desk::open`] made.
    pub(crate) fn of(dir: &Path) -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        Ok(Self(Answering::start(command.arg("--serve").arg(dir))?))
    }

    pub(crate) fn url(&self) -> String {
        self.0.url()
    }

    /// What it holds in memory, bytes, and what it has had of a processor.
    pub(crate) fn state(&mut self) -> Outcome<(u64, Duration)> {
        let (held, worked) = self.0.two()?;
        Ok((held, Duration::from_micros(worked)))
    }

    /// The most it ever held, bytes.
    pub(crate) fn peak(&self) -> Outcome<u64> {
        memory(&format!("/proc/{}/status", self.0.child.id()), "VmHWM:")
    }
}

/// The proxy.
pub(crate) struct Counted(Answering);

impl Counted {
    pub(crate) fn before(served: &Served) -> Outcome<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/peers/proxy.mjs");
        let mut command = Command::new("node");
        Ok(Self(Answering::start(command.arg(script).arg(served.0.port.to_string()))?))
    }

    pub(crate) fn url(&self) -> String {
        self.0.url()
    }

    /// Bytes up and down since the last time.
    pub(crate) fn bytes(&mut self) -> Outcome<(u64, u64)> {
        self.0.two()
    }
}

/// In the child: serves until nobody asks any more.
pub(crate) fn serve(dir: &Path) -> Outcome<()> {
    let desk = Desk::reopen(dir)?;
    let loopback = Loopback::of(&desk.server)?;
    println!("{}", loopback.url.rsplit(':').next().unwrap_or_default());
    for line in std::io::stdin().lines() {
        line?;
        println!("{} {}", memory("/proc/self/status", "VmRSS:")?, worked()?.as_micros());
    }
    Ok(())
}

pub(crate) fn memory(status: &str, which: &str) -> Outcome<u64> {
    let status = std::fs::read_to_string(status)?;
    let held = status.lines().find_map(|line| line.strip_prefix(which));
    let kib: u64 = held.ok_or("the system does not tell")?.trim().trim_end_matches(" kB").parse()?;
    Ok(kib * 1024)
}

/// What all threads of this process have had of a processor: in hundredths of a second, as the system counts.
fn worked() -> Outcome<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    // User and system time are the 14th and 15th field; the first after the name is the third.
    let ticks: u64 = fields.iter().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Ok(Duration::from_millis(ticks * 10))
}
