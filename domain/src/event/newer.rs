//! Words in rows that may grow: a number this program has no word for is kept as a number.
//!
//! In: the words of an enumeration with their numbers. Out: the same as CBOR. Must not: lose a number that came from a
//! newer program; a row may be written again by whoever could only read most of it.

/// Encodes an enumeration by number; `Newer` stands for every number without a word.
macro_rules! words_that_grow {
    ($name:ident: $($word:ident = $number:literal)*) => {
        impl $name {
            /// Its number, which never changes its meaning.
            #[must_use]
            pub fn number(self) -> u32 {
                match self {
                    $(Self::$word => $number,)*
                    Self::Newer(number) => number,
                }
            }
        }

        impl<C> ::minicbor::Encode<C> for $name {
            fn encode<W: ::minicbor::encode::Write>(
                &self,
                encoder: &mut ::minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), ::minicbor::encode::Error<W::Error>> {
                encoder.u32(self.number())?;
                Ok(())
            }
        }

        impl<'b, C> ::minicbor::Decode<'b, C> for $name {
            fn decode(
                decoder: &mut ::minicbor::Decoder<'b>,
                _: &mut C,
            ) -> Result<Self, ::minicbor::decode::Error> {
                Ok(match decoder.u32()? {
                    $($number => Self::$word,)*
                    number => Self::Newer(number),
                })
            }
        }
    };
}

pub(crate) use words_that_grow;
