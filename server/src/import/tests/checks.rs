//! One fault each, beyond the folders of `data/broken`.

use super::*;
use crate::import::Doubt;

#[track_caller]
fn refused(file: &str, from: &str, to: &str, row: usize, column: &str, problem: Problem) {
    assert_eq!(Files::park().edit(file, from, to).fault(), (Some(row), column.to_owned(), problem));
}

#[track_caller]
fn refused_word(file: &str, from: &str, to: &str, row: usize, column: &str, word: &str) {
    let (at, name, problem) = Files::park().edit(file, from, to).fault();
    let Problem::UnknownWord { words } = problem else { panic!("{problem:?}") };
    assert!(words.iter().any(|(zh, en)| *zh == word || *en == word), "{words:?}");
    assert_eq!((at, name.as_str()), (Some(row), column));
}

#[test]
fn grid_is_one_tree_below_the_tenant() {
    let root = || "park".to_owned();
    refused("units.csv", "小区,park-01\n", "小区,\n", 17, "上级", Problem::SecondRoot { root: root() });
    refused("units.csv", "街道,\n", "街道,dept-jijian\n", 2, "上级", Problem::RootBelow);
    let way = vec!["park-01-c01".to_owned(), "park-01-c01".to_owned()];
    refused("units.csv", "小区,park-01\n", "小区,park-01-c01\n", 17, "上级", Problem::Cycle { way });
    let errors = Files::park().edit("tenant.toml", "id = \"park\"", "id = \"pond\"").errors();
    assert!(
        errors.iter().any(|e| e.problem == Problem::NoRoot && e.value.as_deref() == Some("pond")),
        "{errors:?}"
    );
    refused_word("units.csv", "北苑小区,小区", "北苑小区,院", 17, "类型", "小区");
}

#[test]
fn every_cycle_is_named_once_at_its_first_row() {
    let files = Files::park()
        .edit("units.csv", "小区,park-01\n", "小区,park-02-c02\n")
        .edit("units.csv", "柳林小区,小区,park-02\n", "柳林小区,小区,park-01-c01\n")
        .edit("units.csv", "柳林新居,小区,park-02\n", "柳林新居,小区,park-02-c01\n")
        .edit("units.csv", "育才小区,小区,park-03\n", "育才小区,小区,park-03-c01\n")
        .edit("units.csv", "师苑小区,小区,park-03\n", "师苑小区,小区,park-03-c01\n");
    let errors = files.errors();
    let rows: Vec<_> = errors.iter().map(|error| (error.row, error.problem.clone())).collect();
    let way = |way: &[&str]| Problem::Cycle { way: way.iter().map(|code| (*code).to_owned()).collect() };
    let long = way(&["park-01-c01", "park-02-c02", "park-02-c01", "park-01-c01"]);
    assert_eq!(rows, [(Some(17), long), (Some(32), way(&["park-03-c01", "park-03-c01"]))]);
}

#[test]
fn shape_of_a_table() {
    let cells = Problem::LongRow { cells: 8, columns: 7 };
    refused("points.csv", "P003,滨河花园", "P003,滨河,花园", 4, "", cells);
    refused("points.csv", "P003,滨河花园", "P003,", 4, "名称", Problem::Empty);
    refused("points.csv", "P003,滨河花园", "P003,\"滨河花园", 4, "", Problem::OpenQuote);
    refused("points.csv", "编号,名称", "编号,名称,编号", 1, "编号", Problem::ColumnTwice);
    refused("points.csv", "督导组", "id", 1, "id", Problem::ColumnTwice);
    refused("people.csv", "U188,", "U 188,", 189, "编号", Problem::BadCode);
    for (header, columns) in [
        ("id,name,kind\n", vec!["unit", "latitude", "longitude"]),
        ("名称,类别,所属\n", vec!["编号", "纬度", "经度"]),
        ("\u{feff}\n", vec!["编号", "名称", "类别", "所属", "纬度", "经度"]),
    ] {
        let errors = Files::park().put("points.csv", header).errors();
        let missing: Vec<_> = errors.iter().filter_map(|error| error.column.as_deref()).collect();
        assert_eq!(missing, columns, "in the language of the header");
    }
}

