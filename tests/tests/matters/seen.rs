//! Who gets a matter and who never does; two who act apart.

use crate::stage::*;
use sanben_domain::id::{EventId, MatterId};
use sanben_domain::matter::{Amount, Fields, Value};
use sanben_domain::rights::Denied;
use sanben_field::{FieldError, Files, MatterQuery, NewMatter};
use sanben_tests::world::World;

fn notice(world: &World) -> MatterId {
    let tomorrow = world.devices[DISCIPLINE].field().today().unwrap().succ_opt().unwrap();
    let given = [
        ("what", text("南入口垃圾整改不到位")),
        ("unit", Value::Unit("park-02".into())),
        ("until", Value::Day(tomorrow)),
    ];
    open(world, DISCIPLINE, NewMatter { person: Some("U060".into()), ..new("notice", &given) })
}

#[test]
fn a_notice_is_read_by_the_named_person_before_it_is_published_and_by_nobody_else() {
    let mut world = world(31);
    let notice = notice(&world);
    sync(&mut world);
    for device in [COMMAND, CLERK, GRID, INSPECTOR] {
        assert!(!holds(&world, device, notice), "device {device} knows of it");
    }
    assert!(holds(&world, HEAD, notice));
    let early =
        world.devices[DISCIPLINE].field().act_on_matter(notice, "publish", Fields::new(), &Files::new());
    assert!(matches!(early, Err(FieldError::Denied(Denied::Step))), "{early:?}");
    act(&world, HEAD, notice, "answer", &[("words", text("17时已清运"))]);
    sync(&mut world);
    sync(&mut world);
    act(&world, DISCIPLINE, notice, "publish", &[]);
    sync(&mut world);
    sync(&mut world);
    for device in [COMMAND, CLERK, GRID, INSPECTOR] {
        assert_eq!(step(&world, device, notice), "published", "device {device}");
    }
}

#[test]
fn a_draw_and_an_interview_stay_with_the_discipline_staff() {
    let mut world = world(32);
    let case = world.devices[INSPECTOR]
        .field()
        .record(sanben_field::NewCase {
            point: Some("P011".into()),
            description: "垃圾".into(),
            ..Default::default()
        })
        .unwrap()
        .case;
    sync(&mut world);
    sync(&mut world);
    let sample = Value::Documents(vec![case]);
    let check = open(&world, DISCIPLINE, new("spot-check", &[("title", text("抽查")), ("sample", sample)]));
    act(
        &world,
        DISCIPLINE,
        check,
        "check",
        &[("case", Value::Document(case)), ("result", choice("not-put-right"))],
    );
    let time = Value::Time(chrono::NaiveTime::from_hms_opt(15, 0, 0).unwrap());
    let given = [
        ("reason", text("整改不到位")),
        ("where", text("会议室")),
        ("until", day(&world, DISCIPLINE)),
        ("time", time),
    ];
    let interview = NewMatter { person: Some("U060".into()), about: Some(check), ..new("interview", &given) };
    let interview = open(&world, DISCIPLINE, interview);
    sync(&mut world);
    for device in [COMMAND, HEAD, CLERK, GRID, INSPECTOR] {
        assert!(!holds(&world, device, check), "device {device} knows what was drawn");
        assert_eq!(holds(&world, device, interview), device == HEAD, "device {device}");
    }
}

