//! What is wrong with a record, as a code a program can match and a sentence a person can act on.
//!
//! In: where it stands and what was read. Out: a bounded list. Must not: quote a whole cell, which may be
//! megabytes long, or a control character.

use core::fmt;

/// Findings that refuse a row, kept per file; the rest are only counted.
pub const REFUSALS_MAX: usize = 50_000;
/// Warnings kept per file. Counted apart, so that warnings never crowd out a refusal.
pub const WARNINGS_MAX: usize = 20_000;
/// Characters of a cell that a sentence quotes.
const QUOTED_CHARS_MAX: usize = 40;

/// Whether a finding costs the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The row is kept, or repeats a kept one, or was never a row.
    Warning,
    /// The row is not imported.
    Refused,
}

macro_rules! kinds {
    ($($severity:ident { $($name:ident = $code:literal,)* })*) => {
        /// What is wrong. The code is the same word in reports, tests and the interface.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "the code beside each name says it")]
        pub enum FindingKind {
            $($($name,)*)*
        }

        impl FindingKind {
            /// Every kind there is.
            pub const ALL: &[Self] = &[$($(Self::$name,)*)*];

            /// The word that names this kind.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $($(Self::$name => $code,)*)* }
            }

            /// Whether it costs the row.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $($(Self::$name => Severity::$severity,)*)* }
            }
        }
    };
}

kinds! {
    Refused {
        TagMissing = "tag_missing",
        TagLength = "tag_length",
        TagNotHex = "tag_not_hex",
        TagScientific = "tag_scientific",
        TagDuplicateConflict = "tag_duplicate_conflict",
        QuantityMissing = "quantity_missing",
        QuantityNotNumber = "quantity_not_number",
        QuantityNegative = "quantity_negative",
        QuantityFractionOfEach = "quantity_fraction_of_each",
        QuantityTooLarge = "quantity_too_large",
        QuantityDecimalComma = "quantity_decimal_comma",
        UnitMissing = "unit_missing",
        UnitUnknown = "unit_unknown",
        ItemMissing = "item_missing",
        ItemControlCharacter = "item_control_character",
        TextControlCharacter = "text_control_character",
        TextTooLong = "text_too_long",
        PackagedDateMissing = "packaged_date_missing",
        PackagedDateUnreadable = "packaged_date_unreadable",
        PackagedDateFuture = "packaged_date_future",
        ReceivedUnreadable = "received_unreadable",
        ReceivedFuture = "received_future",
        DateUnreadable = "date_unreadable",
        FlagUnreadable = "flag_unreadable",
        FieldCount = "field_count",
        EncodingInvalid = "encoding_invalid",
        QuoteUnterminated = "quote_unterminated",
        PotencyMissing = "potency_missing",
        PotencyNotNumber = "potency_not_number",
        PotencyTooLarge = "potency_too_large",
        PotencyUnitsMissing = "potency_units_missing",
        PotencyUnitsUnknown = "potency_units_unknown",
        TestedDateMissing = "tested_date_missing",
        TestedDateFuture = "tested_date_future",
        ExpiresBeforeTested = "expires_before_tested",
        ProductDuplicateConflict = "product_duplicate_conflict",
        SkuOfAnother = "sku_of_another",
        GtinInvalid = "gtin_invalid",
        QuantityZero = "quantity_zero",
        FiguresContradict = "figures_contradict",
    }
    Warning {
        TagLowerCase = "tag_lower_case",
        TagOuterSpace = "tag_outer_space",
        TagDuplicateSame = "tag_duplicate_same",
        ProductDuplicateSame = "product_duplicate_same",
        LocationMissing = "location_missing",
        ReceivedBeforePackaged = "received_before_packaged",
        LabStatusUnknown = "lab_status_unknown",
        NotARecord = "not_a_record",
    }
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Where a record stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The record's number behind the heading row, from 1; blank lines are not counted.
    pub record: u32,
    /// The physical line, or the sheet's row, where the record begins, from 1.
    pub line: u64,
}

/// One thing that is wrong with one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The record's number behind the heading row.
    pub record: u32,
    /// The physical line, or the sheet's row, where the record begins.
    pub line: u64,
    /// The heading as the file writes it, or as METRC does when the file lacks it. None when the whole
    /// record is meant.
    pub field: Option<String>,
    /// What is wrong.
    pub kind: FindingKind,
    /// Whether it costs the row.
    pub severity: Severity,
    /// An English sentence for the person who exported the file.
    pub reason: String,
}

/// The findings of one file as they come, bounded.
#[derive(Debug, Default)]
pub struct Findings {
    kept: Vec<Finding>,
    refusals: usize,
    warnings: usize,
}

impl Findings {
    /// Notes one finding.
    pub fn note(&mut self, at: Place, kind: FindingKind, field: Option<&str>, reason: String) {
        let severity = kind.severity();
        let (count, max) = match severity {
            Severity::Refused => (&mut self.refusals, REFUSALS_MAX),
            Severity::Warning => (&mut self.warnings, WARNINGS_MAX),
        };
        *count += 1;
        if *count <= max {
            let field = field.map(str::to_owned);
            let Place { record, line } = at;
            self.kept.push(Finding {
                record,
                line,
                field,
                kind,
                severity,
                reason,
            });
        }
    }

    /// How many findings cost a row so far, kept or only counted.
    #[must_use]
    pub fn refusals(&self) -> usize {
        self.refusals
    }

    /// The findings in the order of the file, and how many were left out of the list.
    #[must_use]
    pub fn into_parts(self) -> (Vec<Finding>, usize) {
        let left_out = self.refusals + self.warnings - self.kept.len();
        (self.kept, left_out)
    }
}

/// A cell's text fit to be quoted in a sentence: short, and without control characters.
#[must_use]
pub fn quoted(text: &str) -> String {
    let visible = |character: char| {
        if character.is_control() {
            '\u{b7}'
        } else {
            character
        }
    };
    let mut short: String = text.chars().take(QUOTED_CHARS_MAX).map(visible).collect();
    if text.chars().nth(QUOTED_CHARS_MAX).is_some() {
        short.push('\u{2026}');
    }
    format!("\u{201c}{short}\u{201d}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_thousand_warnings_do_not_hide_a_refused_row() {
        let mut findings = Findings::default();
        let at = Place { record: 1, line: 2 };
        for _ in 0..=WARNINGS_MAX {
            findings.note(at, FindingKind::TagLowerCase, Some("Tag"), String::new());
        }
        findings.note(at, FindingKind::TagMissing, Some("Tag"), String::new());
        let (kept, left_out) = findings.into_parts();
        assert_eq!((kept.len(), left_out), (WARNINGS_MAX + 1, 1));
        assert_eq!(
            kept.last().map(|finding| finding.kind),
            Some(FindingKind::TagMissing)
        );
    }

    #[test]
    fn every_kind_has_its_own_word() {
        let mut codes: Vec<_> = FindingKind::ALL.iter().map(|kind| kind.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), FindingKind::ALL.len());
    }

    #[test]
    fn a_quoted_cell_is_short_and_shows_no_control_characters() {
        assert_eq!(quoted("a\u{1b}b\u{0}"), "\u{201c}a\u{b7}b\u{b7}\u{201d}");
        assert_eq!(
            quoted(&"x".repeat(5_000_000)).chars().count(),
            QUOTED_CHARS_MAX + 3
        );
    }
}
