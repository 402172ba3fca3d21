//! What a scan that may not count is told: the word, what happened, what to do, and why.
//!
//! In: which rule said no, and the facts of this scan. Out: three short lines, in that order. Must
//! not: decide; the rule did that. A state's or a point of sale's no is not among these.

use super::Lang;

/// What to do where a fact is missing.
mod bare;
/// Which words a reason has.
mod reasons;

pub(in crate::ui) use reasons::words_of;

/// The facts a line of advice may name. Leave out what the rule does not have.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts<'a> {
    /// Last five characters of the right package.
    pub tail: &'a str,
    /// Where to go: a slot of the vault, or a staging slot.
    pub slot: &'a str,
    /// The right item, tote, order or person.
    pub name: &'a str,
}

macro_rules! refusals {
    ($($name:ident = $code:literal, $channel:ident {
        $word:literal, $palabra:literal;
        $what:literal, $que:literal;
        $act:literal, $accion:literal;
        $why:literal, $razon:literal;
    })+) => {
        /// Every way a scan can fail to count.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Refused {
            $($name,)+
        }

        impl Refused {
            pub const ALL: &[Self] = &[$(Self::$name),+];

            fn text(self) -> Text {
                match self {
                    $(Self::$name => Text {
                        code: $code,
                        channel: Channel::$channel,
                        word: [$word, $palabra],
                        what: [$what, $que],
                        act: [$act, $accion],
                        why: [$why, $razon],
                    },)+
                }
            }
        }
    };
}

struct Text {
    code: &'static str,
    channel: Channel,
    word: [&'static str; 2],
    what: [&'static str; 2],
    act: [&'static str; 2],
    why: [&'static str; 2],
}

/// How it looks and sounds: refuse fills the stage and stays, attention waits in the band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    Refuse,
    Attention,
}

impl Refused {
    /// Finds a refusal by the name the rules give it, "wrong_batch" for instance.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.code() == code)
    }

    pub fn code(self) -> &'static str {
        self.text().code
    }

    pub fn channel(self) -> Channel {
        self.text().channel
    }

    /// What is wrong, in at most four words.
    pub fn word(self, lang: Lang) -> &'static str {
        pick(lang, self.text().word)
    }

    /// What happened, in a sentence.
    pub fn what(self, lang: Lang) -> &'static str {
        pick(lang, self.text().what)
    }

    /// What to do now. Where a fact is missing that the advice names, it is advice without it: the bench knows no shelf.
    pub fn act(self, lang: Lang, facts: Facts<'_>) -> String {
        let text = pick(lang, self.text().act);
        let named = [
            ("{tail}", facts.tail),
            ("{slot}", facts.slot),
            ("{name}", facts.name),
        ];
        let lacks = named
            .iter()
            .any(|(mark, fact)| fact.is_empty() && text.contains(mark));
        let text = match self.bare(facts).filter(|_| lacks) {
            Some(bare) => pick(lang, bare),
            None => text,
        };
        text.replace("{tail}", facts.tail)
            .replace("{slot}", facts.slot)
            .replace("{name}", facts.name)
    }

    /// The reason, in one line.
    pub fn why(self, lang: Lang) -> &'static str {
        pick(lang, self.text().why)
    }

    /// The one sentence a screen reader says.
    pub fn aloud(self, lang: Lang, facts: Facts<'_>) -> String {
        format!("{}. {}", self.word(lang), self.act(lang, facts))
    }
}

