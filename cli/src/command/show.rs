//! `field show CASE`: one case with its thread, its photos, who answers, what is in dispute.

use super::contact::{self, ContactView};
use crate::deed::Deed;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::view::{
    CaseLine, HandlerView, Moment, Named, Names, case_named, delivery, name_of, short, standing,
};
use crate::words;
use sanben_domain::case::{
    CaseAct, CaseState, DueBasis, Ignored, Lateness, PhotoRole, Source, Status, lateness,
};
use sanben_domain::event::Event;
use sanben_domain::id::{CaseId, EventId};
use sanben_domain::place::Fix;
use sanben_domain::time::Timestamp;
use sanben_field::{CaseRow, Delivery, Field, FieldError};
use serde::Serialize;

/// Which case.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ShowArgs {
    /// The case, by id or prefix.
    pub(crate) case: String,
}

/// Shows it.
///
/// # Errors
/// As [`case_named`].
pub(crate) fn run(args: &ShowArgs, field: &Field) -> Result<CaseView, CommandError> {
    let case = case_named(field, &args.case)?;
    let (row, names, now) = (field.case(case)?, Names::of(field)?, field.now()?);
    let contacts = field.contacts(case)?.into_iter().map(|row| ContactView::of(row, &names)).collect();
    let duplicates = match row.status.is_final() {
        true => Vec::new(),
        false => lines(field, &field.duplicates(case)?, &names)?,
    };
    Ok(CaseView { contacts, ..CaseView::of(&row, &names, now, duplicates) })
}

/// Cases by id, as lines of a list.
///
/// # Errors
/// A store error.
pub(crate) fn lines(field: &Field, cases: &[CaseId], names: &Names) -> Result<Vec<CaseLine>, FieldError> {
    let now = field.now()?;
    cases.iter().map(|id| Ok(CaseLine::of_row(&field.case(*id)?, names, now))).collect()
}

/// A whole case.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CaseView {
    /// The case.
    pub(crate) id: CaseId,
    /// Where.
    pub(crate) point: Option<Named>,
    /// The community.
    pub(crate) community: Option<Named>,
    /// The standard it breaks.
    pub(crate) standard: Option<Named>,
    /// The words.
    pub(crate) description: String,
    /// Where it was tapped.
    pub(crate) fix: Option<FixView>,
    /// Who found it.
    pub(crate) source: Source,
    /// How far it has come.
    pub(crate) status: Status,
    /// Who answered for the point when it was reported.
    pub(crate) answered_then: Option<Named>,
    /// Who has to handle it.
    pub(crate) handler: Option<HandlerView>,
    /// By when.
    pub(crate) due: Option<Moment>,
    /// Why then.
    pub(crate) due_basis: Option<DueBasis>,
    /// Whether it is late.
    pub(crate) lateness: Lateness,
    /// How many times it was found.
    pub(crate) times_found: usize,
    /// The record it was merged into.
    pub(crate) merged_into: Option<CaseId>,
    /// Whether a person has to decide.
    pub(crate) disputed: bool,
    /// Open disputes.
    pub(crate) disputes: Vec<DisputeView>,
    /// Whom it is about, where that is held.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) contacts: Vec<ContactView>,
    /// Photos by what they show.
    pub(crate) photos: Vec<PhotoView>,
    /// Every event, in causal order.
    pub(crate) thread: Vec<Post>,
    /// How far the own work on it has come.
    pub(crate) delivery: Delivery,
    /// Records that may be the same problem.
    pub(crate) duplicates: Vec<CaseLine>,
}

/// A place in degrees.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct FixView {
    lat: f64,
    lon: f64,
    accuracy_m: Option<u32>,
}

impl From<Fix> for FixView {
    fn from(fix: Fix) -> Self {
        Self { lat: fix.coordinate.lat(), lon: fix.coordinate.lon(), accuracy_m: fix.accuracy_m }
    }
}

/// A dispute with the events to choose from.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct DisputeView {
    /// They contradict each other.
    pub(crate) between: Vec<EventId>,
}

/// A photo as the case cites it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PhotoView {
    hash: String,
    role: PhotoRole,
    width: u32,
    height: u32,
    bytes: u64,
}

/// One event of the thread.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Post {
    /// The event.
    pub(crate) event: EventId,
    /// When.
    pub(crate) at: Moment,
    /// Whether that time can be doubted.
    pub(crate) doubtful: bool,
    /// Who.
    pub(crate) by: Named,
    /// What.
    pub(crate) deed: Deed,
    /// The status after it.
    pub(crate) status: Status,
    /// Why it had no effect.
    pub(crate) ignored: Option<Ignored>,
    /// The act, for its words.
    #[serde(skip)]
    act: CaseAct,
}

impl Post {
    fn of(event: &Event<CaseAct>, status: Status, ignored: Option<Ignored>, names: &Names) -> Self {
        Self {
            event: event.id,
            at: names.moment(event.at.at()),
            doubtful: event.at.doubtful(),
            by: names.person(&event.by),
            deed: Deed::of(&event.act, names),
            status,
            ignored,
            act: event.act.clone(),
        }
    }
}

