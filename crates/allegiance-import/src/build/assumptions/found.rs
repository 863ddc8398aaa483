//! What was made of the files: how they were read, where events happened, and
//! what of them is in doubt.

use super::super::doubts::FAR_KM;
use super::super::groups::is_placeholder;
use super::super::places::SAME_KM;
use super::super::settlements::INHABITANTS_PER_DEATH;
use super::super::write::Draft;
use super::Assumption;
use allegiance_scenario::csv_table::{count, first_names};
use allegiance_scenario::event_rows::{NAMED_KM, PEOPLE_PER_KM2};

pub(super) fn list(story: &Draft<'_>, all: &mut Vec<Assumption>) {
    list_reading(story, all);
    list_where(story, all);
    list_doubts(story, all);
    list_places(story, all);
    list_polygons(story, all);
    list_placeholders(story, all);
}

fn list_reading(story: &Draft<'_>, all: &mut Vec<Assumption>) {
    let of = |name: &str, notes: &[String]| (!notes.is_empty()).then(|| format!("{name}: {}", notes.join("; ")));
    let notes: Vec<String> = [of(&story.file.name, &story.file.notes), of(&story.map.table_name, &story.map.notes)]
        .into_iter()
        .flatten()
        .collect();
    if !notes.is_empty() {
        all.push(Assumption {
            topic: "how the files were read",
            rule: "layouts, encodings and separators are told by the files themselves".to_owned(),
            gave: notes.join(". "),
            n_rows: 0,
            change: "the files".to_owned(),
        });
    }
}

/// At which places events are.
fn list_where(story: &Draft<'_>, all: &mut Vec<Assumption>) {
    let mut n_named = 0;
    let mut elsewhere = Vec::new();
    for event in story.kept {
        let Some(found) = story.map.find(event) else { continue };
        if found.is_named {
            n_named += 1;
        } else if let Some((namesake, distance)) = story.map.namesake(event).filter(|(at, _)| *at != found.place) {
            let [there, here] = [namesake, found.place].map(|at| story.map.places[at].name.as_str());
            elsewhere.push(format!("{} at {here}, {distance:.0} km from {there}", event.row.id));
        }
    }
    let others = if elsewhere.is_empty() {
        String::new()
    } else {
        format!("; {} elsewhere than a place of their name: {}", elsewhere.len(), first_names(&elsewhere))
    };
    let gave = format!("{n_named} of {} at the place that they name{others}", count(story.kept.len(), "event"));
    all.push(Assumption {
        topic: "where events happened",
        rule: format!(
            "at the place that the event names (where_coordinates) within {NAMED_KM} km, else at the place whose edge is nearest, a built-up area having {PEOPLE_PER_KM2} inhabitants per square kilometre; judgement"
        ),
        gave,
        n_rows: story.kept.len(),
        change: "names, coordinates and population of places.csv; where_coordinates in events.csv".to_owned(),
    });
}

fn list_doubts(story: &Draft<'_>, all: &mut Vec<Assumption>) {
    let doubts = &story.map.doubts;
    if !doubts.told.is_empty() {
        all.push(Assumption {
            topic: "coordinates in doubt",
            rule: format!("coordinates are taken as they are; those farther than {FAR_KM} km from every place of the table may be wrong"),
            gave: doubts.told.join(". "),
            n_rows: doubts.n_rows,
            change: "latitude and longitude of these rows, or leave the events out by their identifiers".to_owned(),
        });
    }
}

fn list_places(story: &Draft<'_>, all: &mut Vec<Assumption>) {
    let map = story.map;
    if !map.merged.is_empty() {
        all.push(Assumption {
            topic: "places that the table has twice",
            rule: format!("rows of one name within {SAME_KM} km are one place, with the larger of their populations"),
            gave: format!("{} merged into another: {}", count(map.merged.len(), "row"), first_names(&map.merged)),
            n_rows: map.merged.len(),
            change: "the names in the table of places".to_owned(),
        });
    }
    if map.n_unlocated > 0 {
        all.push(Assumption {
            topic: "rows of places without a location",
            rule: "rows without coordinates, or with 0 and 0, are passed over".to_owned(),
            gave: count(map.n_unlocated, "row"),
            n_rows: map.n_unlocated,
            change: "the table of places".to_owned(),
        });
    }
    if map.n_raised > 0 {
        all.push(Assumption {
            topic: "places that would be too small for their dead",
            rule: format!("a place of unknown size has {INHABITANTS_PER_DEATH} inhabitants for each civilian whom the record has killed there, at least, and as many as homes for the members need who are stationed near for its other deaths"),
            gave: format!("{} with more inhabitants than others of unknown size", count(map.n_raised, "place")),
            n_rows: map.n_raised,
            change: "the column population of places.csv".to_owned(),
        });
    }
}

fn list_polygons(story: &Draft<'_>, all: &mut Vec<Assumption>) {
    let Some(polygons) = story.polygons else { return };
    let mut gave = Vec::new();
    if polygons.n_without_polygon > 0 {
        gave.push(format!("{} without a polygon passed over", count(polygons.n_without_polygon, "feature")));
    }
    if polygons.n_without_name > 0 {
        gave.push(format!("{} without a name passed over", count(polygons.n_without_name, "feature")));
    }
    if !polygons.renamed.is_empty() {
        gave.push(format!("districts of one name told apart by a number: {}", first_names(&polygons.renamed)));
    }
    if !gave.is_empty() {
        let parent = polygons.parent.as_deref().unwrap_or("no property");
        all.push(Assumption {
            topic: "features of the boundaries",
            rule: format!(
                "each feature with a polygon is a district, named by {}, of the governorate named by {parent}; two of one name and governorate are one where their code is one, or where they have none and touch",
                polygons.property
            ),
            gave: gave.join("; "),
            n_rows: polygons.n_without_polygon + polygons.n_without_name + polygons.renamed.len(),
            change: "the file of boundaries, or the property that names its polygons".to_owned(),
        });
    }
}

/// Sides that stand for groups whom nobody has named yet.
fn list_placeholders(story: &Draft<'_>, all: &mut Vec<Assumption>) {
    let sides = story.period.sides.iter().filter(|(side, n_events)| is_placeholder(side) && **n_events > 0);
    let named: Vec<String> = sides.map(|(side, n_events)| format!("{side} ({})", count(*n_events, "event"))).collect();
    if !named.is_empty() {
        all.push(Assumption {
            topic: "placeholders of unknown groups",
            rule: "a name such as XXX482 stands for a group that UCDP hasn't named; it is taken for one group, and its events against itself make none".to_owned(),
            gave: first_names(&named),
            n_rows: named.len(),
            change: "the table of groups".to_owned(),
        });
    }
}
