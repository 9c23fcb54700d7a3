//! Sans-I/O sync: wire types, manifests, chain, verdicts.
