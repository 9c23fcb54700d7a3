//! Some files on top of what holds.

use super::*;
use sanben_domain::reference::ReferenceRow;

fn current() -> Reference {
    reference(Files::park().import().unwrap())
}

fn only(file: &str, text: &str) -> Files {
    Files::default().put(file, text)
}

#[test]
fn points_may_name_units_and_teams_that_hold() {
    let text =
        "编号,名称,类别,所属,纬度,经度,督导组\nP137,柳林新居,居民小区,park-02-c02,38.3080,116.8420,T1\n";
    let import = only("points.csv", text).onto(Some(&current())).unwrap();
    assert!(
        matches!(import.update.rows.as_slice(), [ReferenceRow::Point(point)] if point.id.as_str() == "P137")
    );
    assert_eq!(import.warnings, [], "inside the polygon that holds already");
    let outside = only("points.csv", &text.replace("116.8420", "116.8620")).onto(Some(&current())).unwrap();
    assert_eq!(outside.warnings.len(), 1);
    let errors = only("points.csv", &text.replace("T1", "T9")).onto(Some(&current())).unwrap_err().errors;
    assert_eq!(errors[0].problem, Problem::Unknown { file: "teams.csv" });
}

#[test]
fn without_settings_it_is_no_first_import() {
    let errors = only("teams.csv", "编号,名称,组长\n").onto(Some(&Reference::default())).unwrap_err().errors;
    assert_eq!((errors[0].file.as_str(), &errors[0].problem), ("tenant.toml", &Problem::MissingFile));
    for file in ["tenant.toml", "units.csv", "points.csv", "standards.csv", "people.csv", "assignments.csv"] {
        let errors = Files::park().without(file).errors();
        let [error] = errors.as_slice() else { panic!("{errors:?}") };
        assert_eq!((error.file.as_str(), &error.problem), (file, &Problem::MissingFile));
    }
    for file in ["calendar.csv", "cells.geojson", "rules.toml"] {
        Files::park().without(file).import().unwrap();
    }
}

#[test]
fn grid_stays_a_tree_together_with_what_holds() {
    let text = "编号,名称,类型,上级\npark-03,育才社区,社区,park-03-c01\n";
    let errors = only("units.csv", text).onto(Some(&current())).unwrap_err().errors;
    let way = ["park-03", "park-03-c01", "park-03"].map(str::to_owned).to_vec();
    assert_eq!((errors.len(), errors[0].row, &errors[0].problem), (1, Some(2), &Problem::Cycle { way }));
}

#[test]
fn a_new_head_needs_the_end_of_the_old_one() {
    let header = "点位,责任人,职责,起,止\n";
    let (ends, new) = ("P001,U051,点位负责人,2026-01-01,2026-06-01\n", "P001,U052,点位负责人,2026-06-01,\n");
    let errors =
        only("assignments.csv", &format!("{header}{new}")).onto(Some(&current())).unwrap_err().errors;
    let problem = Problem::TwoHeads { row: None };
    assert_eq!(
        (errors[0].row, errors[0].column.as_deref(), &errors[0].problem),
        (Some(2), Some("起"), &problem)
    );
    let import = only("assignments.csv", &format!("{header}{ends}{new}")).onto(Some(&current())).unwrap();
    assert_eq!(import.counts.assignments, 2);
}

#[test]
fn only_a_whole_folder_says_what_is_no_longer_there() {
    let park =
        Files::park().put("announcements.csv", "编号,类型,社区,日期\nG1,街道表扬,park-02,2026-03-13\n");
    let kinds = ["assignment", "calendar-day", "cell", "person", "point", "standard", "team", "unit"];
    assert!(park.import().unwrap().complete.into_iter().eq(kinds), "never rule sets and announcements");
    let fewer = park.without("calendar.csv").without("cells.geojson").import().unwrap().complete;
    assert!(fewer.into_iter().eq(kinds.into_iter().filter(|kind| !matches!(*kind, "calendar-day" | "cell"))));
    assert!(Files::park().onto(Some(&current())).unwrap().complete.is_empty(), "a part, whatever it holds");
}
