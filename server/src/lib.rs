//! Syncs devices and serves the desk: verdicts, log, enrolment, photos.
