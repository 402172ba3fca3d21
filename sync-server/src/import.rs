//! Where files from outside become checked rows: packages, lab figures, products, orders.
//!
//! In: the bytes of one file as somebody exported or wrote it, and the day it is read on. Out: rows that
//! keep every rule of the file's format, and findings that name record, line, heading and reason for
//! everything that does not. Must not: open files, touch the database, repair a value by guessing.
//!
//! Rows and findings are independent: one bad row never hides the good ones beside it. Only a file that
//! cannot be understood as a whole is refused as a whole.

/// Dates and times as spreadsheets write them.
pub mod calendar;
/// What is wrong with a record, in words and as a code.
pub mod finding;
/// CSV text or a workbook as one stream of records under headings.
pub mod table;
/// A quantity as text.
mod amount;
/// Free text in a cell.
mod text;
/// METRC's Active Packages export.
pub mod metrc_packages;
/// Lab figures per package, in Custody's own CSV.
pub mod labs;
/// What one unit of each product holds.
pub mod products;
/// Orders in Custody's own JSON.
pub mod orders;
