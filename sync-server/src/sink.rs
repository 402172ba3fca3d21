//! Text on its way out, one form per place where it ends: a terminal or log, a cell of a spreadsheet.
//!
//! In: text that anybody may have written. Out: the same text, which does nothing where it ends. Must not: be left out; a
//! name is a name everywhere.
//!
//! The other places have their own: pages are text nodes, never markup; labels `domain::label`; queries bound values;
//! addresses the browser's own encoder.

/// One line of a terminal or a log.
pub mod line;
/// One cell of a spreadsheet.
pub mod cell;
