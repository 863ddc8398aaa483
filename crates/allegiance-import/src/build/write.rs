//! The files of the scenario as texts.

use std::fmt::Write as _;

use allegiance_model::axes::{AxisSetup, CAUSE};
use allegiance_model::setup::{Country, FieldValue, GroupSetup, OperationsMode, RelationKind, Takes};

use super::assumptions::{self, Assumption};
use super::boundaries::Boundaries;
use super::control::Control;
use super::events::{Event, EventFile, STATE_BASED};
use super::garrisons::Garrisons;
use super::groups::{Cast, Group};
use super::kinds::constituency_of;
use super::period::Period;
use super::places::Layout;
use super::rates::{attacks_per_month, joining_per_month};
use super::relations::Relation;
use super::settlements::{Map, OWN_PLACE_KM, Origin, Place};
use super::sizes::{RANGE, replacements_per_month, whole};
use super::{ASSUMPTIONS, BuildRequest, Undated};
use allegiance_record::plain;
use allegiance_scenario::csv_table::{count, csv_text};
use allegiance_scenario::event_rows::whole_of;
use allegiance_scenario::packed::{PackedCsv, PackedText};
use allegiance_scenario::{EVENTS, slug};
use allegiance_scenario::{Profile, ScenarioFile};

/// All that was found out, for those who write it down.
pub(super) struct Draft<'a> {
    pub(super) request: &'a BuildRequest,
    pub(super) file: &'a EventFile,
    pub(super) period: &'a Period<'a>,
    pub(super) cast: &'a Cast,
    pub(super) map: &'a Map,
    pub(super) polygons: Option<&'a Boundaries>,
    pub(super) relations: &'a [Relation],
    pub(super) control: &'a Control,
    pub(super) garrisons: &'a Garrisons,
    /// The events that are replayed, in order.
    pub(super) kept: &'a [&'a Event],
    /// What the record says of the country.
    pub(super) country: Country,
}

/// What the record says of the country: of several conflicts of its
/// government, that with most events.
pub(super) fn country(request: &BuildRequest, file: &EventFile, kept: &[&Event]) -> Country {
    let unnamed = Country::default();
    let events = || kept.iter().copied();
    let state_based = events().filter(|event| event.row.type_of_violence == STATE_BASED);
    let number = file
        .commonest(events(), "country_id")
        .as_deref()
        .and_then(whole_of)
        .filter(|number| (1..=999).contains(number));
    let country = Country {
        gw_number: number.map_or(unnamed.gw_number, |number| number as u32),
        region: file.commonest(events(), "region").unwrap_or(unnamed.region),
        conflict: file.commonest(state_based, "conflict_name"),
        name: request.country.clone(),
    };
    let by_default = Country { conflict: None, ..country.clone() };
    if country.conflict_name() == by_default.conflict_name() { by_default } else { country }
}

impl Draft<'_> {
    /// The scenario's identifier: country and first day.
    pub(super) fn id(&self) -> String {
        let country = slug(&self.request.country).replace('_', "-");
        let stem = if country.is_empty() { "war".to_owned() } else { country };
        format!("{stem}-{}", self.request.from)
    }

    pub(super) fn n_undated(&self) -> usize {
        self.kept.iter().filter(|event| event.is_undated).count()
    }
}

/// The files but for the events, `scenario.toml` first.
pub(super) fn files(story: &Draft<'_>, assumptions: &[Assumption]) -> Vec<ScenarioFile> {
    let file = |name: &str, text: String| ScenarioFile { name: name.to_owned(), text };
    vec![
        file("scenario.toml", scenario(story)),
        file("places.csv", places(story)),
        file("control.csv", control(story)),
        file("garrisons.csv", garrisons(story)),
        file(ASSUMPTIONS, plain(&assumptions::page(story, assumptions)).into_owned()),
    ]
}

fn header(names: &[&str]) -> std::iter::Once<Vec<String>> {
    std::iter::once(names.iter().map(|name| (*name).to_owned()).collect())
}

