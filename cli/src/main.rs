//! The desk binary.
fn main() {}
