//! What an office's own tools do to the files without changing what they say.

use super::*;

#[track_caller]
fn same_as_park(files: &Files) {
    let import = files.import().unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(import.update, Files::park().import().unwrap().update);
    assert_eq!(import.warnings, []);
}

fn each_table(change: impl Fn(&str) -> String) -> Files {
    let mut files = Files::park();
    for name in files.0.keys().cloned().collect::<Vec<_>>() {
        if name.ends_with(".csv") {
            let changed = change(&files.text(&name));
            files = files.put(&name, &changed);
        }
    }
    files
}

#[test]
fn byte_order_mark_and_line_ends() {
    same_as_park(&each_table(|text| format!("\u{feff}{}", text.replace('\n', "\r\n"))));
    same_as_park(&each_table(|text| text.replace('\n', "\r")));
    same_as_park(&each_table(|text| text.trim_end().to_owned()));
}

#[test]
fn empty_rows_and_spaces() {
    same_as_park(&each_table(|text| format!("\n\n{}\n,,,\n \n", text.replace('\n', "\n\n,,\n"))));
    same_as_park(&each_table(|text| text.replace(',', " ,\u{3000}")));
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_shows_them() {
    let text = Files::park().text("points.csv");
    let spread = text.replacen("P003", "\n,,,\nP003", 1).replacen("P013", "P0/13", 1);
    for text in
        [spread.clone(), spread.replace('\n', "\r\n"), spread.replacen("北苑小区", "\"北苑\n小区\"", 1)]
    {
        let errors = Files::park().put("points.csv", &text).errors();
        let row = errors.iter().find(|error| error.problem == Problem::BadCode).unwrap().row;
        assert_eq!(row, Some(16), "14, an empty line and an empty row later");
    }
}

#[test]
fn quoted_cells() {
    same_as_park(&each_table(|text| {
        let quote =
            |line: &str| line.split(',').map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(",");
        text.lines().map(quote).collect::<Vec<_>>().join("\n")
    }));
}

#[test]
fn columns_in_another_order() {
    same_as_park(&each_table(|text| {
        let turn = |line: &str| line.split(',').rev().collect::<Vec<_>>().join(",") + "\n";
        text.lines().map(turn).collect()
    }));
}

#[test]
fn english_headers_and_words() {
    let headers = [
        ("units.csv", "ID,Name,Kind,Parent"),
        ("points.csv", "id,name,kind,unit,latitude,longitude,team"),
        ("teams.csv", "id,name,leader"),
        ("people.csv", "id,name,role,unit,team"),
        ("assignments.csv", "point,person,duty,from,until"),
        ("standards.csv", "id,clause,name,applies_to,limit,demand"),
        ("calendar.csv", "day,kind,name"),
    ];
    let words = [
        ("units.csv", ",街道,", ",Subdistrict,"),
        ("units.csv", ",物业,", ",property firm,"),
        ("people.csv", ",网格员,", ",grid_member,"),
        ("assignments.csv", ",点位负责人,", ",head,"),
        ("calendar.csv", ",休,", ",free,"),
        ("standards.csv", ",全部,", ",all,"),
        ("standards.csv", ",当日,", ",same day,"),
        ("standards.csv", ",4工作小时,", ",4 working hours,"),
        ("standards.csv", ",1工作日,", ",1 working day,"),
        ("standards.csv", ",7日,", ",7 days,"),
    ];
    let mut files = Files::park();
    for (file, header) in headers {
        let first = files.text(file).lines().next().unwrap().to_owned();
        files = files.edit(file, &first, header);
    }
    for (file, zh, en) in words {
        files = files.edit(file, zh, en);
    }
    same_as_park(&files);
}

#[test]
fn full_width_forms() {
    same_as_park(
        &Files::park()
            .edit("points.csv", "P011,", "Ｐ０１１,")
            .edit("points.csv", "38.308567", "３８．３０８５６７")
            .edit("assignments.csv", "2026-01-01", "２０２６－０１－０１")
            .edit("standards.csv", "4工作小时", "４ 个工作小时")
            .edit("standards.csv", "公园广场、河道沿线", "公园广场，河道沿线"),
    );
}

#[test]
fn days_as_a_spreadsheet_rewrites_them() {
    for day in ["2026/1/1", "2026/1/1 0:00", "2026-01-01 00:00:00", "2026年1月1日", "2026.1.1"] {
        same_as_park(&Files::park().edit("assignments.csv", "2026-01-01", day).edit(
            "calendar.csv",
            "2026-01-01",
            day,
        ));
    }
}

#[test]
fn settings_with_bare_values() {
    same_as_park(
        &Files::park()
            .edit("tenant.toml", "\"07:00\"", "07:00:00")
            .edit("rules.toml", "\"2026-01-01\"", "2026-01-01")
            .edit("rules.toml", "points = \"-2\"", "points = -2"),
    );
}

#[test]
fn polygons_as_other_tools_write_them() {
    let text = Files::park().text("cells.geojson");
    let pretty =
        serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(&text).unwrap()).unwrap();
    same_as_park(&Files::park().put("cells.geojson", &pretty));
    let multi = text.replace("\"Polygon\"", "\"MultiPolygon\"").replace("[[[", "[[[[").replace("]]]", "]]]]");
    same_as_park(&Files::park().put("cells.geojson", &multi));
}
