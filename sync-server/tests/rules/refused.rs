//! Packs that are not in order: which line, which field, what.

use sync_server::rules::pack;
use sync_server::rules::shelf::PACKS;

fn text(id: &str) -> &'static str {
    PACKS.iter().find(|(name, _)| *name == id).unwrap().1
}

/// The flaws of one of our packs, in which something was written otherwise.
fn flaws(id: &str, was: &str, is: &str) -> Vec<(usize, String, String)> {
    let ours = text(id);
    assert!(ours.contains(was), "{id} has no {was:?}");
    let changed = ours.replacen(was, is, 1);
    let refused = pack::read(id, changed.as_bytes()).err();
    let flaws = refused.map(|refused| refused.flaws).unwrap_or_default();
    flaws
        .into_iter()
        .map(|flaw| (flaw.line, flaw.field, flaw.what))
        .collect()
}

/// The line, from 1, on which something stands in one of our packs.
fn line_of(id: &str, what: &str) -> usize {
    let before = text(id).split(what).next().unwrap();
    before.matches('\n').count() + 1
}

#[test]
fn a_flaw_is_named_by_line_and_field() {
    let found = flaws("us-ca", "max = 28500", "max = 28500.5");
    let line = line_of("us-ca", "max = 28500");
    let what = "must be a whole number from 0 to 1000000000000; it is 28500.5".to_owned();
    assert_eq!(found, [(line, "limit[0].bucket[0].max".to_owned(), what)]);
}

#[test]
fn what_a_pack_may_not_say_is_refused() {
    let rows = include_str!("flaws.txt").lines();
    for row in rows.filter(|row| !row.is_empty() && !row.starts_with('#')) {
        let written = row.replace("\\n", "\n");
        let columns: Vec<&str> = written
            .split('|')
            .map(|column| column.trim_matches(' '))
            .collect();
        let [id, was, is, field, words] = columns[..] else {
            panic!("five columns in {row}");
        };
        let found = flaws(id, was, is);
        let is_named = found
            .iter()
            .any(|(_, at, what)| at == field && what.contains(words));
        assert!(is_named, "{id}, {is:?} for {was:?}: {found:?}");
    }
}

#[test]
fn all_flaws_are_named_at_once_in_the_order_of_the_text() {
    let broken = text("us-ca")
        .replace("src = \"15409\"", "src = \"nowhere\"")
        .replace("max = 12", "max = 1.2");
    let refused = pack::read("us-ca", broken.as_bytes()).unwrap_err();
    assert!(refused.flaws.len() >= 6, "{refused}");
    assert!(
        refused.flaws.is_sorted_by_key(|flaw| flaw.line),
        "{refused}"
    );
    let first = refused.to_string();
    assert!(first.starts_with("us-ca, line "), "{first}");
}

#[test]
fn what_is_no_toml_and_what_is_no_text_is_refused_by_line() {
    let unread = |bytes: &[u8]| {
        let flaws = pack::read("x", bytes).unwrap_err().flaws;
        (flaws[0].line, flaws[0].field.clone())
    };
    assert_eq!(unread(b"schema = 1\n[pack\n"), (2, "the text".to_owned()));
    assert_eq!(
        unread(b"schema = 1\nschema = 1\n"),
        (2, "the text".to_owned())
    );
    assert_eq!(unread(b"schema = 1\n\xff\n"), (2, "the file".to_owned()));
    assert_eq!(unread(&vec![b'#'; pack::PACK_BYTES_MAX + 1]).1, "the file");
    assert!(pack::read("x", b"").is_err());
    let deep = format!("a = {}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(pack::read("x", deep.as_bytes()).is_err());
}
