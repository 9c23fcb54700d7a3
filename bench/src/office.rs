//! The office's own work: a year's sheets, an import of many points, a list of many cases.

use crate::measure::{Samples, timed};
use crate::report::{Row, bytes, grouped, time};
use crate::served::memory;
use crate::{Outcome, Run, year};
use sanben_domain::reference::Reference;
use sanben_server::import;
use sanben_server::report::{CaseLine, write_cases};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

const CASES: u64 = 100_000;
const POINTS: usize = 12_000;

fn park() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/park")
}

pub(crate) fn run(run: &mut Run<'_>) -> Outcome<()> {
    let read = import::read(&park()).map_err(|errors| errors.to_string())?;
    let reference = Reference::from_rows(read.update.rows);
    let cases = if run.scale.runs > 1 { CASES } else { CASES / 100 };
    sheets(run, &reference, cases)?;
    points(run, if run.scale.runs > 1 { POINTS } else { POINTS / 100 })?;
    list(run, cases)
}

fn sheets(run: &mut Run<'_>, reference: &Reference, cases: u64) -> Outcome<()> {
    let (mut scratch, mut folded, mut events) = (Samples::default(), Samples::default(), Samples::default());
    let (mut sheets, mut entries) = (0, 0);
    for _ in 0..run.scale.runs {
        let year = year::of(reference, cases, 200)?;
        scratch.push(year.scratch);
        folded.push(year.folded);
        year.events.into_iter().for_each(|took| events.push(took));
        (sheets, entries) = (year.sheets, year.entries);
    }
    run.table.row(&Row {
        name: format!(
            "{} weekly sheets of {} cases from scratch, {} entries",
            grouped(sheets),
            grouped(usize::try_from(cases)?),
            grouped(entries)
        ),
        ratio: None,
        measured: time(scratch.median()),
        baseline: format!("folding the same cases: {}", time(folded.median())),
        goal: Some(("≤ 1 s".to_owned(), scratch.median() <= Duration::from_secs(1))),
    });
    run.table.row(&Row {
        name: "one more event: its case, and the sheets of its week and month".to_owned(),
        ratio: None,
        measured: format!("{}, slow {}", time(events.median()), time(events.slow())),
        baseline: String::new(),
        goal: Some(("≤ 5 ms".to_owned(), events.median() <= Duration::from_millis(5))),
    });
    Ok(())
}

/// An import of so many points, each with somebody who answers for it.
fn points(run: &mut Run<'_>, many: usize) -> Outcome<()> {
    let dir = run.scratch.path().join("many-points");
    std::fs::create_dir_all(&dir)?;
    for name in ["tenant.toml", "units.csv", "standards.csv", "people.csv", "teams.csv"] {
        std::fs::copy(park().join(name), dir.join(name))?;
    }
    let mut points = String::from("编号,名称,类别,所属,纬度,经度,督导组\n");
    let mut duties = String::from("点位,责任人,职责,起,止\n");
    let kinds = std::fs::read_to_string(park().join("points.csv"))?;
    let kinds: Vec<_> = kinds.lines().skip(1).filter_map(|line| line.split(',').nth(2)).collect();
    for number in 0..many {
        let kind = kinds.get(number % kinds.len().max(1)).ok_or("a kind")?;
        let (community, south, east) = (number % 14 + 1, number % 900, number / 900);
        writeln!(
            points,
            "Q{number:05},第{number}点,{kind},park-{community:02},38.3{south:03},116.8{east:03},T1"
        )?;
        writeln!(duties, "Q{number:05},U051,点位负责人,2026-01-01,")?;
    }
    std::fs::write(dir.join("points.csv"), points)?;
    std::fs::write(dir.join("assignments.csv"), duties)?;
    let mut took = Samples::default();
    for _ in 0..run.scale.runs {
        let (one, read) = timed(|| Ok(import::read(&dir).map_err(|errors| errors.to_string())?))?;
        if read.counts.points != many {
            return Err("points were lost".into());
        }
        took.push(one);
    }
    run.table.row(&Row {
        name: format!("reading and checking a folder of {} points", grouped(many)),
        ratio: None,
        measured: time(took.median()),
        baseline: String::new(),
        goal: None,
    });
    Ok(())
}

fn list(run: &mut Run<'_>, cases: u64) -> Outcome<()> {
    let file = run.scratch.path().join("cases.xlsx");
    let line = |number: u64| CaseLine {
        id: format!("{number:032x}"),
        found: "2026-03-20 07:00".to_owned(),
        community: "柳林社区".to_owned(),
        point: "柳林小区南入口".to_owned(),
        standard: "环境卫生".to_owned(),
        what: format!("南门垃圾成堆，第{number}件"),
        source: "街道督导".to_owned(),
        status: "已结案".to_owned(),
        person: "叶慧敏".to_owned(),
        due: "2026-03-20 18:00".to_owned(),
    };
    // The peak so far is forgotten, so that the next one is this list's.
    std::fs::write("/proc/self/clear_refs", "5")?;
    let before = memory("/proc/self/status", "VmHWM:")?;
    let (took, ()) = timed(|| Ok(write_cases(&file, (0..cases).map(line))?))?;
    let peak = memory("/proc/self/status", "VmHWM:")?.saturating_sub(before);
    run.table.row(&Row {
        name: format!(
            "writing a workbook of {} made-up lines, no case read",
            grouped(usize::try_from(cases)?)
        ),
        ratio: None,
        measured: format!("{}, {} at its peak", time(took), bytes(peak)),
        baseline: format!("the file: {}", bytes(std::fs::metadata(&file)?.len())),
        goal: None,
    });
    Ok(())
}
