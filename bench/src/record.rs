//! A durable record (a remark on a case, through everything that a phone runs) against a bare INSERT of the
//! same bytes at the same durability: change, intent and the projected row, one transaction, WAL,
//! `synchronous=FULL`.

use crate::measure::{Ratio, Samples, Versus, timed, worked};
use crate::report::{Row, grouped, time};
use crate::words::Writer;
use crate::{Outcome, Run};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, TransactionBehavior, params_from_iter};
use sanben_domain::case::CaseAct;
use sanben_domain::id::CaseId;
use sanben_field::{CaseQuery, Field};
use std::path::Path;
use std::time::Duration;

/// Documents in the hot turns: fewer than a store keeps loaded (64).
const HOT: usize = 32;
/// Documents in the cold turns: each is left alone while all the others are changed.
const COLD: usize = 256;

pub(crate) fn run(run: &mut Run) -> Outcome<()> {
    let field = run.shelf.open()?;
    let cases = newest(&field, HOT + COLD)?;
    let (warm, others) = cases.split_at(HOT.min(cases.len()));
    let written = Written::of(&run.shelf.database())?;
    let mut turns = Turns {
        worked: Samples::default(),
        field,
        writer: Writer::new(3),
        bare: Bare::new(&run.scratch.path().join("bare.db"), written.columns()?)?,
        written,
    };
    let (mut hot, mut cold) = (Versus::default(), Versus::default());
    let (mut on_hot, mut on_cold) = (Samples::default(), Samples::default());
    for _ in 0..run.scale.runs {
        // Loads them; not counted.
        turns.take(warm, warm.len())?;
        let (subject, baseline) = turns.take(warm, run.scale.records)?;
        hot.add(subject, baseline);
        on_hot.push(turns.worked.median());
        let (subject, baseline) = turns.take(others, run.scale.records)?;
        cold.add(subject, baseline);
        on_cold.push(turns.worked.median());
    }
    report(run, "hot", &hot, on_hot.median(), 1.25);
    report(run, "cold", &cold, on_cold.median(), 1.6);
    Ok(())
}

fn report(run: &mut Run, which: &str, versus: &Versus, worked: Duration, most: f64) {
    let ratio = versus.ratio();
    let Ratio { middle, .. } = versus.ratio_of_sums();
    run.table.row(&Row {
        name: format!("durable record, {which} document, {} cases held", grouped(run.shelf.held())),
        ratio: Some(ratio),
        measured: format!(
            "{}, {} of it on the processor (95 % below {}; {middle:.2} × by sums)",
            time(versus.subject()),
            time(worked),
            time(versus.slow())
        ),
        baseline: format!("bare INSERT of the same bytes: {}", time(versus.baseline())),
        goal: Some((format!("≤ {most} ×"), ratio.middle <= most)),
    });
}

struct Turns {
    /// What each act of the last turns had of a processor.
    worked: Samples,
    field: Field,
    writer: Writer,
    written: Written,
    bare: Bare,
}

impl Turns {
    /// A remark, then the same bytes bare, and so on round the cases.
    fn take(&mut self, cases: &[CaseId], records: usize) -> Outcome<(Samples, Samples)> {
        let (mut subject, mut baseline) = (Samples::default(), Samples::default());
        self.worked = Samples::default();
        for case in cases.iter().cycle().take(records) {
            let act = CaseAct::Comment { words: self.writer.remark() };
            let before = worked();
            subject.push(timed(|| Ok(self.field.act(*case, act, &[])?))?.0);
            self.worked.push(worked().saturating_sub(before));
            let row = self.written.last(*case)?;
            baseline.push(timed(|| self.bare.insert(&row))?.0);
        }
        Ok((subject, baseline))
    }
}

/// The newest cases.
fn newest(field: &Field, count: usize) -> Outcome<Vec<CaseId>> {
    let mut cases = Vec::new();
    let mut query = CaseQuery { limit: 200, ..CaseQuery::default() };
    while cases.len() < count {
        let page = field.cases(&query)?;
        cases.extend(page.rows.iter().map(|row| row.id));
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    cases.truncate(count);
    Ok(cases)
}

/// Looks at what a record wrote.
struct Written(Connection);

impl Written {
    const LAST: &str = "SELECT c.bytes, o.*, r.*, t.record, t.state FROM outbox o
        JOIN change c ON c.document = o.document AND c.hash = o.hash
        JOIN case_row r ON r.id = o.document JOIN case_content t ON t.n = r.n
        WHERE o.id = (SELECT max(id) FROM outbox) AND o.document = ?1";

    fn of(database: &Path) -> Outcome<Self> {
        Ok(Self(Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?))
    }

    fn columns(&self) -> Outcome<usize> {
        Ok(self.0.prepare_cached(Self::LAST)?.column_count())
    }

    /// The last change, its intent and the case's rows, as columns.
    fn last(&self, case: CaseId) -> Outcome<Vec<Value>> {
        let mut statement = self.0.prepare_cached(Self::LAST)?;
        let columns = statement.column_count();
        Ok(statement.query_row([case.0.as_bytes()], |row| (0..columns).map(|at| row.get(at)).collect())?)
    }
}

/// A file with one table of the same columns.
struct Bare {
    connection: Connection,
    insert: String,
}

impl Bare {
    fn new(path: &Path, columns: usize) -> Outcome<Self> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        let names: Vec<String> = (0..columns).map(|at| format!("c{at}")).collect();
        connection.execute_batch(&format!("CREATE TABLE bare ({})", names.join(", ")))?;
        Ok(Self {
            connection,
            insert: format!("INSERT INTO bare VALUES ({})", vec!["?"; columns].join(", ")),
        })
    }

    fn insert(&mut self, row: &[Value]) -> Outcome<()> {
        let tx = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.prepare_cached(&self.insert)?.execute(params_from_iter(row))?;
        Ok(tx.commit()?)
    }
}