fn places(story: &Draft<'_>) -> String {
    let names = [
        "place",
        "name",
        "kind",
        "governorate",
        "district",
        "subdistrict",
        "latitude",
        "longitude",
        "population",
        "source",
    ];
    let rows = story.map.places.iter().map(|place| {
        let [governorate, district, subdistrict] = place.admin.clone();
        vec![
            place.id.clone(),
            place.name.clone(),
            place.kind.word().to_owned(),
            governorate,
            district,
            subdistrict,
            format!("{:.5}", place.point.0),
            format!("{:.5}", place.point.1),
            place.population.to_string(),
            sources_of(place).to_owned(),
        ]
    });
    csv_text(header(&names).chain(rows))
}

/// The keys of sources of a place.
fn sources_of(place: &Place) -> &'static str {
    match (place.origin, place.is_population_known) {
        (Origin::Table, true) => "places",
        (Origin::Table, false) => "places+rule_population",
        (Origin::Events, _) => "ucdp_ged+rule_event_place+rule_population",
        (Origin::Countryside, _) => "rule_countryside",
    }
}

fn control(story: &Draft<'_>) -> String {
    let rows = story.map.places.iter().enumerate().flat_map(|(at, place)| {
        let shares = story.control.of(at).iter().zip(&story.cast.groups).filter(|(share, _)| **share > 0);
        shares.map(|(share, group)| {
            let share = format!("{}.{:02}", share / 100, share % 100);
            vec![place.id.clone(), group.id.clone(), share, "rule_control".to_owned()]
        })
    });
    csv_text(header(&["place", "group", "share", "source"]).chain(rows))
}

fn garrisons(story: &Draft<'_>) -> String {
    let rows = story.garrisons.rows.iter().map(|&(group, place, members)| {
        let ids = [&story.cast.groups[group].id, &story.map.places[place].id];
        vec![ids[0].clone(), ids[1].clone(), members.to_string(), "rule_garrison".to_owned()]
    });
    csv_text(header(&["group", "place", "members", "source"]).chain(rows))
}

/// The events, compressed until the file that they come from is freed.
pub(super) fn events(story: &Draft<'_>) -> PackedText {
    let mut text = PackedCsv::of(EVENTS.names());
    story.file.each_row(story.kept, |row| text.add(row.cells()));
    text.finish()
}

/// A text of TOML on one line.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c if c.is_control() => write!(quoted, "\\u{:04X}", u32::from(c)).expect("a string takes any text"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

macro_rules! put {
    ($text:expr, $($rest:tt)*) => { writeln!($text, $($rest)*).expect("a string takes any text") };
}

fn scenario(story: &Draft<'_>) -> String {
    let mut text = String::new();
    put_head(&mut text, story);
    put_sources(&mut text, story);
    put_observation(&mut text, story);
    put_operations(&mut text, story);
    put_kinds(&mut text, story);
    for (at, group) in story.cast.groups.iter().enumerate() {
        put_group(&mut text, story, at, group);
    }
    put_relations(&mut text, story);
    put_replacements(&mut text, story);
    put_later_wars(&mut text, story);
    put_rates(&mut text, story);
    put_actors(&mut text, story);
    text
}

fn put_head(text: &mut String, story: &Draft<'_>) {
    let request = story.request;
    let n_days = request.n_days();
    put!(text, "# Built by `allegiance data build` from {} and {}.", story.file.name, story.map.table_name);
    put!(text, "# What was assumed, how many rows each assumption touched, and where to change it:");
    put!(text, "# ASSUMPTIONS.md beside this file. Sizes and characters of groups are judgement");
    put!(text, "# unless their note says that they were given.\n");
    put!(text, "format = 1");
    put!(text, "id = {}", quoted(&story.id()));
    let title = format!("{}, {} to {}, built from UCDP GED", request.country, request.from, request.to);
    put!(text, "title = {}", quoted(&title));
    let mode = match request.mode {
        OperationsMode::Observed => {
            "Incidents are those of the record; who was there, who heard of it and who leaves is simulated."
        }
        OperationsMode::Endogenous => {
            "Incidents follow from the groups' own choices; the record only says who fights whom, and where they start."
        }
    };
    let description = format!(
        "{} events of the war in {}, {} armed groups and {} places. {mode} Every person is synthetic. Places and events are facts with a source; sizes and characters of groups, control and garrisons follow from stated rules.",
        story.kept.len(),
        request.country,
        story.cast.groups.len(),
        story.map.places.len()
    );
    put!(text, "description = {}", quoted(&description));
    put!(text, "start = {}", request.from);
    put!(text, "days = {n_days}");
    put!(text, "seed = {}", request.seed);
    // Events that name no country of the record may be of any world.
    if story.country.gw_number == Country::default().gw_number {
        put!(text, "# places_are_real = true  # or false: the events don't say whether their places exist\n");
    } else {
        put!(text, "places_are_real = true\n");
    }
}

