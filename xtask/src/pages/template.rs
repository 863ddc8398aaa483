//! Templates: Markdown with marks in double braces, such as
//! `{{phases}}` or `{{theory fixed}}`, that stand for generated pieces.

/// Fills every mark of a template: `piece` gets the mark's name and what
/// follows it. A mark that it doesn't know is a bug.
pub(super) fn fill(template: &str, mut piece: impl FnMut(&str, &str) -> Option<String>) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (mark, behind) = after.split_once("}}").expect("a mark of a template is closed");
        let (name, argument) = mark.trim().split_once(' ').unwrap_or((mark.trim(), ""));
        let Some(filled) = piece(name, argument) else {
            panic!("the templates have a mark {mark:?} that nothing fills");
        };
        text.push_str(before);
        text.push_str(filled.trim_end());
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// The sections of a template by their headings of the second rank.
pub(super) fn sections(template: &str) -> impl Iterator<Item = (&str, &str)> {
    template.split("\n## ").skip(1).map(|section| {
        let (heading, body) = section.split_once('\n').unwrap_or((section, ""));
        (heading.trim(), body.trim())
    })
}

/// Names in code style that look like parameters but are none, such as
/// `combat.courage`: prose that has gone stale.
#[cfg(test)]
pub(super) fn unknown_parameters(prose: &str) -> Vec<String> {
    use allegiance_model::parameters::{ParameterSet as _, Parameters};
    use allegiance_record::ObservationParameters;

    let known: Vec<String> = Parameters::dictionary()
        .chain(ObservationParameters::INFO)
        .map(allegiance_model::parameters::ParameterInfo::path)
        .collect();
    let is_mechanism = |word: &str| known.iter().any(|path| path.split('.').next() == Some(word));
    let spans = prose.split('`').skip(1).step_by(2);
    let looks_like_one = |span: &&str| {
        let mut parts = span.split('.');
        let (Some(mechanism), Some(name), None) = (parts.next(), parts.next(), parts.next()) else { return false };
        is_mechanism(mechanism)
            && name != "rs"
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    let unknown = spans.filter(looks_like_one).filter(|span| !known.iter().any(|path| path == span));
    unknown.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{fill, sections, unknown_parameters};

    #[test]
    fn marks_are_filled_with_their_arguments() {
        let filled = fill("a {{x}} b {{y two words}}", |name, argument| Some(format!("[{name}:{argument}]\n")));
        assert_eq!(filled, "a [x:] b [y:two words]");
    }

    #[test]
    #[should_panic(expected = "that nothing fills")]
    fn a_mark_that_nothing_fills_is_a_bug() {
        fill("{{x}}", |_, _| None);
    }

    #[test]
    fn a_template_falls_into_sections() {
        let found: Vec<_> = sections("# Title\n\n## one\n\ntext\n\n## two\nmore").collect();
        assert_eq!(found, [("one", "text"), ("two", "more")]);
    }

    #[test]
    fn prose_may_not_name_parameters_that_do_not_exist() {
        assert!(unknown_parameters("`combat.decisiveness`, `combat.rs`, `a.b`").is_empty());
        assert_eq!(unknown_parameters("see `combat.courage`"), ["combat.courage"]);
    }
}
