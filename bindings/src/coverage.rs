//! Where in the grid something is lacking that a standard asks for in each node.

use crate::failure::FieldFailure;
use crate::field::Field;
use crate::score::Period;
use sanben_domain::coverage;

/// What is lacking in a node.
pub type Lack = coverage::Lack;

/// What is lacking in a node.
#[uniffi::remote(Enum)]
pub enum Lack {
    /// There is no point that the standard holds for.
    NoPoint,
    /// Nobody looked in these days.
    NotSeen,
    /// Somebody looked, and it was not met at any point.
    NotMet,
}

/// A node in which a standard's demand is not met, as far as anybody saw.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Uncovered {
    /// The code of the standard.
    pub standard: String,
    /// The code of the node.
    pub node: String,
    /// What is lacking.
    pub lack: Lack,
}

#[uniffi::export]
impl Field {
    /// The nodes of the grid in which a standard asks for something that nobody found there in these days.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn uncovered(&self, period: Period) -> Result<Vec<Uncovered>, FieldFailure> {
        self.call(|field| {
            let nodes = field.uncovered(period.into())?.into_iter().map(|it| Uncovered {
                standard: it.standard.to_string(),
                node: it.node.to_string(),
                lack: it.lack,
            });
            Ok(nodes.collect())
        })
    }
}
