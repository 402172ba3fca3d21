//! What devices and server say to each other.
//!
//! In: which message, and its bytes. Must not: take what is written again for another message than what was read.

use core::fmt::Debug;

use domain::audit::links;
use domain::event::encode;
use domain::permit::{Permit, PermitAnswer, PermitAsk};
use domain::sync::enrol::{
    CustomerCard, Denied, DevicesAnswer, DevicesAsk, EnrolAnswer, EnrolAsk, Hello, SignInAnswer,
    SignInAsk,
};
use domain::sync::message::{
    ClaimAnswer, ClaimAsk, Cursor, OrderChain, PullAnswer, Push, PushAnswer, Signed,
};
use domain::sync::proof::{PasskeysAnswer, PasskeysAsk};
use domain::sync::wipe::WipeOrder;
use minicbor::{Decode, Encode};

pub(crate) fn run(input: &[u8]) {
    let Some((first, bytes)) = input.split_first() else {
        return;
    };
    match first {
        0 => same::<Push>(bytes),
        1 => same::<PushAnswer>(bytes),
        2 => same::<PullAnswer>(bytes),
        3 => same::<Signed>(bytes),
        4 => same::<ClaimAsk>(bytes),
        5 => same::<ClaimAnswer>(bytes),
        6 => same::<Hello>(bytes),
        7 => same::<EnrolAsk>(bytes),
        8 => same::<EnrolAnswer>(bytes),
        9 => same::<SignInAsk>(bytes),
        10 => same::<SignInAnswer>(bytes),
        11 => same::<Denied>(bytes),
        12 => same::<CustomerCard>(bytes),
        13 => same::<Cursor>(bytes),
        14 => same::<DevicesAsk>(bytes),
        15 => same::<DevicesAnswer>(bytes),
        16 => same::<PermitAsk>(bytes),
        17 => same::<PermitAnswer>(bytes),
        18 => same::<Permit>(bytes),
        // From the other end: inputs that were kept begin with the numbers between.
        253 => same::<WipeOrder>(bytes),
        254 => same::<PasskeysAsk>(bytes),
        255 => same::<PasskeysAnswer>(bytes),
        _ => chain(bytes),
    }
}

fn same<M: for<'b> Decode<'b, ()> + Encode<()> + PartialEq + Debug>(bytes: &[u8]) {
    if let Ok(read) = minicbor::decode::<M>(bytes) {
        let again = minicbor::decode::<M>(&encode(&read)).expect("what was written is read");
        assert_eq!(again, read);
    }
}

/// A chain of custody is also looked at link by link, as a screen does.
fn chain(bytes: &[u8]) {
    same::<OrderChain>(bytes);
    if let Ok(read) = minicbor::decode::<OrderChain>(bytes)
        && let Ok(found) = links(&read)
    {
        assert_eq!(found.len(), read.events.len());
    }
}
