//! 红袖标志愿者 (13): volunteers at a post guide parking and keep order, 06:00–18:00 daily; they sign in and out, on a
//! tablet that they share. Two tablets that both signed somebody in count their hours once.

use super::STREET;
use crate::event::Event;
use crate::id::PersonId;
use crate::matter::{
    ActForm, Count, Counting, Days, Feature, FieldForm, Figure, Flaw, Flawed, Header, Home, MatterAct, Need,
    Shape, Telling, Told,
};
use crate::rights::ScopeClass;
use chrono::NaiveTime;
use std::collections::BTreeMap;

const SIGNING: &[FieldForm] = &[FieldForm::new("who", Shape::Person), FieldForm::new("time", Shape::Time)];

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "shift",
    class: ScopeClass::Work,
    home: Home::Place,
    header: Header::PLAIN.point(Need::May),
    open: ActForm::opening(
        STREET,
        &[
            FieldForm::text("post", 100),
            FieldForm::new("from", Shape::Time),
            FieldForm::new("until", Shape::Time),
            FieldForm::count("needed", 1, 500).optional(),
        ],
    )
    .rule(in_order),
    acts: &[
        ActForm::new("sign-in", STREET, SIGNING).on_its_day(),
        ActForm::new("sign-out", STREET, SIGNING).on_its_day(),
        ActForm::new("finish", STREET, &[FieldForm::text("words", 1_000).optional()]),
    ],
    closed: &["finished"],
    schedule: None,
    fold,
    gather: None,
    counting: Some(Counting { days: Days::Own, each: counts }),
};

fn in_order(open: &MatterAct) -> Result<(), Flawed> {
    if open.time("from") < open.time("until") { Ok(()) } else { Err(Flawed::new("until", Flaw::Order)) }
}

/// Somebody at the post.
struct Served<'a> {
    who: &'a PersonId,
    /// From when until when.
    stays: Vec<(NaiveTime, NaiveTime)>,
    /// They came and did not leave.
    still: bool,
    /// What last said so.
    last: &'a Event<MatterAct>,
}

/// When somebody came (true) and went, and what last said so.
type Signed<'a> = (Vec<(NaiveTime, bool)>, &'a Event<MatterAct>);

/// Who served, and when.
fn served<'a>(told: &Telling<'a>) -> Vec<Served<'a>> {
    let plan = &told.opening.act;
    let (from, until) = (plan.time("from").unwrap_or_default(), plan.time("until").unwrap_or_default());
    let mut signed: BTreeMap<&PersonId, Signed<'_>> = BTreeMap::new();
    for event in told.acts() {
        let comes = match event.act.name.as_str() {
            "sign-in" => true,
            "sign-out" => false,
            _ => continue,
        };
        if let (Some(who), Some(time)) = (event.act.person("who"), event.act.time("time")) {
            let (times, last) = signed.entry(who).or_insert_with(|| (Vec::new(), event));
            times.push((time.max(from).min(until), comes));
            *last = event;
        }
    }
    let each = signed.into_iter().map(|(who, (mut times, last))| {
        times.sort();
        let (stays, still) = stays(&times);
        Served { who, stays, still, last }
    });
    each.collect()
}

/// A person's day at whatever posts, on whatever tablets: once, for the time that they were at any of them.
fn counts(told: &Telling<'_>) -> Vec<Count> {
    let mut counts = Vec::new();
    for Served { who, stays, last, .. } in served(told) {
        let of = |figure| Count::of(told, last, figure, 1).named(who.as_str());
        counts.push(of("volunteers"));
        counts.extend(stays.into_iter().map(|(from, until)| of("served").stay(from, until)));
    }
    counts
}

fn fold(told: &Telling<'_>) -> Told {
    let plan = &told.opening.act;
    let served = served(told);
    let there = served.iter().filter(|one| one.still).count();
    let stays = served.iter().flat_map(|one| &one.stays);
    let minutes = stays.map(|(from, until)| (*until - *from).num_minutes()).sum();
    let step = match () {
        () if told.has("finish") => "finished",
        () if there > 0 => "manned",
        () if !served.is_empty() => "left",
        () => "open",
    };
    let needed = usize::try_from(plan.count("needed")).unwrap_or(0);
    Told::at(step, plan.text("post"))
        .figures(vec![
            Figure::count("volunteers", served.len()),
            Figure::count("there", there),
            Figure::minutes("served", minutes),
        ])
        .remark("too-few", step != "finished" && there < needed)
        .remark("not-signed-out", step == "finished" && there > 0)
}

