//! Many devices at once: 200 people, each with a store of their own, who record and sync as fast as they are answered,
//! against one server in a process of its own. The devices work on the same machine, so that they take most of its
//! processors away from the server: what the server itself took is told beside the times.

use crate::desk::{Desk, platform, sync};
use crate::measure::{Samples, timed};
use crate::report::{Row, bytes, grouped, time};
use crate::served::Served;
use crate::words::Writer;
use crate::{Outcome, Run};
use sanben_domain::case::Source;
use sanben_domain::reference::{Reference, Role};
use sanben_field::{Field, Http, NewCase};
use std::sync::{Barrier, Mutex};
use std::time::Duration;

pub(crate) fn run(run: &mut Run) -> Outcome<()> {
    let scratch = run.scratch.path().join("crowd");
    let devices = run.scale.crowd;
    let desk = Desk::open(&scratch.join("server"))?;
    let first = desk.device(&scratch.join("first"), crate::desk::COMMAND[0], false)?;
    let reference = first.reference()?;
    let people = people(&reference);
    let mut codes = Vec::with_capacity(devices);
    for person in people.iter().cycle().take(devices) {
        codes.push((person.clone(), desk.server.invite(person, 3_000_000)?.to_string()));
    }
    drop(desk);
    let mut served = Served::of(&scratch.join("server"))?;
    let url = served.url();

    let mut fields = Vec::with_capacity(devices);
    for (number, (_, code)) in codes.iter().enumerate() {
        let http = Http::new(&url);
        let field = Field::open(&scratch.join(number.to_string()), platform(false))?;
        field.enrol("", code, &http)?;
        sync(&field, &http)?;
        fields.push((field, http));
    }
    let rounds = run.scale.rounds;
    let busy = Crowd::of(&fields, &mut served, rounds, round)?;
    let quiet =
        Crowd::of(&fields, &mut served, rounds * 4, |field, http, _| Ok(timed(|| sync(field, http))?.0))?;
    let (held, _) = served.state()?;
    let peak = served.peak()?;
    for (crowd, what) in [(busy, "a new case each"), (quiet, "nothing new")] {
        run.table.row(&Row {
            name: format!(
                "{} devices at once, {} syncs with {what}",
                grouped(devices),
                grouped(crowd.latencies.count())
            ),
            ratio: None,
            measured: format!(
                "p50 {}, p99 {}, {} errors; {:.0} syncs/s, of the server's processor {} a sync",
                time(crowd.latencies.median()),
                time(crowd.latencies.share(99)),
                crowd.errors,
                crowd.latencies.count() as f64 / crowd.took.as_secs_f64(),
                time(crowd.each)
            ),
            baseline: format!(
                "the devices work on the same machine; server: {} held, {} at most",
                bytes(held),
                bytes(peak)
            ),
            goal: Some(("0 errors".to_owned(), crowd.errors == 0)),
        });
    }
    Ok(())
}

/// What all of them met.
struct Crowd {
    latencies: Samples,
    errors: usize,
    took: Duration,
    /// Of the server's processor, a sync.
    each: Duration,
}

impl Crowd {
    fn of(
        fields: &[(Field, Http)],
        served: &mut Served,
        rounds: usize,
        work: impl Fn(&Field, &Http, &mut Writer) -> Outcome<Duration> + Sync,
    ) -> Outcome<Self> {
        let (_, before) = served.state()?;
        let start = Barrier::new(fields.len());
        let (latencies, errors) = (Mutex::new(Samples::default()), Mutex::new(Vec::new()));
        let (took, ()) = timed(|| {
            std::thread::scope(|scope| {
                for (number, (field, http)) in fields.iter().enumerate() {
                    let (start, latencies, errors, work) = (&start, &latencies, &errors, &work);
                    scope.spawn(move || {
                        let mut writer = Writer::new(u64::try_from(number).unwrap_or_default() + 100);
                        start.wait();
                        for _ in 0..rounds {
                            match work(field, http, &mut writer) {
                                Ok(took) => lock(latencies).push(took),
                                Err(error) => lock(errors).push(error.to_string()),
                            }
                        }
                    });
                }
            });
            Ok(())
        })?;
        let (_, after) = served.state()?;
        let errors = errors.into_inner().unwrap_or_default();
        if let Some(error) = errors.first() {
            eprintln!("{} errors, the first: {error}", errors.len());
        }
        let latencies = latencies.into_inner().unwrap_or_default();
        let each = after.saturating_sub(before) / u32::try_from(latencies.count().max(1))?;
        Ok(Self { latencies, errors: errors.len(), took, each })
    }
}

/// One case, and a sync; gives the sync's time.
fn round(field: &Field, http: &Http, writer: &mut Writer) -> Outcome<Duration> {
    let description = writer.entry();
    field.record(NewCase { description, source: Some(Source::Own), ..NewCase::default() })?;
    Ok(timed(|| sync(field, http))?.0)
}

/// Those who answer for points and walk grids: each has a community of their own to report in.
fn people(reference: &Reference) -> Vec<sanben_domain::id::PersonId> {
    let people = reference.people.values();
    let local = people.filter(|person| {
        matches!(person.role, Role::PointHead | Role::GridMember)
            && reference.community_of(&person.unit).is_some()
    });
    local.map(|person| person.id.clone()).collect()
}

fn lock<T>(held: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    held.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
