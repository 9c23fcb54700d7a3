//! From a question about cases to SQL. Only what narrows is written, so that SQLite can choose the index;
//! the texts are few, and cached as prepared statements.

use crate::cases::{CaseQuery, Order, RecordFilter, since_n};
use crate::columns::{STATUSES, number};
use crate::words;
use rusqlite::types::Value;
use sanben_document::encode;
use sanben_domain::id::PointId;
use std::collections::BTreeSet;
use std::fmt::Write;

const SUMMARY: &str =
    "SELECT c.n, c.id, c.point, c.community, c.standard, c.handler_unit, c.handler, c.reporter,
    c.source, c.status, c.disputed, c.description, c.due, c.late_before, c.late_after, c.reported, c.doubtful,
    c.times_found, c.photos, c.thumbnail, c.merged_into";

/// A statement with its values.
pub(crate) struct Asked {
    pub(crate) sql: String,
    pub(crate) values: Vec<Value>,
    narrowed: bool,
}

impl Asked {
    /// `None` when nothing can be found: words were asked for and there are none in the text. `points` are those of the
    /// query's programme, at most some hundred.
    pub(crate) fn cases(query: &CaseQuery, points: Option<&BTreeSet<PointId>>, limit: usize) -> Option<Self> {
        let mut asked = Self { sql: SUMMARY.to_owned(), values: Vec::new(), narrowed: false };
        if let Some(text) = &query.text {
            // CROSS JOIN: the word index leads. It walks its rows backwards and stops at the limit, instead
            // of collecting every case that has a common word.
            asked.sql.push_str(" FROM case_search s CROSS JOIN case_row c ON c.n = s.rowid");
            asked.narrow("case_search MATCH", words::query(text)?);
        } else {
            asked.sql.push_str(" FROM case_row c");
        }
        // The number that the walk goes by.
        let n = if query.text.is_some() { "s.rowid" } else { "c.n" };
        asked.given("c.point =", query.point.as_ref().map(|id| id.0.clone()));
        asked.given("c.community =", query.community.as_ref().map(|id| id.0.clone()));
        asked.given("c.handler =", query.handler.as_ref().map(|id| id.0.clone()));
        if let Some(person) = &query.mine {
            let unit = query.mine_unit.as_ref().map(|unit| unit.0.clone());
            asked.values.extend([person.0.clone().into(), unit.into()]);
            let (person, unit) = (asked.values.len() - 1, asked.values.len());
            asked.and(&format!(
                "(?{person} IN (c.reporter, c.handler, c.answered)
                  OR c.handler IS NULL AND c.handler_unit = ?{unit})"
            ));
        }
        if let Some(points) = points {
            let first = asked.values.len() + 1;
            asked.values.extend(points.iter().map(|id| Value::from(id.0.clone())));
            let places: Vec<String> = (first..=asked.values.len()).map(|place| format!("?{place}")).collect();
            asked.and(&format!("c.point IN ({})", places.join(", ")));
        }
        if query.open_only {
            asked.and("c.open = 1");
        }
        if query.disputed_only {
            asked.and("c.disputed = 1");
        }
        if !query.status.is_empty() {
            // Numbers of ours, not text from outside.
            let numbers: Vec<String> =
                query.status.iter().map(|status| number(STATUSES, *status).to_string()).collect();
            asked.and(&format!("c.status IN ({})", numbers.join(", ")));
        }
        asked.given("c.due <", query.due_before.map(|due| due.0));
        asked.given(&format!("{n} >="), query.reported_from.map(since_n));
        asked.given(&format!("{n} <"), query.reported_until.map(since_n));
        match query.order {
            Order::Newest => {
                asked.given(&format!("{n} <"), query.after.map(|after| after.n));
                let _ = write!(asked.sql, " ORDER BY {n} DESC");
            }
            Order::Due => {
                if let Some(after) = query.after {
                    asked.narrow("(c.due, c.n) > (", after.due);
                    asked.values.push(after.n.into());
                    let _ = write!(asked.sql, ", ?{})", asked.values.len());
                }
                asked.sql.push_str(" ORDER BY c.due, c.n");
            }
        }
        let _ = write!(asked.sql, " LIMIT {limit}");
        Some(asked)
    }

    pub(crate) fn records(filter: &RecordFilter) -> Self {
        let sql = "SELECT record, state FROM case_row c JOIN case_content USING (n)".to_owned();
        let mut asked = Self { sql, values: Vec::new(), narrowed: false };
        asked.given("c.point =", filter.point.as_ref().map(|id| id.0.clone()));
        asked.given("c.community =", filter.community.as_ref().map(|id| id.0.clone()));
        if let Some(scope) = &filter.lies_in {
            asked.narrow(
                "(EXISTS (SELECT 1 FROM outbox o WHERE o.document = c.id AND o.state IN (0, 4))
                  OR EXISTS (SELECT 1 FROM document_scope s WHERE s.document = c.id AND s.scope =",
                encode(scope),
            );
            asked.sql.push_str("))");
        }
        asked.given("c.n >=", filter.reported_from.map(since_n));
        asked.given("c.n <", filter.reported_until.map(since_n));
        if let Some(since) = filter.open_or_active_since {
            asked.narrow("(c.open = 1 OR c.active >=", since.0);
            asked.sql.push(')');
        }
        asked.sql.push_str(" ORDER BY c.n");
        asked
    }

    fn given(&mut self, condition: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.narrow(condition, value);
        }
    }

    fn narrow(&mut self, condition: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        let place = format!("{condition} ?{}", self.values.len());
        self.and(&place);
    }

    fn and(&mut self, condition: &str) {
        self.sql.push_str(if self.narrowed { " AND " } else { " WHERE " });
        self.sql.push_str(condition);
        self.narrowed = true;
    }
}
