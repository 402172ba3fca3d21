//! The words of a label itself: what a figure is called.
//!
//! In: a word of a rule pack, a language. Out: a caption. Must not: say anything a state says; those sentences are in the pack.

use super::Language;

/// What a label calls a field; `None` for one it has no name for.
#[must_use]
pub fn caption(token: &str, language: Language) -> Option<&'static str> {
    let (english, spanish) = match token {
        "store.license" => ("Licence", "Licencia"),
        "store.address" => ("Address", "Dirección"),
        "store.phone" => ("Phone", "Teléfono"),
        "sale.date" | "sale.time" => ("Sold", "Vendido"),
        "order.no" => ("Order", "Pedido"),
        "bag.n_of_m" => ("Bag", "Bolsa"),
        "customer.name" | "customer.first_name" => ("Customer", "Cliente"),
        "customer.no" => ("Customer no.", "N.º de cliente"),
        "patient.name" => ("Patient", "Paciente"),
        "patient.id" => ("Patient no.", "N.º de paciente"),
        "physician.name" => ("Physician", "Médico"),
        "item.class" => ("Form", "Forma"),
        "item.net" => ("Net", "Neto"),
        "item.thc_mg" | "item.thc_pct" => ("THC", "THC"),
        "item.cbd_mg" => ("CBD", "CBD"),
        "item.unit_id" => ("Unit", "Unidad"),
        "item.batch" => ("Batch", "Lote"),
        "item.harvest" => ("Harvest", "Cosecha"),
        "item.pack_date" => ("Packed", "Empacado"),
        "item.expiry" => ("Expires", "Vence"),
        "item.dose" => ("Dose", "Dosis"),
        "employee.picker" => ("Picked by", "Surtido por"),
        "employee.packer" => ("Packed by", "Empacado por"),
        "employee.driver" => ("Driver", "Conductor"),
        "seal.no" => ("Seal", "Sello"),
        "units" => ("Qty", "Cant."),
        _ => return None,
    };
    Some(match language {
        Language::English => english,
        Language::Spanish => spanish,
    })
}

/// Which label of how many: `2 of 3`.
#[must_use]
pub fn of(number: usize, count: usize, language: Language) -> String {
    match language {
        Language::English => format!("{number} of {count}"),
        Language::Spanish => format!("{number} de {count}"),
    }
}

/// What marks a label that was printed again.
#[must_use]
pub fn reprint(number: u32, language: Language) -> String {
    match language {
        Language::English => format!("REPRINT {number}"),
        Language::Spanish => format!("REIMPRESIÓN {number}"),
    }
}
