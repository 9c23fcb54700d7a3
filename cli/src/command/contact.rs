//! `field contact CASE`: whom a case is about. It travels apart from the case, to those who keep contacts.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::view::{Names, case_named, delivery, short};
use sanben_domain::id::{CaseId, ContactId};
use sanben_field::{ContactRow, Delivery, Field, NewContact};
use serde::Serialize;

/// Which case, and whom it is about.
#[derive(Clone, clap::Args)]
pub(crate) struct ContactArgs {
    /// The case, by id or prefix.
    pub(crate) case: String,
    /// The name.
    #[arg(long, default_value_t)]
    pub(crate) name: String,
    /// How to reach them.
    #[arg(long, default_value_t)]
    pub(crate) phone: String,
    /// What else.
    #[arg(long, default_value_t)]
    pub(crate) note: String,
}

/// Nothing of it belongs into a log.
impl std::fmt::Debug for ContactArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ContactArgs").field("case", &self.case).finish_non_exhaustive()
    }
}

/// Adds it.
///
/// # Errors
/// As [`Field::add_contact`].
pub(crate) fn run(args: &ContactArgs, field: &Field) -> Result<Added, CommandError> {
    let case = case_named(field, &args.case)?;
    let contact =
        NewContact { name: args.name.clone(), telephone: args.phone.clone(), note: args.note.clone() };
    let contact = field.add_contact(case, contact)?;
    Ok(Added { case, contact })
}

/// A contact that was added.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Added {
    /// The case.
    case: CaseId,
    /// The contact.
    contact: ContactId,
}

impl Outcome for Added {
    fn show(&self, language: Language) -> String {
        let mut table = Table::of_pairs();
        table.pair(say!(language, "label-case"), short(self.case));
        table.pair(say!(language, "label-contact"), self.contact.to_string());
        table.lines() + &say!(language, "contact-added") + "\n"
    }
}

/// A contact as its case shows it.
#[derive(Clone, Serialize)]
pub(crate) struct ContactView {
    contact: ContactId,
    name: String,
    telephone: String,
    note: String,
    by: String,
    delivery: Delivery,
}

impl std::fmt::Debug for ContactView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ContactView").field("contact", &self.contact).finish_non_exhaustive()
    }
}

impl ContactView {
    /// As a case shows it.
    #[must_use]
    pub(crate) fn of(row: ContactRow, names: &Names) -> Self {
        let by = row.record.added().map(|event| names.person(&event.by).to_string());
        Self {
            contact: row.record.id,
            by: by.unwrap_or_default(),
            name: row.record.name,
            telephone: row.record.telephone,
            note: row.record.note,
            delivery: row.delivery,
        }
    }
}

/// Contacts as a table.
#[must_use]
pub(crate) fn table_of(contacts: &[ContactView], language: Language) -> String {
    let mut table = Table::new([
        say!(language, "label-contact"),
        say!(language, "label-resident"),
        say!(language, "label-telephone"),
        say!(language, "label-note"),
        say!(language, "label-who"),
        say!(language, "label-delivery"),
    ])
    .whole();
    for row in contacts {
        table.row([
            short(row.contact),
            row.name.clone(),
            row.telephone.clone(),
            row.note.clone(),
            row.by.clone(),
            delivery(language, &row.delivery),
        ]);
    }
    table.lines()
}
