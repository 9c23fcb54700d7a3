//! The sheet of one community, from its cases as they lie in the store.

use crate::cases::{Town, fill};
use crate::desk::{COMMAND, DAY_MS, Desk, NEW_YEAR};
use crate::lists::{bare, select};
use crate::measure::{Samples, Versus, timed, worked};
use crate::report::{Row, grouped, time};
use crate::{Outcome, Run};
use chrono::NaiveDate;
use sanben_domain::id::UnitId;
use sanben_domain::score::Period;

pub(crate) fn run(run: &mut Run) -> Outcome<()> {
    let (server, dir) = (run.scratch.path().join("score-server"), run.scratch.path().join("score"));
    let field = Desk::open(&server)?.device(&dir, COMMAND[0], false)?;
    let community = UnitId::from("park-02");
    let march = NaiveDate::from_ymd_opt(2026, 3, 1).ok_or("a month")?;
    let town = Town::of(&*field.reference()?, Some(&community), NEW_YEAR.plus_ms(1));
    let cases = run.scale.scored;
    let begin = NEW_YEAR.plus_ms(59 * DAY_MS);
    fill(field.store(), &town, &mut run.writer, 0..cases, cases, (begin, 31))?;

    let bare = bare(&dir.join("sanben.db"))?;
    let sql = "SELECT record, state FROM case_row JOIN case_content USING (n) WHERE community = ?1";
    let mut versus = Versus::default();
    let (mut entries, mut cpu) = (0, Samples::default());
    for _ in 0..run.scale.runs {
        let (mut subject, mut baseline) = (Samples::default(), Samples::default());
        let before = worked();
        let (took, sheet) = timed(|| Ok(field.score(&community, Period::month_of(march), None)?))?;
        cpu.push(worked().saturating_sub(before));
        subject.push(took);
        entries = sheet.entries.len();
        baseline.push(timed(|| select(&bare, sql, [community.as_str()]))?.0);
        versus.add(subject, baseline);
    }
    if entries == 0 {
        return Err("a sheet without entries measures nothing".into());
    }
    run.table.row(&Row {
        name: format!(
            "score sheet of a community with {} cases, {} entries",
            grouped(cases),
            grouped(entries)
        ),
        ratio: Some(versus.ratio()),
        measured: format!("{}, {} of it on the processor", time(versus.subject()), time(cpu.median())),
        baseline: format!("bare SELECT of the same contents: {}", time(versus.baseline())),
        goal: None,
    });
    Ok(())
}
