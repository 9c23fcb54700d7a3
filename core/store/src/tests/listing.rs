use super::{act, at_minute, device, record, rectified, report, report_in};
use crate::{CaseQuery, CaseSummary, Order, RecordFilter, Store};
use proptest::prelude::*;
use sanben_document::{IntentBody, MatterHeader};
use sanben_domain::case::{CaseAct, Status};
use sanben_domain::matter::{Fields, MatterAct, OPEN, Value};
use sanben_domain::rights::ScopeClass;
use sanben_domain::time::Zone;
use std::collections::{BTreeMap, BTreeSet};

fn all(store: &Store, mut query: CaseQuery, mut between: impl FnMut(usize)) -> Vec<CaseSummary> {
    let mut rows = Vec::new();
    for page in 0.. {
        let found = store.cases(&query).unwrap();
        rows.extend(found.rows);
        match found.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
        between(page);
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Pages have no gaps and no repeats, also when many were reported in the same millisecond and new
    /// cases come in between.
    #[test]
    fn pages_have_no_gaps_or_repeats(
        minutes in prop::collection::vec(0i64..4, 1..40),
        limit in 1usize..7,
        due in any::<bool>(),
    ) {
        let (_dir, store) = device();
        let cases: Vec<_> = minutes.iter().map(|minute| report("垃圾", at_minute(*minute))).collect();
        store.record(&cases, None).unwrap();
        let order = if due { Order::Due } else { Order::Newest };
        let query = CaseQuery { limit, order, ..CaseQuery::default() };
        let mut later = Vec::new();
        let rows = all(&store, query, |page| {
            if page > 4 {
                return;
            }
            // Newer than every page that was seen: it must not push anything out or in twice.
            let newcomer = report("新来", at_minute(10 + i64::try_from(page).unwrap()));
            later.push(newcomer.document);
            record(&store, &newcomer);
        });
        let seen: Vec<_> = rows.iter().map(|row| row.id).filter(|id| !later.contains(id)).collect();
        prop_assert_eq!(seen.len(), cases.len());
        let expected: BTreeSet<_> = cases.iter().map(|case| case.document).collect();
        prop_assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), expected);
        let times: Vec<_> = rows.iter().map(|row| (row.due, row.reported_at)).collect();
        let in_order = times.is_sorted_by(|a, b| if due { a.0 <= b.0 } else { a.1 >= b.1 });
        prop_assert!(in_order);
    }
}

#[test]
fn a_case_is_found_by_the_beginning_of_its_id() {
    let (_dir, store) = device();
    let cases: Vec<_> = (0..20).map(|minute| report("垃圾", at_minute(minute))).collect();
    store.record(&cases, None).unwrap();
    let ids: BTreeSet<_> = cases.iter().map(|case| case.document).collect();
    assert_eq!(store.cases_by_prefix("").unwrap(), ids.iter().copied().collect::<Vec<_>>());
    for id in &ids {
        let text = id.to_string();
        for length in 0..=text.len() {
            let prefix = text.get(..length).unwrap();
            let expected: Vec<_> =
                ids.iter().copied().filter(|id| id.to_string().starts_with(prefix)).collect();
            assert_eq!(store.cases_by_prefix(prefix).unwrap(), expected, "{prefix}");
            assert_eq!(store.cases_by_prefix(&prefix.replace('-', "")).unwrap(), expected, "{prefix}");
        }
    }
    for text in ["xyz", "垃圾", "0123456789abcdef0123456789abcdef0"] {
        assert_eq!(store.cases_by_prefix(text).unwrap(), [], "{text}");
    }
}

/// Cases of every shape: at p1, p2 and in c2 without a point; open, put right, voided, disputed.
fn mixture(store: &Store) -> Vec<sanben_document::Intent> {
    let mut cases = Vec::new();
    for n in 0..12i64 {
        let mut intent = if n % 3 == 2 { report_in("c2", "别处") } else { report("垃圾", at_minute(n)) };
        intent.at = sanben_domain::time::Stamp::exact(at_minute(n));
        if let sanben_document::IntentBody::Report { point, .. } = &mut intent.body
            && n % 3 == 1
        {
            *point = Some("p2".into());
        }
        record(store, &intent);
        let document = intent.document;
        match n % 4 {
            1 => record(store, &act(store, document, "head", at_minute(20), rectified("清了"))),
            2 => {
                let void = CaseAct::Void { reason: "误报".to_owned() };
                record(store, &act(store, document, "desk", at_minute(20), void))
            }
            3 => {
                // Neither had seen the other's decision.
                let void =
                    act(store, document, "desk", at_minute(20), CaseAct::Void { reason: "误报".to_owned() });
                let fix = act(store, document, "head", at_minute(21), rectified("清了"));
                store.record(&[void, fix], None).unwrap().changed
            }
            _ => crate::Changed::default(),
        };
        cases.push(intent);
    }
    cases
}

