//! Sheets at the desk: counted, previewed, published once and for all.

use crate::device::*;
use sanben_document::IntentBody;
use sanben_domain::case::Source;
use sanben_domain::id::{CaseId, UnitId};
use sanben_domain::reference::{ReferenceRow, ReferenceUpdate};
use sanben_domain::score::{Period, ScoreError, ScoreSheet};
use sanben_domain::time::Zone;
use sanben_server::import::read_rules;
use sanben_server::{PublishError, SheetsError};

const HOUR: i64 = 3_600_000;

/// An inspector of the first team finds something at a point of the first community.
fn found(desk: &Desk, inspector: &mut Device) -> CaseId {
    let mut intent = inspector.report_intent("park-01", "P001", &[]);
    let IntentBody::Report { source, .. } = &mut intent.body else { panic!("a report") };
    *source = Source::Subdistrict;
    inspector.record(&intent);
    inspector.sync(&desk.server);
    intent.document
}

fn sheet(desk: &Desk, period: Period) -> ScoreSheet {
    desk.server.sheets(Some(&[UnitId::from("park-01")]), &[period], None, None).unwrap().remove(0)
}

#[test]
fn the_desk_publishes_a_month_and_what_came_late_is_in_the_next() {
    let desk = Desk::park();
    let mut inspector = desk.synced(INSPECTOR);
    found(&desk, &mut inspector);
    let march = Period::month_of(Zone::CHINA.day(MORNING));
    let open = sheet(&desk, march);
    assert_eq!(open.entries.len(), 1);
    assert!(matches!(desk.server.publish_sheets(march), Err(SheetsError::NotOver)));

    // Found in March, brought in April.
    desk.wait(HOUR);
    let mut late = inspector.report_intent("park-01", "P002", &[]);
    let IntentBody::Report { source, .. } = &mut late.body else { panic!("a report") };
    *source = Source::Subdistrict;
    desk.wait(12 * 24 * HOUR);
    let (sheets, published) = desk.server.publish_sheets(march).unwrap();
    assert_eq!((sheets.len(), published.new), (14, 14));
    let paper = sheet(&desk, march);
    assert!(paper.published.is_some());
    inspector.record(&late);
    inspector.sync(&desk.server);
    assert_eq!(sheet(&desk, march), paper, "the paper stands");
    let april = sheet(&desk, Period::month_of(march.until));
    let late_lines = april.entries.iter().filter(|entry| entry.case == Some(late.document));
    assert!(
        late_lines.clone().count() > 0 && late_lines.clone().all(|line| line.corrects.is_some()),
        "{april:?}"
    );

    let again = desk.server.publish_sheets(march);
    assert!(matches!(again, Err(SheetsError::Score(ScoreError::Published(_)))), "{again:?}");
    let of_community = &desk.server.reference().unwrap().publications[&UnitId::from("park-01")];
    let mut forged = of_community[&march].clone();
    forged.total = forged.total.0.numer().to_string().parse().unwrap();
    forged.lines.clear();
    let rows = vec![ReferenceRow::Publication(forged)];
    let forged = desk.server.publish(ReferenceUpdate { rows, removed: Vec::new() });
    assert!(matches!(forged, Err(PublishError::Stands)), "{forged:?}");
}

#[test]
fn a_preview_changes_nothing() {
    let desk = Desk::park();
    let mut inspector = desk.synced(INSPECTOR);
    found(&desk, &mut inspector);
    let march = Period::month_of(Zone::CHINA.day(MORNING));
    let before = sheet(&desk, march);
    let file = park().join("../rules/work-30-field-70.toml");
    let rules = read_rules(&file, &desk.server.reference().unwrap()).unwrap();
    let would_be = desk.server.sheets(None, &[march], None, Some(rules)).unwrap();
    assert_eq!(would_be.len(), 14);
    assert_eq!(would_be[0].total.to_string(), "99");
    assert_eq!(sheet(&desk, march), before);
}
