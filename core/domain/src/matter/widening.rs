//! A form may only widen: what was recorded once has to fit for good, on every replica and in a log that is put back and
//! offered its work again. `forms.txt` holds every form as it stood at its widest; narrowing one fails here.

use super::{ActForm, Always, Feature, FieldForm, Need, Shape, feature};
use std::collections::{BTreeMap, BTreeSet};

/// What is said of a feature, an act or a field, by its name.
type Said = BTreeMap<String, BTreeMap<&'static str, String>>;

const PARTS: [&str; 14] = [
    "class", "point", "person", "about", "whole", "by", "at", "rule", "later", "shape", "min", "max",
    "choices", "need",
];

fn need(need: Need) -> String {
    format!("{need:?}").to_lowercase()
}

fn list<T: std::fmt::Debug>(of: &[T]) -> String {
    let named: BTreeSet<String> = of.iter().map(|one| format!("{one:?}").replace('"', "")).collect();
    named.into_iter().collect::<Vec<_>>().join(",")
}

fn feature_said(feature: &Feature) -> BTreeMap<&'static str, String> {
    let header = feature.header;
    BTreeMap::from([
        ("class", format!("{:?}", feature.class)),
        ("point", need(header.point)),
        ("person", need(header.person)),
        ("about", need(header.about)),
        ("whole", header.whole.unwrap_or("any").to_owned()),
    ])
}

fn act_said(act: &ActForm) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("by", list(act.by)),
        ("at", if act.at.is_empty() { "any".to_owned() } else { list(act.at) }),
        ("rule", if act.rule.is_some() { "yes" } else { "no" }.to_owned()),
        ("later", act.later_day.unwrap_or("no").to_owned()),
    ])
}

fn field_said(field: &FieldForm) -> BTreeMap<&'static str, String> {
    let most = |kind: &str, max: usize| (kind.to_owned(), None, Some(max.to_string()), None);
    let plain = |kind: &str| (kind.to_owned(), None, None, None);
    let (shape, min, max, choices) = match field.shape {
        Shape::Text { max } => most("text", max),
        Shape::Anonymous { max } => most("anonymous", max),
        Shape::Count { min, max } => ("count".to_owned(), Some(min.to_string()), Some(max.to_string()), None),
        Shape::Points { max } => most("points", max),
        Shape::Documents { max } => most("documents", max),
        Shape::Photos { role, max } => most(&format!("photos-{role:?}"), max),
        Shape::Choice(choices) => ("choice".to_owned(), None, None, Some(list(choices))),
        Shape::Fraction => plain("fraction"),
        Shape::Day => plain("day"),
        Shape::Time => plain("time"),
        Shape::Person => plain("person"),
        Shape::Unit => plain("unit"),
        Shape::Point => plain("point"),
        Shape::Standard => plain("standard"),
        Shape::Document => plain("document"),
        Shape::Event => plain("event"),
        Shape::Yes => plain("yes"),
    };
    let mut said =
        BTreeMap::from([("shape", shape), ("need", need(if field.need { Need::Must } else { Need::May }))]);
    said.extend(min.map(|min| ("min", min)));
    said.extend(max.map(|max| ("max", max)));
    said.extend(choices.map(|choices| ("choices", choices)));
    said
}

/// Every form as it stands.
fn now() -> Said {
    let mut said = Said::new();
    let mut add = |owner: &str, act: &ActForm| {
        said.insert(format!("{owner}.{}", act.name), act_said(act));
        for field in act.fields {
            said.insert(format!("{owner}.{}.{}", act.name, field.name), field_said(field));
        }
    };
    for act in Always::ACTS {
        add("every-matter", act);
    }
    for feature in feature::ALL {
        add(feature.name, &feature.open);
        feature.acts.iter().for_each(|act| add(feature.name, act));
    }
    for feature in feature::ALL {
        said.insert(feature.name.to_owned(), feature_said(feature));
    }
    said
}

fn read(text: &str) -> Said {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with("//"));
    let part = |word: &str| {
        let (name, value) = word.split_once('=').unwrap();
        (*PARTS.iter().find(|part| **part == name).unwrap(), value.to_owned())
    };
    let read = lines.map(|line| {
        let (name, said) = line.split_once(": ").unwrap();
        (name.to_owned(), said.split(' ').map(part).collect())
    });
    read.collect()
}

