//! One defector's story beside that of a stayer of the same home and group.

use crate::facts::ReportFacts;
use crate::html::{data, drawing, texts};
use crate::looks::Look;
use crate::svg::{Chart, Line, TimeChart};
use allegiance_model::tables::AllegianceKind;
use allegiance_show::story::{NOTE, Pick, Story, Who};
use allegiance_show::text::sex_and_age;
use allegiance_show::view::{ConvictionPoint, StoryView};
use maud::{Markup, html};

pub(crate) fn section(facts: &ReportFacts, looks: &[Look]) -> Markup {
    if !facts.has_stories() {
        return html! { p { (facts.stories_left_out()) } };
    }
    let Some(first) = facts.stories.first() else {
        return html! { p { "Nobody went over to another group that took them in, so there is no such story in this run." } };
    };
    html! {
        p.note { (NOTE) }
        p {
            @if facts.picked == Pick::Path { "The first who walked the whole path from a harm to service with another group" }
            @else { "Nobody walked the whole path from a harm to service with another group: the first to go over" }
            ", by replicate, day and number"
            @match facts.stories.get(1) {
                Some(stayer) if was_caught(&stayer.story) => {
                    ", next to somebody of the same home and first group who tried to leave, was caught, and served to the end"
                }
                Some(_) => ", next to somebody of the same home and first group who served to the end",
                None => ". Nobody of the same home and first group served to the end",
            }
            ". Every sentence states rows of the record; nobody was picked for how likely he was to leave."
        }
        (conviction(facts, looks))
        div.people { @for view in &facts.stories { (story(view)) } }
        p.aside {
            "Replicate " (first.story.replicate) ". What would have become of this person without an incident: "
            code { "allegiance but-for " (facts.folder) " --replicate " (first.story.replicate) " --person " (first.story.who.person) }
        }
    }
}

fn story(view: &StoryView) -> Markup {
    let story = &view.story;
    let title = if view.story.has_left() { "The defector" } else { "The stayer" };
    html! {
        article aria-label=(format!("{title}: simulated person {}", story.who.person)) {
            h3 { (title) ": simulated person " (story.who.person) }
            p.plain { (story.plain) }
            p.aside { (who(&story.who)) }
            ol.path {
                @for turns in story.path.chunk_by(|a, b| (&a.date, &a.place) == (&b.date, &b.place)) {
                    li {
                        span.when { (turns[0].date) " · " (turns[0].place_name) }
                        @for sentence in turns.iter().flat_map(|turn| &turn.sentences) { p { (sentence) } }
                        @for sentence in turns.iter().flat_map(|turn| &turn.numbers) { p.aside { (sentence) } }
                    }
                }
                @if story.path.is_empty() { li { p { "Nothing that the tables record happened to this person." } } }
            }
            div.why-list {
                h4 { @if view.story.has_left() { "Why" } @else { "Why not" } }
                @for sentence in &story.why { p { (sentence) } }
                p { (story.end) }
            }
        }
    }
}

fn was_caught(story: &Story) -> bool {
    story.path.iter().any(|turn| turn.kind == AllegianceKind::Capture.word())
}

fn who(who: &Who) -> String {
    let home = who.home_name.as_ref().map_or_else(|| "foreign".to_owned(), |home| format!("from {home}"));
    let group = who.first_group_name.as_ref().map_or_else(String::new, |group| format!(" First group: {group}."));
    format!(
        "{}, {home}.{group} Motives: ideology {:.2}, material {:.2}, social {:.2}.",
        sex_and_age(who.is_female, who.age),
        who.motive_ideology,
        who.motive_material,
        who.motive_social
    )
}

fn conviction(facts: &ReportFacts, looks: &[Look]) -> Markup {
    let drawn: Vec<&StoryView> = facts.stories.iter().filter(|view| !view.conviction.is_empty()).collect();
    if drawn.is_empty() || looks.is_empty() {
        return html! {};
    }
    let names = |view: &StoryView| {
        format!("{} {}", if view.story.has_left() { "defector" } else { "stayer" }, view.story.who.person)
    };
    // Two looks of their own: the groups' colours would say that a person is a group.
    let own: Vec<Look> = drawn
        .iter()
        .enumerate()
        .map(|(at, view)| {
            let (class, dash) = if at == 0 { ("c5", "none") } else { ("plain", "6 3") };
            Look::of_line(names(view), if view.story.has_left() { "D" } else { "S" }, class, dash)
        })
        .collect();
    let points = |view: &StoryView| -> Vec<(f64, f64)> {
        believed(view).iter().map(|point| (f64::from(point.day), point.value)).collect()
    };
    let lines: Vec<Line<'_>> = drawn
        .iter()
        .zip(&own)
        .map(|(view, look)| Line { look, points: points(view), band: Vec::new(), name: None })
        .collect();
    let values = || lines.iter().flat_map(|line| line.points.iter().map(|&(_, value)| value));
    let range = (values().fold(0.0, f64::min), values().fold(0.0, f64::max));
    let chart = TimeChart {
        start: facts.setting.start,
        n_days: facts.manifest.n_days,
        is_share: false,
        has_names: true,
        width: 860.0,
        height: 230.0,
    };
    let alt = {
        let ends: Vec<String> = drawn
            .iter()
            .filter_map(|view| {
                let (first, last) = (believed(view).first()?, believed(view).last()?);
                Some(format!("{} from {:+.2} to {:+.2}", names(view), first.value, last.value))
            })
            .collect();
        format!("Line chart of conviction in log-odds. {}.", ends.join("; "))
    };
    let rows: Vec<Vec<String>> =
        drawn.iter().flat_map(|view| view.conviction.iter().map(|point| row(facts, &names(view), point))).collect();
    html! {
        figure.wide {
            figcaption {
                b { "Conviction" } " "
                span { "log-odds that the group serves its cause, at the moments that the record holds; above zero they believe; a line ends where the person leaves the group" }
            }
            (drawing(&chart.draw(&Chart { alt: &alt, lines: &lines, range, marked: &[] })))
            (data("Conviction of the two simulated people", &texts(["person", "date", "moment", "conviction"]), &rows))
        }
    }
}

/// Conviction about the first group, up to the exit; later it is about another.
fn believed(view: &StoryView) -> &[ConvictionPoint] {
    let exit = view.conviction.iter().position(ConvictionPoint::is_exit);
    &view.conviction[..exit.map_or(view.conviction.len(), |exit| exit + 1)]
}

fn row(facts: &ReportFacts, name: &str, point: &ConvictionPoint) -> Vec<String> {
    vec![
        name.to_owned(),
        facts.setting.date(point.day).to_string(),
        point.kind.replace('_', " "),
        format!("{:+.2}", point.value),
    ]
}
