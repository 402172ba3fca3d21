//! Where a figure stands, and how sure that is.
//!
//! In: a pack's `[[source]]` tables. Out: a citation for each figure. Must not: let a figure from memory decide by itself.

use std::collections::BTreeMap;

use super::fields::Fields;

/// How sure a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Seen in the statute, the regulation or on the regulator's page.
    Primary,
    /// Seen in a source that quotes or sums up the rule.
    Secondary,
    /// Not confirmed.
    Memory,
}

impl Grade {
    /// The grade of a word, or of the letter in compact packs.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "primary" | "P" => Some(Self::Primary),
            "secondary" | "S" => Some(Self::Secondary),
            "memory" | "M" => Some(Self::Memory),
            _ => None,
        }
    }
}

/// One source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// How it is cited.
    pub cite: String,
    /// How sure what it says is.
    pub grade: Grade,
}

/// A pack's sources by name.
pub(super) struct Sources(pub(super) BTreeMap<String, Source>);

impl Sources {
    pub(super) fn read(document: &Fields<'_, '_>) -> Self {
        let mut sources = BTreeMap::new();
        for fields in document.tables("source") {
            let id = fields.text("id");
            let cite = fields.text("cite");
            let grade = fields.word("grade", "primary, secondary or memory", |word| {
                Grade::parse(word).filter(|_| word.len() > 1)
            });
            for key in ["title", "url", "seen"] {
                fields.text_if_any(key);
            }
            fields.end();
            let (Some(id), Some(cite), Some(grade)) = (id, cite, grade) else {
                continue;
            };
            let cite = cite.to_owned();
            if sources
                .insert(id.to_owned(), Source { cite, grade })
                .is_some()
            {
                fields.flaw(
                    "id",
                    format!("{id:?} is the name of an earlier source, too"),
                );
            }
        }
        Self(sources)
    }

    /// The source a field names.
    pub(super) fn of(&self, fields: &Fields<'_, '_>, key: &str) -> Option<&Source> {
        let id = fields.text(key)?;
        let found = self.0.get(id);
        if found.is_none() {
            fields.flaw(
                key,
                format!("{id:?} is not the name of a source of this pack"),
            );
        }
        found
    }

    /// The source of a table's figures. What nobody confirmed needs something stricter, or is no more than advice.
    pub(super) fn judged(
        &self,
        fields: &Fields<'_, '_>,
        key: &str,
        is_safe: bool,
    ) -> Option<&Source> {
        let source = self.of(fields, key)?;
        if source.grade == Grade::Memory && !is_safe {
            let wanted =
                "is graded memory: that needs a stricter figure beside it, or `advisory = true`";
            fields.flaw(key, wanted);
        }
        Some(source)
    }
}
