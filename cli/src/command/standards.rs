//! `field standards [--point P] [TEXT]`: the standard ledger.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::words;
use sanben_domain::id::PointId;
use sanben_domain::reference::Standard;
use sanben_field::Field;
use serde::Serialize;

/// Which standards.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct StandardsArgs {
    /// Only those that hold at this point.
    #[arg(long)]
    pub(crate) point: Option<PointId>,
    /// A part of name, clause or demand.
    pub(crate) text: Option<String>,
}

/// Lists them, by code.
///
/// # Errors
/// As [`Field::standards`].
pub(crate) fn run(args: &StandardsArgs, field: &Field) -> Result<Standards, CommandError> {
    Ok(Standards { standards: field.standards(args.point.as_ref(), args.text.as_deref())? })
}

/// The standards.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Standards {
    /// By code.
    pub(crate) standards: Vec<Standard>,
}

impl Outcome for Standards {
    fn show(&self, language: Language) -> String {
        let mut table = Table::new([
            say!(language, "label-code"),
            say!(language, "label-clause"),
            say!(language, "label-standard"),
            say!(language, "label-limit"),
            say!(language, "label-demand"),
        ]);
        for standard in &self.standards {
            table.row([
                standard.id.to_string(),
                standard.clause.clone(),
                standard.name.clone(),
                words::time_limit(language, standard.limit),
                standard.demand.clone(),
            ]);
        }
        table.lines()
    }
}