#[test]
fn places() {
    let range = |most: i64| Problem::OutOfRange { least: -most, most };
    refused("points.csv", "116.830554", "196.830554", 2, "经度", range(180));
    refused("points.csv", "38.308567,116.830554", "116.830554,38.308567", 2, "纬度", range(90));
    for text in ["NaN", "inf", "3e1", "38.30.85", "-", "38,3"] {
        let (_, _, problem) = Files::park().edit("points.csv", "38.308567", &format!("\"{text}\"")).fault();
        assert_eq!(problem, Problem::NotANumber, "{text}");
    }
}

#[test]
fn people_and_their_terms() {
    refused("teams.csv", "U007", "U999", 2, "组长", Problem::Unknown { file: "people.csv" });
    refused("people.csv", "park,T1", "park,T9", 8, "督导组", Problem::Unknown { file: "teams.csv" });
    refused("people.csv", "指挥部,park", "指挥部,plaza", 2, "单位", Problem::Unknown { file: "units.csv" });
    refused_word("assignments.csv", "U051,点位负责人", "U051,负责人", 2, "职责", "点位负责人");
    refused("assignments.csv", "P001,U051", "P999,U051", 2, "点位", Problem::Unknown { file: "points.csv" });
    let ends = Problem::EndsBeforeItBegins;
    refused("assignments.csv", "2026-01-01,2026-03-01", "2026-03-01,2026-03-01", 19, "止", ends);
    refused("assignments.csv", "P002,U051", "P001,U051", 3, "点位", Problem::Duplicate { row: 2 });
}

/// A long term overlaps a later one also when a short one lies between them.
#[test]
fn overlapping_heads() {
    let head = |from: &str, until: &str, person: &str| format!("P001,{person},点位负责人,{from},{until}\n");
    let first = "P001,U051,点位负责人,2026-01-01,\n";
    let terms = |rows: &[String]| Files::park().edit("assignments.csv", first, &rows.concat());
    let (a, b, c) = ("2026-01-01", "2026-02-01", "2026-03-01");
    terms(&[head(b, c, "U052"), head(a, b, "U051"), head(c, "", "U053")]).import().unwrap();
    let overlap = |row| Problem::TwoHeads { row: Some(row) };
    let fault =
        terms(&[head(a, "2027-01-01", "U051"), head("2027-01-01", "", "U052"), head(b, c, "U053")]).fault();
    assert_eq!(fault, (Some(2), "止".to_owned(), overlap(4)));
    let fault = terms(&[head(c, "", "U052"), head(a, "", "U051")]).fault();
    assert_eq!(fault, (Some(3), "止".to_owned(), overlap(2)));
    let contact = head(a, "", "U052").replace("点位负责人", "包联人");
    terms(&[head(a, "", "U051"), contact]).import().unwrap();
}

#[test]
fn standards_and_days() {
    for limit in ["0工作日", "1000日", "工作日", "3", "3周", "-1日"] {
        refused("standards.csv", "3工作日", limit, 8, "时限", Problem::BadLimit);
    }
    refused("standards.csv", ",全部,", ",、,", 2, "适用类别", Problem::Empty);
    refused("standards.csv", "S02,", "S01,", 3, "编号", Problem::Duplicate { row: 2 });
    refused("calendar.csv", "2026-01-02", "2026/1/1", 3, "日期", Problem::Duplicate { row: 2 });
    for day in [
        "2026-13-01",
        "26-01-01",
        "2026-01",
        "0",
        "2026-01-01-01",
        "99999999999-1-1",
        "1-1-2026",
        "2026-1-1 9:30",
    ] {
        refused("calendar.csv", "2026-01-01", day, 2, "日期", Problem::BadDay);
    }
}

