//! The potency on a label against the certificate of its batch.
//!
//! In: what the label says, or that it differs. Out: agreement; or a package nobody picks until it was looked into. Must
//! not: correct a figure, or take two figures for the same because they are near.

use minicbor::{Decode, Encode};

use crate::custody::hold::{self, Held, HoldReason};
use crate::custody::{Fact, Situation, has_authority};
use crate::facility::Right;
use crate::id::{OrderId, PackageTag};
use crate::ledger::Ledger;
use crate::stock::{Package, Potency};
use crate::verdict::{Reason, Refusal, Verdict};

/// Digits behind the point that a label can have and still be read here.
const DECIMALS_MAX: usize = 3;

/// A figure as it stands on a label, with as many digits as it has there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Figure {
    /// Thousandths of the certificate's own unit.
    #[n(0)]
    pub thousandths: i64,
    /// Digits behind the point.
    #[n(1)]
    pub decimals: u8,
}

impl Figure {
    /// Reads a figure such as `24.1` or `24,1`; `None` when it is none, is below nothing, or is finer than thousandths.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().replace(',', ".");
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        let is_figure = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        let is_one = !whole.is_empty() && whole.len() <= 6 && part.len() <= DECIMALS_MAX;
        if !is_one || !is_figure(whole) || !is_figure(part) {
            return None;
        }
        let thousandths = format!("{whole}{part:0<DECIMALS_MAX$}").parse().ok()?;
        let decimals = u8::try_from(part.len()).ok()?;
        Some(Self {
            thousandths,
            decimals,
        })
    }

    /// Whether it is the certificate's figure, rounded to the digits the label has.
    #[must_use]
    pub fn is(self, certificate: Potency) -> bool {
        let last_digit = match self.decimals {
            0 => 1_000,
            1 => 100,
            2 => 10,
            _ => 1,
        };
        let apart = self.thousandths.abs_diff(certificate.thousandths);
        apart.saturating_mul(2) <= last_digit && self.thousandths >= 0
    }
}

/// What a person reads on a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It is not what the certificate says; the person has compared them.
    Differs,
    /// The figures, where the label has them.
    Figures {
        /// THC.
        thc: Option<Figure>,
        /// CBD.
        cbd: Option<Figure>,
    },
}

/// A label was compared with its batch's certificate.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LabelCompared {
    /// The order it was picked for.
    #[n(0)]
    pub order: Option<OrderId>,
    /// The package.
    #[n(1)]
    pub tag: PackageTag,
    /// It says the same.
    #[n(2)]
    pub agrees: bool,
    /// THC on the label; `None`: it was not read off.
    #[n(3)]
    pub thc: Option<Figure>,
    /// CBD on the label; `None`: it was not read off.
    #[n(4)]
    pub cbd: Option<Figure>,
    /// THC on the certificate at that moment.
    #[n(5)]
    pub certified_thc: Option<Potency>,
    /// CBD on the certificate at that moment.
    #[n(6)]
    pub certified_cbd: Option<Potency>,
}

/// May this person say so, and do the figures agree? A figure the certificate does not have cannot be compared.
#[must_use]
pub fn decide(
    ledger: &Ledger,
    situation: &Situation,
    order: Option<OrderId>,
    tag: &PackageTag,
    said: Said,
) -> Verdict {
    match check(ledger, situation, order, tag, said) {
        Ok(done) => Verdict::Accepted(done.into()),
        Err(refusal) => Verdict::Refused(refusal),
    }
}

fn check(
    ledger: &Ledger,
    situation: &Situation,
    order: Option<OrderId>,
    tag: &PackageTag,
    said: Said,
) -> Result<LabelCompared, Refusal> {
    situation.require(ledger, Right::Report)?;
    let unknown = || Refusal {
        scanned: Some(tag.clone()),
        ..Refusal::because(Reason::TagNotKnown)
    };
    let package = ledger.packages.get(tag).ok_or_else(unknown)?;
    if order.is_some_and(|order| !ledger.orders.contains_key(&order)) {
        return Err(Refusal::because(Reason::Unknown));
    }
    let (agrees, thc, cbd) = match said {
        Said::Differs => (false, None, None),
        Said::Figures { thc, cbd } => (agree(package, thc, cbd)?, thc, cbd),
    };
    Ok(LabelCompared {
        order,
        tag: tag.clone(),
        agrees,
        thc,
        cbd,
        certified_thc: package.thc,
        certified_cbd: package.cbd,
    })
}

fn agree(package: &Package, thc: Option<Figure>, cbd: Option<Figure>) -> Result<bool, Refusal> {
    let pairs = [(thc, package.thc), (cbd, package.cbd)];
    let pairs: Vec<(Figure, Option<Potency>)> = pairs
        .into_iter()
        .filter_map(|(label, certificate)| Some((label?, certificate)))
        .collect();
    if pairs.is_empty() {
        return Err(Refusal::because(Reason::NotYet));
    }
    let mut all = true;
    for (label, certificate) in pairs {
        let certificate = certificate.ok_or(Refusal::because(Reason::NoCertificate))?;
        all &= label.is(certificate);
    }
    Ok(all)
}

/// A label that differs stops its package everywhere, as a hold does; whoever may release holds looks into it.
pub fn evolve(ledger: &mut Ledger, fact: &Fact<'_>, done: &LabelCompared) {
    if !done.agrees && has_authority(ledger, fact, Right::Report) {
        let what = Held::Package(done.tag.clone());
        hold::lay(ledger, fact, &what, HoldReason::Labelling, note(done));
    }
}

/// Both sides, for whoever looks into it.
fn note(done: &LabelCompared) -> Option<String> {
    let figure = |name: &str, label: Option<Figure>, certificate: Option<Potency>| {
        let certificate = certificate?;
        let label = Potency {
            thousandths: label?.thousandths,
            ..certificate
        };
        Some(format!("{name} {} / {}", label.text(), certificate.text()))
    };
    let thc = figure("THC", done.thc, done.certified_thc);
    let cbd = figure("CBD", done.cbd, done.certified_cbd);
    let both: Vec<String> = thc.into_iter().chain(cbd).collect();
    Some(both.join(" · ")).filter(|note| !note.is_empty())
}
