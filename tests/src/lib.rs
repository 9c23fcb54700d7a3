//! Harness, scenarios and the simulated fleet.
