//! The manager's desk, the chain of custody, and the Status page.
//!
//! In: a language. Out: the words. Must not: rank people by speed.

use std::fmt::Display;

use super::{Lang, Msg};

messages! {
    NeedsYou: button "Needs you", "Le toca a usted";
    LiveFloor: button "Live floor", "En vivo";
    OrdersPage: button "Orders", "Pedidos";
    ColumnChannel: text "Channel", "Canal";
    ColumnDue: text "Due", "Para las";
    ColumnUnits: text "Units", "Unidades";
    ColumnWho: text "Who has it", "Quién lo tiene";
    ColumnFrom: text "From", "Origen";
    FrontOfHouse: button "Front of house", "Mostrador";
    Trips: button "Trips", "Viajes";
    Stock: text "Stock", "Existencias";
    Packages: button "Packages", "Paquetes";
    Counts: button "Counts", "Conteos";
    Differences: button "Differences", "Diferencias";
    Holds: button "Holds", "Retenidos";
    Proof: text "Proof", "Pruebas";
    AuditFiles: button "Audit files", "Auditorías";
    RulesAndSops: button "Rules and SOPs", "Reglas y normas";
    DevicesPeople: button "Devices, people", "Equipos, personas";
    SortedByLaw: text
        "sorted by the law's clock, then by promise",
        "por plazo legal y luego por promesa";
    WithLegalClock: text "With a legal clock", "Con plazo legal";
    PromisesAtRisk: text "Promises at risk", "Promesas en riesgo";
    YourDecision: text "Your decision", "Usted decide";
    NothingNeedsYou: text "Nothing needs you", "Nada le espera";
    NothingNeedsYouWhy: text
        "No late orders, no open differences, all devices heard from.",
        "Sin atrasos ni diferencias; todos los equipos responden.";
    KeyMove: text "move", "mover";
    KeySearch: text "search", "buscar";
    KeyHelp: text "help", "ayuda";

    // An order or a package and its chain.
    ChainOfCustody: text "Chain of custody", "Cadena de custodia";
    Package: text "Package", "Paquete";
    OneOrder: text "Order", "Pedido";
    LastMoves: text "Last moves, newest first", "Últimos movimientos, el más nuevo primero";
    EveryUnitInOnePlace: text "Every unit is in one place.", "Cada unidad está en un solo lugar.";
    LogIsWhole: text "Log is whole", "El registro está completo";
    LogHasAGap: text "The log has a gap", "Al registro le falta algo";
    LogIsBroken: text "The log does not add up", "El registro no cuadra";
    SignatureChecked: text "Signature checked", "Firma revisada";
    SignatureUnchecked: text "Signature not checked", "Firma sin revisar";
    ProofActs: text "About this order", "De este pedido";
    ProofPeople: text "People", "Personas";
    ProofDevices: text "Devices", "Equipos";
    ProofNotYetSent: text "Not yet sent", "Aún sin enviar";
    ProofStatesCount: text "State's count", "Cuenta del estado";
    ProofPos: text "Point of sale", "Punto de venta";
    AgreesShort: text "agrees", "coincide";
    CheckAgain: button "Check again", "Revisar otra vez";
    ShowAsOf: button "Show as of…", "Ver al día…";
    Hold: button "Hold", "Retener";
    MakeAuditFile: button "Make audit file", "Crear auditoría";
    Recount: button "Recount", "Contar otra vez";
    Decide: button "Decide", "Decidir";
    ChangeSeen: button "I looked at the change. The bag stays as it is", "Revisé el cambio. La bolsa queda como está";
    CancelSeen: button "Everything is back. Done", "Todo está de vuelta. Listo";
    BreakLease: button "Take the order back", "Recuperar el pedido";
    TwoPeople: text "two people", "dos personas";
    GradeUnit: text "unit code", "código de unidad";
    GradePackage: text "package tag", "etiqueta del paquete";
    GradeProduct: text "product code", "código de producto";
    GradeLabel: text "label match", "etiqueta coincide";
    GradeHand: text "typed by hand", "escrito a mano";

    // Places, as they stand in the sum.
    PlaceShelf: text "shelf", "estante";
    PlaceTote: text "tote", "caja";
    PlaceBag: text "bag", "bolsa";
    PlaceSlot: text "slot", "lugar";
    PlaceCar: text "car", "auto";
    PlaceCustomer: text "customer", "cliente";
    PlaceQuarantine: text "quarantine", "cuarentena";
    PlaceDestroyed: text "destroyed", "destruido";
    PlaceDisputed: text "in dispute", "en disputa";
    SumShelves: text "On shelves", "En estantes";
    SumTotes: text "In totes", "En cajas";
    SumBags: text "Bags, staged", "Bolsas ubicadas";
    SumCars: text "In cars", "En autos";
    SumCustomers: text "With customers", "Con clientes";
    SumQuarantine: text "Quarantine", "Cuarentena";
    SumDestroyed: text "Destroyed", "Destruido";
    SumDispute: text "In dispute", "En disputa";

    // Status.
    StatusPage: button "Status", "Situación";
    YouCanWork: text "You can work.", "Puede trabajar.";
    YouCannotWork: text "Stop. This tablet cannot save.", "Alto. Esta tableta no puede guardar.";
    HealthServer: text "Store's server", "Servidor de la tienda";
    HealthPos: text "Point of sale", "Punto de venta";
    HealthState: text "State system", "Sistema del estado";
    HealthPrinter: text "Label printer", "Impresora";
    HealthScanner: text "Scanner", "Escáner";
    HealthSound: text "Sound", "Sonido";
    HealthClock: text "Tablet clock", "Reloj de la tableta";
    HealthSpace: text "Space on tablet", "Espacio en tableta";
    HealthNotSent: text "Not sent", "Sin enviar";
    LockAfter: text "Lock when nobody touches it for", "Bloquear si nadie la toca en";
    HealthVersion: text "Version", "Versión";
    HealthNoAnswer: text
        "No answer. You can pick. Reports wait here.",
        "Sin respuesta. Puede surtir. Los informes esperan.";
    HealthScannerHow: text "Try it: scan anything", "Pruebe: escanee algo";
    HealthSpaceSafe: text "Kept safe", "Bien guardado";
    HealthSpaceUnsafe: text "The browser may clear it", "El navegador puede borrarlo";
    HealthAllSent: text "The server has everything", "El servidor lo tiene todo";
    TestLabel: button "Test label", "Etiqueta de prueba";
    PlayThree: button "Play 3", "Tocar 3";
    SendNow: button "Send now", "Enviar ahora";
    HealthView: text "What is shown", "Lo que se muestra";
    HealthViewDiffers: text
        "Some of it may be old. What you save is safe. Get it all again.",
        "Algo puede ser viejo. Lo que guarda está seguro. Traiga todo otra vez.";
    GetAllAgain: button "Get all again", "Traer todo otra vez";
    IfTheNetworkGoes: text "If the network goes now", "Si la red se va ahora";
    ProblemsOpen: text "Problems", "Problemas";
    NoProblems: text "No problems", "Sin problemas";
    Language: text "Language", "Idioma";
    Hand: text "Hand", "Mano";
    HandRight: button "Right", "Derecha";
    HandLeft: button "Left", "Izquierda";
    Theme: text "Screen", "Pantalla";
    ThemeVault: button "Dark", "Oscuro";
    ThemeDesk: button "Bright", "Claro";
    ThemeSun: button "Sun", "Sol";
    ShortcutKeys: text "Shortcut keys", "Teclas rápidas";
    On: button "On", "Sí";
    Off: button "Off", "No";
    SignOutBlocked: text
        "Signing out loses nothing. What is not sent stays here.",
        "Al salir no se pierde nada. Lo no enviado se queda aquí.";
}

