//! Plans are checked by slower means that cannot be wrong: every way tried, every distance worked out the long way.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by ending"
)]

mod plan {
    //! The parts of the planner, each with its judge.

    /// Slow and right.
    mod exact;
    /// Vaults of all kinds.
    mod vaults;
    /// Orders that wait.
    mod queue;
    /// The map.
    mod map;
    /// How it is drawn.
    mod edit;
    /// Ways over it.
    mod route;
    /// One order's way.
    mod way;
    /// Several orders in one walk.
    mod walk;
    /// One more.
    mod rush;
    /// What stands where.
    mod near;
    /// Which comes first.
    mod rank;
    /// When they will all be gone.
    mod forecast;
}
