//! The check: every replica holds the same heads of what it shares with another, the same bytes of a sheet
//! that was read to the same place, and nothing is left behind.

use super::stage::{Failure, Stage};
use super::{COMMAND, COMMUNITY, EVERYBODY, must};
use crate::language::say;
use sanben_domain::score::Period;
use sanben_domain::time::Zone;
use sanben_field::{CaseQuery, Field, FieldError, PatrolQuery, Platform, SystemRandom};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

impl From<FieldError> for Failure {
    fn from(error: FieldError) -> Self {
        Self(error.to_string())
    }
}

/// What one replica holds.
struct Replica {
    heads: BTreeMap<String, Vec<String>>,
    cut: BTreeMap<String, u64>,
    sheet: String,
    total: String,
}

pub(super) fn check(stage: &Stage) -> Result<Value, Failure> {
    let language = stage.language;
    stage.scene(19, 0, &say!(language, "demo-truth"));
    stage.tell(&say!(language, "demo-truth-text"));
    for person in EVERYBODY {
        stage.field_quietly(person, &["sync"])?;
    }
    let (mut photos, mut delivered) = (0, 0);
    for person in EVERYBODY {
        let counts = open(stage, person)?.counts()?;
        must(
            counts.pending == 0 && counts.rejected == 0 && counts.quarantined == 0,
            "nothing waits anywhere",
        )?;
        photos += counts.photos;
        delivered += counts.photos_delivered;
    }
    must(photos == delivered && photos > 0, "every photo has a receipt")?;

    let mut replicas: Vec<(&str, Replica)> = Vec::new();
    for person in EVERYBODY {
        replicas.push((person, read(stage, person)?));
    }
    let mut heads: BTreeMap<&str, &Vec<String>> = BTreeMap::new();
    let mut sheets: BTreeMap<&BTreeMap<String, u64>, &str> = BTreeMap::new();
    for (person, replica) in &replicas {
        for (document, mine) in &replica.heads {
            let first = heads.entry(document).or_insert(mine);
            must(*first == mine, &format!("{person} holds other heads of {document}"))?;
        }
        let first = sheets.entry(&replica.cut).or_insert(&replica.sheet);
        must(*first == replica.sheet, &format!("{person} has another sheet for the same cut"))?;
    }
    // The server folds the same log into a replica of its own.
    let replica = stage.office.server.replica().map_err(|error| Failure(error.to_string()))?;
    for (document, heads) in &heads {
        let id = document.parse().map_err(|_| Failure(format!("{document} is no id")))?;
        let held = replica.document(id).map_err(FieldError::from)?;
        let server: Option<Vec<String>> =
            held.map(|held| held.heads().iter().map(ToString::to_string).collect());
        must(server.as_ref() == Some(*heads), &format!("the server holds other heads of {document}"))?;
    }
    must(sheets.len() == 1, "every device has read the log to the same place")?;
    let hash = sheets.into_values().next().unwrap_or_default().to_owned();
    let short: String = hash.chars().take(12).collect();
    stage.tell(&say!(language, "demo-truth-heads", replicas = replicas.len(), documents = heads.len()));
    stage.tell(&say!(language, "demo-truth-sheets", replicas = replicas.len(), hash = short));
    stage.tell(&say!(language, "demo-truth-outbox", delivered = delivered, photos = photos));

    let total = replicas.first().map(|(_, replica)| replica.total.clone());
    let cases = stage.field_quietly(COMMAND, &["cases", "--limit", "200"])?;
    let sheet = stage.field_quietly(COMMAND, &["score", COMMUNITY])?;
    let brief = stage.field_quietly(COMMAND, &["brief"])?;
    Ok(json!({
        "replicas": replicas.iter().map(|(person, replica)| json!({
            "person": person, "documents": replica.heads.len(), "sheet_sha256": replica.sheet,
        })).collect::<Vec<_>>(),
        "same_heads": true,
        "same_sheet": true,
        "photos": photos,
        "photos_delivered": delivered,
        "community": COMMUNITY,
        "total": total,
        "cases": cases.json.pointer("/rows"),
        "sheet": sheet.json,
        "brief": brief.json,
    }))
}

fn open(stage: &Stage, person: &str) -> Result<Field, Failure> {
    let platform = Platform {
        clock: Arc::new(stage.clock.clone()),
        random: Arc::new(SystemRandom),
        ..Platform::system()
    };
    Ok(Field::open(Path::new(&stage.store(person)), platform)?)
}

fn read(stage: &Stage, person: &str) -> Result<Replica, Failure> {
    let field = open(stage, person)?;
    let mut heads = BTreeMap::new();
    let mut query = CaseQuery { limit: 100, ..CaseQuery::default() };
    loop {
        let page = field.cases(&query)?;
        for row in &page.rows {
            let document = field.store().document(row.id).map_err(FieldError::from)?;
            let document =
                document.ok_or_else(|| Failure(format!("{person} lists {} without it", row.id)))?;
            let own = document.heads().iter().map(ToString::to_string).collect();
            heads.insert(row.id.to_string(), own);
        }
        match page.next {
            Some(token) => query.after = Some(token),
            None => break,
        }
    }
    for patrol in field.store().patrols(&PatrolQuery::default()).map_err(FieldError::from)? {
        let document = field.store().document(patrol.id).map_err(FieldError::from)?;
        let document = document.ok_or_else(|| Failure(format!("{person} lists a patrol without it")))?;
        let own = document.heads().iter().map(ToString::to_string).collect();
        heads.insert(patrol.id.to_string(), own);
    }
    let now = stage.clock.now();
    let month = Period::month_of(Zone::CHINA.day(now));
    let sheet = field.score(&COMMUNITY.into(), month, Some(now))?;
    let bytes = sheet.to_bytes().map_err(|error| Failure(error.to_string()))?;
    let hash = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Replica { heads, cut: sheet.cut.clone(), sheet: hash, total: sheet.total.to_string() })
}
