//! The one form of a record.
//!
//! In: a record and the bytes it was read from. Out: whether they are its encoding. Must not: make a copy of either.

use crate::audit::bundle::Record;

/// What is left of the bytes that an encoding should be.
struct Left<'a>(&'a [u8]);

impl minicbor::encode::Write for Left<'_> {
    type Error = ();

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), ()> {
        self.0 = self.0.strip_prefix(bytes).ok_or(())?;
        Ok(())
    }
}

/// Whether these are exactly the bytes a record is written as: there is one form, and no room for anything beside it.
pub(super) fn is_encoding_of(record: &Record, bytes: &[u8]) -> bool {
    let mut left = Left(bytes);
    minicbor::encode(record, &mut left).is_ok() && left.0.is_empty()
}
