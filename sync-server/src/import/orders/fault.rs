//! Why a field of an order is refused: where, as a code, and as a sentence.
//!
//! In: paths and values. Out: errors a client can match and a person can read. Must not: quote personal
//! data, because errors are logged.

use core::fmt;

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// What is wrong with a field. Clients match the code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fault {
            $($(#[$doc])* $name,)*
        }

        impl Fault {
            /// The word that names it.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

faults! {
    /// The order is no JSON object.
    NotAnObject = "not_an_object",
    /// A needed field is not there, or null.
    Missing = "missing",
    /// Text is expected.
    NotText = "not_text",
    /// A list is expected.
    NotAList = "not_a_list",
    /// Text that must not be blank is blank.
    Blank = "blank",
    /// The customer has no name.
    NameMissing = "name_missing",
    /// A delivery has no address.
    AddressMissing = "address_missing",
    /// More bytes than the field may have.
    TooLong = "too_long",
    /// A control character in an identifier.
    ControlCharacter = "control_character",
    /// Neither open nor cancelled.
    StatusUnknown = "status_unknown",
    /// A channel Custody does not know.
    ChannelUnknown = "channel_unknown",
    /// Neither adult nor medical.
    ProgramUnknown = "program_unknown",
    /// No instant with an offset.
    TimeUnreadable = "time_unreadable",
    /// The window ends before it begins.
    PromiseReversed = "promise_reversed",
    /// No calendar day.
    DateUnreadable = "date_unreadable",
    /// Born after the promised day.
    DateFuture = "date_future",
    /// No lines.
    NoLines = "no_lines",
    /// More lines than an order may have.
    TooManyLines = "too_many_lines",
    /// No number.
    NotNumber = "not_a_number",
    /// A quantity of nothing.
    QuantityZero = "quantity_zero",
    /// A quantity below nothing.
    QuantityNegative = "quantity_negative",
    /// A part of a unit.
    QuantityFraction = "quantity_fraction",
    /// More units than a line may have.
    QuantityTooLarge = "quantity_too_large",
    /// A price below nothing.
    PriceNegative = "price_negative",
    /// A part of a cent.
    PriceFraction = "price_fraction",
    /// A higher price than a unit may have.
    PriceTooLarge = "price_too_large",
    /// Further errors are not listed.
    MoreErrors = "more_errors",
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// One field that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Where: `lines[0].quantity`. Empty for the order as a whole.
    pub path: String,
    /// What.
    pub fault: Fault,
    /// An English sentence.
    pub reason: String,
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.reason)
    }
}
