//! The order of the communities, each inside its tier.

use super::{ScorePoints, ScoreSheet};
use crate::id::UnitId;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// The place of one community.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rank {
    /// Its tier, from 1. Communities that no tier names follow in a tier of their own.
    pub tier: usize,
    /// Its place in the tier, from 1; equal totals share a place and the next one is left out (1, 1, 3).
    pub place: usize,
    /// The community.
    pub community: UnitId,
    /// Its total.
    pub total: ScorePoints,
}

/// Ranks the sheets of one period: by tier, best total first, equal totals by code.
#[must_use]
pub fn ranking(sheets: &[ScoreSheet], tiers: &[Vec<UnitId>]) -> Vec<Rank> {
    let tier_of = |community: &UnitId| {
        tiers.iter().position(|tier| tier.contains(community)).unwrap_or(tiers.len()) + 1
    };
    let mut ranks: Vec<Rank> = sheets
        .iter()
        .map(|sheet| Rank {
            tier: tier_of(&sheet.community),
            place: 0,
            community: sheet.community.clone(),
            total: sheet.total,
        })
        .collect();
    ranks.sort_by(|a, b| {
        (a.tier, Reverse(a.total), &a.community).cmp(&(b.tier, Reverse(b.total), &b.community))
    });
    for tier in ranks.chunk_by_mut(|a, b| a.tier == b.tier) {
        let mut shared = None;
        for (index, rank) in tier.iter_mut().enumerate() {
            rank.place = match shared {
                Some((total, place)) if total == rank.total => place,
                _ => index + 1,
            };
            shared = Some((rank.total, rank.place));
        }
    }
    ranks
}
