//! How large a world is, by name.

/// How large a world is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Devices at most.
    pub tablets: u64,
    /// Acts of each person at most.
    pub acts: u64,
    /// Orders at most.
    pub orders: u64,
}

impl Size {
    /// Thousands of them run in a minute.
    pub const SMALL: Self = Self {
        tablets: 3,
        acts: 40,
        orders: 7,
    };
    /// A shift.
    pub const LARGE: Self = Self {
        tablets: 12,
        acts: 400,
        orders: 90,
    };

    /// The size with a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "small" => Some(Self::SMALL),
            "large" => Some(Self::LARGE),
            _ => None,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        if self == Self::LARGE {
            "large"
        } else {
            "small"
        }
    }
}
