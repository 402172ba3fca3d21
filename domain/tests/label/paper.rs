//! What is on paper.

use domain::label::{Facts, LabelRules, Language, Media, Page, Place, by_hand, compose, missing};
use proptest::prelude::*;

use super::made::{HOSTILE, face, facts, strict};

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Everything on some labels in order, without what stands on each of them.
fn said(pages: &[Page], facts: &Facts) -> String {
    let frame = [&facts.order, &facts.code, &facts.rules];
    let of = |text: &str| text.ends_with(&format!("of {}", pages.len())) && text.len() < 40;
    let texts = pages.iter().flat_map(Page::texts);
    let texts = texts.filter(|text| !frame.contains(&&(*text).to_owned()) && !of(text));
    squeezed(&texts.collect::<String>())
}

fn whole(pages: &[Page]) {
    let face = face();
    for page in pages {
        let drawn = page.drawn(&face);
        assert_eq!(drawn.beyond(), 0, "beyond the edge: {page:?}");
    }
}

fn bag(facts: &Facts, media: Media) -> Vec<Page> {
    compose(&face(), &LabelRules::default(), facts, media)
}

#[test]
fn a_label_names_customer_date_licence_and_every_product_with_its_figures() {
    let facts = facts(&["Tidewater OG 3.5 g", "Gummies", "Pre-roll"], "Jordan P.");
    for media in Media::all() {
        let pages = bag(&facts, media);
        let said = said(&pages, &facts);
        for wanted in [
            "Jordan P.",
            "C10-0000000-LIC",
            "11/24/2026 2:12 pm",
            "Tidewater OG 3.5 g",
            "Gummies",
            "1A4FF0300000C57000000101",
            "THC 24.1 %",
            "CBD 0.1 %",
            "Qty 2",
            "Keep in this bag until you are home.",
        ] {
            assert!(
                said.contains(&squeezed(wanted)),
                "{media}: {wanted} is missing: {said}"
            );
        }
        whole(&pages);
    }
    assert_eq!(bag(&facts, Media::default()).len(), 1);
}

#[test]
fn what_does_not_fit_goes_onto_more_labels_and_each_says_which_it_is() {
    let facts = facts(&["Night Ferry gummies 10-pack"; 20], "Jordan P.");
    for media in Media::all() {
        let pages = bag(&facts, media);
        assert!(pages.len() > 1, "{media}");
        for (number, page) in (1..).zip(&pages) {
            let of = format!("{number} of {}", pages.len());
            assert!(page.texts().any(|text| text == of), "{media}: {of}");
            assert!(page.texts().any(|text| text == facts.code), "{media}: {of}");
        }
        let said = said(&pages, &facts);
        assert_eq!(
            said.matches("NightFerrygummies10-pack").count(),
            20,
            "{media}"
        );
        whole(&pages);
    }
}

#[test]
fn a_label_printed_again_says_so() {
    let facts = Facts {
        copy: 3,
        ..facts(&["Gummies"], "Jordan P.")
    };
    let pages = bag(&facts, Media::default());
    assert!(pages[0].texts().any(|text| text == "REPRINT 2 · 1 of 1"));
}

#[test]
fn captions_are_spanish_where_that_is_allowed_and_a_law_is_never_translated_by_us() {
    let facts = Facts {
        language: Language::Spanish,
        ..facts(&["Gummies"], "Jordan P.")
    };
    let texts = |rules: &LabelRules| {
        let pages = compose(&face(), rules, &facts, Media::default());
        pages
            .iter()
            .flat_map(Page::texts)
            .collect::<Vec<_>>()
            .join(" ")
    };
    let theirs = texts(&strict());
    assert!(
        theirs.contains("Paciente") && theirs.contains("fuera del alcance"),
        "{theirs}"
    );
    let mut rules = strict();
    rules.sentences[0].spanish = None;
    let ours = texts(&rules);
    assert!(ours.contains("Keep out of reach of children."), "{ours}");
}

#[test]
fn what_the_state_wants_and_nobody_knows_is_a_line_to_write_on() {
    let facts = facts(&["Gummies"], "Jordan P.");
    let rules = strict();
    let pages = compose(&face(), &rules, &facts, Media::default());
    let items: Vec<&Page> = pages
        .iter()
        .filter(|page| page.place == Place::Item)
        .collect();
    // Two units, a label each.
    assert!(
        items.len() >= 2 && items.len().is_multiple_of(2),
        "{}",
        items.len()
    );
    let unknown = domain::label::lines::unknown(&rules.templates[0], &facts);
    assert_eq!(unknown, ["Harvest", "Physician", "something.new"]);
    whole(&pages);
}

