//! Writes the Kotlin, Swift and Python sources from the library's own metadata; see `bindings/generate`.

fn main() {
    uniffi::uniffi_bindgen_main();
}
