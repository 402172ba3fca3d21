//! What a `Cargo.toml` says a crate depends on.
//!
//! In: its text. Out: one entry per dependency of any kind, on any platform.
//! Must not be clever: it reads the forms that cargo writes and people use, nothing else.

use crate::tree::Source;

/// One dependency as it is written down.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Dependency {
    pub(crate) line: usize,
    /// Left of the first `=` or `.`.
    pub(crate) name: String,
    /// The rest, on one line.
    pub(crate) value: String,
}

impl Dependency {
    /// Whether this is the named crate, whatever it is called here.
    pub(crate) fn is(&self, crate_name: &str) -> bool {
        let renamed = format!("package = \"{crate_name}\"");
        let beside = [format!("/{crate_name}\""), format!("\"{crate_name}\"")];
        self.name == crate_name
            || self.value.contains(&renamed)
            || (self.value.contains("path") && beside.iter().any(|end| self.value.contains(end)))
    }
}

/// The manifest of one crate among all files.
pub(crate) fn of<'a>(sources: &'a [Source], folder: &str) -> &'a Source {
    let path = if folder.is_empty() {
        "Cargo.toml".to_owned()
    } else {
        format!("{folder}/Cargo.toml")
    };
    sources
        .iter()
        .find(|source| source.path == path)
        .unwrap_or_else(|| panic!("{path} is missing"))
}

pub(crate) fn dependencies(text: &str) -> Vec<Dependency> {
    let mut found: Vec<Dependency> = Vec::new();
    let mut section = Section::Other;
    let mut is_open = false;
    for (index, line) in text.lines().enumerate() {
        let content = line.split(" #").next().unwrap_or_default().trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if is_open || section == Section::OneDependency && !content.starts_with('[') {
            // More of the entry above: an array over several lines, or a table of its own.
            let entry = found
                .last_mut()
                .expect("BUG: only an entry can be continued");
            entry.value.push(' ');
            entry.value.push_str(content);
            is_open = is_unfinished(&entry.value);
            continue;
        }
        if let Some(title) = content
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            section = Section::of(title);
            if section == Section::OneDependency {
                let name = title
                    .rsplit('.')
                    .next()
                    .unwrap_or_default()
                    .trim_matches('"');
                let name = name.to_owned();
                found.push(Dependency {
                    line: index + 1,
                    name,
                    value: String::new(),
                });
            }
        } else if section == Section::Dependencies
            && let Some((name, value)) = content.split_once('=')
        {
            let (name, more) = name.trim().split_once('.').unwrap_or((name.trim(), ""));
            let name = name.trim_matches('"').to_owned();
            let value = format!("{more} = {}", value.trim())
                .trim_start_matches(" = ")
                .to_owned();
            is_open = is_unfinished(&value);
            found.push(Dependency {
                line: index + 1,
                name,
                value,
            });
        }
    }
    found
}

#[derive(PartialEq, Eq)]
enum Section {
    /// `[dependencies]` and its siblings: one dependency a line.
    Dependencies,
    /// `[dependencies.name]`: this one only.
    OneDependency,
    Other,
}

impl Section {
    fn of(title: &str) -> Self {
        let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
        let mut parts = title.rsplit('.');
        let (last, before) = (
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default(),
        );
        if kinds.contains(&last) {
            Self::Dependencies
        } else if kinds.contains(&before) {
            Self::OneDependency
        } else {
            Self::Other
        }
    }
}

fn is_unfinished(value: &str) -> bool {
    let count = |wanted: char| value.chars().filter(|c| *c == wanted).count();
    count('[') > count(']') || count('{') > count('}')
}

#[test]
fn every_way_to_write_a_dependency_is_read() {
    let text = "[package]\nname = \"x\"\n[dependencies]\na = \"1\" # why\nb = { path = \"../b\",\n  \
                features = [\"f\"] }\nc.workspace = true\n[target.'cfg(unix)'.dev-dependencies]\n\
                d = \"2\"\n[dependencies.e]\nversion = \"3\"\n[lints]\nworkspace = true\n";
    let read: Vec<(usize, String, String)> = dependencies(text)
        .into_iter()
        .map(|d| (d.line, d.name, d.value.trim().into()))
        .collect();
    let expected = [
        (4, "a", "\"1\""),
        (5, "b", "{ path = \"../b\", features = [\"f\"] }"),
        (7, "c", "workspace = true"),
        (9, "d", "\"2\""),
        (10, "e", "version = \"3\""),
    ];
    let expected = expected.map(|(line, name, value)| (line, name.to_owned(), value.to_owned()));
    assert_eq!(read, expected);
}

#[test]
fn a_crate_under_another_name_is_still_that_crate() {
    let text = "[dependencies]\nserver = { package = \"sync-server\", path = \"../sync-server\" }\n\
                application = { path = \"../app\" }\napp-kit = \"1\"\n";
    let found = dependencies(text);
    assert!(found[0].is("sync-server"));
    assert!(found[1].is("app"));
    assert!(!found[2].is("app"));
}
