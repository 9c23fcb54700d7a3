//! Draws, templates, scores and reports from the command line.

use crate::desk::{Desk, ask, data};
use std::path::Path;

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_draw_goes_round_and_anybody_checks_it() {
    let dir = tempfile::tempdir().unwrap();
    let [list, file, copy, late] =
        ["list.txt", "draw.json", "copy.json", "late.json"].map(|name| dir.path().join(name));
    std::fs::write(&list, (1..=40).map(|n| format!("P{n:03}\n")).collect::<String>()).unwrap();
    let parties = ["--party", "纪检", "--party", "居民代表"];
    let freeze = ["draw", "freeze", text(&list), "--title", "三月抽查", "--draw", "5", "-o", text(&file)];
    let frozen = ask(freeze.into_iter().chain(parties));
    assert_eq!(frozen.status, 0, "{:#}", frozen.json);
    assert_eq!(ask(freeze.into_iter().chain(parties)).status, 1, "a frozen list is not frozen again over it");
    let step = |step: &str, party: &str, secret: &str| {
        ask(["draw", step, text(&file), party, "--secret", text(&dir.path().join(secret))])
    };
    assert_eq!(step("commit", "纪检", "one").status, 0);
    assert_eq!(step("reveal", "纪检", "one").status, 1, "not before all have committed");
    let committed = step("commit", "居民代表", "two");
    assert_eq!(committed.status, 0);
    let (hash, committed) = (frozen.text("/draw/frozen"), committed.text("/committed"));
    assert_eq!(step("reveal", "居民代表", "two").status, 0, "in any order");
    std::fs::copy(&file, &late).unwrap();
    assert_eq!(step("reveal", "纪检", "one").status, 0);
    let drawn = ask(["draw", "result", text(&file)]);
    assert_eq!(drawn.list("/draw/drawn").len(), 5);
    assert_eq!(drawn.text("/committed"), committed);
    assert_eq!(ask(["verify-draw", text(&file), "--frozen", &hash, "--committed", &committed]).status, 0);
    assert_eq!(ask(["verify-draw", text(&file), "--committed", &hash]).status, 1);
    let forged = std::fs::read_to_string(&file).unwrap().replacen("P001", "P041", 1);
    std::fs::write(&copy, forged).unwrap();
    assert_eq!(ask(["verify-draw", text(&copy)]).status, 1);

    // The same draw, had one party waited until the result was asked for: void, and no later reveal mends it.
    let one = dir.path().join("one");
    let reveal = || ask(["draw", "reveal", text(&late), "纪检", "--secret", text(&one)]);
    let result = || ask(["draw", "result", text(&late)]);
    let verify = || ask(["verify-draw", text(&late)]);
    for refused in [result(), reveal(), result(), verify()] {
        assert_eq!(refused.status, 1);
        assert!(refused.text("/error/message").contains("纪检"), "{:#}", refused.json);
    }
    let void: serde_json::Value = serde_json::from_slice(&std::fs::read(&late).unwrap()).unwrap();
    assert_eq!(void["void"], serde_json::json!(["纪检"]));

    let mut names: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(
        names,
        ["copy.json", "draw.json", "late.json", "list.txt", "one", "two"],
        "nothing is left beside"
    );
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&one).unwrap()) & 0o077, 0);
}

#[test]
fn the_desk_previews_publishes_and_prints() {
    let desk = Desk::closed();
    let (server, out) = (desk.server_dir(), desk.dir().join("out"));
    std::fs::create_dir_all(&out).unwrap();
    let server = text(&server);
    let imported = ask(["import", "--dir", server, text(&data("park"))]);
    assert_eq!(imported.status, 0, "{:#}", imported.json);
    let rules = data("rules/work-30-field-70.toml");
    let month = ["--dir", server, "--month", "2026-02"];
    let preview = ask(["score", "--rules", text(&rules), "--preview"].into_iter().chain(month));
    assert_eq!(preview.list("/places").len(), 14, "{:#}", preview.json);
    assert_eq!(
        (preview.text("/places/0/total"), preview.text("/places/0/under")),
        ("1000".into(), "100".into())
    );
    let published = ask(["publish-scores"].into_iter().chain(month));
    assert_eq!(published.status, 0, "{:#}", published.json);
    assert_eq!(ask(["publish-scores"].into_iter().chain(month)).text("/error/code"), "score");
    for (kind, file) in [
        ("bulletin", "通报.docx"),
        ("bulletin", "通报.xlsx"),
        ("weekly", "汇总.html"),
        ("brief", "简报.docx"),
        ("notice", "通报.html"),
        ("daily", "日报.xlsx"),
        ("cases", "清单.xlsx"),
    ] {
        let file = out.join(file);
        let said = ask(["report", kind, "--dir", server, "--month", "2026-02", "-o", text(&file)]);
        assert_eq!(said.status, 0, "{kind}: {:#}", said.json);
        assert!(std::fs::metadata(&file).unwrap().len() > 500, "{kind}");
    }
    let none = ask(["report", "year", "--dir", server, "-o", text(&out.join("年.docx"))]);
    assert_eq!(none.text("/error/code"), "report", "the park's rules say nothing of the year's end");
}

#[test]
fn a_dry_run_shows_what_would_change_and_changes_nothing() {
    let desk = Desk::closed();
    let (server, folder) = (desk.server_dir(), desk.dir().join("folder"));
    let server = text(&server);
    assert_eq!(ask(["import", "--dir", server, text(&data("park"))]).status, 0);
    std::fs::create_dir_all(&folder).unwrap();
    for entry in std::fs::read_dir(data("park")).unwrap().map(Result::unwrap).filter(|e| e.path().is_file()) {
        std::fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    let points = std::fs::read_to_string(folder.join("points.csv")).unwrap();
    std::fs::write(folder.join("points.csv"), points.replacen("北苑小区", "北苑东区", 1)).unwrap();
    let dry = ["import", "--dir", server, text(&folder), "--dry-run"];
    for _ in 0..2 {
        let dry = ask(dry);
        assert_eq!(dry.list("/rows").len(), 1, "{:#}", dry.json);
        assert_eq!((dry.text("/rows/0/kind"), dry.text("/rows/0/key")), ("point".into(), "P001".into()));
        assert_eq!(dry.text("/rows/0/what"), "changed");
        assert_eq!(dry.text("/rows/0/fields/0/2"), "北苑东区");
    }
    let template = folder.join("模板.xlsx");
    let renamed = folder.join("模板.csv");
    let refused = ask(["template", "points", "-o", text(&renamed)]);
    assert_eq!((refused.status == 0, renamed.exists()), (false, false), "a workbook under another name");
    assert_eq!(ask(["template", "points", "-o", text(&template)]).status, 0);
    // A mistyped unit is no unit in which nothing happened.
    let paper = folder.join("周报.html");
    let report = ["report", "weekly", "--dir", server, "--unit", "park-022", "-o", text(&paper)];
    let refused = ask(report);
    assert_eq!((refused.status, paper.exists()), (1, false));
    assert!(refused.text("/error/message").contains("park-02"), "{:#}", refused.json);
}
