//! The patterns of codewords.
//!
//! In: four bars and four spaces. Out: which codeword of which cluster they are. Must not: name a codeword that the
//! standard did not.
//!
//! ISO/IEC 15438 prints three tables of 929 patterns. Each is in order of the distances between like edges, from the
//! second to the sixth, then the first, and leaves out some patterns that would fit its cluster. So all there is to
//! know is which.

use std::sync::OnceLock;

use crate::order;

/// Modules of a codeword.
const MODULES: u16 = 17;
/// Modules of an element at most.
const WIDEST: u8 = 6;
/// Codewords of a cluster.
const WORDS: u16 = 929;

/// Which patterns are used, the first in the lowest bit.
const USED: [u64; 55] = [
    0xffa3_c3fc_0bfc_b2ff,
    0xbfea_ffef_3f8f_febe,
    0xaa2a_ffea_ffbf_febe,
    0xfffb_afca_ff0b_ff82,
    0xf04e_b5f0_4b5d_55f3,
    0x57cb_579a_deff_ff36,
    0xdbcd_bad7_fffe_ef4f,
    0x1495_514a_deaf_ffeb,
    0x77ff_f7d7_fd5f_7c00,
    0x7ffd_bcbd_9f13_6e6b,
    0xf133_cb27_5f56_eb9f,
    0x69af_f7b3_fff7_d6ce,
    0x5f67_7fb7_ff5d_bd5b,
    0xfefe_c800_0292_a555,
    0xffbb_7ab7_5cfb_efff,
    0xeede_adb4_e6fb_d5bf,
    0xf3b9_ceff_b3bf_ddff,
    0xaaaa_af77_7f6f_f7ff,
    0x7f55_aff3_eaab_200a,
    0x7f5d_fdda_edf7_5d7f,
    0x0000_7fff_df77_77f7,
    0x0000_0000_0000_0000,
    0x0000_0000_0000_0000,
    0xffff_ffff_ffff_f000,
    0x7fff_ffff_ffff_f7fb,
    0xffff_ffff_ffff_ffff,
    0xffff_fff3_f7ff_ffff,
    0x7fbd_9fbf_fff7_ffff,
    0xffef_6f57_fbd5_fef5,
    0x7fff_dbfd_bfdb_fdbf,
    0xfcff_ffff_feff_7eff,
    0x6ff6_ffff_ffff_ffff,
    0xf5ff_dfff_ff6f_f6ff,
    0xffff_fffe_dfed_fedf,
    0xffff_ffff_ffff_ffff,
    0xffff_ffff_fdfd_fdfd,
    0xffff_f7ff_ffff_ffff,
    0xfcff_ffff_ffff_ffff,
    0xffc0_ffef_ffff_fffc,
    0xffdf_fdff_ffff_bff9,
    0xffdf_ffff_ffff_ffff,
    0xf57f_ffff_ffff_feff,
    0xfff6_ffff_ffff_f7fe,
    0xffff_ffff_fffb_ffff,
    0xabff_ffff_ffdb_ffff,
    0xffff_fdbf_ffff_b7f7,
    0xffef_fffe_ffff_fffd,
    0x6fef_57ff_ffff_bbff,
    0xfff7_ffff_f6ff_ffff,
    0x7fff_feff_ffff_f3ff,
    0xffff_6fef_57ff_fffb,
    0xffff_ff1f_feff_ffdb,
    0xfdbf_bfff_ef7f_ffbf,
    0xffff_dfff_ffff_ffff,
    0x0000_0000_003f_ffff,
];

/// Widths of four bars and four spaces, in modules.
pub(super) type Widths = [u8; 8];

/// A codeword and which of the three clusters it is of; row after row has the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) cluster: u8,
    pub(super) value: u16,
}

/// All patterns that are of a cluster, in the standard's order.
fn ordered() -> Vec<(u8, Widths)> {
    // The first module is a bar, the last a space; what is between may be anything.
    let between = 0..1_u32 << (MODULES - 2);
    let all = between.filter_map(|between| widths(1 << (MODULES - 1) | between << 1));
    let mut all: Vec<(u8, Widths)> = all
        .filter_map(|widths| Some((cluster(&widths)?, widths)))
        .collect();
    order::by_rank(&mut all, |(cluster, widths)| {
        let mut pairs = [0; 6];
        for (pair, two) in pairs.iter_mut().zip(widths.windows(2)) {
            *pair = two[0] + two[1];
        }
        pairs.rotate_left(1);
        // None of them is greater than fifteen.
        let parts = [*cluster].into_iter().chain(pairs).chain([widths[0]]);
        parts.fold(0, |rank, part| rank << 4 | u32::from(part))
    });
    all
}

/// The widths of a pattern of modules; `None` when it has too many, too few or too wide ones.
fn widths(modules: u32) -> Option<Widths> {
    let mut widths = [0; 8];
    let mut element = 0;
    for place in (0..MODULES).rev() {
        let is_bar = modules >> place & 1 == 1;
        if is_bar != (element % 2 == 0) {
            element += 1;
        }
        *widths.get_mut(element)? += 1;
    }
    (element == 7 && widths.iter().all(|width| *width <= WIDEST)).then_some(widths)
}

