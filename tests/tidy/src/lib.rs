//! House rules as a test.
//!
//! In: every file of the repository. Out: where a rule is broken, by file and line, and how to mend it.
//! Must not need git, a network or another crate, and must not have a list of exceptions.

#[cfg(test)]
mod tree;
#[cfg(test)]
mod code;
#[cfg(test)]
mod manifest;
#[cfg(test)]
mod sizes;
#[cfg(test)]
mod names;
#[cfg(test)]
mod honest_tests;
#[cfg(test)]
mod walls;
#[cfg(test)]
mod machines;
#[cfg(test)]
mod breaks;
#[cfg(test)]
mod readme;