#[test]
fn where_a_shop_must_not_label_goods_no_such_label_is_printed() {
    let facts = facts(&["Gummies"], "Jordan P.");
    let rules = LabelRules {
        never_on: vec![Place::Item],
        ..strict()
    };
    let pages = compose(&face(), &rules, &facts, Media::default());
    assert!(pages.iter().all(|page| page.place == Place::Bag) && !pages.is_empty());
}

#[test]
fn letters_are_as_high_as_the_state_wants_them() {
    let mut rules = strict();
    rules.templates[0].height_um_min = 3_000;
    let facts = facts(&["Gummies"], "Jordan P.");
    let media = Media::parse("4x6", 203).unwrap();
    let pages = compose(&face(), &rules, &facts, media);
    let page = pages.iter().find(|page| page.place == Place::Item).unwrap();
    let mut alone = page.clone();
    alone
        .marks
        .retain(|mark| matches!(mark, domain::label::Mark::Text { text, .. } if text == "Patient"));
    let drawn = alone.drawn(&face());
    let black = |y: &u32| (0..drawn.width()).any(|x| drawn.is_black(x, *y));
    let rows: Vec<u32> = (0..drawn.height()).filter(black).collect();
    // 3 mm at 203 dots in an inch are 24 dots.
    let height = rows.last().unwrap() - rows.first().unwrap() + 1;
    assert!(height >= 24, "{height}");
}

#[test]
fn a_name_that_tries_to_be_something_else_stays_a_name() {
    for name in HOSTILE {
        let facts = facts(&[name, "Gummies"], name);
        for media in Media::all() {
            let pages = bag(&facts, media);
            let said = said(&pages, &facts);
            assert!(
                said.matches(&squeezed(name)).count() >= 2,
                "{media}: {name}: {said}"
            );
            whole(&pages);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_name_however_long_or_foreign_is_cut_or_runs_over_the_edge(
        product in "\\PC{1,400}",
        customer in "\\PC{1,200}",
        seller in "\\PC{1,120}",
        media in 0..10_usize,
        copy in any::<u32>(),
    ) {
        let media = Media::all().nth(media).unwrap();
        let mut facts = facts(&[product.as_str(), "Gummies"], &customer);
        facts.seller.clone_from(&seller);
        facts.copy = copy;
        for rules in [LabelRules::default(), strict()] {
            let pages = compose(&face(), &rules, &facts, media);
            whole(&pages);
            let bag: Vec<Page> = pages.into_iter().filter(|page| page.place == Place::Bag).collect();
            let said = said(&bag, &facts);
            for name in [&product, &customer] {
                prop_assert!(said.contains(&squeezed(name)), "{name} is missing: {said}");
            }
            prop_assert!(said.contains(&squeezed(&seller.to_uppercase())));
        }
    }
}

#[test]
fn letters_the_typeface_lacks_are_named_before_anything_is_printed() {
    let of = |customer| {
        missing(
            &face(),
            &bag(&facts(&["Ñandú OG"], customer), Media::default()),
        )
    };
    assert_eq!(of("李明 Peña 🌿"), "明 李 U+1F33F");
    assert_eq!(of("Jordan Peña"), "");
}

#[test]
fn what_is_not_printed_whole_is_told_whole_to_whoever_writes_it_on() {
    let mut facts = facts(&["Ñandú OG", "小龙 gummies", "小龙 gummies"], "Дмитрий И.");
    let of = |facts: &Facts| -> Vec<String> {
        let pages = bag(facts, Media::default());
        let texts = by_hand(&face(), facts, &pages);
        texts.into_iter().map(str::to_owned).collect()
    };
    assert_eq!(of(&facts), ["Дмитрий И.", "小龙 gummies"]);
    facts.seller = "Лавка".to_owned();
    assert_eq!(of(&facts), ["Дмитрий И.", "小龙 gummies", "Лавка"]);
    facts.customer = None;
    facts.seller = "Harborlight".to_owned();
    facts.rows.truncate(1);
    assert!(of(&facts).is_empty());
}
