//! How a command says that it could not finish.
//!
//! In: what failed. Out: three sentences a person can act on.
//! Must not hide the cause: the text of the failing tool is kept.

use std::fmt;

/// A step that failed: what failed, what is safe, what to do next.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    safe: String,
    next: String,
}

impl Failure {
    pub(crate) fn new(
        what: impl Into<String>,
        safe: impl Into<String>,
        next: impl Into<String>,
    ) -> Self {
        Self {
            what: what.into(),
            safe: safe.into(),
            next: next.into(),
        }
    }

    /// A file or folder under our own cache or build output could not be used.
    pub(crate) fn of_file(doing: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::new(
            format!("{doing} {}: {error}", path.display()),
            "Your sources are untouched; only the cache or the build output is involved.",
            "Look at free space and permissions there, then run the same command again.",
        )
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "What failed:  {}", self.what)?;
        writeln!(f, "What is safe: {}", self.safe)?;
        write!(f, "What to do:   {}", self.next)
    }
}