sentences! {
    corrected_time(time, seconds):
        "by the server's clock {time} ± {seconds} s",
        "según el reloj del servidor {time} ± {seconds} s";
    server_time(time): "server {time}", "servidor {time}";
    open_items(n): "{n} open", "{n} abiertos";
    came_in_accounted(n, m):
        "{n} came in. {m} are accounted for.",
        "Entraron {n}. Hay cuenta de {m}.";
    units_missing(n): "{n} are not accounted for.", "Faltan {n} por aclarar.";
    acts_signed(n, time):
        "All {n} acts are signed, in order, with no gaps. Checked on this computer at {time}.",
        "Los {n} actos están firmados, en orden y sin huecos. Revisado en este equipo a las \
         {time}.";
    devices_acts(devices, acts):
        "{devices} devices, {acts} acts",
        "{devices} equipos, {acts} actos";
    late_thing(what): "One thing is late: {what}.", "Algo va tarde: {what}.";
    offline_can(n):
        "You can pick, pack and stage {n} orders.",
        "Puede surtir, empacar y ubicar {n} pedidos.";
    clock_off(seconds): "{seconds} s from the store's server", "a {seconds} s del servidor";
    from_log_position(position):
        "from the log up to position {position}",
        "del registro hasta la posición {position}";
    device_silent(name, age): "{name} silent for {age}", "{name} callada {age}";
    adjust_by(n): "Adjust by {n} · two people", "Ajustar {n} · dos personas";
}
