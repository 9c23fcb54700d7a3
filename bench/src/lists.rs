//! Opening, the first list page and search, at several sizes of one store. The files are in the system's
//! cache, as on a phone that has just been used.

use crate::measure::{Samples, Versus, timed};
use crate::report::{Row, grouped, time};
use crate::words::{RARE, RARE_IN};
use crate::{Outcome, Run};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, Params};
use sanben_field::{CaseQuery, Field};
use std::path::Path;
use std::time::Duration;

/// Goals at the largest size; smaller ones have no excuse either.
const OPEN: Duration = Duration::from_millis(30);
const FIRST_PAGE: Duration = Duration::from_millis(2);
const SEARCH: Duration = Duration::from_millis(10);

pub(crate) fn open(run: &mut Run) -> Outcome<()> {
    let (mut opens, mut pages) = (Versus::default(), Versus::default());
    for _ in 0..run.scale.runs {
        let (mut open, mut bare_open) = (Samples::default(), Samples::default());
        let (mut page, mut bare_page) = (Samples::default(), Samples::default());
        for _ in 0..run.scale.opens {
            let (took, field) = timed(|| run.shelf.open())?;
            open.push(took);
            let (took, listed) = timed(|| Ok(field.cases(&CaseQuery::default())?))?;
            page.push(took);
            drop(field);
            let (took, bare) = timed(|| bare(&run.shelf.database()))?;
            bare_open.push(took);
            let sql = "SELECT * FROM case_row ORDER BY n DESC LIMIT 50";
            let (took, rows) = timed(|| select(&bare, sql, []))?;
            bare_page.push(took);
            if rows != listed.rows.len() {
                return Err("the first page and the bare SELECT differ".into());
            }
        }
        opens.add(open, bare_open);
        pages.add(page, bare_page);
    }
    let held = grouped(run.shelf.held());
    run.table.row(&Row {
        name: format!("open, {held} cases"),
        ratio: Some(opens.ratio()),
        measured: time(opens.subject()),
        baseline: format!("bare open, schema read: {}", time(opens.baseline())),
        goal: Some((format!("≤ {}", time(OPEN)), opens.subject() <= OPEN)),
    });
    run.table.row(&Row {
        name: format!("first page after it, 50 rows, {held} cases"),
        ratio: Some(pages.ratio()),
        measured: time(pages.subject()),
        baseline: format!("bare SELECT of the same rows: {}", time(pages.baseline())),
        goal: Some((format!("≤ {}", time(FIRST_PAGE)), pages.subject() <= FIRST_PAGE)),
    });
    Ok(())
}

pub(crate) fn search(run: &mut Run) -> Outcome<()> {
    let field = run.shelf.open()?;
    let bare = bare(&run.shelf.database())?;
    compare(run, &field, &bare, "垃圾", "a common word")?;
    compare(run, &field, &bare, RARE, &format!("a word in one of {}", grouped(RARE_IN)))
}

fn compare(run: &mut Run, field: &Field, bare: &Connection, word: &str, what: &str) -> Outcome<()> {
    let query = CaseQuery { text: Some(word.to_owned()), ..CaseQuery::default() };
    let like = format!("%{word}%");
    let sql = "SELECT * FROM case_row WHERE description LIKE ?1 ORDER BY n DESC LIMIT 50";
    let mut versus = Versus::default();
    let mut found = 0;
    for _ in 0..run.scale.runs {
        let (mut subject, mut baseline) = (Samples::default(), Samples::default());
        for _ in 0..run.scale.opens {
            let (took, page) = timed(|| Ok(field.cases(&query)?))?;
            subject.push(took);
            found = page.rows.len();
            baseline.push(timed(|| select(bare, sql, [&like]))?.0);
        }
        versus.add(subject, baseline);
    }
    run.table.row(&Row {
        name: format!(
            "search {word}, {what}, first page ({found} found), {} cases",
            grouped(run.shelf.held())
        ),
        ratio: Some(versus.ratio()),
        measured: time(versus.subject()),
        baseline: format!("LIKE in the same file: {}", time(versus.baseline())),
        goal: Some((format!("≤ {}", time(SEARCH)), versus.subject() <= SEARCH)),
    });
    Ok(())
}

/// The file as anybody opens it, its schema read.
pub(crate) fn bare(database: &Path) -> Outcome<Connection> {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
    Ok(connection)
}

/// Reads every value of every row; says how many rows.
pub(crate) fn select(bare: &Connection, sql: &str, params: impl Params) -> Outcome<usize> {
    let mut statement = bare.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query(params)?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            std::hint::black_box(row.get::<_, Value>(column)?);
        }
        count += 1;
    }
    Ok(count)
}
