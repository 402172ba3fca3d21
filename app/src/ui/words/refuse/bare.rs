//! What to do where the advice of a rule names a fact that nobody has: at the bench no shelf is known.
//!
//! In: a rule, the facts there are. Out: advice that names none of the others. Must not: say less where all of them are there.

use super::{Facts, Refused};

impl Refused {
    /// The advice about goods where not every fact is known.
    pub(super) fn bare(self, facts: Facts<'_>) -> Option<[&'static str; 2]> {
        match self {
            Self::WrongBatch | Self::WrongProduct | Self::NotOnThisOrder
                if !facts.tail.is_empty() =>
            {
                Some([
                    "Set it aside. The right one ends in {tail}.",
                    "Apártelo. El correcto termina en {tail}.",
                ])
            }
            Self::WrongBatch | Self::WrongProduct | Self::NotOnThisOrder | Self::LineComplete => {
                Some([
                    "Put it back where it came from.",
                    "Devuélvalo a donde estaba.",
                ])
            }
            Self::OnHold | Self::NotTested | Self::Expired => Some([
                "Set it aside and tell a manager. While picking, press Problem.",
                "Apártelo y avise a un gerente. Al surtir, toque Problema.",
            ]),
            Self::WrongLabel => Some([
                "Take it off. Stick on the label printed last and scan it.",
                "Quítela. Pegue la última etiqueta impresa y escanéela.",
            ]),
            Self::OlderOneFirst => Some([
                "Take the older one, or press Problem and say why.",
                "Tome el anterior, o toque Problema y diga por qué.",
            ]),
            Self::WrongTote | Self::ToteFirst => Some([
                "Put it in the tote of this order and scan that one.",
                "Póngalo en la caja de este pedido y escanéela.",
            ]),
            Self::WrongSlot | Self::SlotFull => Some([
                "Put the bag in a free slot of its kind and scan that one.",
                "Ponga la bolsa en un lugar libre de su tipo y escanéelo.",
            ]),
            Self::WrongLocation => Some([
                "Go to the place on the screen.",
                "Vaya al lugar de la pantalla.",
            ]),
            Self::NotYourOrder => Some([
                "Take another order, or ask whoever has it.",
                "Tome otro pedido o pregunte a quien lo tiene.",
            ]),
            Self::LineMissing => Some(["Bring what is missing.", "Traiga lo que falta."]),
            Self::LineTooMany => Some(["Undo the pick of one.", "Deshaga el surtido de una."]),
            Self::WaitsForManager => Some([
                "Keep the bag here. A manager settles it under Needs you.",
                "Deje la bolsa aquí. Un gerente lo resuelve en Le toca a usted.",
            ]),
            Self::TagNotKnown => Some([
                "Set it aside and tell a manager.",
                "Apártelo y avise a un gerente.",
            ]),
            Self::WrongBag => Some([
                "Put it back. Take the one of this order.",
                "Devuélvala. Tome la de este pedido.",
            ]),
            _ => None,
        }
    }
}
