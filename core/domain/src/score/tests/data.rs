//! The rule set that ships with the park subdistrict's data.

use super::*;

#[test]
fn the_park_rule_set_counts_from_1000() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/park/rules.toml");
    let park: RuleSet = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let named: BTreeSet<_> = park.rules.iter().map(|rule| &rule.id).collect();
    assert_eq!(named.len(), park.rules.len(), "every rule has a code of its own");
    assert_eq!(park.tiers.iter().map(Vec::len).sum::<usize>(), 14);

    // Found by the subdistrict and left overnight (−1 −1), put right, found again (−1) and put right.
    let thread = case(1, "willow-1", Source::Subdistrict, march(20, 7, 0))
        .rectified(march(21, 9, 0))
        .found_again(march(23, 7, 0))
        .rectified(march(23, 9, 0));
    let sheet = march_sheet(&street(park), &[thread]);
    assert_eq!(sheet.base, points("1000"));
    assert_eq!(sheet.total, points("997"));
    let watched: Vec<_> = sheet.entries.iter().map(|entry| entry.rule.as_str()).collect();
    assert_eq!(watched, ["R03", "R05", "R07"]);
}

#[test]
fn every_kind_of_fact_can_be_written_as_data() {
    let set = super::scheme::published();
    let text = toml::to_string(&set).unwrap();
    assert_eq!(toml::from_str::<RuleSet>(&text).unwrap(), set);
}

#[test]
fn an_amount_is_exact_or_refused() {
    for text in ["1", "-1/2", " 3/2 ", "+4", "0"] {
        assert!(text.parse::<ScorePoints>().is_ok(), "{text}");
    }
    for text in ["0.5", "1/0", "1/-2", "1/2/3", "", "/", "-9223372036854775808", "9223372036854775808", "½"]
    {
        assert_eq!(text.parse::<ScorePoints>(), Err(BadPoints), "{text}");
    }
    assert_eq!(points("2/4").to_string(), "1/2");
}
