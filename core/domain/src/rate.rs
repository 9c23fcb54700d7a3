//! Rates as offices print them: percent with two decimals, rounded half up, exact until then.

use crate::case::{CaseState, Lateness, Status, finding_lateness};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rate {
    /// So many.
    pub part: u64,
    /// Of so many.
    pub whole: u64,
}

impl Rate {
    /// Counts one more, and whether it is one of the part.
    pub fn count(&mut self, is: bool) {
        self.whole += 1;
        self.part += u64::from(is);
    }
}

impl fmt::Display for Rate {
    /// `93.33%`; a stroke where there is nothing to divide by.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.whole == 0 {
            return f.write_str("—");
        }
        let (part, whole) = (u128::from(self.part), u128::from(self.whole));
        let hundredths = (part * 20_000 + whole) / (2 * whole);
        write!(f, "{}.{:02}%", hundredths / 100, hundredths % 100)
    }
}

/// How a set of cases was handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Handled {
    /// 结案率: closed, of all that were reported and neither voided nor merged.
    pub closed: Rate,
    /// 按期结案率: every finding put right in time, of those that were put right or are past their deadline.
    /// What only a doubtful clock or an open dispute calls late is not late.
    pub on_time: Rate,
}

impl Handled {
    /// Counts a case as it stands at an instant.
    pub fn count(&mut self, state: &CaseState, now: Timestamp) {
        if matches!(state.status, Status::Voided | Status::Merged) {
            return;
        }
        self.closed.count(state.status == Status::Closed);
        let terms = (0..state.terms.len()).map(|finding| finding_lateness(state, finding, now));
        let terms: Vec<_> = terms.collect();
        let late = terms.contains(&Lateness::Late);
        if late || (!terms.is_empty() && !terms.contains(&Lateness::NotDue)) {
            self.on_time.count(!late);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_decimals_half_up() {
        let shown = |part, whole| Rate { part, whole }.to_string();
        assert_eq!(shown(14, 15), "93.33%");
        assert_eq!(shown(2, 3), "66.67%");
        assert_eq!(shown(1, 1), "100.00%");
        assert_eq!(shown(0, 7), "0.00%");
        // 0.005 % is the edge, and 1/20000 is no number in binary.
        assert_eq!(shown(1, 20_000), "0.01%");
        assert_eq!(shown(1, 20_001), "0.00%");
        assert_eq!(shown(0, 0), "—");
        assert_eq!(shown(u64::MAX, u64::MAX), "100.00%");
    }

    #[test]
    fn a_mock_assessment_of_1166_observations() {
        // Published as 70.1 %: 817 of 1,166 met; one more would be 70.2 %.
        assert_eq!(Rate { part: 817, whole: 1_166 }.to_string(), "70.07%");
        assert_eq!(Rate { part: 818, whole: 1_166 }.to_string(), "70.15%");
    }
}
