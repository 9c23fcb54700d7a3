//! Speed and size against a named baseline in the same run.
