//! Rule sets and decisions on appeals as an office writes them.

use super::*;
use crate::import::read_rules;
use sanben_domain::id::EventId;
use sanben_domain::score::{RuleSet, ScorePoints};

fn preset(name: &str) -> PathBuf {
    data().join("rules").join(name)
}

fn park() -> Reference {
    reference(Files::park().import().unwrap())
}

/// What is wrong with a preset after a change.
#[track_caller]
fn fault_of(name: &str, from: &str, to: &str) -> (Option<usize>, Problem) {
    let text = std::fs::read_to_string(preset(name)).unwrap();
    assert!(text.contains(from), "{from}");
    let errors = Files::park().put("rules-2027.toml", &text.replacen(from, to, 1)).errors();
    let [error] = errors.as_slice() else { panic!("{errors:#?}") };
    (error.row, error.problem.clone())
}

#[test]
fn the_presets_are_read_as_they_are_written() {
    for name in ["published-1000.toml", "work-30-field-70.toml"] {
        let written: RuleSet = toml::from_str(&std::fs::read_to_string(preset(name)).unwrap()).unwrap();
        assert_eq!(read_rules(&preset(name), &park()).unwrap(), written);
    }
}

#[test]
fn parts_make_up_the_base() {
    let (row, problem) = fault_of("work-30-field-70.toml", "base = \"70\"", "base = \"60\"");
    assert_eq!((row.is_some(), problem), (true, Problem::PartsNotBase { sum: "90".to_owned() }));
}

#[test]
fn parts_that_have_no_exact_sum_are_a_fault_and_no_crash() {
    let text = std::fs::read_to_string(preset("work-30-field-70.toml")).unwrap();
    // Four primes of six digits: their product is beyond 64 bits.
    let extra: String = [999_983, 999_979, 999_961, 999_959]
        .map(|prime| format!("[[part]]\nid = \"p{prime}\"\ntitle = \"零头\"\nbase = \"1/{prime}\"\n\n"))
        .concat();
    let errors =
        Files::park().put("rules-2027.toml", &text.replacen("[[rule]]", &(extra + "[[rule]]"), 1)).errors();
    let [error] = errors.as_slice() else { panic!("{errors:#?}") };
    assert_eq!(
        (error.file.as_str(), error.row.is_some(), &error.problem),
        ("rules-2027.toml", true, &Problem::NoSum)
    );
}

#[test]
fn a_whole_is_more_than_nothing() {
    for nothing in ["0", "-100", "0/7"] {
        let full = fault_of("published-1000.toml", "full = \"100\"", &format!("full = \"{nothing}\""));
        assert_eq!(full, (Some(114), Problem::NotPositive), "{nothing}");
        let base = fault_of("published-1000.toml", "base = \"1000\"", &format!("base = \"{nothing}\""));
        assert_eq!(base, (Some(6), Problem::NotPositive), "{nothing}");
    }
}

#[test]
fn a_rule_is_counted_in_a_part_that_there_is() {
    let (_, problem) = fault_of("work-30-field-70.toml", "part = \"field\"", "part = \"feld\"");
    assert_eq!(problem, Problem::UnknownPart);
}

#[test]
fn a_fact_of_the_offices_own_has_a_name() {
    let (row, problem) = fault_of("work-30-field-70.toml", "named = \"周汇总迟报\"\n", "");
    assert_eq!((row, problem), (Some(23), Problem::Missing));
}

#[test]
fn a_factor_is_exact_and_has_a_condition_that_is_known() {
    let (_, problem) = fault_of("work-30-field-70.toml", "times = \"1/2\"", "times = \"0.5\"");
    assert_eq!(problem, Problem::NotExact);
    let (_, problem) = fault_of("work-30-field-70.toml", "\"on-the-spot\"", "\"somehow\"");
    assert!(matches!(problem, Problem::UnknownWord { .. }));
}

#[test]
fn decisions_on_appeals() {
    let line = "0190f3c2-7a51-7cc2-9a11-5d1f0c3b2a10";
    let rulings = format!(
        "编号,社区,条目,规则,改为,日期,申诉人,裁定人,理由\nC1,park-02,{line},R03,-1/2,2026-04-02,,U001,属实但已整改\n"
    );
    let held = reference(Files::park().put("rulings.csv", &rulings).import().unwrap());
    let [ruling] = held.rulings.values().collect::<Vec<_>>().try_into().unwrap();
    assert_eq!(ruling.of, line.parse::<EventId>().unwrap());
    assert_eq!(ruling.points, "-1/2".parse::<ScorePoints>().unwrap());
    assert_eq!(ruling.by.as_ref().map(|by| by.as_str()), Some("U001"));
    let wrong = Files::park().put("rulings.csv", &rulings.replace(line, "三月的那条")).fault();
    assert_eq!(wrong, (Some(2), "条目".to_owned(), Problem::NotALine));
}

#[test]
fn marks_and_facts_of_the_offices_own() {
    let said = "编号,类型,社区,日期,名目,得分\nA1,其他,park-02,2026-12-30,市级年终测评,85\nA2,其他,park-02,2026-03-20,,\n";
    assert_eq!(
        Files::park().put("announcements.csv", said).fault(),
        (Some(3), "名目".to_owned(), Problem::Empty)
    );
    let held = reference(
        Files::park().put("announcements.csv", said.rsplit_once("A2").unwrap().0).import().unwrap(),
    );
    let said = held.announcements.values().find(|said| said.mark.is_some()).unwrap();
    assert_eq!((said.named.as_deref(), said.mark), (Some("市级年终测评"), Some("85".parse().unwrap())));
}
