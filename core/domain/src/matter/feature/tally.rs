//! 累计 (23): street vendors moved, posters renewed, parking spaces marked. Every number has a source, and what comes from
//! the same record is counted once.

use super::STREET;
use crate::event::Event;
use crate::id::DocumentId;
use crate::matter::{
    ActForm, Against, Count, Counting, Days, Feature, FieldForm, Figure, Header, Home, MatterAct, Shape,
    Telling, Told,
};
use crate::rights::ScopeClass;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// What is counted.
const COUNTED: &[&str] = &["vendors-moved", "posters-renewed", "spaces-marked"];

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "tally",
    class: ScopeClass::Work,
    home: Home::Place,
    header: Header::PLAIN,
    open: ActForm::opening(
        STREET,
        &[FieldForm::new("counted", Shape::Choice(COUNTED)), FieldForm::text("title", 200).optional()],
    ),
    acts: &[
        ActForm::new(
            "add",
            STREET,
            &[
                FieldForm::count("number", 1, 100_000),
                FieldForm::text("source", 300),
                FieldForm::day("day"),
                FieldForm::new("case", Shape::Document).optional(),
                FieldForm::photos("photos"),
            ],
        )
        .against(&[
            Against { act: "add", same: &["source", "day", "case"], differ: &["number"] },
            // One record is one source, in whatever words and on whatever day.
            Against { act: "add", same: &["case"], differ: &["number"] },
        ]),
        ActForm::new("finish", STREET, &[FieldForm::text("words", 1_000).optional()]),
    ],
    closed: &["finished"],
    schedule: None,
    fold,
    gather: None,
    counting: Some(Counting { days: Days::Acts, each: counts }),
};

/// Where a number comes from: a record says so better than words do.
type Source<'a> = (Option<DocumentId>, Option<(&'a str, Option<NaiveDate>)>);

/// The entries that count, each source once, and whether one was entered again.
fn entries<'a>(told: &Telling<'a>) -> (Vec<&'a Event<MatterAct>>, bool) {
    let (mut sources, mut repeated): (BTreeSet<Source<'_>>, _) = (BTreeSet::new(), false);
    let mut first = |event: &&'a Event<MatterAct>| {
        let act = &event.act;
        let words = (act.text("source").trim(), act.day("day"));
        let case = act.document("case");
        let new = sources.insert((case, case.is_none().then_some(words)));
        repeated |= !new;
        new
    };
    let entries = told.each("add").filter(|event| first(event)).collect();
    (entries, repeated)
}

