//! The server as devices, other programs and the person who runs it see it: a real server on a free port, and
//! devices that sign. The files are those of the route table.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by ending"
)]

mod authenticator;
mod browser;
mod device;
mod devices;
mod people;
mod program;
mod server;
#[path = "../log/throwaway.rs"]
mod throwaway;

mod audit;
mod authority;
mod chain;
mod claim;
mod command_line;
mod demo;
mod doctor;
mod enrol;
mod flood;
mod guard;
mod hints;
mod hostile;
mod lifeboat;
mod memory;
mod never_there;
mod nodes;
mod nodes_killed;
mod nodes_line;
mod on_postgresql;
mod orders;
mod passkeys;
mod passkeys_told;
mod permit;
mod printing;
mod products;
mod pull;
mod push;
mod push_untrusted;
mod rates;
mod register;
mod restart;
mod rollback;
mod routes;
mod scope;
mod secrets;
mod sign_in;
mod signature;
mod snapshot;
mod tampering;
mod tls;
mod tls_program;
mod way_back;
mod web;
mod whole_order;
mod wiped;
mod witness;
