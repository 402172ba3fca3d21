//! Procedures: their steps while the work goes on, and the page on which they are changed.
//!
//! In: a language. Out: the words. Must not: translate a step; the shop writes it in both languages.

use std::fmt::Display;

use super::{Lang, Msg};

messages! {
    StepDone: button "Done", "Hecho";
    ProceduresPage: text "Procedures", "Procedimientos";
    ProceduresHow: text
        "Steps are asked for as the work goes. A step that is emptied goes.",
        "Los pasos se piden durante el trabajo. Un paso vacío se quita.";
    ProceduresWho: text
        "Only the compliance officer changes these.",
        "Solo cumplimiento los cambia.";
    NoProcedure: text "no steps yet", "aún sin pasos";
    TaskPick: text "Picking", "Surtir";
    TaskPack: text "Packing", "Empacar";
    TaskBegin: text "Start of shift", "Inicio de turno";
    TaskReceive: text "Putting away", "Guardar";
    TaskCount: text "Counting", "Contar";
    TaskStage: text "Staging", "Ubicar";
    TaskHandOver: text "Handing over", "Entregar";
    TaskReturn: text "Back to the vault", "Volver a la bóveda";
    AddStep: button "Add a step", "Agregar paso";
    KeepProcedure: button "Save as new version", "Guardar versión nueva";
    ProcedureKept: text
        "Saved. Every device asks for these steps from now on.",
        "Guardado. Todos los equipos piden estos pasos desde ahora.";
    BothLanguages: text
        "Each step needs its words in both languages.",
        "Cada paso necesita sus palabras en los dos idiomas.";
    InEnglish: text "in English", "en inglés";
    InSpanish: text "in Spanish", "en español";
    HouseRule: text "A rule of this shop.", "Una regla de esta tienda.";
    RuleText: text "The rule behind it", "La regla detrás";
}

sentences! {
    version(n): "version {n}", "versión {n}";
    step_of(version, left): "Procedure {version} · {left} to do", "Procedimiento {version} · faltan {left}";
    step_in(n, language): "Step {n} {language}", "Paso {n} {language}";
}
