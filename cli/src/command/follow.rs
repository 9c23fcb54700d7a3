//! `field sync --watch`: stays, syncs whenever the server says that there is something, and tells what changed, a
//! line each. Ctrl-C ends it; nothing is lost however it ends.

use super::dispatch::World;
use super::serve::asked_to_stop;
use super::sync::SyncArgs;
use crate::error::CommandError;
use crate::explain;
use crate::language::{Language, say};
use crate::view::{Names, short};
use crate::words;
use sanben_domain::id::CaseId;
use sanben_field::{Changed, Field, FieldError, Follower, Heard, Http, Observation, Observer};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

/// A sync under way may come to an end before the program does.
const GRACE: Duration = Duration::from_secs(3);
/// How often a rest looks whether it is over.
const GLANCE: Duration = Duration::from_millis(50);

/// Follows until the program is asked to stop.
///
/// # Errors
/// As [`Field::follow`].
pub(crate) fn run(args: &SyncArgs, field: Field, json: bool, world: &World) -> Result<(), CommandError> {
    let field = Arc::new(field);
    let url = match &args.url {
        Some(url) => url.clone(),
        None => field.enrolment()?.url,
    };
    let ended = Arc::new(AtomicBool::new(false));
    let (say_so, hear) = mpsc::channel();
    let teller = Arc::new(Teller { field: Arc::clone(&field), language: world.language, json });
    let mut following = Following {
        teller,
        ended: Arc::clone(&ended),
        observation: None,
        offline: false,
        moved: args.url.clone(),
    };
    let (followed, budget) = (Arc::clone(&field), args.budget());
    std::thread::spawn(move || {
        let outcome = followed.follow(&Http::new(&url), budget, &mut following);
        // Whoever waited may be gone.
        let _ = say_so.send(outcome);
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcome = runtime.block_on(async {
        let stop = asked_to_stop();
        let mut stop = std::pin::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => return None,
                () = tokio::time::sleep(GLANCE) => match hear.try_recv() {
                    Ok(outcome) => return Some(outcome),
                    Err(mpsc::TryRecvError::Disconnected) => return Some(Ok(())),
                    Err(mpsc::TryRecvError::Empty) => {}
                }
            }
        }
    });
    let outcome = outcome.unwrap_or_else(|| {
        ended.store(true, Relaxed);
        let until = Instant::now() + GRACE;
        loop {
            match hear.recv_timeout(GLANCE) {
                Ok(over) => return field.suspend().and(over),
                // A question that is held open at the server ends with the program.
                Err(_) if !field.is_syncing() || Instant::now() > until => return field.suspend(),
                Err(_) => {}
            }
        }
    });
    Ok(outcome?)
}

/// What hears of syncs.
struct Following {
    teller: Arc<Teller>,
    ended: Arc<AtomicBool>,
    /// From the first sync on: what was there before is in the lists.
    observation: Option<Observation>,
    offline: bool,
    /// The server's new address, until it has shown that it is the same server.
    moved: Option<String>,
}

impl Follower for Following {
    fn heard(&mut self, heard: Heard<'_>) {
        match heard {
            Heard::Synced(report) => {
                self.offline = false;
                if let Some(url) = self.moved.take().filter(|_| !report.more) {
                    // Only for the next time.
                    let _ = self.teller.field.set_url(&url);
                }
                if self.observation.is_none() && report.stopped.is_none() {
                    self.observation = Some(self.teller.field.observe(self.teller.clone()));
                    let event = json!({ "event": "live", "received": report.received });
                    self.teller.line(&event, |language| say!(language, "follow-live"));
                }
            }
            Heard::Failed(error, _) => {
                if !std::mem::replace(&mut self.offline, true) {
                    let event = json!({ "event": "offline", "code": error.code() });
                    self.teller.line(&event, |language| {
                        say!(language, "follow-offline", why = explain::field(language, error))
                    });
                }
            }
        }
    }

    fn goes_on(&mut self) -> bool {
        !self.ended.load(Relaxed)
    }

    fn rest(&mut self, duration: Duration) {
        let until = Instant::now() + duration;
        while self.goes_on() && Instant::now() < until {
            std::thread::sleep(GLANCE.min(until.saturating_duration_since(Instant::now())));
        }
    }
}

/// What tells of changes.
struct Teller {
    field: Arc<Field>,
    language: Language,
    json: bool,
}

impl Teller {
    fn line(&self, event: &Value, words: impl FnOnce(Language) -> String) {
        let mut out = io::stdout().lock();
        let text = if self.json { event.to_string() } else { words(self.language) };
        // Whoever read the output has seen enough: the device stays up to date all the same.
        let _ = writeln!(out, "{text}").and_then(|()| out.flush());
    }

    fn case(&self, id: CaseId, names: &Names) -> Result<(), FieldError> {
        let row = match self.field.case(id) {
            Ok(row) => row,
            Err(FieldError::NotFound { .. }) => {
                let event = json!({ "event": "case-gone", "case": id });
                self.line(&event, |language| say!(language, "follow-gone", case = short(id)));
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let point = row.record.point.as_ref().map(|point| names.point(point));
        let description = &row.record.description;
        let event = json!({
            "event": "case", "case": id, "status": row.status, "point": point, "description": description,
        });
        let now = names.moment(self.field.now()?).to_string();
        self.line(&event, |language| {
            let point = point.map(|point| point.to_string()).unwrap_or_default();
            let status = words::status(language, row.status);
            [now, short(id), status, point, description.clone()].join("  ")
        });
        Ok(())
    }

    fn tell(&self, changed: &Changed) -> Result<(), FieldError> {
        let names = Names::of(&self.field)?;
        for case in &changed.cases {
            self.case(*case, &names)?;
        }
        for patrol in &changed.patrols {
            let event = json!({ "event": "patrol", "patrol": patrol });
            self.line(&event, |language| say!(language, "follow-patrol", patrol = short(patrol)));
        }
        if changed.reference {
            self.line(&json!({ "event": "reference" }), |language| say!(language, "follow-reference"));
        }
        Ok(())
    }
}

impl Observer for Teller {
    fn changed(&self, changed: &Changed) {
        // It is in the lists all the same.
        let _ = self.tell(changed);
    }
}