#[test]
fn settings() {
    refused("tenant.toml", "utc_offset_minutes = 480\n", "", 1, "utc_offset_minutes", Problem::Missing);
    refused(
        "tenant.toml",
        "= 480",
        "= 481_000",
        4,
        "utc_offset_minutes",
        Problem::OutOfRange { least: -720, most: 840 },
    );
    refused("tenant.toml", "metres = 20\n", "", 14, "metres", Problem::Missing);
    refused("tenant.toml", "\"07:00\"", "\"25:00\"", 9, "patrol_at", Problem::BadTime);
    refused("tenant.toml", "\"18:00\"", "\"8:00\"", 11, "ends_at", Problem::OutOfOrder);
    refused("tenant.toml", "\"14:00\"", "\"11:00\"", 12, "work", Problem::OutOfOrder);
    refused(
        "tenant.toml",
        "\"file\", \"dispatch\"",
        "\"dispatch\", \"file\"",
        20,
        "steps",
        Problem::OutOfOrder,
    );
    refused_word(
        "tenant.toml",
        "automatic = [\"file\"",
        "automatic = [\"confirm\"",
        21,
        "automatic",
        "dispatch",
    );
    refused_word("tenant.toml", "\"verify\"", "\"verified\"", 20, "steps", "verify");
    let (row, _, problem) = Files::park().edit("tenant.toml", "[duplicate]", "[duplicate").fault();
    assert!(row == Some(14) && matches!(problem, Problem::Syntax(_)), "{row:?} {problem:?}");
}

#[test]
fn rules() {
    for amount in ["-0.5", "\"-0.5\"", "\"1/0\"", "\"1/2/3\"", "\"-\"", "\"9999999\"", "true", "[1]"] {
        let fault = Files::park().edit("rules.toml", "\"1000\"", amount).fault();
        let problem = if amount.contains('[') { Problem::NotExact } else { fault.2.clone() };
        assert_eq!(fault, (Some(5), "base".to_owned(), problem.clone()), "{amount}");
        assert_eq!(problem, Problem::NotExact, "{amount}");
    }
    refused_word("rules.toml", "finding-city", "finding-town", 17, "when", "finding-city");
    refused("rules.toml", "\"R02\"", "\"R01\"", 22, "id", Problem::Duplicate { row: 14 });
    refused("rules.toml", "\"park-02\"", "\"park-99\"", 7, "tiers", Problem::Unknown { file: "units.csv" });
    refused("rules.toml", "\"park-02\"", "\"park-02-c01\"", 7, "tiers", Problem::NotACommunity);
    refused("rules.toml", "\"park-09\"", "\"park-02\"", 8, "tiers", Problem::Duplicate { row: 7 });
    refused(
        "rules.toml",
        "halved_on_the_spot = true",
        "halved_on_the_spot = 1",
        19,
        "halved_on_the_spot",
        Problem::WrongType { wanted: "true or false" },
    );
    let twice = Files::park().text("rules.toml");
    let (_, _, problem) = Files::park().put("rules-2027.toml", &twice).fault();
    assert_eq!(problem, Problem::DuplicateIn { file: "rules-2027.toml".to_owned() });
    let next = twice.replace("id = \"park-2026\"", "id = \"park-2027\"");
    assert_eq!(Files::park().put("rules-2027.toml", &next).import().unwrap().counts.rule_sets, 2);
}

#[test]
fn polygons() {
    let unknown = Problem::Unknown { file: "units.csv" };
    refused("cells.geojson", "\"unit\": \"park-02\"", "\"unit\": \"park-99\"", 3, "park-02", unknown);
    refused(
        "cells.geojson",
        "\"id\": \"park-02\"",
        "\"id\": \"park-01\"",
        3,
        "park-01",
        Problem::Duplicate { row: 2 },
    );
    refused("cells.geojson", "\"level\": \"community\", ", "", 2, "level", Problem::Missing);
    refused("cells.geojson", "\"Polygon\"", "\"Point\"", 2, "park-01", Problem::NotOneRing);
    refused(
        "cells.geojson",
        "[116.826447, 38.304542], [116.831142",
        "[38.304542, 116.826447], [116.831142",
        2,
        "park-01",
        Problem::OutOfRange { least: -90, most: 90 },
    );
    let text = Files::park().text("cells.geojson");
    let (start, end) = (text.find("[[[").unwrap(), text.find("]]]").unwrap());
    let ring = &text[start + 2..end + 1];
    refused(
        "cells.geojson",
        ring,
        "[116.8, 38.3], [116.9, 38.3], [116.8, 38.3]",
        2,
        "park-01",
        Problem::FewCorners,
    );
    refused(
        "cells.geojson",
        &format!("[[{ring}]"),
        &format!("[[{ring}], [{ring}]"),
        2,
        "park-01",
        Problem::NotOneRing,
    );
    let (row, _, problem) = Files::park().edit("cells.geojson", "]]]}},\n", "]]]}}\n").fault();
    assert!(row == Some(3) && matches!(problem, Problem::Syntax(_)), "{row:?} {problem:?}");
    let (_, _, problem) = Files::park().put("cells.geojson", &"[".repeat(100_000)).fault();
    assert!(matches!(problem, Problem::Syntax(_)), "{problem:?}");
}

