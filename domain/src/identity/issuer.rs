//! Who issues cards.
//!
//! In: the issuer's number on a card. Out: a state or province. Must not: refuse a number that is not on the list.
//!
//! Numbers as AAMVA assigns them, in the public list of 2023-12-29.

/// Where a card was issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Country {
    /// The United States.
    UnitedStates,
    /// Canada.
    Canada,
    /// Mexico.
    Mexico,
}

/// A state or province that issues cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// Its number on the card.
    pub number: [u8; 6],
    /// Its postal code.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Where it is.
    pub country: Country,
}

impl Issuer {
    /// The issuer with a number.
    #[must_use]
    pub fn find(number: [u8; 6]) -> Option<&'static Self> {
        let found = ISSUERS.binary_search_by_key(&number, |issuer| issuer.number);
        found.ok().map(|at| &ISSUERS[at])
    }
}

const fn issuer(
    number: &[u8; 6],
    code: &'static str,
    name: &'static str,
    country: Country,
) -> Issuer {
    Issuer {
        number: *number,
        code,
        name,
        country,
    }
}

/// By number.
const ISSUERS: [Issuer; 72] = [
    issuer(b"604426", "PE", "Prince Edward Island", Country::Canada),
    issuer(b"604427", "AS", "American Samoa", Country::UnitedStates),
    issuer(b"604428", "QC", "Quebec", Country::Canada),
    issuer(b"604429", "YT", "Yukon", Country::Canada),
    issuer(
        b"604430",
        "MP",
        "Northern Mariana Islands",
        Country::UnitedStates,
    ),
    issuer(b"604431", "PR", "Puerto Rico", Country::UnitedStates),
    issuer(b"604432", "AB", "Alberta", Country::Canada),
    issuer(b"604433", "NU", "Nunavut", Country::Canada),
    issuer(b"604434", "NT", "Northwest Territories", Country::Canada),
    issuer(b"636000", "VA", "Virginia", Country::UnitedStates),
    issuer(b"636001", "NY", "New York", Country::UnitedStates),
    issuer(b"636002", "MA", "Massachusetts", Country::UnitedStates),
    issuer(b"636003", "MD", "Maryland", Country::UnitedStates),
    issuer(b"636004", "NC", "North Carolina", Country::UnitedStates),
    issuer(b"636005", "SC", "South Carolina", Country::UnitedStates),
    issuer(b"636006", "CT", "Connecticut", Country::UnitedStates),
    issuer(b"636007", "LA", "Louisiana", Country::UnitedStates),
    issuer(b"636008", "MT", "Montana", Country::UnitedStates),
    issuer(b"636009", "NM", "New Mexico", Country::UnitedStates),
    issuer(b"636010", "FL", "Florida", Country::UnitedStates),
    issuer(b"636011", "DE", "Delaware", Country::UnitedStates),
    issuer(b"636012", "ON", "Ontario", Country::Canada),
    issuer(b"636013", "NS", "Nova Scotia", Country::Canada),
    issuer(b"636014", "CA", "California", Country::UnitedStates),
    issuer(b"636015", "TX", "Texas", Country::UnitedStates),
    issuer(
        b"636016",
        "NL",
        "Newfoundland and Labrador",
        Country::Canada,
    ),
    issuer(b"636017", "NB", "New Brunswick", Country::Canada),
    issuer(b"636018", "IA", "Iowa", Country::UnitedStates),
    issuer(b"636019", "GU", "Guam", Country::UnitedStates),
    issuer(b"636020", "CO", "Colorado", Country::UnitedStates),
    issuer(b"636021", "AR", "Arkansas", Country::UnitedStates),
    issuer(b"636022", "KS", "Kansas", Country::UnitedStates),
    issuer(b"636023", "OH", "Ohio", Country::UnitedStates),
    issuer(b"636024", "VT", "Vermont", Country::UnitedStates),
    issuer(b"636025", "PA", "Pennsylvania", Country::UnitedStates),
    issuer(b"636026", "AZ", "Arizona", Country::UnitedStates),
    issuer(
        b"636027",
        "US",
        "Department of State",
        Country::UnitedStates,
    ),
    issuer(b"636028", "BC", "British Columbia", Country::Canada),
    issuer(b"636029", "OR", "Oregon", Country::UnitedStates),
    issuer(b"636030", "MO", "Missouri", Country::UnitedStates),
    issuer(b"636031", "WI", "Wisconsin", Country::UnitedStates),
    issuer(b"636032", "MI", "Michigan", Country::UnitedStates),
    issuer(b"636033", "AL", "Alabama", Country::UnitedStates),
    issuer(b"636034", "ND", "North Dakota", Country::UnitedStates),
    issuer(b"636035", "IL", "Illinois", Country::UnitedStates),
    issuer(b"636036", "NJ", "New Jersey", Country::UnitedStates),
    issuer(b"636037", "IN", "Indiana", Country::UnitedStates),
    issuer(b"636038", "MN", "Minnesota", Country::UnitedStates),
    issuer(b"636039", "NH", "New Hampshire", Country::UnitedStates),
    issuer(b"636040", "UT", "Utah", Country::UnitedStates),
    issuer(b"636041", "ME", "Maine", Country::UnitedStates),
    issuer(b"636042", "SD", "South Dakota", Country::UnitedStates),
    issuer(
        b"636043",
        "DC",
        "District of Columbia",
        Country::UnitedStates,
    ),
    issuer(b"636044", "SK", "Saskatchewan", Country::Canada),
    issuer(b"636045", "WA", "Washington", Country::UnitedStates),
    issuer(b"636046", "KY", "Kentucky", Country::UnitedStates),
    issuer(b"636047", "HI", "Hawaii", Country::UnitedStates),
    issuer(b"636048", "MB", "Manitoba", Country::Canada),
    issuer(b"636049", "NV", "Nevada", Country::UnitedStates),
    issuer(b"636050", "ID", "Idaho", Country::UnitedStates),
    issuer(b"636051", "MS", "Mississippi", Country::UnitedStates),
    issuer(b"636052", "RI", "Rhode Island", Country::UnitedStates),
    issuer(b"636053", "TN", "Tennessee", Country::UnitedStates),
    issuer(b"636054", "NE", "Nebraska", Country::UnitedStates),
    issuer(b"636055", "GA", "Georgia", Country::UnitedStates),
    issuer(b"636056", "COA", "Coahuila", Country::Mexico),
    issuer(b"636057", "HID", "Hidalgo", Country::Mexico),
    issuer(b"636058", "OK", "Oklahoma", Country::UnitedStates),
    issuer(b"636059", "AK", "Alaska", Country::UnitedStates),
    issuer(b"636060", "WY", "Wyoming", Country::UnitedStates),
    issuer(b"636061", "WV", "West Virginia", Country::UnitedStates),
    issuer(b"636062", "VI", "Virgin Islands", Country::UnitedStates),
];
