//! One cell of a spreadsheet, and rows of them.
//!
//! In: text. Out: CSV that a spreadsheet shows and never computes. Must not: let text be taken for a formula, whatever
//! the spreadsheet does with blanks or quotes before it.

use super::line::Line;

/// Text as a cell. Where a spreadsheet could take it for a formula, an apostrophe stands before it.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'t>(pub &'t str);

impl Cell<'_> {
    /// As it stands in a file, in quotes.
    #[must_use]
    pub fn quoted(self) -> String {
        let text = Line(self.0).to_string();
        let apostrophe = if is_formula(&text) { "'" } else { "" };
        format!("\"{apostrophe}{}\"", text.replace('"', "\"\""))
    }
}

/// The signs with which a formula begins, also as Japanese keyboards write them, after whatever a spreadsheet passes
/// over.
fn is_formula(text: &str) -> bool {
    let is_blank = |character: char| character.is_whitespace() || matches!(character, '"' | '\'');
    let first = text.trim_start_matches(is_blank).chars().next();
    first.is_some_and(|sign| {
        matches!(
            sign,
            '=' | '+' | '-' | '@' | '|' | '%' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'
        )
    })
}

/// Cells as a row of a file, as RFC 4180 has it but for the line end, which whoever prints it adds.
#[must_use]
pub fn row<'t>(cells: impl IntoIterator<Item = &'t str>) -> String {
    let cells = cells.into_iter().map(|text| Cell(text).quoted());
    cells.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_a_formula_is_none() {
        for text in [
            "=cmd()",
            "+1",
            "-2+3",
            "@SUM(A1)",
            " =1",
            "\u{a0}=1",
            "\u{ff1d}1",
            "\"=1",
            "|calc",
            "%0A=1",
        ] {
            let cell = Cell(text).quoted();
            assert!(cell.starts_with("\"'"), "{cell}");
        }
        assert_eq!(Cell("Ana R.").quoted(), "\"Ana R.\"");
        assert_eq!(Cell("").quoted(), "\"\"");
    }

    #[test]
    fn a_row_reads_back_as_what_was_written() {
        let cells = ["a,b", "say \"no\"", "^XZ~JR", "x;y", "=1\r\n=2", "\t@x"];
        let text = row(cells);
        assert!(!text.contains(['\r', '\n', '\t']));
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.as_bytes());
        let read = reader.records().next().unwrap().unwrap();
        let read: Vec<&str> = read.iter().collect();
        let expected = ["a,b", "say \"no\"", "^XZ~JR", "x;y", "'=1\\r\\n=2", "\\t@x"];
        assert_eq!(read, expected);
    }
}
