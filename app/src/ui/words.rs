//! Every word the screens say, in English and Spanish, side by side.
//!
//! In: a language and, for a sentence, its values. Out: text. Must not: be read by a program; tags,
//! licences, slots and the legal text of a label are never words and stay as they are.
//!
//! A fixed text is `Msg::ScanThePackage.say(lang)`. A sentence with values is a function of the
//! room it belongs to, as `pick::for_tote(lang, 3)`. Spanish is the US's, with *usted*.

/// Fixed texts: `Name: text "English", "Spanish";`, or `button` where room is short.
macro_rules! messages {
    ($($name:ident: $room:ident $en:literal, $es:literal;)+) => {
        #[expect(non_upper_case_globals, reason = "a text is used like a variant of an enum")]
        impl Msg {
            $(pub const $name: Self = Self { en: $en, es: $es };)+
        }

        #[cfg(test)]
        pub(super) const MESSAGES: &[super::tests::Row] =
            &[$((stringify!($name), stringify!($room), $en, $es)),+];
    };
}

/// Sentences with values. The compiler checks every placeholder of both languages.
macro_rules! sentences {
    ($($name:ident($($value:ident),+): $en:literal, $es:literal;)+) => {
        $(pub fn $name(lang: Lang, $($value: impl Display),+) -> String {
            match lang {
                Lang::En => format!($en),
                Lang::Es => format!($es),
            }
        })+

        #[cfg(test)]
        pub(super) const SENTENCES: &[super::tests::Row] =
            &[$((stringify!($name), "text", $en, $es)),+];
    };
}

/// Sentences that count: one, many, and the same in Spanish. Zero is many.
macro_rules! counted {
    ($($name:ident($count:ident $(, $value:ident)*):
        $one:literal, $many:literal, $uno:literal, $muchos:literal;)+) => {
        $(pub fn $name(lang: Lang, $count: u32 $(, $value: impl Display)*) -> String {
            match (lang, $count) {
                (Lang::En, 1) => format!($one),
                (Lang::En, _) => format!($many),
                (Lang::Es, 1) => format!($uno),
                (Lang::Es, _) => format!($muchos),
            }
        })+

        #[cfg(test)]
        pub(super) const COUNTED: &[super::tests::Row] =
            &[$((stringify!($name), "many", $many, $muchos)),+];
    };
}

pub mod shell;
pub mod enter;
pub mod denied;
pub mod queue;
pub mod pick;
pub mod refuse;
pub mod pack;
pub mod desk;
pub mod devices;
pub mod vault;
pub mod passkeys;
pub mod audit;
pub mod settle;
pub mod permit;
pub mod rules;
pub mod report;
pub mod lifeboat;
pub mod acts;
pub mod camera;
pub mod identity;
pub mod scanner;
pub mod shift;
pub mod hold;
pub mod procedure;
pub mod time;
pub mod witness;
pub mod limits;
pub mod second;
pub mod messages;

#[cfg(test)]
mod tests;

/// The two languages of every screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    #[default]
    En,
    Es,
}

impl Lang {
    /// What goes into `<html lang>` and into a person's settings.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
        }
    }

    /// Reads a setting or the browser's own choice, "es-MX" for instance.
    pub fn parse(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next().unwrap_or(tag);
        match language.to_ascii_lowercase().as_str() {
            "en" => Some(Self::En),
            "es" => Some(Self::Es),
            _ => None,
        }
    }

    pub fn other(self) -> Self {
        match self {
            Self::En => Self::Es,
            Self::Es => Self::En,
        }
    }
}

/// One fixed text in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Msg {
    en: &'static str,
    es: &'static str,
}

impl Msg {
    pub fn say(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Es => self.es,
        }
    }
}