fn written(said: &Said) -> Vec<String> {
    let line = |(name, parts): (&String, &BTreeMap<&str, String>)| {
        let parts: Vec<_> = parts.iter().map(|(part, value)| format!("{part}={value}")).collect();
        format!("{name}: {}", parts.join(" "))
    };
    said.iter().map(line).collect()
}

/// Whether whatever fitted `kept` fits `now` too.
fn fits_still(part: &str, kept: &str, now: &str) -> bool {
    let all = |text: &str| text.split(',').map(str::to_owned).collect::<BTreeSet<_>>();
    let number = |text: &str| text.parse::<i64>().unwrap();
    kept == now
        || match part {
            "point" | "person" | "about" | "need" => now == "may",
            "whole" | "at" if now == "any" => true,
            "whole" => false,
            "at" => kept != "any" && all(kept).is_subset(&all(now)),
            "by" | "choices" => all(kept).is_subset(&all(now)),
            "rule" | "later" => now == "no",
            "min" => number(now) <= number(kept),
            "max" => number(now) >= number(kept),
            _ => false,
        }
}

/// What was narrowed, and what is not kept yet.
fn compared(kept: &Said, now: &Said) -> (Vec<String>, Said) {
    let mut narrowed = Vec::new();
    for (name, parts) in kept {
        let Some(stands) = now.get(name) else {
            narrowed.push(format!("{name} is gone"));
            continue;
        };
        for (part, was) in parts {
            let is = stands.get(part).map_or("no", String::as_str);
            if !fits_still(part, was, is) {
                narrowed.push(format!("{name}: {part} was {was} and is {is}"));
            }
        }
    }
    let new: Said = now
        .iter()
        .filter(|(name, said)| kept.get(*name) != Some(said))
        .map(|(a, b)| (a.clone(), b.clone()))
        .collect();
    for (name, said) in &new {
        // A field that is new in an act that is not: what was recorded without it has to go on fitting.
        let act = name.rsplit_once('.').filter(|(act, _)| act.contains('.')).map(|(act, _)| act);
        let added = !kept.contains_key(name) && act.is_some_and(|act| kept.contains_key(act));
        if added && said.get("need").map(String::as_str) == Some("must") {
            narrowed.push(format!("{name} has to be there now"));
        }
    }
    (narrowed, new)
}

#[test]
fn no_form_was_narrowed_and_every_one_is_kept() {
    let (narrowed, new) = compared(&read(include_str!("forms.txt")), &now());
    assert!(narrowed.is_empty(), "what was recorded has to fit for good: {narrowed:#?}");
    let lines = written(&new).join("\n");
    assert!(new.is_empty(), "forms that are new or wider; put them into forms.txt:\n{lines}");
}

#[test]
fn a_bound_that_is_drawn_in_a_field_that_is_asked_for_and_an_act_that_is_gone_are_named() {
    let kept = read(include_str!("forms.txt"));
    let narrower = |name: &str, part: &'static str, value: &str| {
        let mut changed = now();
        changed.get_mut(name).unwrap().insert(part, value.to_owned());
        compared(&kept, &changed).0
    };
    assert_eq!(narrower("programme.open.points", "max", "400").len(), 1);
    assert_eq!(narrower("programme.open.points", "max", "4000").len(), 0);
    assert_eq!(narrower("shift.open.needed", "need", "must").len(), 1);
    assert_eq!(narrower("loan.open", "by", "Role(Command)").len(), 1);
    assert_eq!(narrower("task.done", "at", "open").len(), 1);
    assert_eq!(narrower("task.done", "at", "any").len(), 0);
    assert_eq!(narrower("task", "point", "must").len(), 1);
    assert_eq!(narrower("loan", "whole", "any").len(), 0);
    let mut without = now();
    without.remove("shift.sign-out");
    assert_eq!(compared(&kept, &without).0, ["shift.sign-out is gone"]);
    let mut with = now();
    with.insert("shift.open.badge".to_owned(), field_said(&FieldForm::text("badge", 9)));
    assert_eq!(compared(&kept, &with).0, ["shift.open.badge has to be there now"]);
}
