//! Memory of a device with many cases, above one with none: each in a process of its own, which does what
//! a person does, or begins with everything that a server has, and then asks the system how much it holds.

use crate::desk::{COMMAND, Desk, platform, sync};
use crate::report::{Row, bytes, grouped};
use crate::served::memory;
use crate::{Outcome, Run};
use sanben_domain::case::CaseAct;
use sanben_field::{CaseQuery, Field, Http};
use std::path::Path;
use std::process::Command;

/// Above the empty store, bytes.
const GOAL: u64 = 30_000_000;
const PAGES: usize = 4;

pub(crate) fn run(run: &mut Run) -> Outcome<()> {
    let (server, empty) = (run.scratch.path().join("memory-server"), run.scratch.path().join("memory"));
    drop(Desk::open(&server)?.device(&empty, COMMAND[0], true)?);
    let mut above = Vec::new();
    let mut base = 0;
    for _ in 0..run.scale.runs {
        base = child(&empty, &[])?;
        above.push(child(run.shelf.dir(), &[])?.saturating_sub(base));
    }
    above.sort_unstable();
    let above = above.get(above.len() / 2).copied().unwrap_or_default();
    run.table.row(&Row {
        name: format!(
            "memory with {} cases: open, {PAGES} pages, one case, one edit",
            grouped(run.shelf.held())
        ),
        ratio: None,
        measured: format!("{} above base", bytes(above)),
        baseline: format!("the same program on an empty store: {}", bytes(base)),
        goal: Some((format!("≤ {} above", bytes(GOAL)), above <= GOAL)),
    });
    Ok(())
}

/// What a new device held at most while it began with everything, bytes.
pub(crate) fn of_beginning(dir: &Path, url: &str, code: &str) -> Outcome<u64> {
    child(dir, &["--begin-at", url, code])
}

fn child(dir: &Path, begins: &[&str]) -> Outcome<u64> {
    let output = Command::new(std::env::current_exe()?).arg("--memory-of").arg(dir).args(begins).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// In the child: uses the store and prints the memory held, bytes.
pub(crate) fn of(dir: &Path) -> Outcome<()> {
    let field = Field::open(dir, platform(true))?;
    let mut query = CaseQuery::default();
    let mut first = None;
    for _ in 0..PAGES {
        let page = field.cases(&query)?;
        first = first.or(page.rows.first().map(|row| row.id));
        query.after = page.next;
    }
    if let Some(case) = first {
        std::hint::black_box(field.case(case)?);
        field.act(case, CaseAct::Comment { words: "已到现场".to_owned() }, &[])?;
    }
    println!("{}", memory("/proc/self/status", "VmRSS:")?);
    Ok(())
}

/// In the child: a new device begins, and prints the most it ever held, bytes.
pub(crate) fn beginning(dir: &Path, url: &str, code: &str) -> Outcome<()> {
    let http = Http::new(url);
    let field = Field::open(dir, platform(true))?;
    field.enrol("", code, &http)?;
    sync(&field, &http)?;
    println!("{}", memory("/proc/self/status", "VmHWM:")?);
    Ok(())
}