#[test]
fn what_a_leader_assigns_on_the_spot_is_a_task_of_whoever_answers() {
    let mut world = world(33);
    let visit =
        NewMatter { point: Some("P011".into()), ..new("leader-visit", &[("where", text("柳林小区"))]) };
    let visit = open(&world, INSPECTOR, visit);
    let assigned = [
        ("what", text("扶正宣传牌")),
        ("person", Value::Person("U060".into())),
        ("until", day(&world, INSPECTOR)),
    ];
    act(&world, INSPECTOR, visit, "assign", &assigned);
    sync(&mut world);
    sync(&mut world);
    let query = MatterQuery { person: Some("U060".into()), open_only: true, ..MatterQuery::default() };
    let mine = world.devices[HEAD].field().matters(&query).unwrap().rows;
    assert_eq!(mine.len(), 1);
    assert_eq!(
        (mine[0].feature.as_str(), mine[0].title.as_str(), mine[0].about),
        ("task", "扶正宣传牌", Some(visit))
    );
    act(&world, HEAD, mine[0].id, "done", &[("words", text("已扶正"))]);
    sync(&mut world);
    sync(&mut world);
    let seen = world.devices[INSPECTOR].field().matter(visit).unwrap();
    let done = seen.figures.iter().find(|figure| figure.name == "tasks-done").unwrap();
    assert_eq!(done.amount, Amount::Share { part: 1, whole: 1 });
    let found = MatterQuery { text: Some("宣传牌".into()), ..MatterQuery::default() };
    assert!(
        world.devices[COMMAND].field().matters(&found).unwrap().rows.iter().any(|row| row.id == mine[0].id)
    );
}

#[test]
fn two_tablets_lend_the_last_pump_offline_and_both_loans_stand() {
    let mut world = world(34);
    let kiosk = open(&world, CLERK, new("kiosk", &[("title", text("志愿服务岗亭"))]));
    act(&world, CLERK, kiosk, "stock", &[("item", text("打气筒")), ("number", Value::Count(1))]);
    sync(&mut world);
    sync(&mut world);
    for device in [CLERK, GRID] {
        let given = [
            ("item", text("打气筒")),
            ("number", Value::Count(1)),
            ("to", text("3号楼")),
            ("until", day(&world, device)),
        ];
        open(&world, device, NewMatter { about: Some(kiosk), ..new("loan", &given) });
    }
    sync(&mut world);
    sync(&mut world);
    for device in [CLERK, GRID, COMMAND] {
        let seen = world.devices[device].field().matter(kiosk).unwrap();
        let stock = seen.figures.iter().find(|figure| figure.name == "in-stock").unwrap();
        assert_eq!((stock.label.as_str(), stock.amount), ("打气筒", Amount::Count(-1)));
        assert_eq!((seen.remarks, seen.belonging.len()), (vec!["short"], 2), "device {device}");
    }
}

#[test]
fn a_round_that_two_inspected_apart_is_disputed_everywhere_until_somebody_decides() {
    let mut world = world(35);
    let points: Vec<_> = world.devices[COMMAND].field().reference().unwrap().points.keys().cloned().collect();
    assert_eq!(points.len(), 136);
    let given = [
        ("title", text("测评点位回头看")),
        ("points", Value::Points(points)),
        ("until", day(&world, COMMAND)),
    ];
    let round = open(&world, COMMAND, new("look-back-round", &given));
    sync(&mut world);
    sync(&mut world);
    for (device, result) in [(INSPECTOR, "clean"), (DISCIPLINE, "found")] {
        act(
            &world,
            device,
            round,
            "visit",
            &[("point", Value::Point("P011".into())), ("result", choice(result))],
        );
    }
    sync(&mut world);
    sync(&mut world);
    let disputes = |world: &World, device: usize| {
        world.devices[device].field().matter(round).unwrap().state.unwrap().disputes
    };
    for device in [INSPECTOR, DISCIPLINE, COMMAND] {
        assert_eq!(disputes(&world, device).len(), 1, "device {device}");
    }
    let upheld = disputes(&world, COMMAND)[0][0];
    let refused = world.devices[INSPECTOR].field().decide_matter(round, upheld, "以照片为准");
    assert!(matches!(refused, Err(FieldError::Denied(Denied::Role))), "{refused:?}");
    world.devices[COMMAND].field().decide_matter(round, upheld, "以照片为准").unwrap();
    sync(&mut world);
    sync(&mut world);
    for device in [INSPECTOR, DISCIPLINE, COMMAND] {
        assert_eq!(disputes(&world, device), Vec::<Vec<EventId>>::new(), "device {device}");
    }
}
