//! Automerge documents, intents and conflicts: the only user of automerge.