fn pick(lang: Lang, [en, es]: [&'static str; 2]) -> &'static str {
    match lang {
        Lang::En => en,
        Lang::Es => es,
    }
}

refusals! {
    WrongBatch = "wrong_batch", Refuse {
        "Wrong batch", "Otro lote";
        "Same product, but not the package this order is tied to.",
        "Es el mismo producto, pero no el paquete de este pedido.";
        "Put it back. Take …{tail} from {slot}.", "Devuélvalo. Tome …{tail} de {slot}.";
        "The state counts every package on its own, so a swap makes two counts wrong.",
        "El estado cuenta cada paquete por separado: un cambio deja mal dos cuentas.";
    }
    FoundAfterAll = "found_after_all", Attention {
        "Found after all?", "¿Apareció?";
        "You reported this package missing or not good.", "Usted avisó que este paquete faltaba o no servía.";
        "If it is good, take it. If not, put it back.", "Si sirve, tómelo. Si no, devuélvalo.";
        "What was reported can be undone, and the oldest goes first.",
        "El aviso se puede deshacer, y lo más viejo sale primero.";
    }
    WrongProduct = "wrong_product", Refuse {
        "Wrong product", "Otro producto";
        "This package holds another product.", "Este paquete tiene otro producto.";
        "Put it back. Take {name}, …{tail}, from {slot}.",
        "Devuélvalo. Tome {name}, …{tail}, de {slot}.";
        "The customer must get what the order says.", "El cliente debe recibir lo que pidió.";
    }
    AlreadyScanned = "already_scanned", Refuse {
        "Already scanned", "Ya escaneado";
        "This unit is in the order already.", "Esta unidad ya está en el pedido.";
        "Take another unit and scan that one.", "Tome otra unidad y escanéela.";
        "One unit can be counted only once.", "Una unidad se cuenta una sola vez.";
    }
    OnHold = "on_hold", Refuse {
        "On hold", "Retenido";
        "This package may not leave the vault now.", "Este paquete no puede salir por ahora.";
        "Set it aside. Take …{tail} from {slot}.", "Apártelo. Tome …{tail} de {slot}.";
        "A manager or the state has stopped it.", "Lo detuvo un gerente o el estado.";
    }
    NotTested = "not_tested", Refuse {
        "Not tested", "Sin análisis";
        "No laboratory has passed this package.", "Ningún laboratorio aprobó este paquete.";
        "Set it aside. Take …{tail} from {slot}.", "Apártelo. Tome …{tail} de {slot}.";
        "Only what passed its test may be sold.", "Solo se vende lo que pasó su análisis.";
    }
    Expired = "expired", Refuse {
        "Expired", "Vencido";
        "This package is past its last day of sale.", "Este paquete pasó su último día de venta.";
        "Set it aside. Take …{tail} from {slot}.", "Apártelo. Tome …{tail} de {slot}.";
        "Nothing may be sold after that day.", "Nada se puede vender después de ese día.";
    }
    NotOnThisOrder = "not_on_this_order", Refuse {
        "Not on this order", "No es del pedido";
        "No line of this order asks for it.", "Ninguna línea de este pedido lo pide.";
        "Put it back. Take …{tail} from {slot}.", "Devuélvalo. Tome …{tail} de {slot}.";
        "Only what was ordered may go in the bag.", "En la bolsa va solo lo pedido.";
    }
    OlderOneFirst = "older_one_first", Refuse {
        "Older one first", "Primero el anterior";
        "An older package of this product is still here.",
        "Aún hay un paquete anterior de este producto.";
        "Take …{tail} from {slot}, or press Problem and say why.",
        "Tome …{tail} de {slot}, o toque Problema y diga por qué.";
        "The oldest stock goes out first, so that nothing goes stale.",
        "Lo más antiguo sale primero, para que nada se eche a perder.";
    }
    WrongTote = "wrong_tote", Refuse {
        "Wrong tote", "Otra caja";
        "That tote belongs to another order.", "Esa caja es de otro pedido.";
        "Put it in tote {name} and scan that one.",
        "Póngalo en la caja {name} y escanee esa.";
        "Two customers' goods must never mix.", "Lo de dos clientes nunca se mezcla.";
    }
    ToteFirst = "tote_first", Refuse {
        "Tote first", "Primero la caja";
        "What you picked last is in no tote yet.", "Lo último que surtió aún no está en una caja.";
        "Put it in tote {name} and scan that one.",
        "Póngalo en la caja {name} y escanee esa.";
        "The tote's code shows where each unit went.", "El código de la caja dice adónde fue cada unidad.";
    }
    ToteTaken = "tote_taken", Refuse {
        "Tote in use", "Caja ocupada";
        "That tote carries another order.", "Esa caja lleva otro pedido.";
        "Take an empty tote and scan it.", "Tome una caja vacía y escanéela.";
        "Two customers' goods must never mix.", "Lo de dos clientes nunca se mezcla.";
    }
    NoToteYet = "no_tote_yet", Refuse {
        "No tote yet", "Aún sin caja";
        "This order has no tote on this walk.", "Este pedido no tiene caja en este recorrido.";
        "Take an empty tote and scan its code.", "Tome una caja vacía y escanee su código.";
        "On a walk of several orders each has its own tote.",
        "En un recorrido de varios pedidos, cada uno tiene su caja.";
    }
    NoCertificate = "no_certificate", Refuse {
        "No figure to compare", "Sin dato";
        "The laboratory's facts have no such figure.", "El laboratorio no dio ese dato.";
        "Read the certificate, and say whether the label differs.",
        "Lea el certificado y diga si la etiqueta difiere.";
        "What nobody has entered cannot be compared.", "Lo que nadie ha registrado no se compara.";
    }
    StepsOpen = "steps_open", Refuse {
        "Step first", "Falta un paso";
        "A step of the procedure is not signed yet.", "Falta firmar un paso del procedimiento.";
        "Do it, press Done, then scan the label again.",
        "Hágalo, toque Hecho y escanee otra vez la etiqueta.";
        "The compliance officer asks for it with every order.",
        "Cumplimiento lo pide en cada pedido.";
    }
    NoSwap = "no_swap", Refuse {
        "Not as a swap", "No como cambio";
        "The shop does not let this stand in here.", "La tienda no deja que esto lo sustituya.";
        "Choose one of the list, or send the order without it.",
        "Elija uno de la lista o envíe el pedido sin eso.";
        "The customer was promised something of the same kind and price.",
        "Al cliente se le prometió algo del mismo tipo y precio.";
    }
    OldTicket = "old_ticket", Refuse {
        "Old ticket", "Boleta vieja";
        "The order has changed since this was printed.",
        "El pedido cambió después de imprimir esto.";
        "Throw this ticket away and print a new one.", "Tire esta boleta e imprima otra.";
        "An old ticket sends out the wrong items.", "Una boleta vieja hace entregar lo que no es.";
    }
    WrongLabel = "wrong_label", Refuse {
        "Wrong label", "Otra etiqueta";
        "This label does not match what is in the bag.",
        "Esta etiqueta no es de lo que hay en la bolsa.";
        "Take it off. Stick on the label of {name} and scan it.",
        "Quítela. Pegue la etiqueta de {name} y escanéela.";
        "A bag with another label is another order.",
        "Una bolsa con otra etiqueta es otro pedido.";
    }
    TagNotKnown = "tag_not_known", Refuse {
        "Tag not known", "Etiqueta desconocida";
        "No package on record has this tag.", "Ningún paquete registrado tiene esta etiqueta.";
        "Set it aside and press Problem. Take …{tail} from {slot}.",
        "Apártelo y toque Problema. Tome …{tail} de {slot}.";
        "What is not on record may not be sold.", "Lo que no está registrado no se vende.";
    }
    NotACode = "not_a_code", Refuse {
        "Not our code", "Código ajeno";
        "That is no tag, slot, tote or badge of this store.",
        "No es etiqueta, lugar, caja ni gafete de esta tienda.";
        "Scan the tag on the package.", "Escanee la etiqueta del paquete.";
        "Other codes do not say which package it is.", "Otros códigos no dicen qué paquete es.";
    }
    ForAnotherStep = "for_another_step", Refuse {
        "Not for this step", "Es de otro paso";
        "That code is good, but this step needs another one.",
        "Ese código sirve, pero este paso pide otro.";
        "Scan what the screen asks for.", "Escanee lo que pide la pantalla.";
        "Each step asks for one thing, so none is left out.", "Cada paso pide una cosa: así no falta ninguna.";
    }
    StepMissing = "step_missing", Refuse {
        "Not at this step", "No en este paso";
        "This order is not at that step.", "Este pedido no está en ese paso.";
        "Do the step that its page shows first.", "Haga primero el paso que muestra su página.";
        "Each step makes sure of the one before it.", "Cada paso asegura el anterior.";
    }
    LineComplete = "line_complete", Refuse {
        "Line complete", "Línea completa";
        "You have all units of this product.", "Ya tiene todas las unidades de este producto.";
        "Put this one back in {slot}.", "Devuelva esta a {slot}.";
        "One too many is as wrong as one too few.", "Una de más es tan grave como una de menos.";
    }
    WrongSlot = "wrong_slot", Refuse {
        "Wrong slot", "Otro lugar";
        "That slot is for other orders.", "Ese lugar es para otros pedidos.";
        "Put the bag in {slot}, then scan {slot}.", "Ponga la bolsa en {slot} y escanee {slot}.";
        "A bag is looked for where its kind is kept.", "La bolsa se busca donde va su tipo.";
    }
    WrongLocation = "wrong_location", Refuse {
        "Wrong place", "Lugar equivocado";
        "That is not the place.", "Ese no es el lugar.";
        "Go to {slot}.", "Vaya a {slot}.";
        "Each package lies where the record says.", "Cada paquete está donde dice el registro.";
    }
    SlotFull = "slot_full", Refuse {
        "Slot is full", "Lugar ocupado";
        "Another bag stands there.", "Ahí hay otra bolsa.";
        "Put the bag in {slot}, then scan {slot}.", "Ponga la bolsa en {slot} y escanee {slot}.";
        "One slot, one bag: so nobody hands out the wrong one.",
        "Un lugar, una bolsa: así nadie entrega otra.";
    }
    WrongBag = "wrong_bag", Refuse {
        "Wrong bag", "Otra bolsa";
        "This bag belongs to another order.", "Esta bolsa es de otro pedido.";
        "Put it back. Take the bag of {name} from {slot}.",
        "Devuélvala. Tome la bolsa de {name} de {slot}.";
        "Each customer gets one order, their own.", "Cada cliente recibe solo su pedido.";
    }
    NotYourOrder = "not_your_order", Refuse {
        "Not your order", "No es su pedido";
        "Someone else has taken this order.", "Otra persona tomó este pedido.";
        "Take another order, or ask {name}.", "Tome otro pedido o pregunte a {name}.";
        "Two people on one order lose count.", "Dos personas en un pedido pierden la cuenta.";
    }
    OrderCancelled = "order_cancelled", Refuse {
        "Order cancelled", "Pedido cancelado";
        "The customer or the shop has cancelled it.", "Lo canceló el cliente o la tienda.";
        "Put every item back and scan its slot.", "Devuelva cada artículo y escanee su lugar.";
        "Nothing leaves without a live order.", "Nada sale sin un pedido vigente.";
    }
    NotAllowed = "not_allowed", Refuse {
        "Not for you", "No le corresponde";
        "Your role may not do this here.", "Su puesto no puede hacer esto aquí.";
        "Ask a manager to do it.", "Pida a un gerente que lo haga.";
        "The store decides who may do what.", "La tienda decide quién puede hacer qué.";
    }
    SecondPersonNeeded = "second_person_needed", Refuse {
        "Second person needed", "Falta otra persona";
        "This act needs two different people.", "Esto lo hacen dos personas distintas.";
        "Ask someone else to scan their badge.", "Pida a otra persona que escanee su gafete.";
        "Four eyes see what two miss.", "Cuatro ojos ven más que dos.";
    }
    BagNotFit = "bag_not_fit", Refuse {
        "Not this bag", "Esta bolsa no";
        "It is not a bag the law lets goods leave in, or nobody knows it.",
        "No es una bolsa permitida, o nadie la conoce.";
        "Take another kind of bag and scan its code.", "Tome otra clase de bolsa y escanee su código.";
        "The state says what the bag must be.", "El estado dice cómo debe ser la bolsa.";
    }
    BagMissing = "bag_missing", Refuse {
        "Bag not scanned", "Bolsa sin escanear";
        "Nobody has scanned which kind of bag this is.", "Nadie ha escaneado qué clase de bolsa es.";
        "Scan the code on the bag.", "Escanee el código de la bolsa.";
        "The state says what the bag must be.", "El estado dice cómo debe ser la bolsa.";
    }
    LineMissing = "line_missing", Refuse {
        "Not all of it", "No está todo";
        "A line of the order is not whole.", "Una línea del pedido no está completa.";
        "Bring what is missing: {name}.", "Traiga lo que falta: {name}.";
        "The order says what goes into the bag.", "El pedido dice qué va en la bolsa.";
    }
    LineTooMany = "line_too_many", Refuse {
        "Too much", "De más";
        "There is more in the tote than was ordered.", "Hay más en la caja de lo que se pidió.";
        "Undo the pick of one: {name}.", "Deshaga el surtido de una: {name}.";
        "One too many is as wrong as one too few.", "Una de más es tan grave como una de menos.";
    }
    SignatureNeeded = "signature_needed", Refuse {
        "Not signed", "Falta la firma";
        "The customer has not signed for the bag.", "El cliente no ha firmado por la bolsa.";
        "Press Customer signs.", "Toque Firma el cliente.";
        "The state wants a signature for this hand-over.", "El estado pide una firma en esta entrega.";
    }
    PatientCardNeeded = "patient_card_needed", Refuse {
        "Patient's card missing", "Falta la tarjeta";
        "Nobody has looked at the patient's card.", "Nadie ha visto la tarjeta de paciente.";
        "Ask for the card. Name and last day must fit.", "Pida la tarjeta. Nombre y vencimiento deben coincidir.";
        "A patient's order goes to a holder of that card only.", "Un pedido médico es solo para quien tiene la tarjeta.";
    }
    SignatureNotKept = "signature_not_kept", Refuse {
        "Drawing not kept", "Firma no guardada";
        "This tablet has no key to seal a drawing for this customer.", "Esta tableta no tiene la clave para sellar la firma de este cliente.";
        "Press Customer signs, then On paper. The shop keeps the paper.", "Toque Firma el cliente y luego En papel. La tienda guarda el papel.";
        "Nothing was handed over, and no drawing is stored in clear.", "No se entregó nada y ninguna firma se guarda sin sellar.";
    }
    OwnAct = "own_act", Refuse {
        "Your own act", "Lo hizo usted";
        "This is about what you did yourself, so somebody else settles it.",
        "Se trata de algo que hizo usted: lo resuelve otra persona.";
        "Ask somebody else with the right to it.", "Pida a otra persona con ese derecho que lo resuelva.";
        "Four eyes see what two miss.", "Cuatro ojos ven más que dos.";
    }
    PermitOver = "permit_over", Refuse {
        "Needs the server", "Falta el servidor";
        "This tablet has been without the server too long for decisions.",
        "Esta tableta lleva demasiado sin el servidor para decidir.";
        "Take it to the network, then decide.", "Llévela a la red y decida después.";
        "Only the server knows who may still decide.", "Solo el servidor sabe quién puede decidir.";
    }
    WaitsForManager = "waits_for_manager", Refuse {
        "Waits for a manager", "Espera a un gerente";
        "Something on this order has to be settled first.", "Algo de este pedido debe resolverse antes.";
        "Keep the bag here. A manager settles {name} under Needs you.",
        "Deje la bolsa aquí. Un gerente resuelve {name} en Le toca a usted.";
        "A bag leaves only when every unit in it is accounted for.",
        "Una bolsa sale solo si hay cuenta de cada unidad.";
    }
    NotSaving = "not_saving", Refuse {
        "Not saved", "No se guardó";
        "This tablet cannot save.", "Esta tableta no puede guardar.";
        "Stop scanning. Put it back and call a manager.",
        "Deje de escanear. Devuélvalo y llame al gerente.";
        "What is not saved was never done on record.", "Lo que no se guarda no queda registrado.";
    }
    ProductCodeOnly = "product_code_only", Attention {
        "Product code only", "Solo código de producto";
        "That bar code does not name a package.", "Ese código de barras no nombra un paquete.";
        "Scan the 24-character tag too.", "Escanee también la etiqueta de 24 caracteres.";
        "All packages of a product carry the same bar code.",
        "Todos los paquetes de un producto llevan el mismo código.";
    }
    UnderAge = "under_age", Refuse {
        "Too young today", "Aún sin la edad";
        "By this ID the customer is not old enough today.",
        "Según esta identificación, hoy no tiene la edad.";
        "Keep the bag. Say: “The law does not let me hand this over.”",
        "Guarde la bolsa. Diga: «La ley no me permite entregarlo».";
        "The law asks for the full age on the day itself.",
        "La ley exige la edad cumplida ese mismo día.";
    }
    IdExpired = "id_expired", Refuse {
        "ID out of date", "ID vencida";
        "The last day of this ID has passed.", "Ya pasó el último día de esta identificación.";
        "Ask for another ID. Without one, keep the bag.",
        "Pida otra identificación. Si no hay, guarde la bolsa.";
        "Only an ID that is still good proves an age.",
        "Solo una identificación vigente prueba la edad.";
    }
    IdUnclear = "id_unclear", Refuse {
        "ID not clear", "ID dudosa";
        "Nobody has made sure of its name and its last day.",
        "Nadie ha comprobado su nombre y su último día.";
        "Compare the names, or ask for another ID.",
        "Compare los nombres o pida otra identificación.";
        "The bag is only for the person who ordered it.",
        "La bolsa es solo para quien la pidió.";
    }
    LookClosely = "look_closely", Attention {
        "Look closely", "Mire con cuidado";
        "This tag is very close to the right one.", "Esta etiqueta se parece mucho a la correcta.";
        "Read it again. The right one ends in {tail}.",
        "Léala otra vez. La correcta termina en {tail}.";
        "Tags that look alike are easy to mix up.", "Las etiquetas parecidas se confunden.";
    }
    NearlyInStock = "nearly_in_stock", Attention {
        "Look closely", "Mire con cuidado";
        "Nothing in stock has this tag. One nearly matches.",
        "Nada en existencia tiene esta etiqueta. Hay una casi igual.";
        "Read the label again. Is its end {tail}?",
        "Lea otra vez la etiqueta. ¿Termina en {tail}?";
        "A damaged or mistyped tag proves nothing.",
        "Una etiqueta dañada o mal escrita no prueba nada.";
    }
    LimitUnknown = "limit_unknown", Attention {
        "Limit unknown", "Límite desconocido";
        "It is not known here whether the customer may buy as much.",
        "Aquí no se sabe si el cliente puede comprar tanto.";
        "Work it out and answer for it, or ask a manager.",
        "Calcúlelo y responda por ello, o pregunte a un gerente.";
        "The law limits what one person may buy.", "La ley limita lo que una persona compra.";
    }
    OverLimit = "over_limit", Refuse {
        "Over the limit", "Supera el límite";
        "It is more than one person may buy.", "Es más de lo que puede comprar una persona.";
        "Take one off, and tell the customer.", "Quite una y avise al cliente.";
        "The law limits what one person may buy.", "La ley limita lo que una persona compra.";
    }
    NotYetSent = "not_yet_sent", Attention {
        "Not without the server", "No sin el servidor";
        "Handing over needs a fresh look at the order. The bag is still here.",
        "Entregar necesita ver el pedido al día. La bolsa sigue aquí.";
        "Keep the bag. Connect, then scan it again.", "Guarde la bolsa. Conéctese y escanéela otra vez.";
        "It may be held, changed or cancelled elsewhere.", "Puede estar retenido, cambiado o cancelado en otra parte.";
    }
}
