//! Matters of several features: people open them and act on them, in two places at once too.

use crate::life::{done, seen};
use crate::world::World;
use sanben_domain::id::{EventId, MatterId};
use sanben_domain::matter::{Always, Fields, Value};
use sanben_field::{Field, FieldError, Files, MatterQuery, NewMatter};

fn fields(pairs: &[(&str, Value)]) -> Fields {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

fn text(words: &str) -> Value {
    Value::Text(words.to_owned())
}

/// Somebody opens a matter or acts on one.
pub fn play(world: &mut World, number: usize) {
    let field = world.devices[number].field();
    // The disk may fail that very read.
    let Ok(page) = field.matters(&MatterQuery { limit: 20, ..MatterQuery::default() }) else { return };
    if page.rows.is_empty() || world.dice.chance(40) {
        let opened = open(world, field);
        let document = opened.as_ref().copied().unwrap_or_else(|_| MatterId::from_random([0; 16]));
        let event = opened.map(|id| opening(field, id));
        world.tally.matters += usize::from(event.is_ok());
        return done(world, number, document, "open a matter", event);
    }
    let id = world.dice.pick(&page.rows).id;
    let acted = act(world, field, id);
    done(world, number, id, "act on a matter", acted.map(Some));
}

fn opening(field: &Field, id: MatterId) -> Option<EventId> {
    // Read from the document: the disk may fail just then, and then nobody knows the event.
    Some(field.matter(id).ok()?.record.opening()?.id)
}

fn open(world: &World, field: &Field) -> Result<MatterId, FieldError> {
    let today = field.today()?;
    let (day, tomorrow) = (Value::Day(today), Value::Day(today.succ_opt().unwrap_or(today)));
    let new = |feature: &str, given: &[(&str, Value)]| NewMatter {
        feature: feature.to_owned(),
        fields: fields(given),
        ..NewMatter::default()
    };
    field.open_matter(match world.dice.roll(5) {
        0 => new("tally", &[("counted", Value::Choice("spaces-marked".to_owned()))]),
        1 => NewMatter {
            person: Some("U060".into()),
            ..new(
                "notice",
                &[("what", text("整改不到位")), ("unit", Value::Unit("park-02".into())), ("until", tomorrow)],
            )
        },
        2 => NewMatter {
            point: Some("P011".into()),
            photos: Files::from([("photos".to_owned(), seen(world))]),
            ..new("suggestion", &[("words", text("充电桩不够用")), ("anonymous", Value::Yes(true))])
        },
        3 => new(
            "look-back-round",
            &[
                ("title", text("回头看")),
                ("points", Value::Points(vec!["P010".into(), "P011".into()])),
                ("until", day),
            ],
        ),
        _ => NewMatter {
            point: Some("P011".into()),
            person: Some("U060".into()),
            ..new("task", &[("what", text("补齐桶盖")), ("until", day)])
        },
    })
}

fn act(world: &World, field: &Field, id: MatterId) -> Result<EventId, FieldError> {
    let view = field.matter(id)?;
    let day = Value::Day(field.today()?);
    let point = || Value::Point(if world.dice.chance(50) { "P010" } else { "P011" }.into());
    let act = if view.next.is_empty() { Always::COMMENT } else { *world.dice.pick(&view.next) };
    let given = match act {
        "add" => fields(&[
            ("number", Value::Count(1 + i64::try_from(world.dice.roll(9)).unwrap_or(0))),
            ("source", text(if world.dice.chance(50) { "第一页" } else { "第二页" })),
            ("day", day),
        ]),
        "visit" => {
            let result = if world.dice.chance(50) { "clean" } else { "found" };
            fields(&[("point", point()), ("result", Value::Choice(result.to_owned()))])
        }
        "settle" => fields(&[("stands", Value::Yes(world.dice.chance(50))), ("reason", text("核实"))]),
        "strike" | "decide" => {
            let entries = match &view.state {
                Some(state) if act == Always::DECIDE => state.disputes.iter().flatten().copied().collect(),
                _ => view.record.events.keys().copied().collect::<Vec<_>>(),
            };
            let name = if act == Always::DECIDE { "upholds" } else { "entry" };
            fields(&[(name, Value::Event(*world.dice.pick(&entries))), ("reason", text("以现场为准"))])
        }
        "appeal" | "withdraw" | "return" => fields(&[("reason", text("不属实"))]),
        "extend" => fields(&[("until", day), ("reason", text("天气"))]),
        "answer" if view.record.feature == "suggestion" => {
            fields(&[("words", text("已协调")), ("on-the-spot", Value::Yes(true))])
        }
        "rate" => fields(&[("satisfied", Value::Choice("satisfied".to_owned()))]),
        "accept" | "confirm" | "finish" | "publish" | "publish-unanswered" => Fields::new(),
        "hand-on" => {
            fields(&[("what", text("加装充电桩")), ("unit", Value::Unit("park-05".into())), ("until", day)])
        }
        _ => fields(&[("words", text("已到现场"))]),
    };
    field.act_on_matter(id, act, given, &Files::new())
}