fn put_sources(text: &mut String, story: &Draft<'_>) {
    put!(text, "[sources]");
    let mut source = |key: &str, citation: &str| put!(text, "{key} = {}", quoted(citation));
    source(
        "ucdp_ged",
        &format!(
            "UCDP Georeferenced Event Dataset (GED), the file {}, CC BY 4.0. Cite the version that it comes from with Sundberg & Melander (2013), Introducing the UCDP Georeferenced Event Dataset, Journal of Peace Research 50(4).",
            story.file.name
        ),
    );
    let map = story.map;
    let licence = match map.layout {
        Layout::GeoNamesDump | Layout::GeoNamesCsv => {
            "GeoNames geographical database (geonames.org), CC BY 4.0, if the table is that"
        }
        Layout::Ocha => "OCHA common operational datasets, CC BY-IGO unless the data set says otherwise",
    };
    source(
        "places",
        &format!(
            "The file {} in the layout {}: {licence}. Population is undated and taken as it stands.",
            map.table_name,
            map.layout.words()
        ),
    );
    if let Some(polygons) = story.polygons {
        source(
            "boundaries",
            &format!(
                "The file {}, names of districts by the property {}; its licence is its publisher's.",
                polygons.name, polygons.property
            ),
        );
    }
    for (key, rule) in assumptions::rules(story) {
        source(key, &rule);
    }
    for (at, citation) in citations(story).iter().enumerate() {
        source(&citation_key(at), citation);
    }
    source(
        "judgement",
        "Judgement: a profile of the kind of group, or a rule without a source. To be varied in any analysis.",
    );
    text.push('\n');
}

/// The user's citations, each once.
fn citations(story: &Draft<'_>) -> Vec<String> {
    let mut citations: Vec<String> = Vec::new();
    for citation in story.cast.groups.iter().flat_map(|group| &group.citations) {
        if !citations.contains(citation) {
            citations.push(citation.clone());
        }
    }
    citations
}

fn citation_key(at: usize) -> String {
    format!("given_{}", at + 1)
}

fn put_observation(text: &mut String, story: &Draft<'_>) {
    let Country { name, gw_number, region, conflict } = story.country.clone();
    put!(text, "# What the reported record of a run names.\n[observation]\ncountry = {}", quoted(&name));
    if gw_number != Country::default().gw_number {
        put!(text, "gw_number = {gw_number}");
    }
    if region != Country::default().region {
        put!(text, "region = {}", quoted(&region));
    }
    if let Some(conflict) = conflict {
        put!(text, "conflict = {}", quoted(&conflict));
    }
    text.push('\n');
}

fn put_operations(text: &mut String, story: &Draft<'_>) {
    // A city may be smaller in a population asked for than in the table, so that its edge is farther.
    let found = story.kept.iter().filter_map(|event| story.map.find(event)).filter(|found| !found.is_named);
    let farthest_km = found.map(|found| found.outside_km).fold(OWN_PLACE_KM, f64::max);
    // Places are written to five decimals, so an event at the limit may seem farther.
    let within_km = (farthest_km * 10.0).ceil() / 10.0 + 0.1;
    put!(text, "[operations]");
    put!(text, "mode = {}", quoted(story.request.mode.word()));
    put!(text, "events_within_km = {within_km}\n");
    put!(text, "[tables]\nplaces = \"places.csv\"\ncontrol = \"control.csv\"\ngarrisons = \"garrisons.csv\"");
    if story.request.mode == OperationsMode::Observed {
        put!(text, "events = \"events.csv\"\n");
    } else {
        put!(text, "# To replay the record, set mode = \"observed\" above and name its events here:");
        put!(text, "# events = \"events.csv\"\n");
    }
}

