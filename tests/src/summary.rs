//! What a run came to, and whether it came to anything.

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Cases on the command post's device.
    pub cases: usize,
    /// Acts, reports and visits that devices confirmed.
    pub done: usize,
    /// Verdicts that refused work.
    pub rejected: usize,
    /// Refused work sent again as it was, and corrected.
    pub resent: usize,
    /// Of it, corrected before.
    pub corrected: usize,
    /// Refused work given up.
    pub discarded: usize,
    /// Refused work that still waits for its person in the end.
    pub waiting: usize,
    /// Open disputes.
    pub disputed: usize,
    /// Cases that were merged into others.
    pub merged: usize,
    /// Documents in more than one scope.
    pub shared: usize,
    /// Processes that died in the middle of a write.
    pub deaths: usize,
    /// Calls that failed because the disk did.
    pub disk: usize,
    /// Devices that went on from a backup.
    pub restored: usize,
    /// Servers that were rolled back for good.
    pub rolled: usize,
    /// Work that went to review, and was decided there.
    pub reviewed: usize,
    /// Entries of sheets that the model agreed with.
    pub scored: usize,
    /// Contacts that were added.
    pub contacts: usize,
    /// Matters that somebody opened.
    pub matters: usize,
    /// Documents that the desk erased.
    pub erased: usize,
    /// Cases taken back from a unit.
    pub taken_back: usize,
    /// Syncs that used their budget up.
    pub stopped: usize,
    /// Devices that were told that there is nothing to sync.
    pub unpoked: usize,
    /// Documents that came to rest as one save.
    pub compacted: usize,
    /// Documents with which new devices began by bundle.
    pub begun: usize,
    /// Syncs of devices that spoke as an older version does.
    pub older: usize,
    /// Syncs in which both sides said more than the other knew.
    pub newer: usize,
}

impl Summary {
    /// This and another run together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            cases: self.cases + other.cases,
            done: self.done + other.done,
            rejected: self.rejected + other.rejected,
            resent: self.resent + other.resent,
            corrected: self.corrected + other.corrected,
            discarded: self.discarded + other.discarded,
            waiting: self.waiting + other.waiting,
            disputed: self.disputed + other.disputed,
            merged: self.merged + other.merged,
            shared: self.shared + other.shared,
            deaths: self.deaths + other.deaths,
            disk: self.disk + other.disk,
            restored: self.restored + other.restored,
            rolled: self.rolled + other.rolled,
            reviewed: self.reviewed + other.reviewed,
            scored: self.scored + other.scored,
            contacts: self.contacts + other.contacts,
            matters: self.matters + other.matters,
            erased: self.erased + other.erased,
            taken_back: self.taken_back + other.taken_back,
            stopped: self.stopped + other.stopped,
            unpoked: self.unpoked + other.unpoked,
            compacted: self.compacted + other.compacted,
            begun: self.begun + other.begun,
            older: self.older + other.older,
            newer: self.newer + other.newer,
        }
    }
}

impl Summary {
    /// What never happened: a storm in which nothing ever happened would prove nothing.
    #[must_use]
    pub fn never(&self) -> Vec<&'static str> {
        let happened = [
            ("refused", self.rejected),
            ("sent again", self.resent),
            ("corrected and sent again", self.corrected),
            ("given up", self.discarded),
            ("disputed", self.disputed),
            ("merged", self.merged),
            ("shared", self.shared),
            ("died in a write", self.deaths),
            ("failed by the disk", self.disk),
            ("restored", self.restored),
            ("rolled back", self.rolled),
            ("reviewed", self.reviewed),
            ("scored", self.scored),
            ("kept contacts", self.contacts),
            ("opened matters", self.matters),
            ("erased", self.erased),
            ("taken back", self.taken_back),
            ("stopped by a budget", self.stopped),
            ("waited for a poke", self.unpoked),
            ("compacted", self.compacted),
            ("begun with a bundle", self.begun),
            ("spoken as before", self.older),
            ("spoken as later", self.newer),
        ];
        happened.into_iter().filter(|(_, times)| *times == 0).map(|(what, _)| what).collect()
    }
}
