//! The README is short and its map is true.
//!
//! In: `README.md` and the tree. Out: rooms that do not exist, folders that are not on the map.
//! Must not read prose: a room is a path in backticks, or the first word of a line in a fenced block.

use crate::tree::{self, Finding};
use std::path::Path;

const NAME: &str = "README.md";
const LINES_MAX: usize = 150;

/// A path the README names, and where.
#[derive(Debug, PartialEq, Eq)]
struct Room {
    line: usize,
    path: String,
}

/// The section whose heading has the word "map", with the numbers of its lines.
fn map_of(readme: &str) -> Vec<(usize, &str)> {
    let mut section = Vec::new();
    let mut depth = 0;
    let mut is_fenced = false;
    for (index, line) in readme.lines().enumerate() {
        is_fenced ^= line.trim_start().starts_with("```");
        let level = line.chars().take_while(|c| *c == '#').count();
        if level > 0 && !is_fenced && (depth == 0 || level <= depth) {
            let words = line.to_lowercase();
            let mut words = words.split(|c: char| !c.is_alphanumeric());
            depth = if words.any(|word| word == "map") {
                level
            } else {
                0
            };
        }
        if depth > 0 {
            section.push((index + 1, line));
        }
    }
    section
}

fn rooms(section: &[(usize, &str)]) -> Vec<Room> {
    let mut rooms = Vec::new();
    let mut is_fenced = false;
    for (line, text) in section {
        if text.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
            continue;
        }
        let words: Vec<&str> = if is_fenced {
            let first = if text.starts_with(char::is_whitespace) {
                None
            } else {
                text.split_whitespace().next()
            };
            first
                .into_iter()
                .filter(|word| word.contains('/'))
                .collect()
        } else {
            text.split('`').skip(1).step_by(2).collect()
        };
        let paths = words.into_iter().flat_map(spelled_out);
        rooms.extend(paths.map(|path| Room { line: *line, path }));
    }
    rooms
}

/// `app/src/{scan, store}` names two rooms. What is no path names none.
fn spelled_out(word: &str) -> Vec<String> {
    let word: String = word.chars().filter(|c| !c.is_whitespace()).collect();
    let parts: Vec<String> = match (word.find('{'), word.find('}')) {
        (Some(open), Some(close)) if open < close => word[open + 1..close]
            .split(',')
            .map(|name| format!("{}{name}{}", &word[..open], &word[close + 1..]))
            .collect(),
        _ => vec![word],
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-');
    let is_path = |part: &String| part.chars().all(plain) && !part.starts_with('/');
    parts
        .into_iter()
        .filter(is_path)
        .map(|part| part.trim_end_matches('/').to_owned())
        .collect()
}

/// A room is a folder, a file, or a module still small enough to be one file.
fn exists(root: &Path, path: &str) -> bool {
    root.join(path).exists() || root.join(format!("{path}.rs")).exists()
}

fn read() -> String {
    let path = tree::root().join(NAME);
    std::fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("\n  {NAME}:1: {error}\nTo mend: write it.\n"))
}

#[track_caller]
fn map(readme: &str) -> Vec<(usize, &str)> {
    let section = map_of(readme);
    assert!(
        !section.is_empty(),
        "\n  {NAME}:1: no heading has the word \"map\"\nTo mend: add the map of the rooms.\n"
    );
    section
}

#[test]
fn the_readme_is_at_most_150_lines() {
    let lines = read().lines().count();
    let what = format!("{lines} lines");
    let found: Vec<Finding> = (lines > LINES_MAX)
        .then(|| Finding::new(NAME, LINES_MAX + 1, what))
        .into_iter()
        .collect();
    tree::assert_none(
        &found,
        "keep what a newcomer needs today; the rest belongs beside the code.",
    );
}

#[test]
fn every_room_on_the_map_exists() {
    let readme = read();
    let root = tree::root();
    let tops = tree::top_level_folders();
    let rooms = rooms(&map(&readme));
    let missing = rooms.iter().filter(|room| {
        // A single word in backticks may be a type or a command; it is a room only if it is a folder.
        (room.path.contains('/') || tops.contains(&room.path)) && !exists(&root, &room.path)
    });
    let found: Vec<Finding> = missing
        .map(|room| Finding::new(NAME, room.line, format!("`{}` does not exist", room.path)))
        .collect();
    tree::assert_none(&found, "correct the map, or the name of the room.");
}

#[test]
fn every_top_level_folder_is_on_the_map() {
    let readme = read();
    let rooms = rooms(&map(&readme));
    let is_shown = |folder: &String| {
        rooms
            .iter()
            .any(|room| room.path.split('/').next() == Some(folder.as_str()))
    };
    let unseen = tree::top_level_folders()
        .into_iter()
        .filter(|folder| !is_shown(folder));
    let found: Vec<Finding> = unseen
        .map(|folder| Finding::new(NAME, 1, format!("`{folder}/` is not on the map")))
        .collect();
    tree::assert_none(
        &found,
        "add the folder to the map with one line about it, or remove it.",
    );
}

#[test]
fn rooms_are_read_from_tables_lists_and_drawings_of_the_map_only() {
    let readme = "# X\n`not/this`\n## The map\n| `app/src/{scan, store}` | `Frame` |\n```\n\
                  domain/   src/{id}\n  indented/\n```\n### Small\n`xtask/`\n## Next\n`nor/this`\n";
    let named: Vec<(usize, String)> = rooms(&map_of(readme))
        .into_iter()
        .map(|room| (room.line, room.path))
        .collect();
    let expected = [
        (4, "app/src/scan"),
        (4, "app/src/store"),
        (4, "Frame"),
        (6, "domain"),
        (10, "xtask"),
    ];
    assert_eq!(named, expected.map(|(line, path)| (line, path.to_owned())));
}
