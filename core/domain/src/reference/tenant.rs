//! The settings of a tenant: its day, its workflow, its idea of a duplicate.

use crate::case::Step;
use crate::id::TenantId;
use crate::time::Zone;
use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

/// A jurisdiction's own settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// Its code; the root unit of the grid has the same one.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// Its zone.
    pub zone: Zone,
    /// The shape of a day.
    pub day: DayPlan,
    /// When two reports may be the same problem.
    pub duplicate: DuplicateRule,
    /// The steps a case takes here.
    pub workflow: Workflow,
    /// For so many days work that was recorded without a network is judged by what its author knew then, on
    /// their word; what is older and not allowed any more, a person looks at.
    #[serde(default = "Tenant::a_week")]
    pub offline_days: u16,
}

impl Tenant {
    /// A phone that was off over a holiday is fairly judged.
    #[must_use]
    pub fn a_week() -> u16 {
        7
    }
}

/// The shape of a day in the tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayPlan {
    /// 晨扫描: when the morning patrol starts.
    pub patrol_at: NaiveTime,
    /// 晚督导: when the look-back starts.
    pub look_back_at: NaiveTime,
    /// When the day is over for the same-day rule.
    pub ends_at: NaiveTime,
    /// Working hours as (from, until), in order.
    pub work: Vec<(NaiveTime, NaiveTime)>,
}

/// When two reports may be the same problem: same standard, near, recent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DuplicateRule {
    /// No further apart than this, metres.
    pub metres: u32,
    /// No further apart than this, hours.
    pub hours: u32,
}

/// Which steps a case takes, and which of them need no person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workflow {
    /// The steps in use, in order.
    pub steps: Vec<Step>,
    /// Those among them that happen by themselves as soon as the step before is done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub automatic: Vec<Step>,
}

impl Workflow {
    /// Whether a person has to take this step here.
    #[must_use]
    pub fn needs(&self, step: Step) -> bool {
        self.steps.contains(&step) && !self.automatic.contains(&step)
    }
}
