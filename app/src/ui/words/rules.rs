//! What each rule is called when an act broke it, and what that means for whoever settles it.
//!
//! In: a language. Out: the words. Must not: name a customer, say who is to blame, or promise what the settling
//! itself has to do.

use super::Msg;

messages! {
    // What it is called: the line in the list, and the head of its page.
    ExDoublePick: text "Two people picked the same unit", "Dos personas surtieron la misma unidad";
    ExOverdraw: text "More was picked than there was", "Se surtió más de lo que había";
    ExLineFilledTwice: text "A line was filled twice", "Una línea se surtió dos veces";
    ExCancelledOrderPick: text
        "Picked after the order was cancelled",
        "Se surtió un pedido cancelado";
    ExHeld: text "Picked while on hold", "Se surtió estando retenido";
    ExLeaseBroken: text
        "Picked after the order was taken back",
        "Se surtió después de recuperar el pedido";
    ExUnleased: text "Picked without taking the order", "Se surtió sin tomar el pedido";
    ExLimit: text "Over the purchase limit", "Pasa el límite de compra";
    ExActor: text "Done by someone who may no longer", "Lo hizo alguien que ya no puede";
    ExUnknown: text
        "Names a package or order nobody knows",
        "Nombra un paquete o pedido que nadie conoce";
    ExChainGap: text "Acts of a device are missing", "Faltan actos de un equipo";
    ExDeviceRollback: text "A device forgot what it did", "Un equipo olvidó lo que hizo";
    ExServerRollback: text
        "The server was set back, or its history was changed",
        "El servidor retrocedió o cambiaron su historia";
    ExFork: text "A device gave two acts one number", "Un equipo dio un número a dos actos";
    ExBadSignature: text "A signature is not the device's", "Una firma no es la del equipo";
    ExOldDevice: text "Sent by a device that was closed", "Lo envió un equipo ya cerrado";
    ExSchema: text
        "Written by a newer app than the server knows",
        "Lo escribió una versión que el servidor no conoce";
    ExNewer: text
        "Something this app is too old to name. Update it, or settle this on another device",
        "Algo que esta versión aún no conoce. Actualícela o resuélvalo en otro equipo";
    ExPermit: text
        "Done after too long without the server",
        "Se hizo tras demasiado tiempo sin el servidor";
    ExCount: text
        "The count is not what the record had",
        "Lo contado no es lo que decía el registro";
    ExNeverThere: text
        "Done in the name of somebody who never signed in there",
        "Se hizo a nombre de alguien que nunca entró ahí";
    ExClock: text "The device's clock is doubtful", "El reloj del equipo es dudoso";

    // What it means, and what to look at before deciding.
    DoublePickMeans: text
        "One unit's number was scanned for two orders. Look which bag has it.",
        "El número de una unidad se escaneó para dos pedidos. Vea qué bolsa la tiene.";
    OverdrawMeans: text
        "By the record the shelf had no unit left for this pick. Count the shelf.",
        "Según el registro, el estante ya no tenía unidades para esto. Cuente el estante.";
    LineFilledTwiceMeans: text
        "The order has a unit more than it asks for. It goes back to its shelf.",
        "El pedido tiene una unidad de más. Vuelve a su estante.";
    CancelledOrderPickMeans: text
        "The tablet had not heard that the order is cancelled. Bring the unit back to its shelf.",
        "La tableta no sabía que el pedido se canceló. Devuelva la unidad a su estante.";
    HeldMeans: text
        "The package may not be sold now. Its unit is in this order's tote or bag.",
        "Ese paquete no se puede vender ahora. Su unidad está en la caja o bolsa del pedido.";
    LeaseBrokenMeans: text
        "The order was taken back while this tablet still picked for it.",
        "El pedido se recuperó mientras esta tableta aún surtía.";
    UnleasedMeans: text
        "The tablet picked before the server knew who had the order. Nothing collided.",
        "La tableta surtió antes de que el servidor supiera quién lo tenía. Nada chocó.";
    LimitMeans: text
        "Somebody reported that the customer's limit is passed. See the order's page for the note.",
        "Alguien avisó que se pasa el límite del cliente. Vea la nota en la página del pedido.";
    ActorMeans: text
        "By the roster this person may not do this, or works here no more.",
        "Según la lista, esta persona no puede hacer esto o ya no trabaja aquí.";
    UnknownMeans: text
        "The act is kept whole. When what it names arrives, it takes its place by itself.",
        "El acto se guarda completo. Cuando llegue lo que nombra, toma su lugar solo.";
    ChainGapMeans: text
        "The device says it did more than has arrived. Count what it had, listed under To count.",
        "El equipo dice que hizo más de lo que llegó. Cuente lo que tenía, en Por contar.";
    DeviceRollbackMeans: text
        "Its storage was lost or put back to an earlier day. The server still has its acts.",
        "Su memoria se perdió o volvió a un día anterior. El servidor aún tiene sus actos.";
    ServerRollbackMeans: text
        "A device has seen what the server no longer has. Was a backup put back?",
        "Un equipo vio lo que el servidor ya no tiene. ¿Se restauró un respaldo?";
    ForkMeans: text
        "Only a copied device does that. The first act counts, the other is kept aside. Look at the device.",
        "Solo un equipo copiado hace eso. Vale el primer acto; el otro se aparta. Revise el equipo.";
    BadSignatureMeans: text
        "What came in its name was changed, or is not its own. It is kept aside and counts nowhere.",
        "Lo que llegó a su nombre fue cambiado o no es suyo. Se aparta y no cuenta.";
    OldDeviceMeans: text
        "It was revoked before this arrived. Its acts count; see that they are right.",
        "Fue excluido antes de que esto llegara. Sus actos cuentan; vea que estén bien.";
    SchemaMeans: text
        "It is kept whole and counts once the server is updated. Update the server.",
        "Se guarda completo y cuenta cuando se actualice el servidor. Actualícelo.";
    ClockMeans: text
        "Its times are true only within a wide margin. They decide nothing.",
        "Sus horas valen solo con mucho margen. No deciden nada.";
    PermitMeans: text
        "The device went on recording after its permit was over. From then on its acts count; see that they are right.",
        "El equipo siguió registrando con el permiso vencido. Desde entonces sus actos cuentan; vea que estén bien.";
    CountMeans: text
        "One person's count changed how many there are. Somebody else counts the shelf, or says that the count stands.",
        "La cuenta de una persona cambió la cantidad. Otra persona cuenta el estante o da por buena la cuenta.";
    NeverThereMeans: text
        "The server never saw this person sign in on this device. What was done with goods counts; see that it is right. A decision or a second look does not.",
        "El servidor nunca vio a esta persona entrar en este equipo. Lo hecho con la mercancía cuenta; vea que esté bien. Una decisión o segunda revisión no.";
    NewerMeans: text
        "A newer app may name it, and settle it.",
        "Una versión más nueva puede nombrarlo y resolverlo.";

    // Who has to do something about it, when that is nobody who is signed in.
    ForTheRecordOnly: text
        "For the record: nobody has to settle it.",
        "Para el registro: nadie tiene que resolverlo.";
    ServerSettlesIt: text
        "Nobody has to decide anything. The server settles it once it is updated.",
        "Nadie tiene que decidir nada. El servidor lo resuelve al actualizarse.";
    NobodyHasTo: text "nobody has to", "nadie tiene que hacerlo";
}
