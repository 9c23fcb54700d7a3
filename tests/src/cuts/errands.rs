//! What is tried over a line that is cut: each errand once as far as the line goes, and once more when it is whole again.

use super::{Proxy, Stage, Travelled};
use crate::world::park;
use sanben_domain::case::CaseAct;
use sanben_domain::id::{CaseId, PersonId, PointId};
use sanben_field::{
    Budget, Field, FieldError, Http, Incoming, NewCase, NoConnection, Options, OutboxState, Outgoing,
    Platform, Poke, Transport,
};
use sanben_server::Server;
use sanben_sync::wire::PHOTO_PATH;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Two devices and the server with a whole line, and a line that is cut.
pub(super) struct Scene<'a> {
    pub(super) stage: &'a Stage,
    pub(super) http: &'a Http,
    pub(super) proxy: &'a Proxy,
    /// Which run on this stage it is, from 0.
    pub(super) run: usize,
}

/// The same line, over which no photo goes.
struct NoPhotos<'a>(&'a Http);

impl Transport for NoPhotos<'_> {
    fn call(&self, request: &Outgoing) -> Result<Incoming, NoConnection> {
        if request.path.starts_with(PHOTO_PATH) {
            return Err(NoConnection("no photos over this line".to_owned()));
        }
        self.0.call(request)
    }
}

fn sync(field: &Field, transport: &dyn Transport) -> Result<(), FieldError> {
    field.sync(transport, Budget::unlimited(), &mut |_| ControlFlow::Continue(())).map(drop)
}

fn record(field: &Field, photos: Vec<PathBuf>) -> CaseId {
    let new = NewCase {
        point: Some(PointId::from("P011")),
        description: "南入口有大片垃圾".to_owned(),
        photos,
        ..NewCase::default()
    };
    field.record(new).unwrap().case
}

/// A picture of so many bytes, another one for every run: behind its end a decoder does not look.
fn picture(folder: &Path, run: usize, bytes: usize) -> PathBuf {
    let plain = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/photo/src/fixtures/grey.jpg");
    let mut content = std::fs::read(plain).unwrap();
    content.resize(bytes.max(content.len()), 7);
    content.extend_from_slice(&run.to_be_bytes());
    let file = folder.join("picture.jpg");
    std::fs::write(&file, content).unwrap();
    file
}

fn accepted(field: &Field) -> Vec<(i64, u64)> {
    let rows = field.outbox(usize::MAX).unwrap().into_iter();
    rows.filter_map(|row| match row.state {
        OutboxState::Accepted { seq, .. } => Some((row.id.0, seq)),
        _ => None,
    })
    .collect()
}

fn heads(field: &Field, case: CaseId) -> Vec<sanben_document::ChangeHash> {
    field.store().document(case).unwrap().unwrap().heads()
}

fn fresh(folder: &Path) -> Field {
    let platform = Platform { store: Options { durable: false }, ..Platform::system() };
    Field::open(folder, platform).unwrap()
}

