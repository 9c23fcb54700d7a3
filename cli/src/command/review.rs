//! `review --dir DIR`: work that arrived after its author was reassigned or taken out. A person looks at it and
//! takes it in or refuses it, with a reason.

use super::home::Desk;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::view::{Moment, Named, short};
use crate::words;
use sanben_domain::id::{DocumentId, PointId};
use sanben_domain::time::Zone;
use sanben_field::Platform;
use sanben_server::{ReviewRow, ReviewedAct};
use sanben_sync::wire::Rejection;
use serde::Serialize;

/// Which work, and what becomes of it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ReviewArgs {
    /// The server's.
    #[command(flatten)]
    pub(crate) home: Desk,
    /// The work, by the beginning of its hash; without it everything is listed.
    pub(crate) change: Option<String>,
    /// Take it in.
    #[arg(long, requires_all = ["change", "reason"], conflicts_with = "refuse")]
    pub(crate) accept: bool,
    /// Refuse it.
    #[arg(long, requires_all = ["change", "reason"])]
    pub(crate) refuse: bool,
    /// Why.
    #[arg(long, requires = "change")]
    pub(crate) reason: Option<String>,
}

/// Lists work in review, or decides about one piece and lists what is left.
///
/// # Errors
/// [`CommandError::NoServer`], [`CommandError::Review`], [`CommandError::Server`].
pub(crate) fn run(args: &ReviewArgs, platform: &Platform) -> Result<Reviews, CommandError> {
    let server = args.home.open_existing(platform)?;
    let reason = args.reason.as_deref().unwrap_or_default();
    let decided = match &args.change {
        Some(_) if args.accept == args.refuse => return Err(CommandError::AcceptOrRefuse),
        Some(change) => Some(server.decide(change, args.accept, reason)?.to_string()),
        None => None,
    };
    let reference = server.reference()?;
    let zone = reference.tenant.as_ref().map_or(Zone::CHINA, |tenant| tenant.zone);
    let rows = server.reviews()?.into_iter().map(|row| {
        let name = reference.people.get(&row.person).map(|person| person.name.clone());
        ReviewView::of(row, name.unwrap_or_default(), zone)
    });
    Ok(Reviews { decided, work: rows.collect() })
}

/// A piece of work in review.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ReviewView {
    /// The change's hash.
    change: String,
    /// Its case, patrol, contact or matter.
    document: DocumentId,
    /// Who acted.
    person: Named,
    /// What was done.
    acts: Vec<ReviewedAct>,
    /// At which point.
    point: Option<PointId>,
    /// The words of the case, or of what was done to a matter.
    description: String,
    /// What speaks against it.
    why: Rejection,
    /// When it arrived.
    arrived: Moment,
    /// Whether it was taken in; `None` while nobody has decided.
    accepted: Option<bool>,
}

impl ReviewView {
    fn of(row: ReviewRow, name: String, zone: Zone) -> Self {
        Self {
            change: row.change.to_string(),
            document: row.document,
            person: Named { id: row.person.to_string(), name },
            acts: row.acts,
            point: row.point,
            description: row.description,
            why: row.why,
            arrived: Moment { at: row.arrived, zone },
            accepted: row.decided.map(|(accepted, _)| accepted),
        }
    }
}

/// Work in review.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Reviews {
    /// What was decided just now.
    decided: Option<String>,
    /// In the order in which it arrived, decided or not.
    work: Vec<ReviewView>,
}

impl ReviewView {
    /// What was done, where, and in which words.
    fn what(&self, language: Language) -> String {
        let acts = self.acts.iter().map(|act| words::reviewed(language, act));
        let point = self.point.as_ref().map(ToString::to_string);
        let parts = acts.chain(point).chain([self.description.clone()]).filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(" ")
    }
}

impl Outcome for Reviews {
    fn show(&self, language: Language) -> String {
        if self.work.is_empty() {
            return say!(language, "review-none") + "\n";
        }
        let mut table = Table::new([
            say!(language, "label-change"),
            say!(language, "label-record"),
            say!(language, "label-what"),
            say!(language, "label-person"),
            say!(language, "label-arrived-at"),
            say!(language, "label-against"),
            say!(language, "label-decision"),
        ]);
        for row in &self.work {
            table.row([
                row.change.chars().take(HASH_SHOWN).collect(),
                short(row.document),
                row.what(language),
                row.person.with_code(),
                row.arrived.to_string(),
                words::rejection(language, &row.why),
                match row.accepted {
                    None => say!(language, "review-open"),
                    Some(true) => say!(language, "review-accepted"),
                    Some(false) => say!(language, "review-refused"),
                },
            ]);
        }
        let mut text = table.lines();
        if self.work.iter().any(|row| row.accepted.is_none()) {
            text.push_str(&say!(language, "review-how"));
            text.push('\n');
        }
        text
    }
}

/// Characters of a hash that a person has to type.
const HASH_SHOWN: usize = 10;
