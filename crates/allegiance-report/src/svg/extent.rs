//! How wide a text is, at least as wide as any usual font draws it, and how it
//! is broken into lines, so that nothing is cut off.

/// Width of a text at a font size: a little more than the widest of the usual
/// fonts for pages (Verdana and its like) needs.
pub(super) fn width_of(text: &str, size: f64) -> f64 {
    size * text.chars().map(em_of).sum::<f64>()
}

/// Width of a character at font size 1.
fn em_of(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.40,
        ' ' | 'f' | 't' | 'r' | '(' | ')' | '-' | '/' => 0.46,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '—' => 1.08,
        '0'..='9' | 'a'..='z' | '–' | '−' | '·' => 0.66,
        'A'..='Z' | '+' | '<' | '>' | '=' => 0.85,
        letter if letter.is_ascii() => 0.7,
        // Scripts whose letters fill a square.
        letter if u32::from(letter) >= 0x1100 => 1.05,
        _ => 0.8,
    }
}

/// A text in lines that are no wider than `width`, broken between words, and
/// within a word that is too long for a line.
pub(super) fn lines_of(text: &str, size: f64, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let fits = |line: &str| width_of(line, size) <= width;
    for word in text.split_whitespace() {
        if let Some(line) = lines.last_mut() {
            let longer = format!("{line} {word}");
            if fits(&longer) {
                *line = longer;
                continue;
            }
        }
        let mut line = String::new();
        for letter in word.chars() {
            if !line.is_empty() && !fits(&format!("{line}{letter}")) {
                lines.push(std::mem::take(&mut line));
            }
            line.push(letter);
        }
        lines.push(line);
    }
    lines
}

/// The widest of some texts.
pub(super) fn widest<'t>(texts: impl IntoIterator<Item = &'t str>, size: f64) -> f64 {
    texts.into_iter().map(|text| width_of(text, size)).fold(0.0, f64::max)
}

/// Where the middle of a text stands, so that it ends within `0` to `width`.
pub(super) fn middle_within(wanted: f64, text: &str, size: f64, width: f64) -> f64 {
    let half = width_of(text, size) / 2.0;
    wanted.min(width - half - 1.0).max(half + 1.0)
}

#[cfg(test)]
pub(super) mod tests {
    use super::{lines_of, width_of};
    use roxmltree::Document;

    /// The texts of a drawing that aren't whole within its frame.
    pub(in crate::svg) fn cut_off(svg: &str) -> Vec<String> {
        let page = Document::parse(svg).expect("a drawing is well formed");
        let frame: Vec<f64> =
            page.root_element().attribute("viewBox").unwrap().split(' ').map(|part| part.parse().unwrap()).collect();
        let texts = page.descendants().filter(|node| node.has_tag_name("text"));
        texts
            .filter_map(|node| {
                let text: String =
                    node.descendants().filter_map(|node| node.text().filter(|_| node.is_text())).collect();
                let class = node.attribute("class").unwrap_or_default();
                let at = |name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap();
                let size = match class {
                    _ if node.has_attribute("font-size") => at("font-size"),
                    "name" => 13.0,
                    "letter" => 11.0,
                    _ => 12.0,
                };
                let width = width_of(&text, size);
                let start = match class {
                    _ if class.contains("axis-end") => at("x") - width,
                    _ if ["axis-mid", "letter", "country", "on-place"].iter().any(|mid| class.contains(mid)) => {
                        at("x") - width / 2.0
                    }
                    _ => at("x"),
                };
                let (y, end) = (at("y"), start + width);
                let is_within = start >= 0.0 && end <= frame[2] && y - 0.75 * size >= 0.0 && y + 0.2 * size <= frame[3];
                (!is_within).then(|| format!("{text:?} from {start:.0} to {end:.0}, down to {y:.0}, in {frame:?}"))
            })
            .collect()
    }

    #[test]
    fn texts_are_at_least_as_wide_as_verdana_draws_them() {
        // Advance widths of Verdana at 2,048 units an em, added up.
        for (text, units) in [
            ("200,000", 6 * 1_302 + 745),
            ("Wm", 2_025 + 1_992),
            ("1 Jan 2014", 5 * 1_302 + 2 * 720 + 931 + 1_230 + 1_296),
        ] {
            let verdana = 12.0 * f64::from(units) / 2_048.0;
            assert!(width_of(text, 12.0) >= verdana, "{text}: {} and {verdana}", width_of(text, 12.0));
        }
    }

    #[test]
    fn lines_break_between_words_and_lose_nothing() {
        let text = "Jabhat al-Nusra in the Countryside of Idlib Donaudampfschifffahrtsgesellschaft";
        let lines = lines_of(text, 13.0, 120.0);
        assert!(lines.len() > 3 && lines.iter().all(|line| width_of(line, 13.0) <= 120.0), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
    }
}
