//! Icons as inline SVG, so that they take the colour of the words beside them.
//!
//! In: an `Icon`. Out: the `<svg>`, hidden from screen readers. Must not: stand alone for a
//! meaning; the caller writes the word beside it.

mod drawings;

pub use drawings::Icon;

use leptos::prelude::*;

/// How a drawing is painted: a stroked sign on a grid of 24, or one of our own shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Sign,
    Mark,
    Aim,
    Verdict,
    Tote,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Self::Sign => "i",
            Self::Mark | Self::Aim | Self::Verdict | Self::Tote => "shape",
        }
    }

    fn view_box(self) -> &'static str {
        match self {
            Self::Sign => "0 0 24 24",
            Self::Mark => "0 0 28 28",
            Self::Tote => "0 0 56 56",
            Self::Aim | Self::Verdict => "0 0 112 112",
        }
    }

    /// The style sheet sets the stroke of a sign; a shape with lines brings its own.
    fn stroke_width(self) -> Option<&'static str> {
        match self {
            Self::Mark => Some("3.2"),
            Self::Aim => Some("8"),
            Self::Sign | Self::Verdict | Self::Tote => None,
        }
    }

    fn is_filled(self) -> bool {
        matches!(self, Self::Verdict | Self::Tote)
    }
}

impl Icon {
    /// The markup inside the `<svg>`.
    pub fn paths(self) -> &'static str {
        self.drawing().1
    }

    /// The shape of a tote by its number; totes past the eighth start again at the circle.
    pub fn tote(number: u8) -> Self {
        match number % 8 {
            1 => Self::Tote1,
            2 => Self::Tote2,
            3 => Self::Tote3,
            4 => Self::Tote4,
            5 => Self::Tote5,
            6 => Self::Tote6,
            7 => Self::Tote7,
            _ => Self::Tote8,
        }
    }
}

/// One icon, as large as the text around it (`.i`) or as its place says (`.shape`).
#[component]
pub fn Glyph(icon: Icon) -> impl IntoView {
    let (kind, inner) = icon.drawing();
    let filled = kind.is_filled();
    let round = (kind == Kind::Sign).then_some("round");
    view! {
        <svg
            class=kind.class()
            viewBox=kind.view_box()
            fill=if filled { "currentColor" } else { "none" }
            fill-rule="evenodd"
            stroke=(!filled).then_some("currentColor")
            stroke-width=kind.stroke_width()
            stroke-linecap=round
            stroke-linejoin=round
            aria-hidden="true"
            inner_html=inner
        ></svg>
    }
}

/// A tote as number, shape and colour; `label` is read aloud ("Tote 3").
#[component]
pub fn ToteToken(number: u8, #[prop(into)] label: String) -> impl IntoView {
    view! {
        <span class="tote" data-tote=number.to_string() role="img" aria-label=label>
            <Glyph icon=Icon::tote(number)/>
            <b aria-hidden="true">{number}</b>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_has_something_to_draw() {
        for icon in Icon::ALL {
            let paths = icon.paths();
            assert!(
                paths.starts_with('<') && paths.ends_with("/>"),
                "{icon:?} draws {paths:?}"
            );
            assert!(!paths.contains("  "), "{icon:?} has a doubled blank");
        }
    }

    #[test]
    fn no_two_icons_look_the_same() {
        for (at, icon) in Icon::ALL.iter().enumerate() {
            let twin = Icon::ALL[..at]
                .iter()
                .find(|other| other.paths() == icon.paths());
            assert_eq!(twin, None, "{icon:?} repeats another icon");
        }
    }

    #[test]
    fn eight_totes_have_eight_shapes() {
        let shapes: Vec<Icon> = (1..=8).map(Icon::tote).collect();
        assert!(
            shapes
                .iter()
                .enumerate()
                .all(|(at, shape)| !shapes[..at].contains(shape))
        );
        assert_eq!(Icon::tote(9), Icon::Tote1);
    }

    #[test]
    fn a_verdict_is_filled_and_a_button_sign_is_not() {
        for icon in [Icon::Accepted, Icon::Refused, Icon::Attention] {
            assert!(icon.drawing().0.is_filled());
        }
        assert!(!Icon::Flag.drawing().0.is_filled());
    }
}