#[test]
fn every_filter_agrees_with_looking_at_each_case() {
    let (_dir, store) = device();
    let cases = mixture(&store);
    let rows: Vec<_> = cases.iter().map(|case| store.case(case.document).unwrap().unwrap()).collect();
    let check = |name: &str, query: CaseQuery, wanted: &dyn Fn(&crate::CaseRow) -> bool| {
        let found: BTreeSet<_> =
            all(&store, CaseQuery { limit: 3, ..query }, |_| ()).iter().map(|row| row.id).collect();
        let expected: BTreeSet<_> = rows.iter().filter(|row| wanted(row)).map(|row| row.record.id).collect();
        assert_eq!(found, expected, "{name}");
        assert!(!expected.is_empty() && expected.len() < rows.len(), "{name} tells nothing");
    };
    let any = CaseQuery::default;
    check("point", CaseQuery { point: Some("p1".into()), ..any() }, &|row| {
        row.record.point == Some("p1".into())
    });
    check("community", CaseQuery { community: Some("c2".into()), ..any() }, &|row| {
        row.state.community == Some("c2".into())
    });
    check("open", CaseQuery { open_only: true, ..any() }, &|row| !row.status.is_final());
    check("disputed", CaseQuery { disputed_only: true, ..any() }, &|row| row.state.disputed());
    check("status", CaseQuery { status: vec![Status::Rectified, Status::Voided], ..any() }, &|row| {
        matches!(row.status, Status::Rectified | Status::Voided)
    });
    check("handler", CaseQuery { handler: Some("other".into()), ..any() }, &|row| {
        row.state.handler.as_ref().and_then(|handler| handler.person.clone()) == Some("other".into())
    });
    check("mine", CaseQuery { mine: Some("head".into()), ..any() }, &|row| {
        row.state.answered_then == Some("head".into())
    });
    check(
        "between",
        CaseQuery { reported_from: Some(at_minute(2)), reported_until: Some(at_minute(7)), ..any() },
        &|row| (at_minute(2)..at_minute(7)).contains(&row.state.reported.at.at()),
    );
    check("due", CaseQuery { due_before: Some(at_minute(60 * 24)), open_only: true, ..any() }, &|row| {
        !row.status.is_final() && row.state.due.is_some_and(|due| due.at < at_minute(60 * 24))
    });
}

#[test]
fn whole_cases_for_ledgers_and_scores() {
    let (_dir, store) = device();
    let cases = mixture(&store);
    let at_point =
        store.case_records(&RecordFilter { point: Some("p2".into()), ..RecordFilter::default() }).unwrap();
    assert_eq!(at_point.len(), 4);
    let active = RecordFilter { open_or_active_since: Some(at_minute(30)), ..RecordFilter::default() };
    let open = store.case_records(&active).unwrap();
    assert_eq!(open.len(), usize::try_from(store.counts().unwrap().open).unwrap());
    let day = RecordFilter { reported_until: Some(at_minute(4)), ..RecordFilter::default() };
    let found: Vec<_> = store.case_records(&day).unwrap().into_iter().map(|(record, _)| record.id).collect();
    assert_eq!(found, cases[..4].iter().map(|case| case.document).collect::<Vec<_>>(), "oldest first");
    let counts = store.counts().unwrap();
    assert_eq!((counts.cases, counts.disputed, counts.pending), (12, 3, 12 + 3 + 3 + 6));
}

/// A programme over these points.
fn programme(title: &str, points: &[&str]) -> sanben_document::Intent {
    let header = MatterHeader {
        feature: "programme".to_owned(),
        home: "park".into(),
        class: ScopeClass::Work,
        day: Zone::CHINA.day(at_minute(0)),
        point: None,
        person: None,
        about: None,
    };
    let fields = Fields::from([
        ("title".to_owned(), Value::Text(title.to_owned())),
        ("points".to_owned(), Value::Points(points.iter().map(|point| (*point).into()).collect())),
    ]);
    let body = IntentBody::OpenMatter { header, act: MatterAct::new(OPEN, fields), photos: BTreeMap::new() };
    sanben_document::Intent { by: "desk".into(), body, ..report("", at_minute(0)) }
}

/// 双创 (28): two programmes over the same points and cases.
#[test]
fn two_programmes_list_the_cases_at_their_points_and_a_shared_one_is_in_both() {
    let (_dir, store) = device();
    let at = |point: &str, minute| {
        let mut intent = report("垃圾", at_minute(minute));
        let IntentBody::Report { point: place, .. } = &mut intent.body else { panic!("a report") };
        *place = Some(point.into());
        intent
    };
    let cases = [at("p1", 1), at("p2", 2), at("p3", 3)];
    let [one, two, three] = cases.each_ref().map(|intent| intent.document);
    let civilised = programme("全国文明城市", &["p1", "p2"]);
    let sanitary = programme("省级卫生城市", &["p2", "p3"]);
    store.record(&[&cases[..], &[civilised.clone(), sanitary.clone()]].concat(), None).unwrap();
    let listed = |programme, order| {
        let query = CaseQuery { programme: Some(programme), limit: 1, order, ..CaseQuery::default() };
        all(&store, query, |_| {}).into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(civilised.document, Order::Newest), [two, one]);
    assert_eq!(listed(sanitary.document, Order::Newest), [three, two]);
    assert_eq!(
        listed(sanitary.document, Order::Due).into_iter().collect::<BTreeSet<_>>(),
        [two, three].into()
    );
    assert_eq!(listed(one, Order::Newest), [], "a case is no programme");
    let query = CaseQuery {
        programme: Some(sanitary.document),
        text: Some("垃圾".to_owned()),
        ..CaseQuery::default()
    };
    assert_eq!(store.cases(&query).unwrap().rows.len(), 2);
}
