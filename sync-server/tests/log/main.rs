//! The log's behaviours, the same on every database, and what holds on PostgreSQL alone.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by ending"
)]

mod throwaway;

mod bad_days;
mod behaviours;
mod connection;
mod file;
mod gone;
mod home;
mod proofs;
mod secrets;
mod sums;
mod turn;
mod walls;

/// Each behaviour on each database.
macro_rules! on_every_database {
    ($($module:ident::$claim:ident,)*) => {
        mod on_sqlite {
            $(#[test]
            fn $claim() {
                crate::$module::$claim(&crate::home::Home::sqlite());
            })*
        }

        mod on_postgres {
            $(#[test]
            fn $claim() {
                crate::$module::$claim(&crate::home::Home::postgres());
            })*
        }
    };
}

on_every_database! {
    behaviours::what_never_travels_is_rolled_back_with_the_rest,
    behaviours::what_was_committed_is_there_when_the_log_is_opened_again,
    behaviours::two_writers_at_once_leave_no_gap_and_take_no_place_twice,
    behaviours::a_reader_sees_one_moment_until_it_looks_again,
    behaviours::the_events_about_an_order_are_found_with_what_lies_between,
    behaviours::the_signed_heads_of_the_tree_are_kept,
    behaviours::of_signed_heads_the_newest_thousand_are_kept,
    gone::what_is_gone_is_forgotten_in_order_and_the_floor_follows,
    gone::how_far_a_device_has_read_is_kept_as_it_was_said_last,
    sums::the_sums_follow_every_change_and_none_that_was_rolled_back,
    sums::sums_can_be_put_in_the_place_of_others,
    sums::the_rows_of_some_pages_are_found_without_what_is_gone,
    turn::what_was_written_in_a_turn_is_read_in_it,
    turn::an_entity_that_changes_often_in_a_turn_is_kept_as_it_was_last,
    turn::a_turn_with_thousands_of_rows_lasts_whole,
    secrets::a_customers_key_is_kept_once_and_gone_when_it_is_erased,
    secrets::a_person_keeps_the_count_of_wrong_pins,
    secrets::a_code_is_good_once_and_not_for_ever,
    secrets::a_log_says_who_it_is_and_counts_on,
    proofs::a_passkey_is_one_persons_and_keeps_its_count,
    proofs::a_proof_is_found_until_it_is_forgotten_or_has_run_out,
}

/// The suite of all logs on each database.
macro_rules! suite_on_every_database {
    ($($room:ident::$claim:ident,)*) => {
        mod suite_on_sqlite {
            $(#[test]
            fn $claim() {
                suite::log::$room::$claim(&crate::home::Home::sqlite());
            })*
        }

        mod suite_on_postgres {
            $(#[test]
            fn $claim() {
                suite::log::$room::$claim(&crate::home::Home::postgres());
            })*
        }
    };
}

suite::every_log_behaviour!(suite_on_every_database);