/// Which of the three clusters that are used, if any.
fn cluster(widths: &Widths) -> Option<u8> {
    let nine = (widths[0] + 9 - widths[2] + widths[4] + 9 - widths[6]) % 9;
    nine.is_multiple_of(3).then_some(nine / 3)
}

/// The place of a pattern in the table: its modules without the first and the last.
fn place(widths: &Widths) -> usize {
    let mut modules = 0_usize;
    for (element, width) in widths.iter().enumerate() {
        for _ in 0..*width {
            modules = modules << 1 | usize::from(element % 2 == 0);
        }
    }
    (modules >> 1) & ((1 << (MODULES - 2)) - 1)
}

/// The codeword a pattern stands for.
pub(super) fn word(widths: &Widths) -> Option<Word> {
    // By place: cluster and codeword in one number, 0 for none.
    static TABLE: OnceLock<Vec<u16>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table = vec![0; 1 << (MODULES - 2)];
        for (word, number) in used().iter().zip(1..) {
            table[place(&word.1)] = number;
        }
        table
    });
    if widths.iter().map(|width| u16::from(*width)).sum::<u16>() != MODULES {
        return None;
    }
    let number = table.get(place(widths))?.checked_sub(1)?;
    let word = Word {
        cluster: u8::try_from(number / WORDS).ok()?,
        value: number % WORDS,
    };
    Some(word)
}

/// The patterns that stand for codewords, all of the first cluster, then of the second, then of the third.
fn used() -> Vec<(u8, Widths)> {
    let is_used = |at: usize| {
        let bits = USED.get(at / 64).copied().unwrap_or_default();
        bits >> (at % 64) & 1 == 1
    };
    let all = ordered().into_iter().enumerate();
    all.filter(|(at, _)| is_used(*at))
        .map(|(_, word)| word)
        .collect()
}

#[cfg(test)]
mod tests {
    use rxing::pdf417::PDF417Writer;
    use rxing::{BarcodeFormat, EncodeHints, Writer as _};

    use super::*;
    use crate::stacked::correct::tests::protected;

    /// Level of error correction with the most check codewords, and their number.
    const LEVEL: (&str, usize) = ("8", 512);

    /// The modules of a symbol of bytes, row by row, and its codewords.
    fn drawn(bytes: &[u8]) -> (Vec<Vec<bool>>, Vec<u16>) {
        let text: String = bytes.iter().copied().map(char::from).collect();
        let hints = EncodeHints {
            Pdf417Compaction: Some("2".to_owned()),
            ErrorCorrection: Some(LEVEL.0.to_owned()),
            Margin: Some("0".to_owned()),
            ..EncodeHints::default()
        };
        let format = BarcodeFormat::PDF_417;
        let matrix = PDF417Writer
            .encode_with_hints(&text, &format, 0, 0, &hints)
            .unwrap();
        let row = |y: u32| (0..matrix.getWidth()).map(|x| matrix.get(x, y)).collect();
        let rows: Vec<Vec<bool>> = (0..matrix.getHeight()).step_by(4).map(row).collect();
        let columns = (rows[0].len() - 69) / 17;
        let data = rows.len() * columns - LEVEL.1;
        let mut words = vec![u16::try_from(data).unwrap(), 924];
        for six in bytes.as_chunks::<6>().0 {
            let number = six
                .iter()
                .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
            let digit = |place: u32| u16::try_from(number / 900_u64.pow(place) % 900).unwrap();
            words.extend((0..5).rev().map(digit));
        }
        words.resize(data, 900);
        (rows, protected(&words, LEVEL.1))
    }

    #[test]
    fn every_codeword_of_every_cluster_is_drawn_so_by_another_writer() {
        let mut seen = vec![false; 3 * usize::from(WORDS)];
        for round in 0..60_u32 {
            let byte =
                |at: u32| u8::try_from((at * at * 31 + at * round * 7 + round) % 127).unwrap();
            let bytes: Vec<u8> = (0..240).map(byte).collect();
            let (rows, words) = drawn(&bytes);
            let columns = words.len() / rows.len();
            for (at, value) in words.iter().enumerate() {
                let (row, begin) = (at / columns, 34 + at % columns * 17);
                let modules = &rows[row][begin..begin + 17];
                let modules = modules
                    .iter()
                    .fold(0, |sum, dark| sum << 1 | u32::from(*dark));
                let cluster = u8::try_from(row % 3).unwrap();
                let expected = Word {
                    cluster,
                    value: *value,
                };
                assert_eq!(
                    widths(modules).and_then(|widths| word(&widths)),
                    Some(expected)
                );
                seen[usize::from(cluster) * usize::from(WORDS) + usize::from(*value)] = true;
            }
        }
        assert_eq!(seen.iter().filter(|seen| !**seen).count(), 0);
    }

    #[test]
    fn what_is_no_codeword_has_no_value() {
        assert_eq!(used().len(), 3 * usize::from(WORDS));
        assert_eq!(
            word(&[3, 1, 1, 1, 1, 1, 3, 6]),
            Some(Word {
                cluster: 0,
                value: 0
            })
        );
        for widths in [
            [1; 8],
            [0; 8],
            [6; 8],
            [255; 8],
            [8, 1, 1, 1, 1, 1, 1, 3],
            [1, 1, 1, 1, 2, 5, 2, 4],
        ] {
            assert_eq!(word(&widths), None);
        }
    }
}