/// The kinds of the groups and whom they draw on.
fn put_kinds(text: &mut String, story: &Draft<'_>) {
    put!(text, "# Who falls out, forgives and blames within one camp follows from the constituency.");
    put!(text, "[constituencies]");
    for (id, meaning) in story.cast.constituencies() {
        put!(text, "{id} = {}", quoted(&meaning));
    }
    text.push('\n');
    for (kind, is_militia) in story.cast.kinds() {
        put!(text, "[[kinds]]\nid = {}\nconstituency = {}", quoted(kind), quoted(constituency_of(kind)));
        match kind {
            "state" => put!(text, "is_state = true\n"),
            _ if is_militia => put!(text, "stays_home = true\nreported_as = \"local_defence\"\n"),
            _ => text.push('\n'),
        }
    }
}

fn put_group(text: &mut String, story: &Draft<'_>, at: usize, group: &Group) {
    put!(text, "[[groups]]");
    put!(text, "id = {}", quoted(&group.id));
    put!(text, "name = {}", quoted(&group.name));
    put!(text, "kind = {}", quoted(&group.kind));
    let size = if group.is_size_given { "given" } else { "judgement, by rule_size" };
    put!(text, "members = {} # {size}", group.members);
    put_fields(text, &group.character);
    let mut keys = vec!["ucdp_ged".to_owned()];
    if !group.is_size_given {
        keys.push("rule_size".to_owned());
    }
    let known = citations(story);
    keys.extend(
        group
            .citations
            .iter()
            .filter_map(|citation| known.iter().position(|other| other == citation))
            .map(citation_key),
    );
    keys.push("judgement".to_owned());
    let keys: Vec<String> = keys.iter().map(|key| quoted(key)).collect();
    put!(text, "source = [{}]", keys.join(", "));
    put!(text, "note = {}\n", quoted(&note(story, at, group)));
}

/// Every field but the size, which is found out apart.
fn put_fields(text: &mut String, character: &GroupSetup) {
    let scores = AxisSetup::USUAL.iter().zip(&character.cause);
    let scores: Vec<String> = scores.map(|(axis, score)| format!("{axis} = {score}")).collect();
    put!(text, "{CAUSE} = {{ {} }}", scores.join(", "));
    let values = character.values();
    for field in GroupSetup::FIELDS.iter().filter(|field| field.name != "members") {
        let value = |path: &str| values.iter().find(|(name, _)| name == path).map(|(_, value)| *value);
        if let Takes::Parts(parts) = field.takes {
            let each = parts.parts.iter().filter_map(|part| {
                let value = value(&format!("{}.{}", field.name, part.name))?;
                Some(format!("{} = {value}", part.name))
            });
            put!(text, "{} = {{ {} }}", field.name, each.collect::<Vec<_>>().join(", "));
        } else if let Some(value) = value(field.name).filter(|value| *value != FieldValue::Unstated) {
            put!(text, "{} = {value}", field.name);
        }
    }
}

/// What is known of a group and what isn't.
fn note(story: &Draft<'_>, at: usize, group: &Group) -> String {
    let mut note = if group.sides.is_empty() {
        "No event names it; it is there to hold what nobody else holds.".to_owned()
    } else {
        format!(
            "Stands for {}: {} and about {} members killed in the period.",
            group.sides.join("; "),
            count(group.n_events, "event"),
            whole(group.n_dead)
        )
    };
    if group.is_size_given {
        note.push_str(" Members as given.");
    } else {
        let members = f64::from(group.members);
        write!(
            note,
            " Members are judgement: {}; anything from {} to {} is plausible.",
            group.members_rule,
            whole(members / RANGE),
            whole(members * RANGE)
        )
        .expect("a string takes any text");
    }
    if let Some((_, lacking)) = story.garrisons.reduced.iter().find(|(reduced, _)| *reduced == at) {
        write!(note, " {lacking} fewer than that, for the men of its places don't suffice.")
            .expect("a string takes any text");
    }
    if group.given.is_empty() {
        write!(note, " All other numbers are the profile of {}.", group.class.meaning())
            .expect("a string takes any text");
    } else {
        let given: Vec<&str> = group.given.iter().copied().collect();
        write!(note, " Given: {}; all other numbers are the profile of {}.", given.join(", "), group.class.meaning())
            .expect("a string takes any text");
    }
    note
}

