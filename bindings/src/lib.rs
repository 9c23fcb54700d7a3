//! The one uniffi crate: what Kotlin, Swift and Python see of the core.
