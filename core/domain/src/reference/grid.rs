//! The grid: 网 - 格 - 点 - 人. Units form a tree, points hang on units, polygons tile the ground.

use crate::id::{CellId, PointId, TeamId, UnitId};
use crate::place::{Coordinate, Ring};
use serde::{Deserialize, Serialize};

/// What a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitKind {
    /// 区: a district.
    District,
    /// 街道: a subdistrict.
    Subdistrict,
    /// 社区: a community (or a village).
    Community,
    /// 小区: a residential compound.
    Compound,
    /// 部门: a department, of the tenant or a guest.
    Department,
    /// 物业: a property firm.
    PropertyFirm,
    /// 商场: a venue that is gridded on the inside, by building and floor.
    Venue,
    /// 楼座: a building of a venue. A standard may ask for something in each of them.
    Building,
    /// 楼层: a floor of a building.
    Floor,
    /// 市直单位, 共建单位: a guest that is neither a department of the tenant nor a property firm, such as a
    /// city bureau, a bus company, a bank.
    Guest,
}

/// A unit of the grid tree or an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its code.
    pub id: UnitId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
    /// The unit above; `None` for the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<UnitId>,
}

/// A point (点位): a place that is assessed and that somebody answers for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Its code.
    pub id: PointId,
    /// Its name.
    pub name: String,
    /// Its kind (类别) in the words of the tenant's standards.
    pub kind: String,
    /// The unit it hangs on.
    pub unit: UnitId,
    /// Where it is.
    pub at: Coordinate,
    /// The inspection team that walks it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
}

/// How fine a polygon of the grid is; a later variant is finer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CellLevel {
    /// The area of a community.
    Community,
    /// 单元网格: a basic management cell.
    Cell,
}

/// A polygon of the grid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Its code.
    pub id: CellId,
    /// How fine it is.
    pub level: CellLevel,
    /// The unit it belongs to.
    pub unit: UnitId,
    /// Its border.
    pub ring: Ring,
}
