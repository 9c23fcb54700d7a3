use super::{act, at_minute, device, record, report};
use crate::words;
use crate::{CaseQuery, Store};
use proptest::prelude::*;
use sanben_domain::case::CaseAct;

fn found(store: &Store, text: &str) -> Vec<String> {
    store.search(text, 50).unwrap().into_iter().map(|row| row.description).collect()
}

#[test]
fn two_characters_are_found_latest_first() {
    let (_dir, store) = device();
    let texts = ["南门口垃圾成堆", "垃 圾", "楼道堆放杂物", "垃圾桶满溢,3号楼 Block-B", "Ｗi-Fi 箱破损"];
    for (n, text) in (0..).zip(texts) {
        record(&store, &report(text, at_minute(n)));
    }
    assert_eq!(found(&store, "垃圾"), ["垃圾桶满溢,3号楼 Block-B", "南门口垃圾成堆"]);
    assert_eq!(found(&store, "垃圾成堆"), ["南门口垃圾成堆"]);
    assert_eq!(
        found(&store, "堆"),
        ["楼道堆放杂物", "南门口垃圾成堆"],
        "one character, also the last of a run"
    );
    assert_eq!(found(&store, "物"), ["楼道堆放杂物"]);
    assert_eq!(found(&store, "垃圾 block"), ["垃圾桶满溢,3号楼 Block-B"], "all words, Latin without case");
    assert_eq!(found(&store, "blo"), ["垃圾桶满溢,3号楼 Block-B"]);
    assert_eq!(found(&store, "wi"), ["Ｗi-Fi 箱破损"], "full width");
    assert_eq!(found(&store, "3号"), ["垃圾桶满溢,3号楼 Block-B"]);
    assert!(found(&store, "圾垃").is_empty());
    assert!(found(&store, "，。").is_empty(), "nothing to look for");
    assert!(found(&store, "\"* OR NEAR(").is_empty(), "no operators from outside");
    assert_eq!(found(&store, "环境卫生").len(), 5, "the standard's name");
}

#[test]
fn initials_find_what_is_quicker_to_type_than_to_write() {
    let (_dir, store) = device();
    for (n, text) in (0..).zip(["南门口垃圾成堆", "重阳路不平", "LJ 牌围挡破损", "垃圾 成堆"])
    {
        record(&store, &report(text, at_minute(n)));
    }
    assert_eq!(found(&store, "ljcd"), ["南门口垃圾成堆"], "all of them, of one run");
    assert_eq!(found(&store, "LJ"), ["垃圾 成堆", "LJ 牌围挡破损", "南门口垃圾成堆"], "letters or initials");
    assert_eq!((found(&store, "cyl").len(), found(&store, "zyl").len()), (1, 1), "重 is read in two ways");
    assert_eq!(found(&store, "lj 口垃"), ["南门口垃圾成堆"], "with words beside them");
    assert!(found(&store, "jl").is_empty());
    assert_eq!(found(&store, "hjws").len(), 4, "the standard's name");
}

#[test]
fn words_follow_the_thread_and_the_corrections() {
    let (_dir, store) = device();
    let first = report("垃圾", at_minute(0));
    record(&store, &first);
    let ack = CaseAct::Acknowledge { words: "收到,马上落实!".to_owned() };
    record(&store, &act(&store, first.document, "head", at_minute(1), ack));
    assert_eq!(found(&store, "落实").len(), 1);
    let mut amend = act(&store, first.document, "inspector", at_minute(2), CaseAct::Close);
    amend.body = sanben_document::IntentBody::Amend {
        point: None,
        standard: None,
        description: Some("积水".to_owned()),
        fix: None,
        photos: std::collections::BTreeMap::new(),
    };
    record(&store, &amend);
    assert_eq!((found(&store, "垃圾").len(), found(&store, "积水").len()), (0, 1));
}

#[test]
fn words_and_filters_narrow_together() {
    let (_dir, store) = device();
    for n in 0..6 {
        let mut intent = report("垃圾", at_minute(n));
        if let sanben_document::IntentBody::Report { point, .. } = &mut intent.body {
            *point = Some(if n % 2 == 0 { "p1" } else { "p2" }.into());
        }
        record(&store, &intent);
    }
    let mut query = CaseQuery {
        text: Some("垃圾".to_owned()),
        point: Some("p2".into()),
        reported_from: Some(at_minute(2)),
        limit: 1,
        ..CaseQuery::default()
    };
    let first = store.cases(&query).unwrap();
    query.after = first.next;
    let second = store.cases(&query).unwrap();
    let at = |page: &crate::CasePage| page.rows[0].reported_at;
    assert_eq!((at(&first), at(&second), second.next), (at_minute(5), at_minute(3), None));
}

/// Characters with the key that each begins with.
const KEYS: &[(char, char)] = &[
    ('垃', 'l'),
    ('圾', 'j'),
    ('堆', 'd'),
    ('满', 'm'),
    ('清', 'q'),
    ('牌', 'p'),
    ('路', 'l'),
    ('水', 's'),
    ('行', 'h'),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever stands in a text is found by any two or more of its neighbouring characters.
    #[test]
    fn every_piece_of_a_text_finds_it(
        texts in prop::collection::vec("[一-三垃圾堆满清理]{2,9}", 1..6),
        from in 0usize..8,
        len in 2usize..5,
    ) {
        let (_dir, store) = device();
        for (n, text) in (0..).zip(&texts) {
            record(&store, &report(text, at_minute(n)));
        }
        for text in &texts {
            let piece: String = text.chars().skip(from).take(len).collect();
            if piece.chars().count() >= 2 {
                let mut expected: Vec<_> = texts.iter().filter(|text| text.contains(&piece)).cloned().collect();
                expected.reverse();
                // Point and standard are searched too; these characters are in neither.
                prop_assert_eq!(found(&store, &piece), expected);
            }
        }
    }

    /// Whatever stands in a text is found by the initials of two or more of its neighbouring characters.
    #[test]
    fn every_piece_of_a_text_is_found_by_its_initials(
        text in prop::collection::vec(prop::sample::select(KEYS), 2..9),
        from in 0usize..8,
        len in 2usize..5,
    ) {
        let (_dir, store) = device();
        let written: String = text.iter().map(|(character, _)| *character).collect();
        record(&store, &report(&written, at_minute(0)));
        let typed: String = text.iter().skip(from).take(len).map(|(_, key)| *key).collect();
        if typed.len() >= 2 {
            prop_assert_eq!(found(&store, &typed), [written.clone()]);
            prop_assert!(crate::found_in(&written, &typed));
        }
    }

    /// No text from outside is a syntax error, and every text with a letter in it finds itself.
    #[test]
    fn any_text_can_be_asked_for(text in prop_oneof!["\\PC{0,20}", "\\p{L}", "\\p{M}{1,2}", "\\p{N}"]) {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        connection.execute_batch(include_str!("../projection.sql")).unwrap();
        connection
            .execute("INSERT INTO case_search (rowid, words) VALUES (1, ?1)", [words::index(&text)])
            .unwrap();
        if let Some(query) = words::query(&text) {
            let found: i64 = connection
                .query_row("SELECT count(*) FROM case_search WHERE case_search MATCH ?1", [query], |row| row.get(0))
                .unwrap();
            prop_assert_eq!(found, 1, "a text finds itself");
        }
    }
}