fn put_relations(text: &mut String, story: &Draft<'_>) {
    let id = |at: usize| quoted(&story.cast.groups[at].id);
    for relation in story.relations.iter().filter(|relation| relation.since.is_none()) {
        put!(text, "[[relations]]\na = {}\nb = {}", id(relation.a), id(relation.b));
        put!(text, "kind = {}", quoted(relation.kind.word()));
        let note = match relation.kind {
            RelationKind::War => format!("{} between them.", count(relation.n_events, "event")),
            RelationKind::Alliance => "An enemy in common, and no event between them.".to_owned(),
            RelationKind::Truce => "No event between them before.".to_owned(),
        };
        put!(text, "source = [\"ucdp_ged\", \"rule_relation\"]\nnote = {}\n", quoted(&note));
    }
}

/// Wars that begin later, on the timeline.
fn put_later_wars(text: &mut String, story: &Draft<'_>) {
    let id = |at: usize| quoted(&story.cast.groups[at].id);
    let mut later: Vec<&Relation> = story.relations.iter().filter(|relation| relation.since.is_some()).collect();
    later.sort_by_key(|relation| (relation.since, relation.a, relation.b));
    for relation in later {
        let Some(date) = relation.since else { continue };
        put!(text, "[[timeline]]\ndate = {date}\nkind = \"relation\"");
        put!(text, "a = {}\nb = {}\nrelation = {}", id(relation.a), id(relation.b), quoted(relation.kind.word()));
        let note = format!("The first of {} between them.", count(relation.n_events, "event"));
        put!(text, "note = {}\nsource = [\"ucdp_ged\", \"rule_relation\"]\n", quoted(&note));
    }
}

/// What states send to make up for those whom the record has killed.
fn put_replacements(text: &mut String, story: &Draft<'_>) {
    let request = story.request;
    for group in &story.cast.groups {
        let Some(per_month) = replacements_per_month(request, group) else { continue };
        put!(text, "[[timeline]]\ndate = {}\nkind = \"inflow\"\ngroup = {}", request.from, quoted(&group.id));
        let is_foreign = group.class == Profile::ForeignState;
        put!(text, "members_per_month = {per_month}\nforeign = {is_foreign}");
        put!(text, "note = {}", quoted("Replacements for its dead, as many as the record has in the period."));
        put!(text, "source = [\"ucdp_ged\", \"rule_replacement\", \"judgement\"]\n");
    }
}

fn put_rates(text: &mut String, story: &Draft<'_>) {
    put!(text, "# {}", assumptions::joining_rule());
    put!(text, "[parameters.joining]\nper_month = {}\n", joining_per_month(story.cast, story.map));
    put!(text, "# {}", assumptions::attacks_rule());
    let attacks = attacks_per_month(story.request, story.period, story.cast);
    put!(text, "[parameters.operations]\nattacks_per_month = {attacks}\n");
}

fn put_actors(text: &mut String, story: &Draft<'_>) {
    put!(text, "# The groups of the sides of the record; \"\" leaves a side's events out.");
    put!(text, "[actors]");
    for (side, group) in &story.cast.of_side {
        let id = group.map_or("", |at| story.cast.groups[at].id.as_str());
        put!(text, "{} = {}", quoted(side), quoted(id));
    }
}

/// Whether any event of the period was given a day by a draw.
pub(super) fn has_drawn_days(story: &Draft<'_>) -> bool {
    story.request.undated == Undated::Spread && story.n_undated() > 0
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn texts_are_quoted_as_toml_reads_them() {
        let odd = "a \"b\" \\ c\td\u{1}é";
        let value: toml::Table = toml::from_str(&format!("x = {}", quoted(odd))).expect("valid TOML");
        assert_eq!(value["x"].as_str(), Some(odd));
    }
}
