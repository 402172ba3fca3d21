//! The labels that packs want, set on every stock.

use domain::code::own::{OwnCode, OwnKind};
use domain::label::caption::caption;
use domain::label::media::Media;
use domain::label::{Face, Facts, Language, Row, compose};
use sync_server::rules::shelf::{PACKS, open};

fn face() -> Face<'static> {
    let text = include_bytes!("../../../public/fonts/label-text.ttf");
    let strong = include_bytes!("../../../public/fonts/label-strong.ttf");
    Face::parse(text, strong).unwrap()
}

/// An order of goods about which as much or as little is known.
fn facts(language: Language, row: Row) -> Facts {
    Facts {
        seller: "Harborlight · Harbor Street".into(),
        license: "C10-0000000-LIC".into(),
        customer: None,
        sold: "11/24/2026 2:12 pm".into(),
        order: "K7-482".into(),
        code: OwnCode::make(OwnKind::Label, "K7482AB12CD").unwrap(),
        copy: 1,
        rules: "us-xx 2026.11.0".into(),
        language,
        sentences: Vec::new(),
        rows: vec![row],
    }
}

fn rows() -> [Row; 3] {
    let bare = Row {
        product: "Tidewater".into(),
        category: "Vape".into(),
        tag: "1A4FF0300000C57000000101".into(),
        units: 1,
        ..Row::default()
    };
    let known = Row {
        category: "Flower (packaged - each)".into(),
        thc: Some("24.1 %".into()),
        cbd: Some("0.1 %".into()),
        net: Some("3.5 g".into()),
        batch: Some("TW-0419".into()),
        packed: Some("2026-05-06".into()),
        expires: Some("2027-05-06".into()),
        ..bare.clone()
    };
    let long = Row {
        category: "Infused butter and oil (volume - each)".into(),
        batch: Some("TIDEWATER-2026-0419-B".into()),
        ..known.clone()
    };
    [bare, known, long]
}

#[test]
fn no_line_of_a_label_ends_with_the_caption_of_what_the_next_one_says() {
    let face = face();
    let mut lines = 0;
    for (id, _) in PACKS {
        let rules = open(id).unwrap().labels;
        // What is in a row of fields stands below its caption, and is no line of figures.
        let figures = ["item.", "units", "store.license"];
        let tokens = rules.labels().into_iter().flat_map(|label| label.tokens);
        let tokens: Vec<String> = tokens
            .chain(["units".to_owned()])
            .filter(|token| figures.iter().any(|begin| token.starts_with(begin)))
            .collect();
        for language in [Language::English, Language::Spanish] {
            let captions: Vec<&str> = tokens
                .iter()
                .map(|token| caption(token, language).unwrap_or(token))
                .collect();
            // A symbol may have a caption's letters.
            let drawn: Vec<&String> = rules.symbols.iter().flat_map(|one| &one.letters).collect();
            for media in Media::all() {
                for row in rows() {
                    for page in compose(&face, &rules, &facts(language, row), media) {
                        for line in page
                            .texts()
                            .filter(|line| !drawn.iter().any(|own| own == line))
                        {
                            lines += 1;
                            let is_torn = |caption: &&str| {
                                let before = line.strip_suffix(*caption);
                                before.is_some_and(|text| text.is_empty() || text.ends_with(' '))
                            };
                            let torn = captions.iter().find(|caption| is_torn(caption));
                            assert_eq!(torn, None, "{id}, {}: {line:?}", media.stock());
                        }
                    }
                }
            }
        }
    }
    assert!(lines > 1_000, "{lines}");
}
