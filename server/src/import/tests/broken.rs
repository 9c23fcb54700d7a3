use super::*;

/// The table of `data/broken/README.md`: folder, file, line, column.
fn promised() -> Vec<[String; 4]> {
    let table = std::fs::read_to_string(data().join("broken/README.md")).unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let mut cells = row.split('|').skip(1).map(|cell| cell.trim().trim_matches('`').to_owned());
        std::array::from_fn(|_| cells.next().unwrap())
    })
    .collect()
}

#[test]
fn every_folder_is_refused_where_its_table_says() {
    let mut tried = 0;
    for [folder, file, line, column] in promised() {
        if folder.starts_with("photo-") {
            continue;
        }
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in &Files::park().0 {
            std::fs::write(dir.path().join(name), bytes).unwrap();
        }
        std::fs::copy(data().join("broken").join(&folder).join(&file), dir.path().join(&file)).unwrap();

        let errors = read(dir.path()).expect_err(&folder).errors;
        let column = Some(column).filter(|column| column != "—");
        let named = errors
            .iter()
            .filter(|error| error.file == file && error.row == line.parse().ok() && error.column == column);
        assert_eq!(named.count(), 1, "{folder}: {errors:#?}");
        // A code that is there twice leaves another one without a row; apart from that one fault is one error.
        let others = errors.iter().filter(|error| !matches!(error.problem, Problem::Unknown { .. }));
        assert!(
            errors.len() == 1 || (folder.ends_with("duplicate-id") && others.count() == 1),
            "{errors:#?}"
        );
        tried += 1;
    }
    let folders = std::fs::read_dir(data().join("broken")).unwrap().filter(|entry| {
        let entry = entry.as_ref().unwrap();
        entry.path().is_dir() && !entry.file_name().to_str().unwrap().starts_with("photo-")
    });
    assert_eq!(tried, folders.count(), "every folder is in the table");
}

#[test]
fn both_languages_name_place_value_and_remedy() {
    let errors = Files::park().edit("points.csv", "park-01-c02,38", "park-77,38").import().unwrap_err();
    let text = errors.to_string();
    for part in ["points.csv, row 3, 所属", "`park-77`", "units.csv", "add it there"] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
    let text = errors.zh();
    for part in ["points.csv 第 3 行“所属”", "“park-77”", "units.csv", "补上"] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
}
