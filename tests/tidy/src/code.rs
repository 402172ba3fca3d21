//! Source text as a rule should see it: without comments and texts.
//!
//! In: Rust. Out: the same number of lines, with everything blanked that the compiler does not run.
//! Must not shift a line: findings name lines.

/// Rust with comments, texts and characters blanked out.
pub(crate) fn code_only(text: &str) -> String {
    let mut eye = Eye {
        rest: text.chars().collect(),
        at: 0,
        out: String::new(),
    };
    while let Some(c) = eye.peek(0) {
        match c {
            '/' if eye.peek(1) == Some('/') => eye.blank_while(|c| c != '\n'),
            '/' if eye.peek(1) == Some('*') => eye.block_comment(),
            '"' => eye.text(),
            'r' | 'b' | 'c' if !eye.is_inside_word() => eye.prefixed_text(),
            '\'' => eye.character_or_lifetime(),
            _ => eye.keep(1),
        }
    }
    eye.out
}

/// Lines (from 1) on which a word stands by itself. A word may contain `::` or end with `(`.
pub(crate) fn lines_with_word(code: &str, word: &str) -> Vec<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let ends_open = word.chars().last().is_some_and(|c| !is_part(c));
    let mut lines = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let stands_alone = line.match_indices(word).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = line[at + word.len()..].chars().next();
            !before.is_some_and(is_part) && (ends_open || !after.is_some_and(is_part))
        });
        if stands_alone {
            lines.push(number + 1);
        }
    }
    lines
}

struct Eye {
    rest: Vec<char>,
    at: usize,
    out: String,
}

impl Eye {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.rest.get(self.at + ahead).copied()
    }

    fn keep(&mut self, count: usize) {
        self.out.extend(self.rest.iter().skip(self.at).take(count));
        self.at += count;
    }

    fn blank(&mut self, count: usize) {
        let blanked = self.rest.iter().skip(self.at).take(count);
        self.out
            .extend(blanked.map(|c| if *c == '\n' { '\n' } else { ' ' }));
        self.at += count;
    }

    fn blank_while(&mut self, still: impl Fn(char) -> bool) {
        while self.peek(0).is_some_and(&still) {
            self.blank(1);
        }
    }

    fn is_inside_word(&self) -> bool {
        self.out
            .chars()
            .next_back()
            .is_some_and(|c| c.is_alphanumeric() || c == '_')
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        while self.peek(0).is_some() {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => depth += 1,
                (Some('*'), Some('/')) => depth -= 1,
                _ => {
                    self.blank(1);
                    continue;
                }
            }
            self.blank(2);
            if depth == 0 {
                return;
            }
        }
    }

    fn text(&mut self) {
        self.keep(1);
        while let Some(c) = self.peek(0) {
            match c {
                '\\' => self.blank(2),
                '"' => return self.keep(1),
                _ => self.blank(1),
            }
        }
    }

    /// `r"…"`, `br#"…"#`, `b"…"`, `c"…"`, or just a word that begins with such a letter.
    fn prefixed_text(&mut self) {
        let mut letters = 0;
        while letters < 2 && matches!(self.peek(letters), Some('r' | 'b' | 'c')) {
            letters += 1;
        }
        let is_raw = (0..letters).any(|ahead| self.peek(ahead) == Some('r'));
        let mut hashes = 0;
        while is_raw && self.peek(letters + hashes) == Some('#') {
            hashes += 1;
        }
        if self.peek(letters + hashes) != Some('"') {
            return self.keep(1);
        }
        if !is_raw {
            self.keep(letters);
            return self.text();
        }
        self.keep(letters + hashes + 1);
        while self.peek(0).is_some() {
            let closes = self.peek(0) == Some('"')
                && (1..=hashes).all(|ahead| self.peek(ahead) == Some('#'));
            if closes {
                return self.keep(hashes + 1);
            }
            self.blank(1);
        }
    }

    fn character_or_lifetime(&mut self) {
        if self.peek(1) == Some('\\') {
            self.blank(3);
            self.blank_while(|c| c != '\'');
            self.blank(1);
        } else if self.peek(2) == Some('\'') {
            self.blank(3);
        } else {
            self.keep(1);
        }
    }
}

#[test]
fn what_the_compiler_does_not_run_is_not_seen() {
    let cases = [
        ("let a = 1; // sleep(1)\nb", "let a = 1;            \nb"),
        ("a /* x /* y */ z */ b", "a                   b"),
        ("f(\"sleep(\\\"\", g)", "f(\"        \", g)"),
        ("r#\"a\"b\"# + rest", "r#\"   \"# + rest"),
        ("b'\\'' + 'x' + &'a str", "b     +     + &'a str"),
        ("broad(\"x\")", "broad(\" \")"),
    ];
    for (given, expected) in cases {
        assert_eq!(code_only(given), expected);
    }
}

#[test]
fn a_word_inside_another_word_is_not_that_word() {
    let code = "HashMapLike\nHashMap::new()\nmy_sleep(\ntime::sleep(5)";
    assert_eq!(lines_with_word(code, "HashMap"), [2]);
    assert_eq!(lines_with_word(code, "sleep("), [4]);
}