impl Scene<'_> {
    fn author(&self) -> &Field {
        self.stage.world.devices[0].field()
    }

    fn other(&self) -> &Field {
        self.stage.world.devices[1].field()
    }

    fn server(&self) -> &Server {
        &self.stage.server
    }

    fn near(&self) -> &Http {
        &self.stage.near
    }

    /// Tries once, makes the line whole, and gives what was tried and how much had travelled by then.
    fn tried<T>(&self, errand: impl Fn() -> Result<T, FieldError>) -> (Result<T, FieldError>, Travelled) {
        let first = errand();
        let (cut, travelled) = self.proxy.mend();
        let told = first.as_ref().err();
        assert!(first.is_ok() != cut, "a cut line is told, and nothing else: {told:?}");
        (first, travelled)
    }

    /// A report, an act on it, and its photo.
    pub(super) fn work(&self) -> Travelled {
        let (author, other, server, folder) =
            (self.author(), self.other(), self.server(), tempfile::tempdir().unwrap());
        let (before, had) = (server.counts().unwrap(), author.outbox(usize::MAX).unwrap().len());
        let delivered = author.counts().unwrap().photos_delivered;
        let case = record(author, vec![picture(folder.path(), self.run, 0)]);
        author.act(case, CaseAct::Comment { words: "请尽快".to_owned() }, &[]).unwrap();
        let recorded = author.outbox(usize::MAX).unwrap().len();

        let first = sync(author, self.http);
        // What the device was told before the line was cut.
        let told: Vec<_> = accepted(author);
        let receipts = author.counts().unwrap().photos_delivered - delivered;
        assert_eq!(author.outbox(usize::MAX).unwrap().len(), recorded, "nothing recorded goes away");
        let on_the_server = server.counts().unwrap();
        assert!(usize::try_from(on_the_server.changes - before.changes).unwrap() + had >= told.len());
        assert!(on_the_server.photos - before.photos >= receipts);

        let (cut, travelled) = self.proxy.mend();
        assert!(first.is_ok() != cut, "a cut line is told, and nothing else: {first:?}");
        sync(author, self.http).unwrap();
        let now = accepted(author);
        assert_eq!(now.len(), recorded, "everything arrives");
        assert!(told.iter().all(|row| now.contains(row)), "what was acknowledged stays as it was");
        let after = server.counts().unwrap();
        assert_eq!(usize::try_from(after.changes - before.changes).unwrap(), recorded - had, "and once");
        assert_eq!(usize::try_from(after.entries - before.entries).unwrap(), recorded - had);
        assert_eq!((after.photos - before.photos, after.photos_missing), (1, 0));
        sync(other, self.http).unwrap();
        assert_eq!(heads(other, case), heads(author, case), "both sides hold the same");
        assert!(server.audit().unwrap().faults.is_empty());
        travelled
    }

    pub(super) fn enrol(&self) -> Travelled {
        let folder = tempfile::tempdir().unwrap();
        let field = fresh(folder.path());
        let code = self.server().invite(&PersonId::from("U008"), 60_000).unwrap().to_string();
        let before = self.server().devices().unwrap().len();
        let (first, travelled) = self.tried(|| field.enrol("http://server", &code, self.http));
        if first.is_err() {
            // The very same code, however far the first try came.
            field.enrol("http://server", &code, self.http).unwrap();
        }
        assert_eq!(self.server().devices().unwrap().len(), before + 1, "one device, not two");
        sync(&field, self.http).unwrap();
        assert!(field.reference().unwrap().points.len() > 100, "{}", park().display());
        travelled
    }

    /// A photo in several pieces, of work that is delivered.
    pub(super) fn upload(&self) -> Travelled {
        let (author, folder) = (self.author(), tempfile::tempdir().unwrap());
        let file = picture(folder.path(), self.run, 150_000);
        let bytes = std::fs::read(&file).unwrap();
        let case = record(author, vec![file]);
        assert!(sync(author, &NoPhotos(self.near())).is_err());
        assert_eq!(author.counts().unwrap().pending, 0);

        let (_, travelled) = self.tried(|| sync(author, self.http));
        sync(author, self.http).unwrap();
        let hash = author.photos_of(case).unwrap()[0].hash;
        assert_eq!(self.server().counts().unwrap().photos_missing, 0);
        sync(self.other(), self.near()).unwrap();
        assert_eq!(self.other().fetch_photo(hash, self.near()).unwrap(), bytes);
        travelled
    }

    /// Somebody else's photo: whether it is there, the small picture, the original.
    pub(super) fn fetch(&self) -> Travelled {
        let (author, other, folder) = (self.author(), self.other(), tempfile::tempdir().unwrap());
        let file = picture(folder.path(), self.run, 0);
        let bytes = std::fs::read(&file).unwrap();
        let case = record(author, vec![file]);
        sync(author, self.near()).unwrap();
        sync(other, self.near()).unwrap();
        let hash = other.photos_of(case).unwrap()[0].hash;
        let look = || {
            other.ask_for_photos(case, self.http)?;
            other.fetch_photo(hash, self.http)
        };
        let (_, travelled) = self.tried(look);
        assert_eq!(look().unwrap(), bytes);
        let now = other.photos_of(case).unwrap()[0].whereabouts;
        assert!(now.thumbnail && now.delivered.is_some());
        travelled
    }

    /// A colleague's work, taken along.
    pub(super) fn carry(&self) -> Travelled {
        let (author, carrier, folder) = (self.author(), self.other(), tempfile::tempdir().unwrap());
        let before = self.server().counts().unwrap().changes;
        record(author, Vec::new());
        let recorded = author.counts().unwrap().pending;
        let file = folder.path().join("outbox.sanben");
        author.export_mailbag(&file).unwrap();
        assert!(carrier.take_mailbag(&file).unwrap());
        let (_, travelled) = self.tried(|| sync(carrier, self.http));
        sync(carrier, self.http).unwrap();
        assert!(carrier.mailbags().unwrap().iter().all(|mailbag| mailbag.received.is_some()));
        assert_eq!(self.server().counts().unwrap().changes - before, recorded, "all of it, and once");
        sync(author, self.near()).unwrap();
        assert_eq!(author.counts().unwrap().pending, 0);
        travelled
    }

    /// A question that is held open, and what it is answered by.
    pub(super) fn poke(&self) -> Travelled {
        let (author, other) = (self.author(), self.other());
        sync(other, self.near()).unwrap();
        let case = record(author, Vec::new());
        sync(author, self.near()).unwrap();
        let (first, travelled) = self.tried(|| other.await_poke(self.http));
        assert!(!matches!(first, Ok(Poke::Nothing)), "there was something");
        assert_eq!(other.await_poke(self.http).unwrap(), Poke::Sync);
        sync(other, self.http).unwrap();
        assert_eq!(heads(other, case), heads(author, case));
        travelled
    }

    /// A new device that begins with bundles.
    pub(super) fn begin(&self) -> Travelled {
        let (author, other, folder) = (self.author(), self.other(), tempfile::tempdir().unwrap());
        // Who begins changes nothing at the server: all who follow begin with the same bundles.
        let cases = self.stage.begun.get_or_init(|| {
            let cases = [(); 3].map(|()| record(author, Vec::new()));
            sync(author, self.near()).unwrap();
            sync(other, self.near()).unwrap();
            assert!(self.server().make_bundles(1).unwrap() > 0);
            cases.to_vec()
        });
        let field = fresh(folder.path());
        let code = self.server().invite(&PersonId::from("U001"), 60_000).unwrap().to_string();
        field.enrol("http://server", &code, self.near()).unwrap();
        let (first, travelled) = self.tried(|| sync(&field, self.http));
        sync(&field, self.http).unwrap();
        let looked_into = field.tidy(usize::MAX).unwrap();
        assert_eq!(looked_into.refused, 0);
        assert!(first.is_err() || looked_into.examined > 0, "it came by a bundle");
        assert_eq!(field.counts().unwrap().cases, other.counts().unwrap().cases);
        for &case in cases {
            assert_eq!(heads(&field, case), heads(author, case));
        }
        travelled
    }
}
