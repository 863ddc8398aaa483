//! How groups look, everywhere: in the report, on the page, on maps and in charts.
//!
//! A colour is never alone. Eight colours are all that stay apart for every
//! reader, so each further eight groups wear them with another texture, and
//! every group has letters and a dash besides.

use serde::Serialize;

/// A colour on a light ground and on a dark one, as `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Colour {
    /// On a light ground.
    pub light: &'static str,
    /// On a dark ground.
    pub dark: &'static str,
}

/// What lies over a group's colour where an area is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Texture {
    /// Nothing: groups 1 to 8.
    Plain,
    /// Level lines of the ground's colour: groups 9 to 16.
    Lines,
    /// Dots of the ground's colour: groups 17 to 24.
    Dots,
    /// Level and upright lines: groups 25 to 32.
    Grid,
}

impl Texture {
    /// Every texture, in the order in which groups get them.
    pub const ALL: [Self; 4] = [Self::Plain, Self::Lines, Self::Dots, Self::Grid];
}

/// One group's look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GroupLook {
    /// A letter or two, unique among the groups.
    pub letters: String,
    /// The colour of its areas and lines.
    pub colour: Colour,
    /// The colour of letters on its areas.
    pub ink: Colour,
    /// What lies over its areas.
    pub texture: Texture,
    /// `stroke-dasharray` of its lines.
    pub dash: &'static str,
}

/// The colours, for groups in the order of the scenario, whoever they are. Any
/// two are at least 15 apart by CIEDE2000 on either ground, with normal sight and
/// without red, green or blue cones.
///
/// # Source
/// Searched for by simulated annealing under the conditions that the tests of
/// this file hold.
pub const PALETTE: [Colour; 8] = [
    Colour { light: "#1d49f5", dark: "#758fa5" },
    Colour { light: "#db6001", dark: "#ec6a2d" },
    Colour { light: "#007974", dark: "#22b99a" },
    Colour { light: "#a02c55", dark: "#fe94f7" },
    Colour { light: "#9f8b6c", dark: "#e8cd09" },
    Colour { light: "#36248a", dark: "#855ce6" },
    Colour { light: "#189bd1", dark: "#ceebf0" },
    Colour { light: "#b80000", dark: "#9d6a59" },
];
/// `stroke-dasharray` of lines.
const DASHES: [&str; 4] = ["none", "6 3", "2 3", "8 3 2 3"];
/// Shorter words, such as articles, don't lend their first letter.
const LONGEST_ARTICLE: usize = 2;
/// Above this luminance, black reads better on a colour than white.
const BLACK_ABOVE: f64 = 0.18;

/// The looks of groups, by their names in the order of the scenario.
pub fn group_looks<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<GroupLook> {
    let mut looks: Vec<GroupLook> = Vec::new();
    for (at, name) in names.into_iter().enumerate() {
        let letters = letters_for(name, |letters| looks.iter().any(|look| look.letters == letters));
        let (turn, position) = (at / PALETTE.len(), palette_position(at));
        let colour = PALETTE[position];
        looks.push(GroupLook {
            letters,
            colour,
            ink: Colour { light: ink_on(colour.light), dark: ink_on(colour.dark) },
            texture: Texture::ALL[turn % Texture::ALL.len()],
            dash: DASHES[(position + turn) % DASHES.len()],
        });
    }
    looks
}

/// Which colour of the palette a group has. Every second turn goes backwards, so
/// that the first groups of a scenario, usually its largest, share theirs last.
pub fn palette_position(at: usize) -> usize {
    let (turn, within) = (at / PALETTE.len(), at % PALETTE.len());
    if turn.is_multiple_of(2) { within } else { PALETTE.len() - 1 - within }
}

/// Letters that people guess: the first of a word, else any of the name, else
/// any at all; where all are taken, two.
fn letters_for(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    const ANY: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let upper = name.to_uppercase();
    let words = upper.split(|letter: char| !letter.is_ascii_uppercase());
    let initials = words.filter(|word| word.len() > LONGEST_ARTICLE).filter_map(|word| word.chars().next());
    let singles = initials.chain(upper.chars()).chain(ANY.chars()).filter(|&letter| ANY.contains(letter));
    let pairs = ANY.chars().flat_map(|first| ANY.chars().map(move |second| format!("{first}{second}")));
    let mut free = singles.map(|letter| letter.to_string()).chain(pairs);
    free.find(|letters| !is_taken(letters)).unwrap_or_else(|| name.to_owned())
}

/// Black or white, whichever reads better on a colour.
fn ink_on(colour: &str) -> &'static str {
    let [red, green, blue] = linear_light(colour);
    if 0.2126 * red + 0.7152 * green + 0.0722 * blue > BLACK_ABOVE { "#000000" } else { "#ffffff" }
}

