//! The packs that come with the program, as a whole.

use std::collections::BTreeSet;

use domain::label::LabelRules;
use domain::limits::{LimitPack, Program};
use domain::order::Channel;
use sync_server::rules::shelf::{PACKS, open, text};
use sync_server::rules::{california, diff, pack};

#[test]
fn there_is_a_pack_for_every_state_that_was_looked_at() {
    let states: Vec<String> = PACKS
        .iter()
        .map(|(id, _)| open(id).unwrap().state)
        .collect();
    let wanted = [
        "AZ", "CA", "CO", "FL", "HI", "IL", "MA", "MD", "MI", "MO", "ND", "NJ", "NM", "NV", "NY",
        "OH", "OR", "VA", "WA",
    ];
    assert_eq!(states, wanted);
}

#[test]
fn every_cap_and_every_bar_says_where_it_stands() {
    for (id, _) in PACKS {
        let book = open(id).unwrap().book;
        for limit in &book.limits {
            for bucket in &limit.buckets {
                assert!(
                    !bucket.source.is_empty(),
                    "{id}: {}, {}",
                    limit.id,
                    bucket.id
                );
            }
        }
        assert!(book.bars.iter().all(|bar| !bar.source.is_empty()), "{id}");
    }
}

#[test]
fn what_devices_get_of_a_pack_is_all_that_a_judgement_needs_of_it() {
    for (id, _) in PACKS {
        let pack = open(id).unwrap();
        let limits = pack.travelling();
        let bytes = minicbor::to_vec(&limits).unwrap();
        // The shop's row goes to every device, and into every event that sets the shop up.
        assert!(bytes.len() < 16_384, "{id}: {} bytes", bytes.len());
        let arrived: LimitPack = minicbor::decode(&bytes).unwrap();
        assert_eq!((arrived.id.as_str(), arrived.hash), (id, pack.hash));
        let figures = arrived.read().unwrap();
        assert_eq!((figures.book, figures.classes), (pack.book, pack.classes));
    }
}

#[test]
fn no_two_packs_have_one_hash_and_a_pack_has_another_when_a_letter_of_it_changes() {
    let hashes: BTreeSet<String> = PACKS
        .iter()
        .map(|(id, _)| open(id).unwrap().hash.to_string())
        .collect();
    assert_eq!(hashes.len(), PACKS.len());
    let text = PACKS.iter().find(|(id, _)| *id == "us-ca").unwrap().1;
    let commented = format!("{text}# A remark.\n");
    let (one, other) = (
        open("CA").unwrap(),
        pack::read("us-ca", commented.as_bytes()).unwrap(),
    );
    assert_ne!(one.hash, other.hash);
    assert!(diff::lines(&one, &other).is_empty());
}

#[test]
fn the_rules_that_devices_have_and_the_pack_name_one_age() {
    let pack = open("CA").unwrap();
    let adult = pack.book.age_min.get(&Program::Adult).unwrap();
    assert_eq!(adult.years, california().age_min);
}

#[test]
fn a_changed_figure_is_one_line_of_difference_wherever_its_table_stands() {
    let text = PACKS.iter().find(|(id, _)| *id == "us-ca").unwrap().1;
    let raised = text.replace("max = 8000", "max = 9000");
    let other = pack::read("raised", raised.as_bytes()).unwrap();
    let lines = diff::lines(&open("CA").unwrap(), &other);
    assert_eq!(
        lines,
        ["~ limit[ca.adult 2019-01-16].bucket[concentrate].max: 8000 -> 9000"]
    );
}

#[test]
fn a_category_has_its_class_however_the_tracking_system_counts_it() {
    let figures = open("CA").unwrap().travelling().read().unwrap();
    for (category, class) in [
        ("Flower", Some("flower")),
        ("Flower (packaged - each)", Some("flower")),
        ("Concentrate (Each)", Some("concentrate")),
        ("Pre-Roll Infused", Some("mixed")),
        ("Tincture (volume - each)", Some("edible")),
        ("Seeds (each)", None),
        ("flower", None),
        ("", None),
    ] {
        assert_eq!(figures.class_of(category), class, "{category}");
    }
}

#[test]
fn words_from_memory_travel_as_such_and_so_does_who_signs() {
    let unsure = |state: &str| {
        let pack = open(state).unwrap().travelling();
        let labels = LabelRules::read(&pack.labels.unwrap()).unwrap();
        (labels.is_unsure(), pack.signature)
    };
    assert_eq!(unsure("CA"), (false, Some(vec![Channel::Delivery])));
    assert_eq!(unsure("CO"), (true, None));
    assert_eq!(unsure("FL"), (true, None));
    let (_, text) = text("CA").unwrap();
    let text = String::from_utf8(text).unwrap();
    let signed = "[handoff]\nsignature = [\"curbside\", \"pickup\"]\nsrc = \"15404\"\n\n[hours]";
    let signed = text.replace("[hours]", signed);
    let all = [Channel::Pickup, Channel::Curbside, Channel::Delivery];
    let read = pack::read("us-ca", signed.as_bytes()).unwrap();
    assert_eq!(read.signature, Some(all.to_vec()));
    let odd = signed.replace("\"curbside\", \"pickup\"", "\"by post\"");
    assert!(pack::read("us-ca", odd.as_bytes()).is_err());
}

#[test]
fn every_pack_says_what_flower_is_and_counts_it_for_everybody() {
    for (id, _) in PACKS {
        let pack = open(id).unwrap();
        let figures = pack.travelling().read().unwrap();
        let names = [
            "Flower (packaged - each)",
            "Buds (by count)",
            "Whole Flower",
        ];
        let class = names.iter().find_map(|name| figures.class_of(name));
        let class = class.unwrap_or_else(|| panic!("{id} knows no flower"));
        for program in &pack.programs {
            let mut limits = pack
                .book
                .limits
                .iter()
                .filter(|limit| limit.program == *program);
            let counts = limits.any(|limit| {
                let mut buckets = limit.buckets.iter();
                buckets.any(|bucket| bucket.terms.get(class).is_some_and(Option::is_some))
            });
            assert!(counts, "{id}: {class} for {program:?}");
        }
    }
}

#[test]
fn what_a_state_counts_in_a_way_of_its_own_is_in_no_class_or_in_the_right_one() {
    let class = |pack: &str, category: &str| {
        let figures = open(pack).unwrap().travelling().read().unwrap();
        figures.class_of(category).map(str::to_owned)
    };
    for (pack, category, wanted) in [
        ("NJ", "Vape Cartridge (weight - each)", Some("liquid")),
        ("NJ", "Edible (weight - each)", Some("edible")),
        ("NJ", "Topical (weight - each)", None),
        ("MI", "Vape Cartridge (weight - each)", None),
        ("MI", "Edible (weight - each)", Some("solid")),
        ("MI", "Edible (volume - each)", Some("liquid")),
        ("MI", "Edible", None),
        ("MA", "Topical (weight - each)", Some("topical")),
        ("WA", "Pre-Roll Infused", Some("concentrate")),
        ("MD", "Pre-Roll Infused", None),
        ("OH", "Pre-Roll Infused", Some("product")),
    ] {
        assert_eq!(
            class(pack, category).as_deref(),
            wanted,
            "{pack}, {category}"
        );
    }
}
