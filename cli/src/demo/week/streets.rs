//! Row 12: a mall that is gridded inside, by building and floor. It lies in the high-tech zone, which has a server of its
//! own.

use super::{Failure, Office, Week, must};
use crate::language::say;
use sanben_domain::reference::UnitKind;

/// 12.
pub(super) fn mall(week: &Week<'_>) -> Result<(), Failure> {
    let (stage, language) = (week.stage, week.stage.language);
    week.row(12, &say!(language, "week-mall"), 22, 18, 0);
    let zone = Office::open(&stage.dir.join("zone"), &stage.clock)?;
    let (server, data) = (stage.store("zone"), stage.beside().to_string_lossy().into_owned());
    stage.run_quietly(&["import", "--dir", &server, &data])?;
    let reference = zone.reference()?;
    let floors: Vec<_> = reference.units.values().filter(|unit| unit.kind == UnitKind::Floor).collect();
    let below = |id, kind| reference.ancestors(id).any(|unit| unit.kind == kind);
    must(!floors.is_empty(), "the mall has floors")?;
    for floor in &floors {
        must(
            below(&floor.id, UnitKind::Building) && below(&floor.id, UnitKind::Venue),
            "each in a building of it",
        )?;
    }
    stage.tell(&say!(language, "week-mall-text", floors = floors.len()));
    Ok(())
}