/// The linear light of a colour `#rrggbb`, 0 to 1.
///
/// # Source
/// IEC 61966-2-1 (sRGB).
pub(super) fn linear_light(colour: &str) -> [f64; 3] {
    [1, 3, 5].map(|at| {
        let level = colour.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).unwrap_or(0);
        let value = f64::from(level) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
}

#[cfg(test)]
mod tests {
    use super::{GroupLook, PALETTE, group_looks, linear_light};
    use crate::view::colour_vision::{SIGHTS, distance, lab, seen_by};
    use std::collections::BTreeSet;

    /// The least CIEDE2000 between colours of two groups; 2.3 is just noticeable
    /// between large fields side by side.
    const LEAST_DISTANCE: f64 = 15.0;
    /// The least between a group's colour and the grey of places of nobody.
    const LEAST_FROM_GREY: f64 = 20.0;
    /// WCAG 2.2, 1.4.11: contrast of graphics with what is beside them.
    const LEAST_CONTRAST: f64 = 3.0;
    /// Grounds of the report and of the page, their cards, and land on maps: light, dark.
    const GROUNDS: [&[&str]; 2] = [&["#ffffff", "#fafaf8", "#fbfbfa"], &["#141619", "#121416", "#191c1f", "#1e2226"]];

    fn on(ground: usize) -> Vec<&'static str> {
        PALETTE.iter().map(|colour| if ground == 0 { colour.light } else { colour.dark }).collect()
    }

    fn looks_of(n: usize) -> Vec<GroupLook> {
        let names: Vec<String> = (0..n).map(|at| format!("Group {at}")).collect();
        group_looks(names.iter().map(String::as_str))
    }

    #[test]
    fn any_two_colours_stay_apart_for_every_reader() {
        for ground in 0..2 {
            let colours = on(ground);
            for (at, a) in colours.iter().enumerate() {
                for b in &colours[at + 1..] {
                    for sight in SIGHTS {
                        let found = distance(lab(seen_by(a, sight)), lab(seen_by(b, sight)));
                        assert!(found >= LEAST_DISTANCE, "{a} and {b} are {found:.1} apart, {sight:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn colours_stand_out_from_every_ground_and_from_what_nobody_holds() {
        let luminance = |colour: &str| {
            let [red, green, blue] = linear_light(colour);
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        let contrast = |a: &str, b: &str| {
            let (a, b) = (luminance(a), luminance(b));
            (a.max(b) + 0.05) / (a.min(b) + 0.05)
        };
        for (ground, grey) in [(0, "#c3c8ce"), (1, "#4a5058")] {
            for colour in on(ground) {
                for beside in GROUNDS[ground] {
                    let found = contrast(colour, beside);
                    assert!(found >= LEAST_CONTRAST, "{colour} on {beside}: {found:.2}");
                }
                for sight in SIGHTS {
                    let found = distance(lab(seen_by(colour, sight)), lab(seen_by(grey, sight)));
                    assert!(found >= LEAST_FROM_GREY, "{colour} and the grey {grey}: {found:.1}, {sight:?}");
                }
            }
        }
    }

    #[test]
    fn the_grey_of_the_test_is_that_of_the_page() {
        let Some(root) = crate::view::typescript::repository() else { return };
        let page = fs_err::read_to_string(root.join("page/src/map/colours.ts")).expect("the page has colours");
        for grey in ["empty: \"#c3c8ce\"", "empty: \"#4a5058\""] {
            assert!(page.contains(grey), "{grey} isn't in page/src/map/colours.ts");
        }
    }

    #[test]
    fn no_two_groups_look_alike() {
        let distinct = |keys: Vec<String>| keys.into_iter().collect::<BTreeSet<_>>().len();
        // As areas, as lines, and by their letters.
        let looks = looks_of(32);
        assert_eq!(
            distinct(looks.iter().map(|look| format!("{} {:?}", look.colour.light, look.texture)).collect()),
            32
        );
        assert_eq!(distinct(looks.iter().map(|look| format!("{} {}", look.colour.light, look.dash)).collect()), 32);
        assert_eq!(distinct(looks_of(255).into_iter().map(|look| look.letters).collect()), 255);
    }

    #[test]
    fn the_first_two_groups_share_their_colours_with_none_of_fourteen() {
        // As many as `syria` has, where YPG once wore the orange of ISIS.
        let looks = looks_of(14);
        assert!(looks[2..].iter().all(|look| look.colour != looks[0].colour && look.colour != looks[1].colour));
    }

    #[test]
    fn letters_are_unique_and_guessable() {
        let groups =
            ["ISIS", "Rebels of the district", "Islamic Front", "YPG", "Jabhat al-Nusra", "Jaysh al-Mujahideen"];
        let letters: Vec<String> = group_looks(groups).into_iter().map(|look| look.letters).collect();
        assert_eq!(letters, ["I", "R", "F", "Y", "J", "M"]);
    }

    #[test]
    fn letters_read_on_every_colour() {
        for look in looks_of(PALETTE.len()) {
            let is_dark_ink = [look.ink.light, look.ink.dark].map(|ink| ink == "#000000");
            let luminance = [look.colour.light, look.colour.dark].map(|colour| {
                let [red, green, blue] = linear_light(colour);
                0.2126 * red + 0.7152 * green + 0.0722 * blue
            });
            for (is_dark, luminance) in is_dark_ink.into_iter().zip(luminance) {
                let contrast = if is_dark { (luminance + 0.05) / 0.05 } else { 1.05 / (luminance + 0.05) };
                assert!(contrast >= 4.5, "{look:?}: {contrast:.2}");
            }
        }
    }
}
