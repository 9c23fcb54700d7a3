//! What can be wrong with what a caller asks for: one cause each, so that a program can tell them apart. What a
//! person reads is said in the catalogues, in their language; the English here is for a log.

/// Why something that was asked for cannot be done as it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// The act needs a reason.
    #[error("no reason is given: say why")]
    NoReason,
    /// Giving refused work up needs a reason.
    #[error("no reason is given: say why it is discarded")]
    NoReasonToDiscard,
    /// A comment or an answer without words.
    #[error("no words are given: say something")]
    NoWords,
    /// A new deadline that is not in the future.
    #[error("the new deadline has passed already: give a later one")]
    PastDeadline,
    /// The event that should stand is not part of an open dispute of this case.
    #[error("this event is not part of an open dispute: choose one that is")]
    NoDispute,
    /// A case and the one that it is merged into are the same.
    #[error("a case cannot be merged into itself: name the other one")]
    MergeIntoItself,
    /// The two cases to be merged lie in different communities.
    #[error("only records of one community can be merged: leave them as they are")]
    OtherCommunity,
    /// A round is walked by the members of a team.
    #[error("only members of a team walk rounds: report what was found instead")]
    NoTeam,
    /// A corrected point for which another community answers.
    #[error("another community answers for this point: void this record and report it there")]
    PointElsewhere,
    /// A report without words, photo, place or standard.
    #[error("nothing is said yet: give words, a photo, a point or a standard")]
    NothingSaid,
    /// A contact by which nobody can be reached.
    #[error("nothing to reach them by: give a name or a telephone number")]
    NoContact,
    /// A resident's contact leaves the device sealed or not at all.
    #[error("a resident's contact is not written into a file: let the other person add it")]
    ContactStays,
    /// There is nothing undelivered to be carried.
    #[error("nothing waits for the server: there is nothing to export")]
    NothingWaits,
    /// The file is no mailbag.
    #[error("this file is no mailbag: export it again")]
    NotAMailbag,
    /// A correction that changes nothing.
    #[error("nothing is corrected: give what should be different, or send it again as it is")]
    NothingCorrected,
    /// This kind of refused work has no such part to correct.
    #[error("this work has no such part: correct another one, or record it anew")]
    NotCorrectable,
    /// A round is its walker's own and cannot become somebody else's.
    #[error("a round is only its walker's own: export it, and let the other walk theirs")]
    OnesOwnRound,
    /// The file is no work that was handed on, or not a whole one.
    #[error("this file is no work that was handed on, or is damaged: have it handed on again")]
    NotHandedOn,
    /// The work was handed on to somebody else.
    #[error("this work was handed on to somebody else: give the file to them")]
    ForAnother,
    /// Work of the very person who should take it over.
    #[error("this is the person's own work: send it again instead")]
    OnesOwnWork,
    /// The work belongs to another tenant.
    #[error("this work is of another jurisdiction: use the store that is enrolled there")]
    OtherTenant,
    /// A PIN that is guessed at once.
    #[error("this PIN is guessed at once: at least six characters, not all the same and not in a row")]
    WeakPin,
    /// The text is no recovery code, or mistyped.
    #[error("not a recovery code, or mistyped: it has 20 letters and digits; have it read out again")]
    NotARecoveryCode,
}

impl Invalid {
    /// All of them.
    pub const ALL: [Self; 23] = [
        Self::NoReason,
        Self::NoReasonToDiscard,
        Self::NoWords,
        Self::PastDeadline,
        Self::NoDispute,
        Self::MergeIntoItself,
        Self::OtherCommunity,
        Self::NoTeam,
        Self::PointElsewhere,
        Self::NothingSaid,
        Self::NoContact,
        Self::ContactStays,
        Self::NothingWaits,
        Self::NotAMailbag,
        Self::NothingCorrected,
        Self::NotCorrectable,
        Self::OnesOwnRound,
        Self::NotHandedOn,
        Self::ForAnother,
        Self::OnesOwnWork,
        Self::OtherTenant,
        Self::WeakPin,
        Self::NotARecoveryCode,
    ];
}