const ANNOUNCEMENTS: &str = "编号,类型,社区,点位,检查,日期,说明\n\
    G001,市级检查无问题,park-02,P011,三月市级抽查,2026-03-12,点位无问题\n\
    G002,街道表扬,park-02,,,2026-03-13,\n";

#[test]
fn announcements() {
    let files = Files::park().put("announcements.csv", ANNOUNCEMENTS);
    let import = files.import().unwrap();
    assert_eq!((import.counts.announcements, import.warnings.len()), (2, 0));
    assert_eq!(files.import().unwrap().update, import.update, "the same number is the same announcement");
    let park = reference(import);
    let clean = park.announcements.values().find(|announcement| announcement.point.is_some()).unwrap();
    assert_eq!(clean.check.as_deref(), Some("三月市级抽查"));
    assert_eq!(park.tenant.unwrap().zone.show(clean.at), "2026-03-12 00:00");

    let fault = |from, to| files.clone().edit("announcements.csv", from, to).fault();
    assert_eq!(fault(",P011,", ",,"), (Some(2), "点位".to_owned(), Problem::Empty));
    assert_eq!(fault("街道表扬,park-02", "街道表扬,park-02-c01").2, Problem::NotACommunity);
    assert_eq!(fault("G002", "G001").2, Problem::Duplicate { row: 2 });
}

#[test]
fn what_may_be_a_mistake_is_imported_with_a_warning() {
    let import = Files::park()
        .edit("points.csv", "38.308567,116.830554", "38.308567,116.840554")
        .edit("points.csv", "P002,北苑新村,居民小区,park-01-c02", "P002,北苑新村,居民小区,dept-huanwei")
        .edit("points.csv", "督导组\n", "督导小组\n")
        .edit("tenant.toml", "[duplicate]", "[duplicate]\nminutes = 5")
        .import()
        .unwrap();
    let warnings: Vec<_> =
        import.warnings.iter().map(|w| (w.row, w.column.as_deref(), w.problem.clone())).collect();
    let outside = Doubt::OutsideCommunity { community: "park-01".to_owned() };
    assert_eq!(
        warnings,
        [
            (Some(1), Some("督导小组"), Doubt::UnknownColumn),
            (Some(2), Some("编号"), outside),
            (Some(3), Some("所属"), Doubt::NoCommunity),
            (Some(15), Some("minutes"), Doubt::UnknownColumn),
        ]
    );
}

#[test]
fn faults_of_all_files_come_together_and_end() {
    let files = Files::park()
        .edit("points.csv", "P001,北苑小区,居民小区,park-01-c01", "P001,,居民小区,park-99")
        .edit("calendar.csv", "休", "歇")
        .edit("rules.toml", "finding-city", "finding-town");
    let places: Vec<_> = files.errors().into_iter().map(|e| (e.file, e.row)).collect();
    let expected = [("calendar.csv", 2), ("points.csv", 2), ("points.csv", 2), ("rules.toml", 17)];
    assert_eq!(places, expected.map(|(file, row)| (file.to_owned(), Some(row))));

    let text = Files::park().text("assignments.csv").replace("2026-01-01", "soon");
    let points = Files::park().text("points.csv").replace(",38.", ",soon");
    let errors = Files::park().put("assignments.csv", &text).put("points.csv", &points).import().unwrap_err();
    assert_eq!(errors.errors.len(), crate::import::MOST_ERRORS);
    assert_eq!(errors.errors.len() + errors.more, (text + &points).matches("soon").count());
}
