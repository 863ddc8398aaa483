//! How groups look in a report: the look of the views, as classes of the style
//! sheet and patterns.

use allegiance_record::setting::Named;
use allegiance_show::view::{Colour, GroupLook, PALETTE, Texture, group_looks, palette_position};
use maud::{Markup, html};
use std::fmt::Write as _;

/// One group's look, or that of a line that is no group's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Look {
    /// Its name.
    pub(super) name: String,
    /// Its letters, unique among the groups.
    pub(super) letters: String,
    /// The classes of the style sheet that set its colour and texture.
    pub(super) class: String,
    /// `stroke-dasharray` of its lines.
    pub(super) dash: &'static str,
    /// The pattern that its areas are filled with; none where they are plain.
    pattern: Option<Pattern>,
}

/// A texture over a colour of the palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Pattern {
    colour: usize,
    texture: Texture,
}

impl Pattern {
    fn id(self) -> String {
        format!("f{}-{}", self.texture as usize, self.colour)
    }
}

impl Look {
    /// The class of its colour alone.
    pub(super) fn colour_class(&self) -> &str {
        self.class.split(' ').next().unwrap_or_default()
    }

    /// What lies over its areas.
    pub(super) fn texture(&self) -> Texture {
        self.pattern.map_or(Texture::Plain, |pattern| pattern.texture)
    }

    /// The look of a line that is no group's.
    pub(super) fn of_line(name: String, letters: &str, class: &str, dash: &'static str) -> Self {
        Self { name, letters: letters.to_owned(), class: class.to_owned(), dash, pattern: None }
    }
}

/// The looks of the groups, in their order.
pub(super) fn looks(groups: &[Named]) -> Vec<Look> {
    let views = group_looks(groups.iter().map(|group| group.name.as_str()));
    let of = |(at, (group, look)): (usize, (&Named, GroupLook))| {
        let colour = palette_position(at);
        let pattern = (look.texture != Texture::Plain).then_some(Pattern { colour, texture: look.texture });
        let fill = pattern.map_or_else(String::new, |pattern| format!(" {}", pattern.id()));
        Look {
            name: group.name.clone(),
            letters: look.letters,
            class: format!("c{colour}{fill}"),
            dash: look.dash,
            pattern,
        }
    };
    groups.iter().zip(views).enumerate().map(of).collect()
}

/// The part of the style sheet that says what the classes of looks are.
pub(super) fn style_of(looks: &[Look]) -> String {
    let plain = group_looks(PALETTE.iter().map(|_| ""));
    let variables = |pick: fn(Colour) -> &'static str| {
        let one =
            |(at, look): (usize, &GroupLook)| format!("--g{at}:{};--t{at}:{};", pick(look.colour), pick(look.ink));
        plain.iter().enumerate().map(one).collect::<String>()
    };
    let mut style = format!(
        ":root{{{}}}\n@media screen and (prefers-color-scheme: dark){{:root{{{}}}}}\n",
        variables(|colour| colour.light),
        variables(|colour| colour.dark)
    );
    for at in 0..PALETTE.len() {
        let _ = writeln!(style, ".c{at}{{--c:var(--g{at});--t:var(--t{at})}}");
    }
    for pattern in patterns_of(looks) {
        let id = pattern.id();
        let _ = writeln!(style, ".{id}.place{{fill:url(#{id})}}");
    }
    style
}

fn patterns_of(looks: &[Look]) -> Vec<Pattern> {
    let mut patterns: Vec<Pattern> = looks.iter().filter_map(|look| look.pattern).collect();
    patterns.sort_unstable();
    patterns.dedup();
    patterns
}

/// The hatching of contested places and the textures of groups, defined once a page.
pub(super) fn patterns(looks: &[Look]) -> Markup {
    html! {
        svg.defs aria-hidden="true" width="0" height="0" {
            defs {
                pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect.hatch-ground width="4" height="4" {}
                    line.hatch-line x1="0" y1="0" x2="0" y2="4" {}
                }
                @for pattern in patterns_of(looks) {
                    pattern id=(pattern.id()) class=(format!("c{}", pattern.colour)) width="5" height="5" patternUnits="userSpaceOnUse" {
                        rect.texture-ground width="5" height="5" {}
                        @if matches!(pattern.texture, Texture::Lines | Texture::Grid) { rect.texture-mark y="2" width="5" height="1.5" {} }
                        @if pattern.texture == Texture::Grid { rect.texture-mark x="2" width="1.5" height="5" {} }
                        @if pattern.texture == Texture::Dots { circle.texture-mark cx="2.5" cy="2.5" r="1.3" {} }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Named, looks, patterns, style_of};
    use std::collections::BTreeSet;

    #[test]
    fn fourteen_groups_have_fourteen_looks_and_each_class_is_styled() {
        // As many as `syria` has: YPG, the last, once wore the orange of ISIS, the second.
        let groups: Vec<Named> =
            (0..14).map(|at| Named { id: format!("g{at}"), name: format!("Group {at}") }).collect();
        let looks = looks(&groups);
        assert_eq!(looks.iter().map(|look| look.class.clone()).collect::<BTreeSet<_>>().len(), 14);
        assert_eq!((looks[1].class.as_str(), looks[13].class.as_str()), ("c1", "c2 f1-2"));
        let (style, defined) = (style_of(&looks), patterns(&looks).into_string());
        for class in looks.iter().flat_map(|look| look.class.split(' ')) {
            assert!(style.contains(&format!(".{class}{{")) || style.contains(&format!(".{class}.place{{")), "{class}");
        }
        for look in &looks[8..] {
            let id = look.class.split(' ').next_back().unwrap();
            assert!(defined.contains(&format!(r#"<pattern id="{id}""#)), "{id} in {defined}");
        }
    }
}
