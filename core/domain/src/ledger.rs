//! The three ledgers (三本台账) as questions about a point: which standards hold, what is and was wrong,
//! who answers now and who answered then.
