//! Tests that always run, say what they claim, and never wait for luck.
//!
//! In: sources. Out: tests that are switched off, badly named or asleep.
//! Must not look at programs: a simulated outside system may answer late on purpose.

use crate::code;
use crate::tree::{self, Finding, Source};

const SWITCHED_OFF: [&str; 2] = ["#[ignore]", "#[ignore ="];
const SCRIPT_SWITCHES: [&str; 6] = [
    "test.skip(",
    "test.only(",
    "test.fixme(",
    "describe.skip(",
    "describe.only(",
    "it.only(",
];
/// The outside systems; they are programs that tests talk to.
const SIMULATORS: &str = "tests/simulators/src/";

/// What runs: Rust without comments and texts, scripts without comment lines.
fn running_code(source: &Source) -> String {
    if source.is_rust() {
        return code::code_only(&source.text);
    }
    let keep =
        |line: &str| !line.trim_start().starts_with("//") && !line.trim_start().starts_with('*');
    let lines = source
        .text
        .lines()
        .map(|line| if keep(line) { line } else { "" });
    lines.collect::<Vec<_>>().join("\n")
}

fn lines_containing(source: &Source, wanted: &[&str], what: &str) -> Vec<Finding> {
    let code = running_code(source);
    let lines = code.lines().enumerate();
    let hits = lines.filter(|(_, line)| wanted.iter().any(|wanted| line.contains(wanted)));
    hits.map(|(index, _)| Finding::new(&source.path, index + 1, what))
        .collect()
}

fn switched_off(sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources {
        if source.is_rust() {
            found.extend(lines_containing(
                source,
                &SWITCHED_OFF,
                "a test that does not run",
            ));
        } else if source.is_script() && source.is_below("tests") {
            found.extend(lines_containing(
                source,
                &SCRIPT_SWITCHES,
                "a test that does not run, or hides others",
            ));
        }
    }
    found
}

fn prefixed(sources: &[Source]) -> Vec<Finding> {
    let rust = sources.iter().filter(|source| source.is_rust());
    rust.flat_map(|source| {
        lines_containing(source, &["fn test_"], "a name that begins with `test_`")
    })
    .collect()
}

/// The part of a Rust or script file that is test code, blank elsewhere.
fn code_of_tests(source: &Source) -> Option<String> {
    if !(source.is_rust() || source.is_script()) || source.path.starts_with(SIMULATORS) {
        return None;
    }
    let code = running_code(source);
    if source.is_below("tests") || source.path.ends_with("/tests.rs") {
        return Some(code);
    }
    // Unit tests stand at the end of a file, in a module of their own.
    let (before, tests) = code.split_once("#[cfg(test)]\nmod tests {")?;
    Some("\n".repeat(before.matches('\n').count() + 1) + tests)
}

fn asleep(sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources {
        let Some(code) = code_of_tests(source) else {
            continue;
        };
        for word in ["sleep(", "waitForTimeout("] {
            for line in code::lines_with_word(&code, word) {
                found.push(Finding::new(
                    &source.path,
                    line,
                    format!("`{word}` in a test"),
                ));
            }
        }
    }
    found
}

#[test]
fn no_test_is_switched_off() {
    tree::assert_none(
        &switched_off(&tree::sources()),
        "mend the test or delete it; git remembers.",
    );
}

#[test]
fn a_test_is_named_by_its_claim() {
    let mend = "name the claim in words a warehouse manager would understand, without `test_`.";
    tree::assert_none(&prefixed(&tree::sources()), mend);
}

#[test]
fn no_test_sleeps() {
    let mend = "wait for the thing itself: an event, a reply, a state on the screen; give time as an argument.";
    tree::assert_none(&asleep(&tree::sources()), mend);
}

#[test]
fn sleeping_is_found_in_tests_and_left_alone_in_programs() {
    let file = |path: &str, text: &str| Source {
        path: path.into(),
        text: text.into(),
    };
    let unit =
        "//! x\nfn a() { sleep(1) }\n#[cfg(test)]\nmod tests {\n    fn b() { sleep(1) }\n}\n";
    let sources = [
        file("app/src/a.rs", unit),
        file(
            "tests/e2e/a.mjs",
            "// waitForTimeout(1)\nawait page.waitForTimeout(1)\n",
        ),
        file("tests/simulators/src/late.rs", "fn a() { sleep(1) }\n"),
    ];
    let lines: Vec<(String, usize)> = asleep(&sources)
        .into_iter()
        .map(|found| (found.path, found.line))
        .collect();
    assert_eq!(
        lines,
        [
            ("app/src/a.rs".to_owned(), 5),
            ("tests/e2e/a.mjs".to_owned(), 2)
        ]
    );
}

#[test]
fn a_test_that_is_switched_off_is_found_in_rust_and_in_scripts() {
    let file = |path: &str, text: &str| Source {
        path: path.into(),
        text: text.into(),
    };
    let sources = [
        file(
            "domain/tests/a.rs",
            "#[test]\n#[ignore = \"later\"]\nfn test_a() {}\n",
        ),
        file("tests/e2e/a.mjs", "test.only('x', () => {})\n"),
        file(
            "domain/tests/b.rs",
            "// #[ignore]\nconst A: &str = \"#[ignore]\";\n",
        ),
    ];
    assert_eq!(switched_off(&sources).len(), 2);
    assert_eq!(prefixed(&sources).len(), 1);
}
