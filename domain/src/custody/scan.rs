//! What a reading stands for in a task, and what of it may be kept.
//!
//! In: codes. Out: evidence a task can weigh. Must not: keep text of unknown origin; it may be a driving
//! licence.

use crate::code::gtin::Gtin;
use crate::code::own::OwnKind;
use crate::code::{Code, Grade};
use crate::id::PackageTag;
use crate::verdict::Reason;

/// A code, to be weighed by the task in which it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// What the reading means.
    pub code: Code,
}

/// What a scan shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// A package, and the unit in it when its own code was read.
    Package {
        /// The package's tag.
        tag: PackageTag,
        /// The unit's number.
        unit: Option<u64>,
    },
    /// A product, whatever its batch: the product numbers that fit.
    Product(Vec<Gtin>),
    /// One of Custody's own codes.
    Own(OwnKind, String),
    /// Nothing.
    Nothing,
}

impl Scan {
    /// What it shows.
    #[must_use]
    pub fn evidence(&self) -> Evidence {
        match &self.code {
            Code::Package(tag) => Evidence::Package {
                tag: tag.clone(),
                unit: None,
            },
            Code::Unit { tag, index, .. } => Evidence::Package {
                tag: tag.clone(),
                unit: Some(*index),
            },
            Code::Product { candidates } => {
                Evidence::Product(candidates.iter().map(|(gtin, _)| *gtin).collect())
            }
            Code::Gs1(gs1) => gs1
                .gtin()
                .map_or(Evidence::Nothing, |gtin| Evidence::Product(vec![gtin])),
            Code::Own(own) => Evidence::Own(own.kind, own.id.clone()),
            Code::TagShaped(_) | Code::Nothing { .. } => Evidence::Nothing,
        }
    }

    /// Why it is of no use where something else is asked for: it is no code, or one for another step.
    #[must_use]
    pub fn unfit(&self) -> Reason {
        match self.code {
            Code::Nothing { .. } => Reason::NotACode,
            Code::Package(_)
            | Code::TagShaped(_)
            | Code::Unit { .. }
            | Code::Product { .. }
            | Code::Gs1(_)
            | Code::Own(_) => Reason::ForAnotherStep,
        }
    }

    /// What it proves.
    #[must_use]
    pub fn grade(&self) -> Grade {
        self.code.grade()
    }

    /// Text for the record: the identifiers of a code that is understood, nothing of one that is not.
    #[must_use]
    pub fn text(&self) -> String {
        match self.evidence() {
            Evidence::Package { tag, unit: None } => tag.to_string(),
            Evidence::Package {
                tag,
                unit: Some(unit),
            } => format!("{tag}/{unit}"),
            Evidence::Product(gtins) => {
                let texts: Vec<String> = gtins.iter().map(Gtin::to_string).collect();
                texts.join(" or ")
            }
            Evidence::Own(kind, id) => format!("{kind:?} {id}"),
            Evidence::Nothing => String::new(),
        }
    }
}