impl CaseView {
    fn of(row: &CaseRow, names: &Names, now: Timestamp, duplicates: Vec<CaseLine>) -> Self {
        let (record, state) = (&row.record, &row.state);
        let posts = state.thread.iter().filter_map(|taken| {
            let event = record.events.get(&taken.event)?;
            Some(Post::of(event, taken.status, taken.ignored, names))
        });
        let mut photos: Vec<PhotoView> = record
            .photos
            .iter()
            .map(|(hash, photo)| PhotoView {
                hash: hash.to_string(),
                role: photo.role,
                width: photo.width,
                height: photo.height,
                bytes: photo.bytes,
            })
            .collect();
        photos.sort_by_key(|photo| (photo.role, photo.hash.clone()));
        Self {
            id: record.id,
            point: record.point.as_ref().map(|id| names.point(id)),
            community: state.community.as_ref().map(|id| names.unit(id)),
            standard: record.standard.as_ref().map(|id| names.standard(id)),
            description: record.description.clone(),
            fix: record.fix.map(FixView::from),
            source: state.source,
            status: row.status,
            answered_then: state.answered_then.as_ref().map(|id| names.person(id)),
            handler: state.handler.as_ref().map(|handler| names.handler(handler)),
            due: state.due.map(|due| names.moment(due.at)),
            due_basis: state.due.map(|due| due.basis),
            lateness: lateness(state, now),
            times_found: state.findings.len(),
            merged_into: state.merged.map(|(kept, _)| kept).filter(|_| row.status == Status::Merged),
            disputed: state.disputed(),
            disputes: disputes(state),
            contacts: Vec::new(),
            photos,
            thread: posts.collect(),
            delivery: row.delivery,
            duplicates,
        }
    }

    fn facts(&self, language: Language) -> String {
        let mut table = Table::of_pairs();
        table.pair(say!(language, "label-case"), self.id.to_string());
        let status = standing(language, self.status, self.disputed, self.lateness);
        table.pair(say!(language, "label-status"), status);
        table.pair(say!(language, "label-merged-into"), self.merged_into.map(short));
        table.pair(say!(language, "label-point"), self.point.as_ref().map(Named::with_code));
        table.pair(say!(language, "label-community"), name_of(self.community.as_ref()));
        table.pair(say!(language, "label-standard"), self.standard.as_ref().map(Named::with_code));
        table.pair(say!(language, "label-words"), self.description.clone());
        table.pair(say!(language, "label-source"), words::source(language, self.source));
        table.pair(say!(language, "label-answered-then"), name_of(self.answered_then.as_ref()));
        table.pair(say!(language, "label-handler"), self.handler.as_ref().map(ToString::to_string));
        let due = self.due.map(|due| match self.due_basis {
            Some(basis) => format!("{due} · {}", words::due_basis(language, basis)),
            None => due.to_string(),
        });
        table.pair(say!(language, "label-due"), due);
        let again = (self.times_found > 1).then(|| self.times_found.to_string());
        table.pair(say!(language, "label-times-found"), again);
        table.pair(say!(language, "label-delivery"), delivery(language, &self.delivery));
        table.lines()
    }

    fn photos(&self, language: Language) -> String {
        let mut table = Table::new([
            say!(language, "label-photo"),
            say!(language, "label-shows"),
            say!(language, "label-size"),
        ])
        .whole();
        for photo in &self.photos {
            let size = format!("{}×{}", photo.width, photo.height);
            table.row([photo.hash.clone(), words::photo_role(language, photo.role), size]);
        }
        table.lines()
    }

    fn thread(&self, language: Language) -> String {
        let mut table = Table::new([
            say!(language, "label-event"),
            say!(language, "label-time"),
            say!(language, "label-who"),
            say!(language, "label-done"),
            say!(language, "label-status"),
        ])
        .whole();
        for post in &self.thread {
            let mut time = post.at.to_string();
            if post.doubtful {
                time = say!(language, "time-doubtful", time = time);
            }
            let said = post.deed.say(&words::act(language, &post.act), language);
            let status = match post.ignored {
                Some(why) => words::ignored(language, why),
                None if self.disputes.iter().any(|dispute| dispute.between.contains(&post.event)) => {
                    say!(language, "status-contested")
                }
                None => words::status(language, post.status),
            };
            table.row([short(post.event), time, post.by.to_string(), said, status]);
        }
        table.lines()
    }
}

fn disputes(state: &CaseState) -> Vec<DisputeView> {
    state.disputes.iter().map(|dispute| DisputeView { between: dispute.between.clone() }).collect()
}

impl Outcome for CaseView {
    fn show(&self, language: Language) -> String {
        let mut text = self.facts(language);
        for dispute in &self.disputes {
            let events: Vec<String> = dispute.between.iter().map(short).collect();
            let events = events.join(&say!(language, "between"));
            text.push_str(&say!(language, "dispute-hint", events = events, case = short(self.id)));
            text.push('\n');
        }
        if !self.contacts.is_empty() {
            text.push('\n');
            text.push_str(&contact::table_of(&self.contacts, language));
        }
        if !self.photos.is_empty() {
            text.push('\n');
            text.push_str(&self.photos(language));
        }
        text.push('\n');
        text.push_str(&self.thread(language));
        if !self.duplicates.is_empty() {
            text.push('\n');
            text.push_str(&say!(language, "duplicates-hint"));
            text.push('\n');
            text.push_str(&super::cases::table_of(&self.duplicates, language));
        }
        text
    }
}
