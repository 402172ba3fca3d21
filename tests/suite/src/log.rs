//! What a shop's log does.