fn counted(told: &Telling<'_>) -> &'static str {
    let counted = told.opening.act.choice("counted");
    COUNTED.iter().find(|known| **known == counted).copied().unwrap_or("counted")
}

/// A source is one in whatever tally of the community it stands, and a record in whatever community.
fn counts(told: &Telling<'_>) -> Vec<Count> {
    let figure = counted(told);
    let of = |event: &Event<MatterAct>| {
        let act = &event.act;
        let count = Count::of(told, event, figure, act.count("number"));
        let count = count.on(act.day("day").unwrap_or(told.record.day));
        match act.document("case") {
            Some(case) => count.document(case),
            None => count.named(act.text("source").trim()),
        }
    };
    entries(told).0.into_iter().map(of).collect()
}

fn fold(told: &Telling<'_>) -> Told {
    let (entries, repeated) = entries(told);
    let sum = entries.iter().map(|event| event.act.count("number")).sum();
    let open = &told.opening.act;
    // Three lists of one day are told apart by what they count.
    let title = match open.text("title") {
        "" => open.choice("counted"),
        title => title,
    };
    Told::at(if told.has("finish") { "finished" } else { "open" }, title)
        .figures(vec![Figure::of(counted(told), sum), Figure::count("sources", entries.len())])
        .remark("repeated", repeated)
}

#[cfg(test)]
mod tests {
    use crate::fixture::{CLERK, GRID, VOLUNTEER};
    use crate::matter::story::{Tale, figure};
    use crate::matter::{Amount, Flaw, sum};

    fn tally(counted: &str) -> Tale {
        Tale::of("tally").choice("counted", counted).opened_by(CLERK)
    }

    fn entry(tally: &Tale, number: i64, source: &str, of_march: u32) -> Tale {
        tally.with().count("number", number).text("source", source).day_in("day", of_march)
    }

    #[test]
    fn over_two_hundred_vendors_and_posters_and_a_hundred_and_thirty_spaces_add_up() {
        let numbers =
            [("vendors-moved", [120, 85]), ("posters-renewed", [150, 56]), ("spaces-marked", [90, 42])];
        let mut figures = Vec::new();
        for (counted, parts) in numbers {
            let mut tally = tally(counted);
            for (part, number) in parts.into_iter().enumerate() {
                let fields = entry(&tally, number, &format!("台账第{part}页"), 20);
                tally.tell(GRID, "add", fields);
            }
            figures.extend(tally.state().figures);
        }
        let all = sum(figures);
        let named = |name: &str| all.iter().find(|figure| figure.name == name).unwrap().amount;
        assert_eq!(named("vendors-moved"), Amount::Count(205));
        assert_eq!(named("posters-renewed"), Amount::Count(206));
        assert_eq!(named("spaces-marked"), Amount::Count(132));
    }

    #[test]
    fn the_same_source_is_counted_once_whoever_enters_it() {
        let mut tally = tally("spaces-marked");
        let (one, other) = (entry(&tally, 30, "柳林街施划单", 20), entry(&tally, 30, "柳林街施划单", 20));
        tally.apart((GRID, "add", one), (VOLUNTEER, "add", other));
        let case = entry(&tally, 8, "督导记录", 20).document("case", 5);
        tally.tell(GRID, "add", case);
        let same_case = entry(&tally, 8, "网格员口述", 21).document("case", 5);
        tally.tell(CLERK, "add", same_case);
        let state = tally.state();
        assert_eq!(figure(&state, "spaces-marked"), Amount::Count(38));
        assert_eq!(state.remarks, ["repeated"]);
    }

    #[test]
    fn two_numbers_from_one_source_are_disputed_and_a_number_without_a_source_is_refused() {
        let mut tally = tally("vendors-moved");
        let (one, other) = (entry(&tally, 12, "早市清单", 20), entry(&tally, 21, "早市清单", 20));
        tally.apart((GRID, "add", one), (VOLUNTEER, "add", other));
        assert_eq!(tally.state().disputes.len(), 1);
        assert_eq!(figure(&tally.state(), "vendors-moved"), Amount::Count(0));
        let bare = tally.with().count("number", 3).day_in("day", 20).done();
        let flawed = tally.check("add", bare).unwrap_err();
        assert_eq!((flawed.field.as_str(), flawed.why), ("source", Flaw::Missing));
    }

    #[test]
    fn two_numbers_from_one_record_are_disputed_in_whatever_words() {
        let mut tally = tally("spaces-marked");
        let (one, other) = (entry(&tally, 8, "督导记录", 20), entry(&tally, 9, "网格员口述", 21));
        tally.apart((GRID, "add", one.document("case", 5)), (VOLUNTEER, "add", other.document("case", 5)));
        assert_eq!(tally.state().disputes.len(), 1);
        let (one, other) = (entry(&tally, 8, "甲单", 20), entry(&tally, 9, "乙单", 20));
        tally.apart((GRID, "add", one), (VOLUNTEER, "add", other));
        assert_eq!(tally.state().disputes.len(), 1, "two sources without a record are two");
    }

    #[test]
    fn a_finished_tally_takes_nothing_more_and_keeps_its_sum() {
        let mut tally = tally("spaces-marked");
        let fields = entry(&tally, 42, "施划单", 20);
        tally.tell(GRID, "add", fields);
        tally.act(CLERK, "finish", &[]);
        assert_eq!(tally.may(GRID, "add"), Err(crate::rights::Denied::Step));
        let state = tally.state();
        assert_eq!(
            (state.step, state.closed, figure(&state, "spaces-marked")),
            ("finished", true, Amount::Count(42))
        );
    }

    #[test]
    fn a_mistaken_entry_is_struck_out_by_who_made_it_and_stays_readable() {
        let mut tally = tally("vendors-moved");
        let fields = entry(&tally, 2_000, "早市清单", 20);
        let wrong = tally.tell(GRID, "add", fields);
        tally.strike(GRID, wrong);
        assert_eq!(figure(&tally.state(), "vendors-moved"), Amount::Count(0));
        assert!(tally.record.events.contains_key(&wrong));
    }
}
