//! Code 128 (ISO/IEC 15417), character set B, with a shift into set A for control characters.
//!
//! In: ASCII. Out: widths of bars and gaps in modules. Must not: draw; whoever draws adds the
//! quiet zone of ten modules on both sides.

/// Widths of every symbol, bar and gap in turn, by its value.
const SYMBOLS: [&[u8; 6]; 106] = [
    b"212222", b"222122", b"222221", b"121223", b"121322", b"131222", b"122213", b"122312",
    b"132212", b"221213", b"221312", b"231212", b"112232", b"122132", b"122231", b"113222",
    b"123122", b"123221", b"223211", b"221132", b"221231", b"213212", b"223112", b"312131",
    b"311222", b"321122", b"321221", b"312212", b"322112", b"322211", b"212123", b"212321",
    b"232121", b"111323", b"131123", b"131321", b"112313", b"132113", b"132311", b"211313",
    b"231113", b"231311", b"112133", b"112331", b"132131", b"113123", b"113321", b"133121",
    b"313121", b"211331", b"231131", b"213113", b"213311", b"213131", b"311123", b"311321",
    b"331121", b"312113", b"312311", b"332111", b"314111", b"221411", b"431111", b"111224",
    b"111422", b"121124", b"121421", b"141122", b"141221", b"112214", b"112412", b"122114",
    b"122411", b"142112", b"142211", b"241211", b"221114", b"413111", b"241112", b"134111",
    b"111242", b"121142", b"121241", b"114212", b"124112", b"124211", b"411212", b"421112",
    b"421211", b"212141", b"214121", b"412121", b"111143", b"111341", b"131141", b"114113",
    b"114311", b"411113", b"411311", b"113141", b"114131", b"311141", b"411131", b"211412",
    b"211214", b"211232",
];
const STOP: &[u8; 7] = b"2331112";
const START_B: u32 = 104;
/// The next symbol alone is of set A, in which control characters stand behind the 64 others.
const SHIFT: u32 = 98;
const CONTROLS_FROM: u32 = 64;
const MODULUS: u32 = 103;

/// Widths of bars and gaps, a bar first; `None` when a character is none of ASCII's first 127.
#[must_use]
pub fn widths(text: &str) -> Option<Vec<u8>> {
    let mut values = vec![START_B];
    for letter in text.chars() {
        match letter {
            ' '..='~' => values.push(u32::from(letter) - u32::from(' ')),
            '\0'..' ' => values.extend([SHIFT, u32::from(letter) + CONTROLS_FROM]),
            _ => return None,
        }
    }
    let weighted: u32 = (1_u32..)
        .zip(&values[1..])
        .map(|(place, value)| (place * value) % MODULUS)
        .sum();
    values.push((START_B + weighted) % MODULUS);
    let mut widths = Vec::with_capacity(values.len() * 6 + STOP.len());
    for value in values {
        let symbol = SYMBOLS.get(usize::try_from(value).ok()?)?;
        widths.extend(symbol.iter().map(|digit| digit - b'0'));
    }
    widths.extend(STOP.iter().map(|digit| digit - b'0'));
    Some(widths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbol_is_eleven_modules_and_none_stands_twice() {
        let mut seen = std::collections::BTreeSet::new();
        for symbol in SYMBOLS {
            assert_eq!(
                symbol
                    .iter()
                    .map(|digit| u32::from(digit - b'0'))
                    .sum::<u32>(),
                11
            );
            assert!(seen.insert(symbol));
        }
    }

    #[test]
    fn the_check_symbol_is_the_weighted_sum() {
        // Start B 104, P 48, J 42, J 42, 1 17: (104 + 48 + 84 + 126 + 68) mod 103 = 18.
        let widths = widths("PJJ1").unwrap();
        let check: Vec<u8> = SYMBOLS[18].iter().map(|digit| digit - b'0').collect();
        assert_eq!(widths[30..36], check[..]);
        assert_eq!(widths.len(), 6 * 6 + 7);
    }

    #[test]
    fn other_alphabets_are_refused() {
        assert_eq!(widths("é"), None);
        assert_eq!(widths("\u{7f}"), None);
    }

    #[test]
    fn a_control_character_is_shifted_into_set_a() {
        // GS is 29, and 93 in set A: start, shift 98, 93, check (104 + 98 + 2 * 93) mod 103 = 79.
        let widths = widths("\u{1d}").unwrap();
        let digits = |value: usize| SYMBOLS[value].iter().map(|digit| digit - b'0');
        let all: Vec<u8> = [104, 98, 93, 79].into_iter().flat_map(digits).collect();
        assert_eq!(widths[..24], all[..]);
    }
}
