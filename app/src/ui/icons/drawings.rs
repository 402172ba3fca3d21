//! Every drawing the screens use, as the inside of an `<svg>`.
//!
//! In: nothing. Out: the list of icons and, for each, its kind and its strokes. Must not: hold a
//! drawing no screen shows, for each one is bytes in the picker's first load.
//!
//! The `Sign` ones are Lucide's (npm `lucide-static` 1.62.0, ISC and in part MIT, see
//! `public/icons/LICENSE-lucide.txt`), stroked on a grid of 24. The others are our own and filled,
//! so that a verdict never looks like a button's sign.

use super::Kind;

macro_rules! icons {
    ($($(#[$note:meta])* $name:ident = $kind:ident $inner:literal;)+) => {
        /// A drawing by name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Icon {
            $($(#[$note])* $name,)+
        }

        impl Icon {
            /// Every icon, in the order of `DRAWINGS`.
            #[cfg(test)]
            pub(super) const ALL: &[Self] = &[$(Self::$name),+];

            pub(super) fn drawing(self) -> (Kind, &'static str) {
                DRAWINGS[self as usize]
            }
        }

        const DRAWINGS: &[(Kind, &str)] = &[$((Kind::$kind, $inner)),+];
    };
}

icons! {
    Activity = Sign
        "<path d='M22 12h-2.48a2 2 0 0 0-1.93 1.46l-2.35 8.36a.25.25 0 0 1-.48 0L9.24 \
          2.18a.25.25 0 0 0-.48 0l-2.35 8.36A2 2 0 0 1 4.49 12H2'/>";
    ArrowRight = Sign "<path d='M5 12h14'/><path d='m12 5 7 7-7 7'/>";
    BatteryMedium = Sign
        "<path d='M10 14v-4'/><path d='M22 14v-4'/><path d='M6 14v-4'/><rect x='2' y='6' \
          width='16' height='12' rx='2'/>";
    Camera = Sign
        "<path d='M13.997 4a2 2 0 0 1 1.76 1.05l.486.9A2 2 0 0 0 18.003 7H20a2 2 0 0 1 2 2v9a2 \
          2 0 0 1-2 2H4a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2h1.997a2 2 0 0 0 1.759-1.048l.489-.904A2 2 \
          0 0 1 10.004 4z'/><circle cx='12' cy='13' r='3'/>";
    Car = Sign
        "<path d='M19 17h2c.6 0 1-.4 1-1v-3c0-.9-.7-1.7-1.5-1.9C18.7 10.6 16 10 16 \
          10s-1.3-1.4-2.2-2.3c-.5-.4-1.1-.7-1.8-.7H5c-.6 0-1.1.4-1.4.9l-1.4 2.9A3.7 3.7 0 0 0 2 \
          12v4c0 .6.4 1 1 1h2'/><circle cx='7' cy='17' r='2'/><path d='M9 17h6'/><circle \
          cx='17' cy='17' r='2'/>";
    Check = Sign "<path d='M20 6 9 17l-5-5'/>";
    CheckTwice = Sign "<path d='M18 6 7 17l-5-5'/><path d='m22 10-7.5 7.5L13 16'/>";
    ChevronLeft = Sign "<path d='m15 18-6-6 6-6'/>";
    ChevronRight = Sign "<path d='m9 18 6-6-6-6'/>";
    CircleCheck = Sign "<circle cx='12' cy='12' r='10'/><path d='m16 9-5.5 5.5L8 12'/>";
    ClipboardCheck = Sign
        "<rect width='8' height='4' x='8' y='2' rx='1' ry='1'/><path d='M16 4h2a2 2 0 0 1 2 \
          2v14a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2h2'/><path d='m9 14 2 2 4-4'/>";
    Clock = Sign "<circle cx='12' cy='12' r='10'/><path d='M12 6v6l4 2'/>";
    Close = Sign "<path d='M18 6 6 18'/><path d='m6 6 12 12'/>";
    CloudOff = Sign
        "<path d='M10.94 5.274A7 7 0 0 1 15.71 10h1.79a4.5 4.5 0 0 1 4.222 6.057'/><path \
          d='M18.796 18.81A4.5 4.5 0 0 1 17.5 19H9A7 7 0 0 1 5.79 5.78'/><path d='m2 2 20 20'/>";
    CloudUpload = Sign
        "<path d='M12 13v8'/><path d='M4 14.899A7 7 0 1 1 15.71 8h1.79a4.5 4.5 0 0 1 2.5 \
          8.242'/><path d='m8 17 4-4 4 4'/>";
    Columns = Sign
        "<rect width='18' height='18' x='3' y='3' rx='2'/><path d='M9 3v18'/><path d='M15 \
          3v18'/>";
    Delete = Sign
        "<path d='M10 5a2 2 0 0 0-1.344.519l-6.328 5.74a1 1 0 0 0 0 1.481l6.328 5.741A2 2 0 0 \
          0 10 19h10a2 2 0 0 0 2-2V7a2 2 0 0 0-2-2z'/><path d='m12 9 6 6'/><path d='m18 9-6 6'/>";
    Download = Sign
        "<path d='M12 15V3'/><path d='M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4'/><path d='m7 \
          10 5 5 5-5'/>";
    Eraser = Sign
        "<path d='M21 21H8a2 2 0 0 1-1.42-.587l-3.994-3.999a2 2 0 0 1 0-2.828l10-10a2 2 0 0 1 \
          2.829 0l5.999 6a2 2 0 0 1 0 2.828L12.834 21'/><path d='m5.082 11.09 8.828 8.828'/>";
    EyeOff = Sign
        "<path d='M10.733 5.076a10.744 10.744 0 0 1 11.205 6.575 1 1 0 0 1 0 .696 10.747 \
          10.747 0 0 1-1.444 2.49'/><path d='M14.084 14.158a3 3 0 0 1-4.242-4.242'/><path \
          d='M17.479 17.499a10.75 10.75 0 0 1-15.417-5.151 1 1 0 0 1 0-.696 10.75 10.75 0 0 1 \
          4.446-5.143'/><path d='m2 2 20 20'/>";
    FileCheck = Sign
        "<path d='M10.5 22H6a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h8a2.4 2.4 0 0 1 1.706.706l3.588 \
          3.588A2.4 2.4 0 0 1 20 8v6'/><path d='M14 2v5a1 1 0 0 0 1 1h5'/><path d='m14 20 2 2 \
          4-4'/>";
    Flag = Sign
        "<path d='M4 22V4a1 1 0 0 1 .4-.8A6 6 0 0 1 8 2c3 0 5 2 7.333 2q2 0 3.067-.8A1 1 0 0 1 \
          20 4v10a1 1 0 0 1-.4.8A6 6 0 0 1 16 16c-3 0-5-2-8-2a6 6 0 0 0-4 1.528'/>";
    Flashlight = Sign
        "<path d='M12 13v1'/><path d='M17 2a1 1 0 0 1 1 1v4a3 3 0 0 1-.6 1.8l-.6.8A4 4 0 0 0 \
          16 12v8a2 2 0 0 1-2 2H10a2 2 0 0 1-2-2v-8a4 4 0 0 0-.8-2.4l-.6-.8A3 3 0 0 1 6 7V3a1 1 \
          0 0 1 1-1z'/><path d='M6 6h12'/>";
    GraduationCap = Sign
        "<path d='M21.42 10.922a1 1 0 0 0-.019-1.838L12.83 5.18a2 2 0 0 0-1.66 0L2.6 9.08a1 1 \
          0 0 0 0 1.832l8.57 3.908a2 2 0 0 0 1.66 0z'/><path d='M22 10v6'/><path d='M6 \
          12.5V16a6 3 0 0 0 12 0v-3.5'/>";
    Hand = Sign
        "<path d='M18 11V6a2 2 0 0 0-2-2a2 2 0 0 0-2 2'/><path d='M14 10V4a2 2 0 0 0-2-2a2 2 0 \
          0 0-2 2v2'/><path d='M10 10.5V6a2 2 0 0 0-2-2a2 2 0 0 0-2 2v8'/><path d='M18 8a2 2 0 \
          1 1 4 0v6a8 8 0 0 1-8 8h-2c-2.8 0-4.5-.86-5.99-2.34l-3.6-3.6a2 2 0 0 1 2.83-2.82L7 \
          15'/>";
    HardDrive = Sign
        "<path d='M10 16h.01'/><path d='M2.212 11.577a2 2 0 0 0-.212.896V18a2 2 0 0 0 2 2h16a2 \
          2 0 0 0 2-2v-5.527a2 2 0 0 0-.212-.896L18.55 5.11A2 2 0 0 0 16.76 4H7.24a2 2 0 0 \
          0-1.79 1.11z'/><path d='M21.946 12.013H2.054'/><path d='M6 16h.01'/>";
    Help = Sign
        "<circle cx='12' cy='12' r='10'/><path d='M9.09 9a3 3 0 0 1 5.83 1c0 2-3 3-3 3'/><path \
          d='M12 17h.01'/>";
    History = Sign
        "<path d='M3 12a9 9 0 1 0 9-9 9.75 9.75 0 0 0-6.74 2.74L3 8'/><path d='M3 \
          3v5h5'/><path d='M12 7v5l4 2'/>";
    IdCard = Sign
        "<path d='M13 19a4 4 0 00-8 0'/><path d='M16 10h2'/><path d='M16 14h2'/><circle cx='9' \
          cy='12' r='3'/><rect x='2' y='5' width='20' height='14' rx='2'/>";
    Inbox = Sign
        "<polyline points='22 12 16 12 14 15 10 15 8 12 2 12'/><path d='M5.45 5.11 2 12v6a2 2 \
          0 0 0 2 2h16a2 2 0 0 0 2-2v-6l-3.45-6.89A2 2 0 0 0 16.76 4H7.24a2 2 0 0 0-1.79 \
          1.11z'/>";
    Info = Sign "<circle cx='12' cy='12' r='10'/><path d='M12 16v-4'/><path d='M12 8h.01'/>";
    KeyRound = Sign
        "<path d='M2.586 17.414A2 2 0 0 0 2 18.828V21a1 1 0 0 0 1 1h3a1 1 0 0 0 1-1v-1a1 1 0 0 \
          1 1-1h1a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h.172a2 2 0 0 0 1.414-.586l.814-.814a6.5 6.5 0 \
          1 0-4-4z'/><circle cx='16.5' cy='7.5' r='.5' fill='currentColor'/>";
    Landmark = Sign
        "<path d='M10 18v-7'/><path d='M11.119 2.205a2 2 0 0 1 1.762 0l7.84 3.846A.5.5 0 0 1 \
          20.5 7h-17a.5.5 0 0 1-.22-.949z'/><path d='M14 18v-7'/><path d='M18 18v-7'/><path \
          d='M3 22h18'/><path d='M6 18v-7'/>";
    Languages = Sign
        "<path d='m5 8 6 6'/><path d='m4 14 6-6 2-3'/><path d='M2 5h12'/><path d='M7 \
          2h1'/><path d='m22 22-5-10-5 10'/><path d='M14 18h6'/>";
    Layers = Sign
        "<path d='M12.83 2.18a2 2 0 0 0-1.66 0L2.6 6.08a1 1 0 0 0 0 1.83l8.58 3.91a2 2 0 0 0 \
          1.66 0l8.58-3.9a1 1 0 0 0 0-1.83z'/><path d='M2 12a1 1 0 0 0 .58.91l8.6 3.91a2 2 0 0 \
          0 1.65 0l8.58-3.9A1 1 0 0 0 22 12'/><path d='M2 17a1 1 0 0 0 .58.91l8.6 3.91a2 2 0 0 \
          0 1.65 0l8.58-3.9A1 1 0 0 0 22 17'/>";
    List = Sign
        "<path d='M3 5h.01'/><path d='M3 12h.01'/><path d='M3 19h.01'/><path d='M8 \
          5h13'/><path d='M8 12h13'/><path d='M8 19h13'/>";
    Lock = Sign
        "<rect width='18' height='11' x='3' y='11' rx='2' ry='2'/><path d='M7 11V7a5 5 0 0 1 \
          10 0v4'/>";
    LogOut = Sign
        "<path d='m16 17 5-5-5-5'/><path d='M21 12H9'/><path d='M9 21H5a2 2 0 0 1-2-2V5a2 2 0 \
          0 1 2-2h4'/>";
    MessageSquare = Sign
        "<path d='M22 17a2 2 0 0 1-2 2H6.828a2 2 0 0 0-1.414.586l-2.202 2.202A.71.71 0 0 1 2 \
          21.286V5a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2z'/>";
    Map = Sign
        "<path d='M14.106 5.553a2 2 0 0 0 1.788 0l3.659-1.83A1 1 0 0 1 21 4.619v12.764a1 1 0 0 \
          1-.553.894l-4.553 2.277a2 2 0 0 1-1.788 0l-4.212-2.106a2 2 0 0 0-1.788 0l-3.659 \
          1.83A1 1 0 0 1 3 19.381V6.618a1 1 0 0 1 .553-.894l4.553-2.277a2 2 0 0 1 1.788 \
          0z'/><path d='M15 5.764v15'/><path d='M9 3.236v15'/>";
    Minus = Sign "<path d='M5 12h14'/>";
    Navigation = Sign "<polygon points='3 11 22 2 13 21 11 13 3 11'/>";
    OctagonAlert = Sign
        "<path d='M12 16h.01'/><path d='M12 8v4'/><path d='M15.312 2a2 2 0 0 1 1.414.586l4.688 \
          4.688A2 2 0 0 1 22 8.688v6.624a2 2 0 0 1-.586 1.414l-4.688 4.688a2 2 0 0 \
          1-1.414.586H8.688a2 2 0 0 1-1.414-.586l-4.688-4.688A2 2 0 0 1 2 15.312V8.688a2 2 0 0 \
          1 .586-1.414l4.688-4.688A2 2 0 0 1 8.688 2z'/>";
    Package = Sign
        "<path d='M11 21.73a2 2 0 0 0 2 0l7-4A2 2 0 0 0 21 16V8a2 2 0 0 0-1-1.73l-7-4a2 2 0 0 \
          0-2 0l-7 4A2 2 0 0 0 3 8v8a2 2 0 0 0 1 1.73z'/><path d='M12 22V12'/><polyline \
          points='3.29 7 12 12 20.71 7'/><path d='m7.5 4.27 9 5.15'/>";
    PackageCheck = Sign
        "<path d='M12 22V12'/><path d='m16 17 2 2 4-4'/><path d='M21 11.127V8a2 2 0 0 \
          0-1-1.73l-7-4a2 2 0 0 0-2 0l-7 4A2 2 0 0 0 3 8v8a2 2 0 0 0 1 1.729l7 4a2 2 0 0 0 2 \
          .001l1.32-.753'/><path d='M3.29 7 12 12l8.71-5'/><path d='m7.5 4.27 8.997 5.148'/>";
    PackageOpen = Sign
        "<path d='M12 22v-9'/><path d='M15.17 2.21a1.67 1.67 0 0 1 1.63 0L21 4.57a1.93 1.93 0 \
          0 1 0 3.36L8.82 14.79a1.655 1.655 0 0 1-1.64 0L3 12.43a1.93 1.93 0 0 1 \
          0-3.36z'/><path d='M20 13v3.87a2.06 2.06 0 0 1-1.11 1.83l-6 3.08a1.93 1.93 0 0 1-1.78 \
          0l-6-3.08A2.06 2.06 0 0 1 4 16.87V13'/><path d='M21 12.43a1.93 1.93 0 0 0 0-3.36L8.83 \
          2.2a1.64 1.64 0 0 0-1.63 0L3 4.57a1.93 1.93 0 0 0 0 3.36l12.18 6.86a1.636 1.636 0 0 0 \
          1.63 0z'/>";
    PackageX = Sign
        "<path d='M12 22V12'/><path d='m16.5 14.5 5 5'/><path d='m16.5 19.5 5-5'/><path d='M21 \
          10.5V8a2 2 0 0 0-1-1.73l-7-4a2 2 0 0 0-2 0l-7 4A2 2 0 0 0 3 8v8a2 2 0 0 0 1 1.729l7 \
          4a2 2 0 0 0 2 .001l.13-.074'/><path d='M3.29 7 12 12l8.71-5'/><path d='m7.5 4.27 \
          8.997 5.148'/>";
    Phone = Sign
        "<path d='M13.832 16.568a1 1 0 0 0 1.213-.303l.355-.465A2 2 0 0 1 17 15h3a2 2 0 0 1 2 \
          2v3a2 2 0 0 1-2 2A18 18 0 0 1 2 4a2 2 0 0 1 2-2h3a2 2 0 0 1 2 2v3a2 2 0 0 1-.8 \
          1.6l-.468.351a1 1 0 0 0-.292 1.233 14 14 0 0 0 6.392 6.384'/>";
    Plus = Sign "<path d='M5 12h14'/><path d='M12 5v14'/>";
    Printer = Sign
        "<path d='M6 18H4a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2v5a2 2 0 0 1-2 \
          2h-2'/><path d='M6 9V3a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v6'/><rect x='6' y='14' \
          width='12' height='8' rx='1'/>";
    QrCode = Sign
        "<rect width='5' height='5' x='3' y='3' rx='1'/><rect width='5' height='5' x='16' \
          y='3' rx='1'/><rect width='5' height='5' x='3' y='16' rx='1'/><path d='M21 16h-3a2 2 \
          0 0 0-2 2v3'/><path d='M21 21v.01'/><path d='M12 7v3a2 2 0 0 1-2 2H7'/><path d='M3 \
          12h.01'/><path d='M12 3h.01'/><path d='M12 16v.01'/><path d='M16 12h1'/><path d='M21 \
          12v.01'/><path d='M12 21v-1'/>";
    RefreshCw = Sign
        "<path d='M3 12a9 9 0 0 1 9-9 9.75 9.75 0 0 1 6.74 2.74L21 8'/><path d='M21 \
          3v5h-5'/><path d='M21 12a9 9 0 0 1-9 9 9.75 9.75 0 0 1-6.74-2.74L3 16'/><path d='M8 \
          16H3v5'/>";
    Rows = Sign
        "<rect width='18' height='18' x='3' y='3' rx='2'/><path d='M21 9H3'/><path d='M21 \
          15H3'/>";
    Scale = Sign
        "<path d='M12 3v18'/><path d='m19 8 3 8a5 5 0 0 1-6 0zV7'/><path d='M3 7h1a17 17 0 0 0 \
          8-2 17 17 0 0 0 8 2h1'/><path d='m5 8 3 8a5 5 0 0 1-6 0zV7'/><path d='M7 21h10'/>";
    ScanBarcode = Sign
        "<path d='M3 7V5a2 2 0 0 1 2-2h2'/><path d='M17 3h2a2 2 0 0 1 2 2v2'/><path d='M21 \
          17v2a2 2 0 0 1-2 2h-2'/><path d='M7 21H5a2 2 0 0 1-2-2v-2'/><path d='M8 7v10'/><path \
          d='M12 7v10'/><path d='M17 7v10'/>";
    ScanLine = Sign
        "<path d='M3 7V5a2 2 0 0 1 2-2h2'/><path d='M17 3h2a2 2 0 0 1 2 2v2'/><path d='M21 \
          17v2a2 2 0 0 1-2 2h-2'/><path d='M7 21H5a2 2 0 0 1-2-2v-2'/><path d='M7 12h10'/>";
    ScrollText = Sign
        "<path d='M15 12h-5'/><path d='M15 8h-5'/><path d='M19 17V5a2 2 0 0 0-2-2H4'/><path \
          d='M8 21h12a2 2 0 0 0 2-2v-1a1 1 0 0 0-1-1H11a1 1 0 0 0-1 1v1a2 2 0 1 1-4 0V5a2 2 0 1 \
          0-4 0v2a1 1 0 0 0 1 1h3'/>";
    Search = Sign "<path d='m21 21-4.34-4.34'/><circle cx='11' cy='11' r='8'/>";
    SearchX = Sign
        "<path d='m13.5 8.5-5 5'/><path d='m8.5 8.5 5 5'/><circle cx='11' cy='11' r='8'/><path \
          d='m21 21-4.3-4.3'/>";
    ShieldCheck = Sign
        "<path d='M20 13c0 5-3.5 7.5-7.66 8.95a1 1 0 0 1-.67-.01C7.5 20.5 4 18 4 13V6a1 1 0 0 \
          1 1-1c2 0 4.5-1.2 6.24-2.72a1.17 1.17 0 0 1 1.52 0C14.51 3.81 17 5 19 5a1 1 0 0 1 1 \
          1z'/><path d='m9 12 2 2 4-4'/>";
    ShoppingBag = Sign
        "<path d='M16 10a4 4 0 0 1-8 0'/><path d='M3.103 6.034h17.794'/><path d='M3.4 5.467a2 \
          2 0 0 0-.4 1.2V20a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2V6.667a2 2 0 0 0-.4-1.2l-2-2.667A2 2 \
          0 0 0 17 2H7a2 2 0 0 0-1.6.8z'/>";
    ShoppingBasket = Sign
        "<path d='m15 11-1 9'/><path d='m19 11-4-7'/><path d='M2 11h20'/><path d='m3.5 11 1.6 \
          7.4a2 2 0 0 0 2 1.6h9.8a2 2 0 0 0 2-1.6l1.7-7.4'/><path d='M4.5 15.5h15'/><path d='m5 \
          11 4-7'/><path d='m9 11 1 9'/>";
    Signature = Sign
        "<path d='m21 17-2.156-1.868A.5.5 0 0 0 18 15.5v.5a1 1 0 0 1-1 1h-2a1 1 0 0 \
          1-1-1c0-2.545-3.991-3.97-8.5-4a1 1 0 0 0 0 5c4.153 0 4.745-11.295 5.708-13.5a2.5 2.5 \
          0 1 1 3.31 3.284'/><path d='M3 21h18'/>";
    Siren = Sign
        "<path d='M7 18v-6a5 5 0 1 1 10 0v6'/><path d='M5 21a1 1 0 0 0 1 1h12a1 1 0 0 0 \
          1-1v-1a2 2 0 0 0-2-2H7a2 2 0 0 0-2 2z'/><path d='M21 12h1'/><path d='M18.5 4.5 18 \
          5'/><path d='M2 12h1'/><path d='M12 2v1'/><path d='m4.929 4.929.707.707'/><path \
          d='M12 12v6'/>";
    Store = Sign
        "<path d='M15 21v-5a1 1 0 0 0-1-1h-4a1 1 0 0 0-1 1v5'/><path d='M17.774 10.31a1.12 \
          1.12 0 0 0-1.549 0 2.5 2.5 0 0 1-3.451 0 1.12 1.12 0 0 0-1.548 0 2.5 2.5 0 0 1-3.452 \
          0 1.12 1.12 0 0 0-1.549 0 2.5 2.5 0 0 1-3.77-3.248l2.889-4.184A2 2 0 0 1 7 2h10a2 2 0 \
          0 1 1.653.873l2.895 4.192a2.5 2.5 0 0 1-3.774 3.244'/><path d='M4 10.95V19a2 2 0 0 0 \
          2 2h12a2 2 0 0 0 2-2v-8.05'/>";
    SunMoon = Sign
        "<path d='M12 2v2'/><path d='M14.837 16.385a6 6 0 1 1-7.223-7.222c.624-.147.97.66.715 \
          1.248a4 4 0 0 0 5.26 5.259c.589-.255 1.396.09 1.248.715'/><path d='M16 12a4 4 0 0 \
          0-4-4'/><path d='m19 5-1.256 1.256'/><path d='M20 12h2'/>";
    Table = Sign
        "<path d='M12 3v18'/><rect width='18' height='18' x='3' y='3' rx='2'/><path d='M3 \
          9h18'/><path d='M3 15h18'/>";
    TabletSmartphone = Sign
        "<rect width='10' height='14' x='3' y='8' rx='2'/><path d='M5 4a2 2 0 0 1 2-2h12a2 2 0 \
          0 1 2 2v16a2 2 0 0 1-2 2h-2.4'/><path d='M8 18h.01'/>";
    Tag = Sign
        "<path d='M12.586 2.586A2 2 0 0 0 11.172 2H4a2 2 0 0 0-2 2v7.172a2 2 0 0 0 .586 \
          1.414l8.704 8.704a2.426 2.426 0 0 0 3.42 0l6.58-6.58a2.426 2.426 0 0 0 \
          0-3.42z'/><circle cx='7.5' cy='7.5' r='.5' fill='currentColor'/>";
    Timer = Sign
        "<line x1='10' x2='14' y1='2' y2='2'/><line x1='12' x2='15' y1='14' y2='11'/><circle \
          cx='12' cy='14' r='8'/>";
    TriangleAlert = Sign
        "<path d='m21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 \
          1.73-3'/><path d='M12 9v4'/><path d='M12 17h.01'/>";
    Truck = Sign
        "<path d='M14 18V6a2 2 0 0 0-2-2H4a2 2 0 0 0-2 2v11a1 1 0 0 0 1 1h2'/><path d='M15 \
          18H9'/><path d='M19 18h2a1 1 0 0 0 1-1v-3.65a1 1 0 0 0-.22-.624l-3.48-4.35A1 1 0 0 0 \
          17.52 8H14'/><circle cx='17' cy='18' r='2'/><circle cx='7' cy='18' r='2'/>";
    Undo = Sign
        "<path d='M9 14 4 9l5-5'/><path d='M4 9h10.5a5.5 5.5 0 0 1 5.5 5.5a5.5 5.5 0 0 1-5.5 \
          5.5H11'/>";
    User = Sign
        "<path d='M19 21v-2a4 4 0 0 0-4-4H9a4 4 0 0 0-4 4v2'/><circle cx='12' cy='7' r='4'/>";
    UserCheck = Sign
        "<path d='m16 11 2 2 4-4'/><path d='M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 \
          4v2'/><circle cx='9' cy='7' r='4'/>";
    Users = Sign
        "<path d='M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2'/><path d='M16 3.128a4 4 0 0 1 0 \
          7.744'/><path d='M22 21v-2a4 4 0 0 0-3-3.87'/><circle cx='9' cy='7' r='4'/>";
    Volume = Sign
        "<path d='M11 4.702a.705.705 0 0 0-1.203-.498L6.413 7.587A1.4 1.4 0 0 1 5.416 8H3a1 1 \
          0 0 0-1 1v6a1 1 0 0 0 1 1h2.416a1.4 1.4 0 0 1 .997.413l3.383 3.384A.705.705 0 0 0 11 \
          19.298z'/><path d='M16 9a5 5 0 0 1 0 6'/><path d='M19.364 18.364a9 9 0 0 0 0-12.728'/>";
    VolumeOff = Sign
        "<path d='M11 4.702a.7.7 0 0 0-1.203-.498L6.413 7.587A1.4 1.4 0 0 1 5.416 8H3a1 1 0 0 \
          0-1 1v6a1 1 0 0 0 1 1h2.416a1.4 1.4 0 0 1 .997.413l3.383 3.384A.7.7 0 0 0 11 \
          19.298z'/><path d='m16.5 14.5 5-5'/><path d='m16.5 9.5 5 5'/>";

    /// Custody's mark: two linked squares.
    Mark = Mark
        "<rect x='2.5' y='2.5' width='15' height='15' rx='5'/><path d='M20.5 10.5a5 5 0 0 1 5 \
          5v5a5 5 0 0 1-5 5h-5a5 5 0 0 1-5-5v-1'/>";
    /// Waiting for a scan: a frame around bars.
    Aim = Aim
        "<path d='M4 30V4h26M82 4h26v26M108 82v26H82M30 108H4V82'/><path d='M26 34v44M38 \
          34v44M47 34v44M60 34v44M66 34v44M78 34v44M87 34v44' stroke-width='5'/>";
    /// Accepted: a disc with a tick cut out.
    Accepted = Verdict
        "<path d='M2 56a54 54 0 1 0 108 0a54 54 0 1 0-108 0ZM20.8 58L48.2 85.4L92.2 37.6L82.6 \
          28.8L47.8 66.6L30 48.8Z'/>";
    /// Refused: an octagon with a cross cut out.
    Refused = Verdict
        "<path d='M34 2h44l32 32v44l-32 32H34L2 78V34ZM76 26.1L85.9 36L65.9 56L85.9 76L76 \
          85.9L56 65.9L36 85.9L26.1 76L46.1 56L26.1 36L36 26.1L56 46.1Z'/>";
    /// Attention: a triangle with a bar cut out.
    Attention = Verdict "<path d='M56 4l54 100H2ZM50.5 40h11v30h-11ZM50.5 82h11v10h-11Z'/>";
    /// Waits for a decision: a ring.
    Undecided = Verdict
        "<path d='M2 56a54 54 0 1 0 108 0a54 54 0 1 0-108 0ZM16 56a40 40 0 1 1 80 0a40 40 0 1 \
          1-80 0Z'/>";
    /// Tote 1, a circle.
    Tote1 = Tote "<circle cx='28' cy='28' r='26'/>";
    /// Tote 2, a square.
    Tote2 = Tote "<rect x='3' y='3' width='50' height='50' rx='5'/>";
    /// Tote 3, a triangle.
    Tote3 = Tote "<path d='M28 1L55 51Q55 54 52 54L4 54Q1 54 1 51Z'/>";
    /// Tote 4, a diamond.
    Tote4 = Tote "<path d='M28 0L56 28L28 56L0 28Z'/>";
    /// Tote 5, a hexagon.
    Tote5 = Tote "<path d='M14.5 4.5h27L55 28L41.5 51.5h-27L1 28Z'/>";
    /// Tote 6, a pentagon.
    Tote6 = Tote "<path d='M28 1L55.6 21.1L45.1 53.5H10.9L.4 21.1Z'/>";
    /// Tote 7, a cross.
    Tote7 = Tote "<path d='M17 2h22v15h15v22H39v15H17V39H2V17h15Z'/>";
    /// Tote 8, a half moon.
    Tote8 = Tote "<path d='M11 2h9a26 26 0 0 1 0 52h-9Z'/>";
}
