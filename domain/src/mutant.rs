//! Breaks of the protocol and its rules, made by hand: what the simulator must find.
//!
//! In: the name of one break. Out: code that does wrong where it asks [`mutated`]. Must not: be part of a build
//! that a shop gets, or be at work in more than one thread at once.

use core::cell::Cell;

macro_rules! breaks {
    ($($name:ident: $what:literal;)*) => {
        /// Every break: its name, and what it does.
        pub const ALL: &[(&str, &str)] = &[$((stringify!($name), $what),)*];
    };
}

thread_local! {
    static AT_WORK: Cell<Option<&'static str>> = const { Cell::new(None) };
}

/// Puts a break to work in this thread, or none.
pub fn put_to_work(name: Option<&'static str>) {
    AT_WORK.set(name);
}

/// Whether a break is at work.
pub(crate) fn mutated(name: &str) -> bool {
    AT_WORK.get() == Some(name)
}

breaks! {
    device_forgets_what_was_kept: "An event that was kept is not sent.";
    device_stays_stalled: "A machine that waited a moment waits for ever.";
    device_keeps_the_cursor_of_a_lost_view: "The view is gone and the cursor is not.";
    device_sends_what_follows_first: "A chain that another follows waits behind it.";
    device_goes_on_from_what_was_not_kept: "A beginning that was not kept counts as what was there before.";
    device_drops_before_receipts_are_kept: "Receipts could not be kept, and the events are dropped all the same.";
    device_stops_after_a_failure: "No timer is set after a failure.";
    device_stops_when_all_is_well: "No timer is set when there is nothing to do.";
    device_misnumbers_a_part: "A part of a chain is sent under the number of the event after its first.";
    device_asks_for_no_ends: "The ends of chains in doubt are not asked for.";
    device_never_declares_a_loss: "The server is not told that the rest of a chain is lost.";
    device_ignores_a_lack: "What the server lacks of the chain before is not sent again.";
    device_skips_the_reread: "What a restored server lost is not read again.";
    device_goes_in_circles: "A push of which nothing was taken is sent again at once.";
    device_drops_what_was_not_acknowledged: "A receipt counts for the whole chain.";
    device_takes_an_answer_of_before: "Rows that answer an older question are taken in.";
    device_trusts_a_restored_server: "A view of another life is followed without looking for what the server lost.";
    device_moves_the_cursor_before_rows: "The cursor moves on before the rows are kept.";
    device_never_gives_up_a_torn_chain: "What is not on the device is looked for again and again.";
    device_loses_what_it_reads_again: "What was read again is not sent.";
    device_declares_no_hole: "What comes behind a hole in a chain is sent without a word about the hole.";
    own_shows_nothing_at_the_start: "After a start, own events are not on top of the rows.";
    own_sends_nothing_of_before: "After a start, events of before are not sent.";
    own_forgets_the_ends_of_chains: "After a start, nothing is known of what the server had.";
    own_believes_a_place_of_another_life: "After a start, a place of another life of the log is not asked for anew.";
    device_keeps_old_places: "What was at the server before it was restored keeps the places it had.";
    own_keeps_a_place_of_another_life: "An event that a restored server placed anew keeps its old place.";
    own_keeps_no_places: "The places of events the view does not cover are not kept.";
    own_trusts_an_old_place: "A place of an earlier life of the log is believed for ever.";
    own_tells_no_places: "The view does not learn the places of own events.";
    lifeboat_leaves_out_the_oldest: "The oldest act that was not sent is not in the file.";
    lifeboat_takes_a_changed_file: "A file that is cut off or changed is taken in.";
    lifeboat_takes_another_shops_file: "A file of another shop is taken in.";
    relay_stops_after_a_failure: "A carrier sets no timer after a failure.";
    relay_sends_as_its_own: "A carrier sends another's acts under its own name.";
    relay_misnumbers_a_part: "A carrier sends acts under the number of the act after.";
    relay_waits_for_ever: "A chain that waited for what comes before it is not tried again.";
    relay_lets_go_of_what_was_not_taken: "A carrier drops acts the server gave no receipt for.";
    relay_lets_go_before_the_receipt: "A carrier drops acts when the answer got lost.";
    relay_lets_go_before_it_is_noted: "A carrier drops acts whose receipts could not be noted.";
    replica_leaves_own_effects_behind: "What an own event did stays when the event leaves the top.";
    replica_keeps_what_rows_brought: "An event whose rows came before its receipt stays on top.";
    replica_goes_back: "After a write that failed, rows that come again take the cursor back.";
    replica_drops_too_early: "An own event leaves the top before the rows contain it.";
    replica_never_drops: "Own events stay on top of the rows that contain them.";
    replica_loses_earlier_pages: "Of a view that begins anew, only the last page is taken.";
    replica_shows_half_a_view: "A view that begins anew is shown after its first page.";
    replica_ignores_a_reset: "Rows of another life stay.";
    replica_keeps_customers_of_another_life: "Customers of another life stay.";
    replica_keeps_a_closed_orders_customer: "A closed order's customer stays.";
    replica_forgets_a_beginning: "The rest of a view that begins anew is kept without its beginning.";
    sums_keep_what_was_before: "A row's earlier version stays in its page's sum.";
    device_never_compares: "Nobody looks whether the view is what it should be.";
    device_forgets_customers: "Customers are not asked for behind a snapshot.";
    device_forgets_when_it_began: "In the midst of a view that begins anew, the server is not told when it began.";
    device_fetches_chunks_twice: "Chunks that are on the device are fetched again.";
    device_opens_before_the_last_chunk: "A snapshot is opened without its last chunk.";
    device_fetches_all_chunks_at_once: "Every chunk of a snapshot is asked for at once.";
    device_fetches_what_is_on_its_way: "A chunk is asked for while it is being fetched.";
    device_drops_the_others_when_a_chunk_fails: "One chunk fails, and those under way are forgotten.";
    device_counts_a_chunk_that_failed: "A chunk that did not come counts as one that is here.";
    device_counts_chunks_without_names: "A chunk that is kept counts for another.";
    device_opens_whatever_it_adds_up_to: "Rows that are not those of the manifest become the view.";
    snapshot_takes_any_bytes: "Bytes count for a chunk whatever their hash.";
    snapshot_is_never_made_anew: "A snapshot is given out however old it is, and of whichever life.";
    snapshot_is_dated_too_late: "A snapshot says that it holds the change after its moment.";
    snapshot_leaves_the_last_chunk_out: "The last rows are in no chunk.";
    snapshot_of_two_moments: "A snapshot's rows are of an earlier moment than it says.";
    view_forgets_its_floor: "Who read before what is gone was forgotten is not told to begin anew.";
    sweep_waits_for_nobody: "What is gone is forgotten although a device was not told.";
    sweep_forgets_at_once: "What is gone is forgotten before its time.";
    chain_clock_goes_back: "The hybrid clock follows the wall clock back.";
    chain_points_to_two_before: "An event points to one further back than the one before it.";
    chain_uses_a_number_twice: "The next event has the number of the last.";
    chain_leaves_a_gap_after_an_undo: "The number of an event that was not kept is left out.";
    chain_points_to_what_was_undone: "The next event points to one that was not kept.";
    check_takes_unknown_devices: "A device nobody enrolled is believed.";
    check_takes_another_shops_events: "An event for another shop is taken.";
    check_takes_another_devices_events: "An event of one device is taken under the name of another.";
    check_takes_another_chains_events: "An event of one chain is taken under the name of another.";
    check_takes_another_number: "An event is taken under a number it does not have.";
    check_vouches_for_what_is_not_linked: "A good signature vouches for events that do not lead to it.";
    check_believes_any_signature: "No signature is looked at.";
    check_vouches_for_what_follows: "A signature vouches for the events behind it.";
    push_takes_an_event_twice: "An event that is there already is treated as a new one.";
    push_confirms_what_it_did_not_take: "An event behind a gap gets a receipt.";
    push_takes_what_is_behind_a_gap: "An event behind a gap is not left for later.";
    push_guesses_what_came_before: "A chain whose opening is too new is taken before the one it followed.";
    push_never_believes_a_loss: "The word that the rest of a chain is lost is not heard.";
    push_ignores_a_lack: "A new chain is taken although the rest of the one before is missing.";
    push_refuses_whom_another_node_let_in: "A device another node enrolled is a stranger here.";
    push_takes_a_fork_for_the_same: "Another event under the same number gets the first one's receipt.";
    push_throws_away_what_has_no_place: "What has no place is not kept aside.";
    push_takes_the_servers_kinds: "A device may say what only the server may.";
    push_takes_a_broken_link: "An event need not point to the one before it.";
    push_stops_at_what_it_cannot_read: "An event that cannot be read stops those behind it.";
    push_confirms_a_wrong_hash: "A receipt names another hash than the event's.";
    push_tells_a_wrong_place: "A receipt names the place after the event's.";
    push_passes_over_in_silence: "A hole in a chain is passed over without an alarm.";
    take_in_never: "What was too new when it came is never taken in.";
    take_in_again: "What was too new when it came is taken in again.";
    take_in_the_last_first: "Of what was too new, the last is taken in first.";
    take_in_stops_at_what_it_cannot_read: "What is still too new stops what came after it.";
    take_in_under_another_hash: "What is taken in goes under a hash that is not its own.";
    take_in_leaves_the_exception_open: "What was taken in still waits for it.";
    take_in_without_effect: "What was taken in changes nothing.";
    take_in_judges_nothing: "What was taken in is not asked for the rules it breaks.";
    take_in_no_orphans: "What was done on an order before it came in never counts.";
    take_in_of_the_servers_kinds: "A device says what only the server may say, before the server can read it.";
    writer_keeps_what_the_log_lost: "A writer whose log was set back goes on with what it knew.";
    writer_does_not_catch_up: "What another node recorded is not taken in.";
    writer_answers_before_the_commit: "A commit that failed is answered like one that lasted.";
    writer_goes_on_after_a_failed_commit: "After a failed commit the state is not read again.";
    writer_goes_on_with_a_lost_chain: "After a failed commit the server's chain goes on from what was lost.";
    writer_opens_no_epoch: "The server's chain begins without saying so.";
    writer_drops_exceptions: "An event's exceptions are not put on record.";
    writer_notes_no_subjects: "The chain of custody does not find an event.";
    writer_keeps_no_leases: "Leases are granted and not kept.";
    writer_keeps_the_last_facts_rows_only: "Of a transaction, only what its last fact changed is kept.";
    writer_dates_a_row_too_early: "A row is dated one place before its change.";
    writer_shows_a_closed_orders_customer: "A closed order's customer is not taken away from devices.";
    page_splits_a_change: "A page ends between rows of one change.";
    view_serves_another_life: "A cursor of another life is taken for one of this.";
    view_skips_rows: "The cursor goes to the newest place although there are more rows.";
    view_says_no_reset: "A reader that has to begin anew is not told.";
    scope_shows_every_order: "A driver's phone gets orders that are not of its trip.";
    scope_outlives_its_enrolment: "A driver's phone that is enrolled anew still gets the trip of before.";
    scope_names_other_orders: "What a driver's phone gets names orders of other routes.";
    scope_forgets_what_comes_along: "Of an order that joins a trip, only what has just changed is sent.";
    scope_keeps_what_left: "A driver's phone is not told that something left its trip.";
    scope_sums_the_whole_view: "A driver's phone is told the sum of the whole view.";
    scope_hash_ignored: "Nobody looks whether a driver's phone has the trip of before.";
    react_leaves_a_short_order_short: "Nobody looks for other packages when units are missing.";
    react_has_nothing_counted: "What a lost device may have taken is not counted.";
    alarm_silent_about_a_fork: "Two events under one number raise no alarm.";
    alarm_silent_about_a_signature: "A false signature raises no alarm.";
    alarm_silent_about_a_clock: "A clock that cannot be placed raises no alarm.";
    alarm_silent_about_a_newer_kind: "An event newer than the server raises no alarm.";
    alarm_about_a_gap_that_is_none: "A whole chain is called torn.";
    alarm_silent_about_a_gap: "The lost end of a chain raises no alarm.";
    alarm_silent_about_a_forgotten_chain: "A device that forgot a whole chain raises no alarm.";
    alarm_silent_about_a_rollback: "A device set back to an earlier day raises no alarm.";
    alarm_silent_about_a_wiped_device: "A device that knows nothing of its earlier chains raises no alarm.";
    alarm_silent_about_a_restored_server: "A restored log raises no alarm.";
    alarm_raised_again: "An alarm is raised again while it is open.";
    alarm_silent_about_rewriting: "A device holds a proof against the server, and nobody is told.";
    witness_checks_no_proof: "A longer log is believed to go on from the one that was seen.";
    witness_gives_in: "A witness takes the head that contradicts the one it has seen.";
    witness_lets_a_contradiction_go: "A contradiction is seen and not kept.";
    witness_signs_what_it_did_not_keep: "A head that could not be kept is co-signed all the same.";
    witness_accuses_a_shorter_head_at_once: "An answer from an older moment is called a proof.";
    witness_takes_another_life_for_rewriting: "A restored backup that says so is called a proof.";
    witness_asks_only_once: "A device looks at one head and at no later one.";
    witness_never_sends_its_signature: "What a witness signs stays on the device.";
    head_drops_a_witness: "A co-signature is not put on the sheet.";
    head_believes_any_co_signature: "A co-signature is not looked at.";
    head_proves_from_another_size: "The proof is for a reader who has seen one event more.";
    head_waits_for_the_next_event: "What was recorded last is under no head until something else is.";
    head_signed_over_another_root: "The sheet names a root that is not the log's.";
    claim_gives_an_order_to_two: "An order somebody has is leased to another.";
    claim_freed_by_time: "An order that is overdue is free for others.";
    claim_covers_any_lease: "An act under any lease counts as covered.";
    claim_outlives_its_enrolment: "A lease of an earlier enrolment counts.";
    claim_raises_no_fence: "A lease has the fence of the one before.";
    claim_of_no_enrolment: "A lease names no enrolment.";
    claim_given_back_by_anybody: "Any device gives back what another has.";
    break_lease_by_anybody: "Anybody takes an order away from a device.";
    break_lease_raises_no_fence: "A broken lease leaves the fence where it was.";
    allocate_promises_a_unit_twice: "Units promised to others are promised again.";
    escrow_leases_a_unit_twice: "Spares of one lease are given to another.";
    escrow_keeps_no_reserve: "The last units of a product are leased as spares.";
    escrow_gives_too_many_spares: "Every unit to fetch has a spare.";
    escrow_spends_nothing: "A unit taken under a lease uses nothing up.";
    escrow_never_uses_up_a_spare: "A spare that was taken can be taken again.";
    allocate_promises_what_is_on_hold: "Units of a package on hold are promised.";
    allocate_takes_the_newest_first: "The newest package is promised first.";
    allocate_gives_no_promise_back: "What is promised to nobody any more stays reserved.";
    breach_of_role_dropped: "Who may not do it does it unseen.";
    breach_unknown_dropped: "A package or order nobody knows is not asked about.";
    breach_late_dropped: "A revoked device acts unseen.";
    breach_late_invented: "Every pick is called late.";
    breach_unleased_dropped: "A pick without a lease is not counted.";
    breach_unknown_invented: "Every reference is called unknown.";
    breach_double_pick_dropped: "The same unit twice is not noticed.";
    breach_overdraw_dropped: "More than the shelf has is not noticed.";
    breach_held_dropped: "A package on hold is picked unseen.";
    breach_cancelled_dropped: "A cancelled order is picked unseen.";
    breach_filled_twice_dropped: "A unit too many is not noticed.";
    breach_count_dropped: "A count that differs is nobody else's to look at.";
    breach_broken_lease_dropped: "A pick under a broken lease is not noticed.";
    hand_off_without_the_server: "A bag is handed over on an old view.";
    hand_off_of_what_is_on_hold: "A bag with a package on hold is handed over.";
    hand_off_over_a_limit: "A bag is handed over that is more than one person may buy.";
    verify_of_what_is_over_a_limit: "More than one person may buy passes the pack station.";
    breach_limit_dropped: "A bag that was handed over is more than one person may buy, and nobody is told.";
    hand_off_while_something_waits: "A bag is handed over while a manager has to decide.";
    hand_off_leaves_units_behind: "The order is closed and its units stay in the slot.";
    resolve_by_anybody: "Whoever says so settles an exception.";
    resolve_twice: "An exception is settled again.";
    resolve_own_act: "Somebody settles what is about an act of their own.";
    count_makes_units: "Units too many on a shelf come from nowhere.";
    pick_forgets_the_number: "The number of a unit that was taken is not remembered.";
    void_leaves_the_unit_in_the_tote: "A pick is undone and its unit does not go back.";
    seal_keeps_the_lease: "A sealed order's lease stays in force.";
    hold_lays_nothing: "What the shop holds can be sold.";
    hold_keeps_promises: "Orders are still promised what the shop holds.";
    hold_is_never_lifted: "What was let go cannot be sold.";
    hold_lifts_the_states_too: "What the shop lets go can be sold though the state holds it.";
    hold_forgotten_with_the_states_file: "A file of the state ends the shop's own hold.";
    pick_takes_what_is_on_hold: "A package on hold is picked by who can see it.";
    receive_ignores_a_hold: "A hold in the state's file is not taken in.";
    draw_map_by_anybody: "Whoever draws a map of the vault has it kept.";
    draw_map_over_anothers: "Who drew over an earlier map takes away what another drew meanwhile.";
    acknowledge_by_anybody: "Whoever says so takes the mark of a change off an order.";
    acknowledge_what_nobody_saw: "A change is taken for seen that came after the look.";
    arrive_ignores_a_cancellation: "A cancelled order goes on.";
    permit_believes_a_clock_set_back: "A clock that is set back extends a permit.";
    permit_of_another_device_counts: "A permit of another device lets people decide here.";
    permit_lets_decide_for_ever: "A permit that is over lets people decide.";
    permit_shows_customers_for_ever: "A permit that is over shows customers.";
    permit_takes_an_old_answer: "An answer about permits counts again when it is played again.";
    permit_for_who_left: "Who does not work here any more is given permits.";
    permit_over_unseen: "What was done after a permit was over is not marked.";
    permit_over_for_nothing: "What was done under a permit is marked.";
    stock_makes_units: "A unit taken from an empty shelf comes from nowhere.";
}
