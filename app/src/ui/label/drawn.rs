//! A label as a drawing: one unit is one dot of the printer.

use domain::label::{Face, Mark, Page};
use leptos::prelude::*;

/// The page: every black dot, and over them the words as text that nobody sees, for those who read with their ears or search.
pub(super) fn drawing(page: &Page, face: &Face<'_>) -> impl IntoView + use<> {
    let (width, height) = (page.media.width(), page.media.height());
    let dots = page.drawn(face).path();
    let words = page
        .marks
        .iter()
        .filter_map(|mark| word(mark, face))
        .collect_view();
    view! {
        <svg
            viewBox=format!("0 0 {width} {height}")
            xmlns="http://www.w3.org/2000/svg"
            font-family="'Atkinson Hyperlegible Next Variable', sans-serif"
        >
            <rect width=width.to_string() height=height.to_string() fill="#fff"/>
            <path d=dots fill="#000" shape-rendering="crispEdges"/>
            {words}
        </svg>
    }
}

fn word(mark: &Mark, face: &Face<'_>) -> Option<AnyView> {
    let Mark::Text {
        x,
        baseline,
        size,
        weight,
        text,
    } = mark
    else {
        return None;
    };
    let length = face.width(text, *size, *weight);
    let word = view! {
        <text
            x=x.to_string()
            y=baseline.to_string()
            font-size=size.to_string()
            fill="none"
            textLength=length.to_string()
            lengthAdjust="spacingAndGlyphs"
            direction="ltr"
            unicode-bidi="bidi-override"
        >
            {text.clone()}
        </text>
    };
    Some(word.into_any())
}
