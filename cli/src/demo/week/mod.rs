//! `sanben demo --week`: every row of the field's own list at least once, from Monday 16 to Sunday 22 March 2026, each
//! scene under its number. The commands are typed as in the day, and what comes back is looked at: a scene that does not
//! come to what it should fails the play.

mod inspection;
mod people;
mod residents;
mod rounds;
mod zone;

use super::office::Office;
use super::stage::{Failure, Said, Stage};
use super::{COMMAND, ENTRANCE, ENTRANCE_HEAD, INSPECTOR, must};
use crate::language::say;
use sanben_domain::matter::{self, feature};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeSet;

const DISCIPLINE: &str = "U005";
const CLERK: &str = "U024";
const GRID: &str = "U038";
const VOLUNTEER: &str = "U170";
/// Who has a device in the week.
const PEOPLE: [&str; 7] = [COMMAND, DISCIPLINE, INSPECTOR, ENTRANCE_HEAD, CLERK, GRID, VOLUNTEER];
/// How many rows the list has.
const ROWS: u8 = 28;

/// The week on the stage, with the rows that were shown.
struct Week<'a> {
    stage: &'a Stage,
    shown: RefCell<BTreeSet<u8>>,
}

/// Plays the week; says which rows were shown.
pub(super) fn play(stage: &Stage) -> Result<Value, Failure> {
    let week = Week { stage, shown: RefCell::default() };
    week.prepare()?;
    inspection::ledgers_teams_and_grid(&week)?;
    people::actions_and_programmes(&week)?;
    let shift = people::shift_begins(&week)?;
    let roster = people::roster(&week)?;
    inspection::leader_visit_and_tasks(&week)?;
    people::shift_ends(&week, &shift)?;
    let round = rounds::look_back_round(&week)?;
    rounds::assessment(&week)?;
    residents::meeting_and_suggestions(&week)?;
    rounds::back_at_five(&week, &round)?;
    let zone = zone::Zone::begin(&week)?;
    zone.departments()?;
    zone.mall()?;
    zone.need_climbs()?;
    inspection::brief(&week)?;
    inspection::patrol_thread_and_same_day(&week)?;
    inspection::daily_report(&week)?;
    people::roster_on_friday(&week, &roster)?;
    inspection::spot_check_notice_and_interview(&week)?;
    people::activities_and_tallies(&week)?;
    residents::kiosk_and_small_works(&week)?;
    inspection::summary_and_score(&week)?;
    people::cases_by_programme(&week)?;
    let shown: Vec<u8> = week.shown.take().into_iter().collect();
    must(shown == (1..=ROWS).collect::<Vec<u8>>(), "every row of the list was shown")?;
    stage.tell(&say!(stage.language, "week-all", rows = shown.len()));
    Ok(json!({ "rows": shown }))
}

