//! The lab's verdict on a package, in METRC's fourteen words.
//!
//! In: a cell. Out: the status, or the cell's own word when it is none of them. Must not: decide what may be
//! sold; the rule pack of the state does.

use core::fmt;

macro_rules! statuses {
    ($($name:ident,)*) => {
        /// Where a package stands with the lab.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the names are METRC's words")]
        pub enum LabStatus {
            $($name,)*
            /// A word METRC does not list, as the file writes it. Never sellable.
            Unknown(String),
        }

        impl LabStatus {
            /// Reads METRC's word; letter case, blanks and punctuation do not matter.
            #[must_use]
            pub fn parse(text: &str) -> Self {
                let key: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
                $(if key.eq_ignore_ascii_case(stringify!($name)) {
                    return Self::$name;
                })*
                Self::Unknown(text.to_owned())
            }

            /// METRC's word, or the file's when it is unknown.
            #[must_use]
            pub fn word(&self) -> &str {
                match self {
                    $(Self::$name => stringify!($name),)*
                    Self::Unknown(word) => word,
                }
            }
        }
    };
}

statuses! {
    NotSubmitted,
    SubmittedForTesting,
    TestFailed,
    TestPassed,
    TestingInProgress,
    AwaitingConfirmation,
    RetestFailed,
    RetestPassed,
    Remediated,
    SelectedForRandomTesting,
    NotRequired,
    ProcessValidated,
    Decontaminated,
    RandDCompleted,
}

impl fmt::Display for LabStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_case_do_not_change_a_status() {
        for text in ["TestPassed", "Test Passed", "TESTPASSED", " test-passed "] {
            assert_eq!(LabStatus::parse(text), LabStatus::TestPassed, "{text}");
        }
        assert_eq!(
            LabStatus::parse("Passed"),
            LabStatus::Unknown("Passed".to_owned())
        );
        assert_eq!(
            LabStatus::parse("R and D Completed").word(),
            "RandDCompleted"
        );
    }
}
