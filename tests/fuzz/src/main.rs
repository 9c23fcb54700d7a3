//! One target of `sanben_tests::hostile`, named by `SANBEN_FUZZ`, under libFuzzer.
//!
//! Built with coverage counters by flags of rustc that a stable compiler knows (see `tests/run`), so that neither
//! a nightly one nor cargo-fuzz is needed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sanben_tests::hostile::scene::Scene;
use sanben_tests::hostile::{Target, target};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

static TARGET: OnceLock<Target> = OnceLock::new();

thread_local! {
    static SCENE: RefCell<Option<Scene>> = const { RefCell::new(None) };
}

fn begin() {
    let name = std::env::var("SANBEN_FUZZ").unwrap_or_default();
    let found = target(&name).unwrap_or_else(|| panic!("SANBEN_FUZZ names no target: {name:?}"));
    TARGET.get_or_init(|| found);
    // A panic that automerge's guard or the server's catches is no finding; one that gets here is.
    std::panic::set_hook(Box::new(|_| ()));
}

fuzz_target!(init: begin(), |bytes: &[u8]| {
    let Some(target) = TARGET.get() else { return };
    SCENE.with_borrow_mut(|scene| {
        let read = || (target.read)(scene.get_or_insert_with(Scene::new), bytes);
        if let Err(panic) = catch_unwind(AssertUnwindSafe(read)) {
            let words = panic.downcast_ref::<String>().map(String::as_str);
            eprintln!("broken: {:?}", words.or(panic.downcast_ref::<&str>().copied()));
            std::process::abort();
        }
    });
});
