//! Maps of who held what at the start, in the middle and at the end.

use crate::facts::ReportFacts;
use crate::holders::{bounds_of, counts, point_of};
use crate::html::{data, legend};
use crate::looks::Look;
use crate::svg::{MapPlace, MapSize, borders_within, draw_map};
use allegiance_show::text::number;
use allegiance_show::view::outlines::OUTLINES_SOURCE;
use allegiance_show::view::{CONTESTED_BELOW, Holder};
use maud::{Markup, html};

/// So many places can all be named on a small map.
const FEW_PLACES: usize = 20;
const NEEDS: [&str; 1] = ["control"];

pub(crate) fn section(facts: &ReportFacts, looks: &[Look]) -> Markup {
    if !facts.has(&NEEDS) {
        return html! { p { (facts.left_out(&NEEDS)) } };
    }
    let Some(bounds) = bounds_of(&facts.setup) else {
        return html! { p { "The scenario has no places." } };
    };
    let titles = [
        format!("At the start, {}", facts.setting.start),
        format!("In the middle, {}", facts.setting.date(facts.map_days.middle)),
        format!("At the end, {}", facts.setting.date(facts.map_days.last)),
    ];
    let draw = |at: usize| {
        let is_large = at == 2;
        let size = MapSize {
            width: if is_large { 1040.0 } else { 520.0 },
            largest_radius: if is_large { 32.0 } else { 16.0 },
            has_names: is_large || facts.setup.places.len() <= FEW_PLACES,
        };
        draw_map(&alt(facts, &titles[at], at), bounds, &places(facts, at), looks, size)
    };
    html! {
        p {
            "A place belongs to the group that has " (format!("{:.0}%", 100.0 * CONTESTED_BELOW)) " or more of its "
            "control; else it is contested and hatched. Circles grow with population."
            @if facts.n_replicates() > 1 {
                " Where the replicates disagree, a circle is cut into slices by the share of them."
            }
            " On a wide page the last map is drawn in twice the scale of the others, circles included; each has a bar of its own."
        }
        figure.tall {
            figcaption { b { "Simulated control" } @if facts.setup.places_are_real == Some(true) {
                " " span { "of real places; not a record of who held them" }
            } }
            (legend(looks))
            ul.legend {
                li {
                    svg viewBox="0 0 22 22" aria-hidden="true" { circle.contested cx="11" cy="11" r="9" {} }
                    " contested: no group has " (format!("{:.0}%", 100.0 * CONTESTED_BELOW)) " of the control"
                }
                @if facts.n_replicates() > 1 {
                    li {
                        svg viewBox="0 0 22 22" aria-hidden="true" {
                            path.plain.place d="M11 11V2A9 9 0 0 1 18.8 15.5Z" {}
                            circle.small.contested fill-opacity="0" cx="11" cy="11" r="9" {}
                            path.whisker fill="none" d="M11 2V11L18.8 15.5M11 11L3.2 15.5" {}
                        }
                        " slices: shares of the replicates, which disagree (on the explore page, which shows one, a split circle is contested)"
                    }
                }
            }
            div.maps {
                @for (at, title) in titles.iter().enumerate() { div { h3 { (title) } (draw(at)) } }
            }
            p.aside { @if borders_within(bounds) { (OUTLINES_SOURCE) " " } "Places: the scenario's sources." }
            (data("Who holds each place, and in how many replicates", &header(&titles), &rows(facts)))
        }
    }
}

fn of_place(facts: &ReportFacts, at: usize, place: usize) -> impl Iterator<Item = Holder> {
    facts.replicates.iter().map(move |replicate| replicate.holders[at][place])
}

fn places(facts: &ReportFacts, at: usize) -> Vec<MapPlace<'_>> {
    let places = facts.setup.places.iter().enumerate();
    places
        .map(|(idx, place)| MapPlace {
            name: &place.name,
            point: point_of(&facts.setup, place),
            population: place.population,
            counts: counts(of_place(facts, at, idx), facts.setup.n_groups()),
        })
        .collect()
}

/// How many places each group holds, in words.
fn alt(facts: &ReportFacts, title: &str, at: usize) -> String {
    let n_groups = facts.setup.n_groups();
    let n = facts.n_replicates().max(1) as f64;
    let mut held = vec![0.0; n_groups + 1];
    for replicate in &facts.replicates {
        for (sum, count) in held.iter_mut().zip(counts(replicate.holders[at].iter().copied(), n_groups)) {
            *sum += count as f64 / n;
        }
    }
    let digits = usize::from(n > 1.0);
    let parts: Vec<String> = facts
        .setting
        .groups
        .iter()
        .map(|group| group.name.as_str())
        .chain(["contested"])
        .zip(&held)
        .filter(|(_, held)| **held > 0.0)
        .map(|(name, held)| format!("{name} {}", number(*held, digits)))
        .collect();
    let mean = if n > 1.0 { ", mean over replicates" } else { "" };
    format!("Map of places. {title}. Places held{mean}: {}. The table below lists every place.", parts.join("; "))
}

fn header(titles: &[String; 3]) -> Vec<String> {
    ["place", "governorate", "inhabitants"].map(str::to_owned).into_iter().chain(titles.iter().cloned()).collect()
}

fn rows(facts: &ReportFacts) -> Vec<Vec<String>> {
    let n_groups = facts.setup.n_groups();
    let n = facts.n_replicates();
    let words = |counts: Vec<usize>| -> String {
        let mut order: Vec<(usize, usize)> = counts.into_iter().enumerate().filter(|&(_, count)| count > 0).collect();
        order.sort_by_key(|&(group, count)| (std::cmp::Reverse(count), group));
        let word = |(group, count): &(usize, usize)| {
            let name = facts.setting.groups.get(*group).map_or("contested", |group| group.name.as_str());
            if *count == n { name.to_owned() } else { format!("{name} {count}") }
        };
        order.iter().map(word).collect::<Vec<_>>().join(", ")
    };
    let places = facts.setup.places.iter().enumerate();
    places
        .map(|(idx, place)| {
            let of_day = |at: usize| words(counts(of_place(facts, at, idx), n_groups));
            let first = [place.name.clone(), place.governorate.clone(), number(f64::from(place.population), 0)];
            first.into_iter().chain((0..3).map(of_day)).collect()
        })
        .collect()
}
