//! Sheets of one device against those of the others, and against the model.

use crate::invariant::{Invariant, broken};
use crate::score;
use crate::truth::Held;
use crate::world::World;
use sanben_document::Record;
use sanben_domain::id::{DocumentId, UnitId};
use sanben_domain::score::Period;
use sanben_domain::time::Zone;
use std::collections::BTreeMap;

pub(crate) type Sheets = BTreeMap<(UnitId, BTreeMap<String, u64>), Vec<u8>>;

/// The sheets of a device against those of the others, and against the model; how many entries there were.
pub(crate) fn sheets_of(
    world: &World,
    number: usize,
    documents: &BTreeMap<DocumentId, Held>,
    sheets: &mut Sheets,
) -> usize {
    let (field, now) = (world.devices[number].field(), world.time.now());
    let reference = field.reference().unwrap();
    let mut entries = 0;
    for community in ["park-02", "park-05"].map(UnitId::from) {
        let month = Period::month_of(Zone::CHINA.day(now));
        // A sheet is for those who hold the community's work.
        let work = sanben_domain::rights::home_scope(&community);
        if !field.store().standing().unwrap().cursors.contains_key(&work) {
            continue;
        }
        let Ok(sheet) = field.score(&community, month, Some(now)) else { continue };
        let bytes = sheet.to_bytes().unwrap();
        match sheets.get(&(community.clone(), sheet.cut.clone())) {
            Some(other) if *other != bytes => {
                broken(Invariant::SheetBytes, &format!("device {number} has another sheet for the same cut"));
            }
            Some(_) => {}
            None => drop(sheets.insert((community.clone(), sheet.cut.clone()), bytes)),
        }
        let records = documents.values().filter(|held| held.scopes.contains_key(&work));
        let records = records.filter_map(|held| match held.document.record() {
            Ok(Record::Case(record)) => Some(record),
            _ => None,
        });
        let records: Vec<_> = records.collect();
        let expected = score::half_points(&records, &reference, &community, month, now);
        let moved = (sheet.total.0 - sheet.base.0) * 2;
        if moved != expected.into() {
            let known: Vec<_> = records.iter().map(|record| record.id).collect();
            let lines = sheet.entries.iter().map(|entry| {
                let here = entry.case.is_none_or(|case| known.contains(&case));
                format!("{} {} {:?} in the scope: {here}", entry.points.0, entry.rule, entry.case)
            });
            let lines = lines.collect::<Vec<_>>().join("\n");
            let how = format!(
                "device {number}: {community} moved by {moved} halves, the model says {expected}\n{lines}"
            );
            broken(Invariant::SheetModel, &how);
        }
        entries += sheet.entries.len();
    }
    entries
}
