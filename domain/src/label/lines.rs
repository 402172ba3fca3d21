//! From facts to lines: what a template wants, word by word, set in a width.
//!
//! In: a template, facts, the typeface. Out: blocks of lines, each measured. Must not: leave a word out; what is wanted and not
//! known becomes a line to write on.

use super::caption::{self, caption};
use super::rules::{Sentence, Symbol};
use super::{Face, Facts, LabelRules, Mark, Media, Place, Row, Template, Weight};

/// Stock narrower than so many thousandths of a millimetre has smaller letters and less white.
const NARROW_UM: u32 = 70_000;
/// Height of capitals in thousandths of the size.
const CAPITALS: u32 = 668;
/// A line to write on.
const TO_WRITE_ON: &str = "__________";

/// One line of a label, with its marks from its own upper left corner.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// Dots down.
    pub(super) height: u32,
    /// The marks.
    pub(super) marks: Vec<Mark>,
}

/// Lines that belong together: not torn apart where there is a way, and never so that one stands alone.
pub(super) type Block = Vec<Line>;

/// What lines are set in.
pub(super) struct Setter<'a> {
    pub(super) face: &'a Face<'a>,
    /// Dots a line may take across.
    pub(super) width: u32,
    /// Sizes of letters: ordinary, names, captions.
    pub(super) text: u32,
    pub(super) name: u32,
    pub(super) small: u32,
    /// White between two things side by side.
    pub(super) gap: u32,
}

impl<'a> Setter<'a> {
    /// How letters are set on a stock, none lower than a state wants.
    pub(super) fn new(face: &'a Face<'a>, media: Media, width: u32, height_um_min: u32) -> Self {
        let narrow = is_narrow(media);
        let sized = |wide: u32, small: u32| {
            let least = media.dots(height_um_min * 1000 / CAPITALS);
            media.dots(if narrow { small } else { wide }).max(least)
        };
        Self {
            face,
            width,
            text: sized(2_250, 1_950),
            name: sized(2_700, 2_100),
            small: sized(2_000, 1_900),
            gap: media.dots(1_600),
        }
    }

    pub(super) fn measure(&self, text: &str, size: u32, weight: Weight) -> u32 {
        self.face.width(text, size, weight)
    }