impl Week<'_> {
    fn prepare(&self) -> Result<(), Failure> {
        let stage = self.stage;
        stage.clock.set_on(16, 6, 30);
        stage.tell(&say!(stage.language, "week-title"));
        let server = stage.store("server");
        let data = stage.data.to_string_lossy().into_owned();
        stage.run_quietly(&["import", "--dir", &server, &data])?;
        PEOPLE.iter().try_for_each(|person| self.enrol(person))?;
        self.sync()
    }

    /// Somebody's device.
    fn enrol(&self, person: &str) -> Result<(), Failure> {
        let (stage, server) = (self.stage, self.stage.store("server"));
        let words = ["invite", "--dir", &server, "--url", &stage.office.url(), person];
        let code = stage.run_quietly(&words)?.text_at("/code")?.to_owned();
        stage.field_quietly(person, &["enroll", &stage.office.url(), &code])?;
        stage.field_quietly(person, &["sync"]).map(drop)
    }

    /// A scene of one row.
    fn row(&self, row: u8, title: &str, of_march: u32, hour: u32, minute: u32) {
        self.stage.clock.set_on(of_march, hour, minute);
        self.shown.borrow_mut().insert(row);
        let time = format!("03-{of_march} {hour:02}:{minute:02}");
        let title = say!(self.stage.language, "week-row", row = row, title = title.to_owned());
        self.stage.tell("");
        self.stage.tell(&say!(self.stage.language, "demo-scene", time = time, title = title));
    }

    /// A scene of a feature, under the feature's own name.
    fn feature(&self, row: u8, name: &str, of_march: u32, hour: u32, minute: u32) {
        let called =
            feature::named(name).map(|known| matter::feature_name(self.stage.language.tongue(), known));
        self.row(row, &called.unwrap_or_default(), of_march, hour, minute);
    }

    /// Everybody syncs twice: what one hands in first, another fetches.
    fn sync(&self) -> Result<(), Failure> {
        for person in PEOPLE.iter().chain(&PEOPLE) {
            self.stage.field_quietly(person, &["sync"])?;
        }
        Ok(())
    }

    /// Opens a matter; gives its id.
    fn open(&self, who: &str, words: &[&str]) -> Result<String, Failure> {
        let said = self.stage.field(who, &[&["matter", "open"], words].concat())?;
        Ok(said.text_at("/id")?.to_owned())
    }

    /// The same, not shown.
    fn open_quietly(&self, who: &str, words: &[&str]) -> Result<String, Failure> {
        let said = self.stage.field_quietly(who, &[&["matter", "open"], words].concat())?;
        Ok(said.text_at("/id")?.to_owned())
    }

    /// Acts on a matter.
    fn act(&self, who: &str, id: &str, words: &[&str]) -> Result<Said, Failure> {
        self.stage.field(who, &[&["matter", "act", id], words].concat())
    }

    /// The same, not shown.
    fn act_quietly(&self, who: &str, id: &str, words: &[&str]) -> Result<Said, Failure> {
        self.stage.field_quietly(who, &[&["matter", "act", id], words].concat())
    }

    /// A matter as somebody sees it.
    fn see(&self, who: &str, id: &str) -> Result<Said, Failure> {
        self.stage.field_quietly(who, &["matter", "show", id])
    }

    /// Whether somebody's device has it.
    fn has(&self, who: &str, id: &str) -> bool {
        self.stage.try_run(&["field", "--store", &self.stage.store(who), "matter", "show", id]).is_ok()
    }

    /// What must not go is refused.
    fn refused(&self, who: &str, words: &[&str]) -> Result<(), Failure> {
        let store = self.stage.store(who);
        let words = [&["field", "--store", &store], words].concat();
        let error = self.stage.try_run(&words).err();
        let error = error.ok_or_else(|| Failure(format!("was not refused: {}", words.join(" "))))?;
        self.stage.tell(&say!(self.stage.language, "week-refused", why = error.trim().to_owned()));
        Ok(())
    }
}

/// The amount of a figure in what a command said.
fn figure(said: &Said, name: &str) -> Result<Value, Failure> {
    let figures = said.list_at("/figures")?;
    let found = figures.iter().find(|figure| figure.get("name").and_then(Value::as_str) == Some(name));
    let amount = found.and_then(|figure| figure.get("amount")).cloned();
    amount.ok_or_else(|| Failure(format!("no figure {name}")))
}

fn count(number: i64) -> Value {
    json!({ "count": number })
}

fn share(part: i64, whole: i64) -> Value {
    json!({ "share": { "part": part, "whole": whole } })
}

/// A figure must be so much.
fn comes_to(said: &Said, name: &str, amount: &Value) -> Result<(), Failure> {
    let found = figure(said, name)?;
    must(found == *amount, &format!("{name} is {found} and not {amount}"))
}

/// A matter must have come so far.
fn stands_at(said: &Said, step: &str) -> Result<(), Failure> {
    let found = said.text_at("/step")?;
    must(found == step, &format!("it stands at {found} and not at {step}"))
}
