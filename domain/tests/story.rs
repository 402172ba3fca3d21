//! What people do in a shop, told as short stories: what was, what somebody does, what comes of it.
//!
//! Every story runs on the same small shop, built from the facts that would build a real one; after each of its
//! two halves the ledger is checked to be whole.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by ending"
)]

#[expect(unreachable_pub, reason = "a test has no outside")]
mod story {
    //! One file per task.

    /// Who works there, and what stands on the shelves.
    pub mod goods;
    /// The shop the stories are about.
    pub mod shop;
    /// What managers decide.
    pub mod settling;
    /// What is true of every ledger.
    pub mod whole;

    mod set_up;
    mod receive;
    mod arrive;
    mod allocate;
    mod claim;
    mod lease;
    mod escrow;
    mod substitute;
    mod last_unit;
    mod break_lease;
    mod recount;
    mod pick;
    mod void;
    mod agree;
    mod sign_for;
    mod swap;
    mod short;
    mod found;
    /// What was passed over.
    pub mod passed_over;
    mod verify;
    mod lines;
    mod label;
    mod second_person;
    mod wrap;
    mod seal;
    mod sop;
    mod stage;
    mod return_to_vault;
    mod hand_off;
    mod tell;
    mod gate;
    mod limit;
    mod exceptions;
    mod late;
    mod unknown;
    mod count;
    mod second_look;
    mod draw_map;
    mod shift;
    mod hold;
    mod busy_shift;
    mod report;
    mod waiting;
    mod double_pick;
    mod settle;
    mod own_act;
    mod collide;
    mod alarm;
    mod take_in;
    mod tote;
    mod compare;
    mod acknowledge;
    mod grant;
    mod audit;
    /// Who may do what.
    pub mod roles;
    mod authority;
    mod scope;
}
