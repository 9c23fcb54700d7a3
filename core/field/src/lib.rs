//! What a device can do: record, act, look up, patrol, sync.
