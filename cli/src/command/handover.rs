//! `field mailbag` and `field hand-in ADDRESS`: sealed work from device to device over a local network without
//! internet. The one collects until Ctrl-C, the other hands over what waits.

use super::dispatch::World;
use super::serve::asked_to_stop;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::words;
use sanben_field::{CarrierLimits, Doorkeeper, Field, HandedOver, Http, Knock, reachable};
use sanben_sync::handover::Address;
use serde::Serialize;
use serde_json::{Value, json};
use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};

/// Where to collect.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct MailbagArgs {
    /// Address and port in the local network.
    #[arg(long, value_name = "ADDR", default_value = "0.0.0.0:7302")]
    pub(crate) listen: SocketAddr,
}

/// Whom to give it to.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct GiveArgs {
    /// As the carrier shows it.
    #[arg(value_name = "ADDRESS")]
    pub(crate) address: Address,
}

/// Collects until the program is asked to stop.
///
/// # Errors
/// [`CommandError::Listen`]; as [`Field::collect`].
pub(crate) fn collect(
    args: &MailbagArgs,
    field: &Field,
    json: bool,
    world: &World,
) -> Result<(), CommandError> {
    let listen = |error| CommandError::Listen { address: args.listen.to_string(), error };
    let listener = TcpListener::bind(args.listen).map_err(listen)?;
    let address = reachable(listener.local_addr().map_err(listen)?);
    let code = field.handover_code();
    let shown = Address { base: format!("http://{address}"), code: code.clone() };
    let door = Door { open: AtomicBool::new(true), taken: AtomicU64::new(0), language: world.language, json };
    door.line(&json!({ "event": "collecting", "address": shown.to_string() }), |language| {
        say!(language, "mailbag-collecting", address = shown.to_string())
    });
    let collected = std::thread::scope(|threads| {
        let collecting = threads.spawn(|| {
            let outcome = field.collect(&listener, &code, &CarrierLimits::default(), &door);
            door.open.store(false, SeqCst);
            outcome
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let waited = runtime.map(|runtime| {
            runtime.block_on(async {
                let mut stop = std::pin::pin!(asked_to_stop());
                while door.stays_open() {
                    let glance = std::time::Duration::from_millis(50);
                    if tokio::time::timeout(glance, &mut stop).await.is_ok() {
                        break;
                    }
                }
            });
        });
        door.open.store(false, SeqCst);
        let collected = collecting.join();
        waited.map_err(CommandError::from).and(match collected {
            Ok(outcome) => Ok(outcome?),
            Err(panic) => std::panic::resume_unwind(panic),
        })
    });
    field.suspend()?;
    let taken = door.taken.load(SeqCst);
    door.line(&json!({ "event": "closed", "taken": taken }), |language| {
        say!(language, "mailbag-closed", n = taken)
    });
    collected
}

/// Hands over what waits.
///
/// # Errors
/// As [`Field::hand_over`].
pub(crate) fn give(args: &GiveArgs, field: &Field) -> Result<Given, CommandError> {
    Ok(Given(field.hand_over(&args.address, &Http::new(&args.address.base))?))
}

/// The open door, and what is told of who came.
struct Door {
    open: AtomicBool,
    taken: AtomicU64,
    language: Language,
    json: bool,
}

impl Door {
    fn line(&self, event: &Value, words: impl FnOnce(Language) -> String) {
        let mut out = io::stdout().lock();
        let text = if self.json { event.to_string() } else { words(self.language) };
        // Whoever read the output has seen enough: it goes on collecting.
        let _ = writeln!(out, "{text}").and_then(|()| out.flush());
    }
}

impl Doorkeeper for Door {
    fn came(&self, knock: Knock) {
        match knock {
            Knock::Taken(bytes) => {
                self.taken.fetch_add(1, SeqCst);
                self.line(&json!({ "event": "taken", "bytes": bytes }), |language| {
                    say!(language, "mailbag-taken", kib = bytes.div_ceil(1024))
                });
            }
            Knock::Known => {
                self.line(&json!({ "event": "known" }), |language| say!(language, "mailbag-known"));
            }
            Knock::Refused(why) => self.line(&json!({ "event": "refused", "why": why.name() }), |language| {
                say!(language, "mailbag-refused", why = words::not_taken(language, why))
            }),
        }
    }

    fn stays_open(&self) -> bool {
        self.open.load(SeqCst)
    }
}

/// What was handed over.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Given(HandedOver);

impl Outcome for Given {
    fn show(&self, language: Language) -> String {
        let HandedOver { mailbags, known, changes, photos_left } = self.0;
        let mut table = Table::of_pairs();
        table.pair(say!(language, "label-changes"), changes.to_string());
        table.pair(
            say!(language, "label-mailbags"),
            say!(language, "mailbag-of-these-known", n = mailbags, known = known),
        );
        if photos_left > 0 {
            table
                .pair(say!(language, "label-photos"), say!(language, "mailbag-photos-left", n = photos_left));
        }
        table.lines() + &say!(language, "mailbag-carried") + "\n"
    }
}
