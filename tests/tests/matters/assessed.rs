//! 模拟测评: a sheet counts for the community of its point, whoever wrote it.

use crate::stage::*;
use sanben_domain::matter::Value;
use sanben_domain::score::{Period, Reason};
use sanben_field::NewMatter;
use sanben_tests::world::World;

/// The command post, an inspector of the second team, a clerk of the community of P011, which the first team walks.
const PEOPLE: [&str; 3] = ["U001", "U012", "U024"];
const OFFICE: usize = 0;
const STRANGER: usize = 1;
const CLERK: usize = 2;

#[test]
fn the_sheet_of_an_inspector_without_rights_at_the_point_counts_for_its_community() {
    let mut world = World::new(46, &PEOPLE);
    sync(&mut world);
    let until = day(&world, OFFICE);
    let plan =
        [("title", text("模拟测评")), ("points", Value::Points(vec!["P011".into()])), ("until", until)];
    let assessment = open(&world, OFFICE, new("assessment", &plan));
    sync(&mut world);
    sync(&mut world);
    let of =
        NewMatter { point: Some("P011".into()), about: Some(assessment), ..new("observation-sheet", &[]) };
    let sheet = open(&world, STRANGER, of);
    for (standard, result) in [("S01", "met"), ("S02", "not-met")] {
        let seen = [("standard", Value::Standard(standard.into())), ("result", choice(result))];
        act(&world, STRANGER, sheet, "observe", &seen);
    }
    act(&world, STRANGER, sheet, "finish", &[]);
    sync(&mut world);
    sync(&mut world);
    let clerk = world.devices[CLERK].field();
    assert_eq!(clerk.matter(sheet).unwrap().state.unwrap().step, "finished");
    let month = Period::month_of(clerk.today().unwrap());
    let told = |sheet: sanben_domain::score::ScoreSheet| {
        let of_it = sheet.entries.into_iter().find_map(|line| match line.reason {
            Reason::Assessed { assessment, met, observed } => Some((assessment, met, observed, line.points)),
            _ => None,
        });
        of_it.map(|(assessment, met, observed, points)| (assessment, met, observed, points.to_string()))
    };
    let expected = Some((assessment, 1, 2, "-5".to_owned()));
    let community = "park-02".into();
    for device in [CLERK, OFFICE] {
        let field = world.devices[device].field();
        let counted = field.score(&community, month, None).unwrap();
        assert_eq!(told(counted), expected, "device {device}");
    }
    let counted = world.server().sheets(Some(&[community]), &[month], None, None).unwrap().remove(0);
    assert_eq!(told(counted), expected);
}