    /// Breaks a text into lines that fit, between words where there are any.
    pub(super) fn wrap(&self, text: &str, size: u32, weight: Weight, width: u32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let joined = match line.is_empty() {
                true => word.to_owned(),
                false => format!("{line} {word}"),
            };
            if self.measure(&joined, size, weight) <= width {
                line = joined;
                continue;
            }
            if !line.is_empty() {
                lines.push(core::mem::take(&mut line));
            }
            for letter in word.chars() {
                line.push(letter);
                if line.chars().nth(1).is_some() && self.measure(&line, size, weight) > width {
                    line.pop();
                    lines.push(core::mem::take(&mut line));
                    line.push(letter);
                }
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// A line of one text.
    pub(super) fn line(&self, text: &str, size: u32, weight: Weight) -> Line {
        Line {
            height: leading(size),
            marks: vec![at(0, size, weight, text)],
        }
    }

    /// A text in as many lines as it takes.
    fn lines(&self, text: &str, size: u32, weight: Weight) -> Block {
        let lines = self.wrap(text, size, weight, self.width);
        let lines = lines.iter().map(|line| self.line(line, size, weight));
        lines.collect()
    }

    /// Captions with what belongs to them, side by side: each whole on one line, where a line holds it.
    fn flow(&self, figures: &[String], between: &str) -> Block {
        let mut lines: Vec<String> = Vec::new();
        for figure in figures {
            let last = lines.last().map(|line| format!("{line}{between}{figure}"));
            let fits = |line: &String| self.measure(line, self.text, Weight::Text) <= self.width;
            match (lines.last_mut(), last.filter(fits)) {
                (Some(line), Some(longer)) => *line = longer,
                (None, _) | (_, None) if fits(figure) => lines.push(figure.clone()),
                (None, _) | (_, None) => {
                    lines.extend(self.wrap(figure, self.text, Weight::Text, self.width));
                }
            }
        }
        let lines = lines.iter();
        lines
            .map(|line| self.line(line, self.text, Weight::Text))
            .collect()
    }

    /// Everything a template wants, in blocks.
    pub(super) fn blocks(
        &self,
        template: &Template,
        rules: &LabelRules,
        facts: &Facts,
    ) -> Vec<Block> {
        let tokens: Vec<&str> = template.tokens.iter().map(String::as_str).collect();
        let mut blocks = vec![self.seller(&tokens, facts)];
        blocks.extend(self.fields(&tokens, facts));
        if tokens.iter().any(|token| token.starts_with("item.")) {
            blocks.extend(
                facts
                    .rows
                    .iter()
                    .map(|row| self.product(&tokens, row, facts)),
            );
        }
        for token in &tokens {
            if let Some(id) = token.strip_prefix("warning.") {
                let found = rules.sentences.iter().find(|sentence| sentence.id == id);
                blocks.extend(self.sentence(token, found, facts));
            }
            if let Some(id) = token.strip_prefix("symbol.") {
                let found = rules.symbols.iter().find(|symbol| symbol.id == id);
                blocks.extend(self.symbol(token, found, facts));
            }
        }
        if template.place == Place::Bag {
            let own = facts.sentences.iter();
            blocks.extend(own.map(|text| self.lines(text, self.text, Weight::Text)));
        }
        blocks.retain(|block| !block.is_empty());
        blocks
    }

    /// Who sells, over a heavy line.
    fn seller(&self, tokens: &[&str], facts: &Facts) -> Block {
        let mut block = Block::new();
        if tokens.contains(&"store.name") {
            block = self.lines(&facts.seller.to_uppercase(), self.name, Weight::Strong);
        }
        if tokens.contains(&"store.license") {
            let caption = caption("store.license", facts.language).unwrap_or_default();
            let license = format!("{caption} {}", facts.license);
            let width = self.measure(&license, self.text, Weight::Text);
            let beside = block
                .first()
                .filter(|_| block.len() == 1)
                .map_or(0, |line| {
                    let taken = line
                        .marks
                        .iter()
                        .map(|mark| self.end(mark))
                        .max()
                        .unwrap_or(0);
                    taken + self.gap + width
                });
            match block
                .first_mut()
                .filter(|_| (1..=self.width).contains(&beside))
            {
                Some(line) => line.marks.push(Mark::Text {
                    x: self.width - width,
                    baseline: self.name,
                    size: self.text,
                    weight: Weight::Text,
                    text: license,
                }),
                None => block.extend(self.lines(&license, self.text, Weight::Text)),
            }
        }
        self.underline(&mut block, self.gap / 4);
        block
    }

    /// Where a text ends.
    fn end(&self, mark: &Mark) -> u32 {
        match mark {
            Mark::Text {
                x,
                size,
                weight,
                text,
                ..
            } => x + self.measure(text, *size, *weight),
            Mark::Rule { .. } | Mark::Frame { .. } | Mark::Bars { .. } | Mark::Square { .. } => 0,
        }
    }

    fn underline(&self, block: &mut Block, thickness: u32) {
        let thickness = thickness.max(1);
        if let Some(last) = block.last_mut() {
            last.marks.push(Mark::Rule {
                x: 0,
                y: last.height + thickness,
                width: self.width,
                height: thickness,
            });
            last.height += 3 * thickness;
        }
    }

    /// What is known of the sale, side by side as far as it fits: a caption, and under it what it is.
    fn fields(&self, tokens: &[&str], facts: &Facts) -> Vec<Block> {
        let mut rows: Vec<Block> = Vec::new();
        let mut row: Vec<(String, String)> = Vec::new();
        let mut taken = 0;
        for (caption, value) in fields(tokens, facts) {
            let width = self
                .measure(&caption, self.small, Weight::Text)
                .max(self.measure(&value, self.name, Weight::Strong));
            if width > self.width {
                rows.extend(self.row(core::mem::take(&mut row)));
                taken = 0;
                let mut block = self.lines(&caption, self.small, Weight::Text);
                block.extend(self.lines(&value, self.name, Weight::Strong));
                rows.push(block);
                continue;
            }
            if taken + width > self.width {
                rows.extend(self.row(core::mem::take(&mut row)));
                taken = 0;
            }
            taken += width + self.gap;
            row.push((caption, value));
        }
        rows.extend(self.row(row));
        rows
    }

    /// A row of fields.
    fn row(&self, row: Vec<(String, String)>) -> Option<Block> {
        let mut captions = Line::default();
        let mut values = Line::default();
        let mut x = 0;
        for (caption, value) in row {
            captions.height = leading(self.small);
            values.height = leading(self.name);
            captions
                .marks
                .push(at(x, self.small, Weight::Text, &caption));
            values.marks.push(at(x, self.name, Weight::Strong, &value));
            let ends =
                [&captions, &values].map(|line| line.marks.last().map_or(0, |mark| self.end(mark)));
            x = ends[0].max(ends[1]) + self.gap;
        }
        (captions.height > 0).then(|| vec![captions, values])
    }

    /// One product: its name, its tag, its figures, and what else the state wants of it.
    fn product(&self, tokens: &[&str], row: &Row, facts: &Facts) -> Block {
        let mut block = Block::new();
        if tokens.contains(&"item.name") {
            block = self.lines(&row.product, self.name, Weight::Strong);
        }
        let (main, more) = figures(tokens, row, facts);
        let figures = main.join("   ");
        let tag = tokens.contains(&"item.uid").then_some(row.tag.as_str());
        let widths = [tag.unwrap_or_default(), &figures]
            .map(|text| self.measure(text, self.text, Weight::Text));
        if let Some(tag) = tag.filter(|_| widths[0] + self.gap + widths[1] <= self.width) {
            let mut line = self.line(tag, self.text, Weight::Text);
            let x = self.width - widths[1];
            line.marks.push(at(x, self.text, Weight::Text, &figures));
            block.push(line);
        } else {
            block.extend(self.lines(tag.unwrap_or_default(), self.text, Weight::Text));
            block.extend(self.flow(&main, "   "));
        }
        block.extend(self.flow(&more, " · "));
        self.underline(&mut block, 1);
        block
    }

    fn sentence(&self, token: &str, found: Option<&Sentence>, facts: &Facts) -> Option<Block> {
        let Some(sentence) = found else {
            return Some(self.lines(&format!("{token} {TO_WRITE_ON}"), self.text, Weight::Text));
        };
        if !concerns(&sentence.classes, &facts.rows) {
            return None;
        }
        let spanish = sentence.spanish.as_ref();
        let spanish = spanish.filter(|_| facts.language == super::Language::Spanish);
        let text = spanish.unwrap_or(&sentence.english);
        Some(self.lines(text, self.text, Weight::Text))
    }

    /// A symbol with its letters in it, seven of the narrow lines high.
    fn symbol(&self, token: &str, found: Option<&Symbol>, facts: &Facts) -> Option<Block> {
        let Some(symbol) = found else {
            return Some(self.lines(&format!("{token} {TO_WRITE_ON}"), self.text, Weight::Text));
        };
        if !concerns(&symbol.classes, &facts.rows) {
            return None;
        }
        let side = self.small * 11 / 2;
        let mut marks = vec![Mark::Frame {
            x: 0,
            y: 0,
            side,
            shape: symbol.shape,
        }];
        let rows = u32::try_from(symbol.letters.len()).unwrap_or(1);
        let top = side * 11 / 20 - (rows * self.small / 2).min(side / 2);
        for (row, letters) in (1_u32..).zip(&symbol.letters) {
            let width = self.measure(letters, self.small, Weight::Strong);
            marks.push(Mark::Text {
                x: (side / 2).saturating_sub(width / 2),
                baseline: top + row * self.small,
                size: self.small,
                weight: Weight::Strong,
                text: letters.clone(),
            });
        }
        let height = side + self.gap / 2;
        Some(vec![Line { height, marks }])
    }
}

/// Whether stock is so narrow that everything on it is smaller.
pub(super) fn is_narrow(media: Media) -> bool {
    media.width() < media.dots(NARROW_UM)
}

/// Dots from one base line to the next.
pub(super) fn leading(size: u32) -> u32 {
    (size * 5).div_ceil(4)
}

/// A text in a line of its own size.
fn at(x: u32, size: u32, weight: Weight, text: &str) -> Mark {
    Mark::Text {
        x,
        baseline: size,
        size,
        weight,
        text: text.to_owned(),
    }
}

/// Whether what is for these classes concerns one of the goods. Goods whose class nobody knows may be of any.
fn concerns(classes: &[String], rows: &[Row]) -> bool {
    let is_of = |row: &Row| {
        row.class
            .as_ref()
            .is_none_or(|class| classes.contains(class))
    };
    classes.is_empty() || rows.iter().any(is_of)
}

/// What is wanted of the sale: captions and values, each once.
fn fields(tokens: &[&str], facts: &Facts) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for token in tokens {
        let rest = [
            "item.",
            "warning.",
            "symbol.",
            "qr.",
            "store.name",
            "store.license",
        ];
        if rest.iter().any(|begin| token.starts_with(begin)) {
            continue;
        }
        let value = match *token {
            "sale.date" | "sale.time" => Some(facts.sold.clone()),
            "order.no" => Some(facts.order.clone()),
            "bag.n_of_m" => Some(caption::of(1, 1, facts.language)),
            "customer.name" | "customer.first_name" | "patient.name" => facts.customer.clone(),
            _ => None,
        };
        let caption = caption(token, facts.language).unwrap_or(token).to_owned();
        let field = (caption, value.unwrap_or_else(|| TO_WRITE_ON.to_owned()));
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    fields
}

/// What is wanted of a product beside name and tag: its figures, and the rest.
fn figures(tokens: &[&str], row: &Row, facts: &Facts) -> (Vec<String>, Vec<String>) {
    let (mut main, mut more): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for token in tokens {
        let value = match *token {
            "item.name" | "item.uid" => continue,
            "item.thc_mg" | "item.thc_pct" => {
                Some(row.thc.clone().unwrap_or_else(|| "—".to_owned()))
            }
            "item.cbd_mg" => Some(row.cbd.clone().unwrap_or_else(|| "—".to_owned())),
            "item.class" => Some(row.category.clone()),
            "item.net" => row.net.clone(),
            "item.batch" => row.batch.clone(),
            "item.pack_date" => row.packed.clone(),
            "item.expiry" => row.expires.clone(),
            other if other.starts_with("item.") => None,
            _ => continue,
        };
        let caption = caption(token, facts.language).unwrap_or(token);
        let figure = format!("{caption} {}", value.as_deref().unwrap_or(TO_WRITE_ON));
        let is_main = matches!(*token, "item.thc_mg" | "item.thc_pct" | "item.cbd_mg");
        let list = if is_main { &mut main } else { &mut more };
        if !list.contains(&figure) {
            list.push(figure);
        }
    }
    let units = caption("units", facts.language).unwrap_or_default();
    main.push(format!("{units} {}", row.units));
    (main, more)
}

/// What a template wants and nobody knows: the captions of its lines to write on.
#[must_use]
pub fn unknown(template: &Template, facts: &Facts) -> Vec<String> {
    let tokens: Vec<&str> = template.tokens.iter().map(String::as_str).collect();
    let blank = |value: &String| value == TO_WRITE_ON;
    let mut unknown: Vec<String> = fields(&tokens, facts)
        .into_iter()
        .filter_map(|(caption, value)| blank(&value).then_some(caption))
        .collect();
    for row in &facts.rows {
        for figure in figures(&tokens, row, facts).1 {
            if let Some(caption) = figure.strip_suffix(TO_WRITE_ON) {
                unknown.push(caption.trim().to_owned());
            }
        }
    }
    unknown.sort_unstable();
    unknown.dedup();
    unknown
}