/// From when until when somebody stayed, and whether they are still there. Who is in cannot come in again, and who is out
/// cannot leave: what two tablets both wrote down counts once.
fn stays(times: &[(NaiveTime, bool)]) -> (Vec<(NaiveTime, NaiveTime)>, bool) {
    let mut stays = Vec::new();
    let mut since = None;
    for (time, comes) in times {
        match (comes, since) {
            (true, None) => since = Some(*time),
            (false, Some(came)) => {
                stays.push((came, *time));
                since = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
    (stays, since.is_some())
}

#[cfg(test)]
mod tests {
    use crate::fixture::{GRID, MARKET, VOLUNTEER, time};
    use crate::matter::story::{Tale, figure};
    use crate::matter::{Amount, Flaw, Value};

    fn shift() -> Tale {
        plan(6, 18).opened_by(GRID)
    }

    fn plan(from: u32, until: u32) -> Tale {
        let at = |hour| Value::Time(time(hour, 0));
        Tale::of("shift")
            .point(MARKET)
            .text("post", "明珠商贸城A座")
            .value("from", at(from))
            .value("until", at(until))
    }

    fn sign(shift: &mut Tale, act: &str, who: &str, hour: u32, minute: u32) {
        let fields = shift.with().person_in("who", who).value("time", Value::Time(time(hour, minute)));
        shift.tell(GRID, act, fields);
    }

    #[test]
    fn from_six_to_eighteen_is_twelve_hours() {
        let mut shift = shift();
        sign(&mut shift, "sign-in", VOLUNTEER, 6, 0);
        assert_eq!(figure(&shift.state(), "there"), Amount::Count(1));
        sign(&mut shift, "sign-out", VOLUNTEER, 18, 0);
        sign(&mut shift, "sign-in", "志愿者乙", 5, 30);
        sign(&mut shift, "sign-out", "志愿者乙", 12, 15);
        let state = shift.state();
        assert_eq!(figure(&state, "volunteers"), Amount::Count(2));
        assert_eq!(state.step, "left", "not as if nobody had come yet");
        assert_eq!(
            figure(&state, "served"),
            Amount::Minutes(12 * 60 + 6 * 60 + 15),
            "nobody serves before six"
        );
    }

    #[test]
    fn two_tablets_that_sign_the_same_person_in_count_their_hours_once() {
        let mut shift = shift();
        let sign_in = |shift: &Tale, minute| {
            shift.with().person_in("who", VOLUNTEER).value("time", Value::Time(time(6, minute)))
        };
        let (one, other) = (sign_in(&shift, 0), sign_in(&shift, 2));
        shift.apart((GRID, "sign-in", one), (VOLUNTEER, "sign-in", other));
        sign(&mut shift, "sign-out", VOLUNTEER, 8, 0);
        let state = shift.state();
        assert_eq!(state.disputes, Vec::<Vec<_>>::new(), "both saw the same person come");
        assert_eq!(figure(&state, "served"), Amount::Minutes(120));
    }

    #[test]
    fn a_shift_that_ends_before_it_begins_is_refused() {
        let flawed = plan(18, 6).refused_by(GRID);
        assert_eq!((flawed.field.as_str(), flawed.why), ("until", Flaw::Order));
    }

    #[test]
    fn a_forged_shift_that_ends_before_it_begins_is_folded_and_nobody_served() {
        let mut shift = shift();
        sign(&mut shift, "sign-in", VOLUNTEER, 6, 0);
        sign(&mut shift, "sign-out", VOLUNTEER, 18, 0);
        let opening = shift.record.opening().unwrap().id;
        let fields = &mut shift.record.events.get_mut(&opening).unwrap().act.fields;
        fields.insert("from".to_owned(), Value::Time(time(18, 0)));
        fields.insert("until".to_owned(), Value::Time(time(6, 0)));
        assert_eq!(figure(&shift.state(), "served"), Amount::Minutes(0));
    }
}
