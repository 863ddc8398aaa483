//! Turns a checked tree and its tables into a setup, checking every reference.

use std::num::NonZeroU32;

use allegiance_model::axes::{AxisSetup, CAUSE, MEAN_SCORE};
use allegiance_model::calendar::Date;
use allegiance_model::ids::{ConstituencyId, GroupId, KindId};
use allegiance_model::observation::ObservationParameters;
use allegiance_model::parameters::{ParameterInfo, Parameters, SetParameterError};
use allegiance_model::setup::{
    BeliefTheory, Country, ExitTheory, GroupSetup, KindSetup, Mechanism, RelationKind, ReportedAs, Setup, Switches,
    Theory,
};
use allegiance_model::theory::OWN;

use crate::case::CaseReader;
use crate::csv_table::count;
use crate::events::{EventsReader, reach};
use crate::format;
use crate::garrisons;
use crate::names::Names;
use crate::overrides::{GroupKey, group_fields, value_of};
use crate::places::{self, TableFile};
use crate::problem::{Problems, Spot, did_you_mean, list_choices};
use crate::theory;
use crate::timeline::TimelineReader;
use crate::tree::{Node, Table, Value};

/// The tables that the scenario names, where they could be read.
#[derive(Default)]
pub(crate) struct TableFiles {
    pub(crate) places: Option<TableFile>,
    pub(crate) control: Option<TableFile>,
    pub(crate) garrisons: Option<TableFile>,
    pub(crate) events: Option<TableFile>,
    pub(crate) case: Option<TableFile>,
    pub(crate) theories: Vec<(TableFile, Spot)>,
}

/// Builds the setup; it is meaningful only where no error was added.
pub(crate) fn resolve(root: &Node, files: &TableFiles, problems: &mut Problems) -> Setup {
    let nothing = Table::new();
    let scenario = root.as_table().unwrap_or(&nothing);
    let sources = read_sources(scenario);
    let (kinds, constituencies) = read_kinds(scenario, problems);
    let mut axes = read_axes(scenario, &sources, problems);
    let (groups, group_names) = read_groups(scenario, &sources, (&kinds, &axes), problems);
    read_enemies(scenario, &group_names, &mut axes, problems);
    let (mut place_setups, place_names) = match &files.places {
        Some(file) => places::read_places(file, &sources, problems),
        None => (Vec::new(), Names::new("place", "places")),
    };
    places::read_displaced(scenario, &sources, &mut place_setups, problems);
    let names = (&place_names, &group_names, &sources);
    if let Some(file) = &files.control {
        places::read_control(file, names, &mut place_setups, groups.len(), problems);
    }
    let garrisons = garrisons::read_garrisons(files.garrisons.as_ref(), names, &place_setups, &groups, problems);
    let start = get(scenario, "start").and_then(Node::as_day);
    let days = get(scenario, "days").filter(|node| format::DAYS.refuse(node).is_none());
    let n_days = days.and_then(Node::as_whole).map(|days| days as u32);
    if let (Some(start), Some(n_days), Some(node)) = (start, n_days, days)
        && start.days_until_last() < n_days
    {
        let allowed = format!("must be {} or fewer, because dates end with the year 9999", start.days_until_last());
        problems.error(node.spot, "days", format!("is {n_days}")).allowed(allowed);
    }
    let seed = get(scenario, "seed").and_then(Node::as_whole).unwrap_or(0) as u64;
    let relations = read_relations(scenario, names, problems);
    let mut timeline_reader = TimelineReader { names, prefix: String::new(), start, n_days, problems: &mut *problems };
    let timeline = timeline_reader.read(scenario);
    let mut events_reader =
        EventsReader { places: &place_setups, group_names: &group_names, start, n_days, problems: &mut *problems };
    let (mode, events) = events_reader.read(scenario, files.events.as_ref());
    let setups: Vec<&GroupSetup> = groups.iter().map(|(group, _)| group).collect();
    let mut case_reader = CaseReader {
        place_names: &place_names,
        group_names: &group_names,
        places: &place_setups,
        kinds: &kinds,
        groups: &setups,
        problems: &mut *problems,
    };
    let case = files.case.as_ref().and_then(|file| case_reader.read(file));
    let mut setup = Setup {
        start: start.unwrap_or_else(first_date),
        n_days: n_days.unwrap_or(1),
        seed,
        places: place_setups,
        kinds,
        constituencies,
        axes,
        groups: groups.into_iter().map(|(group, _)| group).collect(),
        relations,
        garrisons,
        timeline,
        mode,
        events,
        theory: read_theory(scenario),
        own_theories: theory::of_scenario(&files.theories, problems),
        parameters: Parameters::default(),
        switches: read_switches(scenario),
        scale: NonZeroU32::MIN,
        observation: ObservationParameters::default(),
        country: read_country(scenario),
        case,
        places_are_real: get(scenario, "places_are_real").and_then(Node::as_flag),
    };
    // Nothing is known of the parameters of a theory that couldn't be read.
    let named =
        get(scenario, "theory").and_then(Node::as_table).is_some_and(|theory| theory.contains_key(crate::load::THEORY));
    let is_theory_unread = named && setup.own_theories.len() < files.theories.len().max(1);
    read_parameters(scenario, &mut setup, is_theory_unread, problems);
    if let Some(file) = &files.events {
        reach::warn(&setup, file.file_idx, problems);
    }
    setup
}

pub(crate) fn get<'t>(table: &'t Table, key: &str) -> Option<&'t Node> {
    table.get(key).map(|(_, node)| node)
}

pub(crate) fn text<'t>(table: &'t Table, key: &str) -> &'t str {
    get(table, key).and_then(Node::as_text).unwrap_or_default()
}

pub(crate) fn number(table: &Table, key: &str) -> f64 {
    get(table, key).and_then(Node::as_number).unwrap_or(f64::NAN)
}

pub(crate) fn items<'t>(table: &'t Table, key: &str) -> impl Iterator<Item = (usize, &'t Table, Spot)> + use<'t> {
    let items = get(table, key).map_or(&[][..], Node::items);
    items.iter().enumerate().filter_map(|(idx, item)| Some((idx, item.as_table()?, item.spot)))
}

fn first_date() -> Date {
    Date::from_ymd(1, 1, 1).expect("the calendar has this day")
}

fn read_sources(scenario: &Table) -> Names {
    let mut names = Names::new("source", "sources");
    if let Some(Value::Table(sources)) = get(scenario, "sources").map(|node| &node.value) {
        for key in sources.keys() {
            names.add(key);
        }
    }
    names
}

pub(crate) fn check_sources(entry: &Table, path: &str, sources: &Names, problems: &mut Problems) {
    for (key, spot) in get(entry, "source").map_or_else(Vec::new, Node::as_texts) {
        sources.find(key, spot, &format!("{path}.source"), problems);
    }
}

/// The kinds of groups and the names of the constituencies; the usual ones where
/// the scenario declares no kinds.
fn read_kinds(scenario: &Table, problems: &mut Problems) -> (Vec<KindSetup>, Vec<String>) {
    let mut constituencies = Names::new("constituency", "constituencies");
    let declared = get(scenario, "constituencies").and_then(Node::as_table);
    for id in declared.into_iter().flat_map(Table::keys) {
        constituencies.add(id);
    }
    let Some((spot, _)) = scenario.get("kinds") else {
        return (KindSetup::usual(), KindSetup::USUAL_CONSTITUENCIES.map(str::to_owned).to_vec());
    };
    let mut names = Names::new("kind", "kinds");
    let mut kinds = Vec::new();
    for (idx, table, spot) in items(scenario, "kinds") {
        let path = format!("kinds[{idx}]");
        let id = text(table, "id");
        if !id.is_empty() && !names.add(id) {
            problems.error(spot, format!("{path}.id"), format!("{id:?} is there twice")).allowed("must be unique");
        }
        kinds.push(read_kind(table, &path, &constituencies, problems));
    }
    if kinds.is_empty() || kinds.len() > Setup::MAX_KINDS {
        problems
            .error(*spot, "kinds", format!("lists {}", count(kinds.len(), "kind")))
            .allowed(format!("must list 1 to {}", Setup::MAX_KINDS));
    }
    let named = (0..constituencies.len()).map(|at| constituencies.name(at).to_owned()).collect();
    (kinds, named)
}

fn read_kind(table: &Table, path: &str, constituencies: &Names, problems: &mut Problems) -> KindSetup {
    let flag = |key: &str| get(table, key).and_then(Node::as_flag).unwrap_or(false);
    let is_state = flag("is_state");
    let named = get(table, "constituency").and_then(|node| Some((node.as_text()?, node.spot)));
    let constituency = named.and_then(|(name, spot)| {
        let key = format!("{path}.constituency");
        if constituencies.len() == 0 {
            problems
                .error(spot, key.as_str(), format!("is {name:?}"))
                .allowed("must be a key of [constituencies], which is missing");
        }
        constituencies.find(name, spot, &key, problems)
    });
    let usual = if is_state { ReportedAs::State } else { ReportedAs::Rebel };
    KindSetup {
        id: text(table, "id").to_owned(),
        constituency: ConstituencyId::from_idx(constituency.unwrap_or(0)),
        is_state,
        stays_home: flag("stays_home"),
        reported_as: ReportedAs::from_word(text(table, "reported_as")).unwrap_or(usual),
    }
}

/// The axes of cause, but for the groups that they are against; the usual ones
/// where the scenario declares none.
fn read_axes(scenario: &Table, sources: &Names, problems: &mut Problems) -> Vec<AxisSetup> {
    let Some((spot, _)) = scenario.get("axes") else { return AxisSetup::usual() };
    let mut names = Names::new("axis", "axes");
    let mut axes = Vec::new();
    for (idx, table, spot) in items(scenario, "axes") {
        let id = text(table, "id");
        if !id.is_empty() && !names.add(id) {
            problems.error(spot, format!("axes[{idx}].id"), format!("{id:?} is there twice")).allowed("must be unique");
        }
        check_sources(table, &format!("axes[{idx}]"), sources, problems);
        axes.push(AxisSetup {
            mean: get(table, "mean").and_then(Node::as_number).unwrap_or(MEAN_SCORE),
            weight: get(table, "weight").and_then(Node::as_number).unwrap_or(1.0),
            is_home_rule: get(table, "is_home_rule").and_then(Node::as_flag).unwrap_or(false),
            ..AxisSetup::plain(id, text(table, "meaning"))
        });
    }
    if axes.is_empty() || axes.len() > Setup::MAX_AXES {
        let found = match axes.len() {
            1 => "lists 1 axis".to_owned(),
            n => format!("lists {n} axes"),
        };
        problems.error(*spot, "axes", found).allowed(format!("must list 1 to {}", Setup::MAX_AXES));
    }
    axes
}

/// The groups that each axis is against.
fn read_enemies(scenario: &Table, group_names: &Names, axes: &mut [AxisSetup], problems: &mut Problems) {
    for (idx, table, _) in items(scenario, "axes") {
        let named = get(table, "against").map_or_else(Vec::new, Node::as_texts).into_iter();
        let mut against: Vec<GroupId> = named
            .filter_map(|(name, spot)| group_names.find(name, spot, &format!("axes[{idx}].against"), problems))
            .map(GroupId::from_idx)
            .collect();
        against.sort_unstable();
        against.dedup();
        if let Some(axis) = axes.get_mut(idx) {
            axis.against = against;
        }
    }
}

/// Tells which axes a cause has no score on, and which it has that don't exist.
/// Scores of a scenario below the one that declares the axes don't count.
fn check_cause(table: &Table, path: &str, axes: (&[AxisSetup], Option<Spot>), problems: &mut Problems) {
    let (axes, declared) = axes;
    let Some(node) = get(table, CAUSE) else { return };
    let Some(scores) = node.as_table() else { return };
    let names: Vec<&str> = axes.iter().map(|axis| axis.id.as_str()).collect();
    for (name, (spot, _)) in scores {
        // Files are numbered from the top.
        let is_below = declared.is_some_and(|declared| spot.file_idx > declared.file_idx);
        if !names.contains(&name.as_str()) && !is_below {
            let key = format!("{path}.{CAUSE}.{name}");
            problems.error(*spot, key, "isn't an axis of cause").choices("axes", name, names.iter().copied());
        }
    }
    for name in names.into_iter().filter(|name| !scores.contains_key(*name)) {
        let allowed = format::shape_of_score().allowed();
        problems.error(node.spot, format!("{path}.{CAUSE}.{name}"), "is missing").allowed(allowed);
    }
}

fn read_groups(
    scenario: &Table,
    sources: &Names,
    (kinds, axes): (&[KindSetup], &[AxisSetup]),
    problems: &mut Problems,
) -> (Vec<(GroupSetup, Spot)>, Names) {
    let mut kind_names = Names::new("kind", "kinds");
    for kind in kinds {
        kind_names.add(&kind.id);
    }
    let mut names = Names::new("group", "groups");
    let mut groups = Vec::new();
    let mut n_groups = 0;
    for (idx, table, spot) in items(scenario, "groups") {
        n_groups += 1;
        if n_groups > Setup::MAX_GROUPS {
            // Nothing else is said of them, and nothing grows with their square.
            names.are_all = false;
            continue;
        }
        let path = format!("groups[{idx}]");
        let id = text(table, "id");
        if !names.add(id) && !id.is_empty() {
            problems.error(spot, format!("{path}.id"), format!("{id:?} is there twice")).allowed("must be unique");
        }
        names.are_all &= !id.is_empty();
        check_sources(table, &path, sources, problems);
        let kind = get(table, "kind").and_then(|node| Some((node.as_text()?, node.spot)));
        let kind = kind.and_then(|(name, spot)| kind_names.find(name, spot, &format!("{path}.kind"), problems));
        check_cause(table, &path, (axes, scenario.get("axes").map(|(spot, _)| *spot)), problems);
        groups.push((read_group(table, KindId::from_idx(kind.unwrap_or(0)), axes), spot));
    }
    if let Some((spot, _)) = scenario.get("groups")
        && !(1..=Setup::MAX_GROUPS).contains(&n_groups)
    {
        problems
            .error(*spot, "groups", format!("lists {}", count(n_groups, "group")))
            .allowed(format!("must list 1 to {}", Setup::MAX_GROUPS));
    }
    (groups, names)
}

/// The fields of a group, as far as they are right; its checker has told the
/// rest.
fn read_group(table: &Table, kind: KindId, axes: &[AxisSetup]) -> GroupSetup {
    let mut group = GroupSetup::blank(text(table, "id"), text(table, "name"), kind);
    group.cause = vec![f64::NAN; axes.len()];
    for GroupKey { name: path, shape, .. } in group_fields(axes) {
        let node = match path.split_once('.') {
            Some((field, part)) => get(table, field).and_then(Node::as_table).and_then(|inner| get(inner, part)),
            None => get(table, &path),
        };
        if let Some(value) = node.filter(|node| shape.refuse(node).is_none()).and_then(|node| value_of(node, shape)) {
            group.set_on(axes, &path, value);
        }
    }
    group
}

/// The unordered pairs that an entry's lists `a` and `b` name: every group of
/// one with every other group of the other.
pub(crate) fn read_pairs(
    entry: &Table,
    path: &str,
    group_names: &Names,
    problems: &mut Problems,
) -> Vec<(usize, usize)> {
    let mut side = |key: &str| -> (Vec<usize>, Option<Spot>) {
        let node = get(entry, key);
        let found = node
            .map_or_else(Vec::new, Node::as_texts)
            .into_iter()
            .filter_map(|(name, spot)| group_names.find(name, spot, &format!("{path}.{key}"), problems))
            .collect();
        (found, node.map(|node| node.spot))
    };
    let (a, spot) = side("a");
    let (b, _) = side("b");
    let mut pairs: Vec<(usize, usize)> = a
        .iter()
        .flat_map(|&one| b.iter().map(move |&other| (one.min(other), one.max(other))))
        .filter(|(one, other)| one != other)
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    if let (true, false, false, Some(spot)) = (pairs.is_empty(), a.is_empty(), b.is_empty(), spot) {
        problems.error(spot, path, "relates a group to itself").allowed("a and b must name different groups");
    }
    pairs
}

fn read_relations(scenario: &Table, names: (&Names, &Names, &Names), problems: &mut Problems) -> Vec<RelationKind> {
    let (_, group_names, sources) = names;
    let n_groups = group_names.len();
    let mut first: Vec<Option<(usize, RelationKind)>> = vec![None; n_groups * n_groups];
    for (idx, entry, spot) in items(scenario, "relations") {
        let path = format!("relations[{idx}]");
        check_sources(entry, &path, sources, problems);
        let kind = RelationKind::from_word(text(entry, "kind")).unwrap_or(RelationKind::Truce);
        for (a, b) in read_pairs(entry, &path, group_names, problems) {
            let cell = &mut first[a * n_groups + b];
            if let Some((first_idx, _)) = cell {
                let (a, b) = (group_names.name(a), group_names.name(b));
                problems
                    .error(spot, path.as_str(), format!("relates {a:?} and {b:?} again"))
                    .allowed(format!("relations[{first_idx}] does already"));
            } else {
                *cell = Some((idx, kind));
            }
        }
    }
    let mut relations = vec![RelationKind::Alliance; n_groups * n_groups];
    let mut missing = Vec::new();
    for a in 0..n_groups {
        for b in a + 1..n_groups {
            let kind = first[a * n_groups + b].map(|(_, kind)| kind);
            if kind.is_none() {
                missing.push(format!("{}-{}", group_names.name(a), group_names.name(b)));
            }
            let kind = kind.unwrap_or(RelationKind::Truce);
            relations[a * n_groups + b] = kind;
            relations[b * n_groups + a] = kind;
        }
    }
    if !missing.is_empty() && !problems.has_errors() {
        let spot = scenario.get("relations").or(scenario.get("groups")).map(|(spot, _)| *spot);
        let shown = missing[..missing.len().min(5)].join(", ");
        let more = if missing.len() > 5 { ", and others" } else { "" };
        problems
            .warning(
                spot.unwrap_or(Spot { file_idx: 0, line: 0 }),
                "relations",
                format!("say nothing of {}: {shown}{more}", count(missing.len(), "pair")),
            )
            .hint("a pair without a relation starts at truce");
    }
    relations
}

fn read_theory(scenario: &Table) -> Theory {
    let default = Theory::default();
    let Some(theory) = get(scenario, "theory").and_then(Node::as_table) else {
        return default;
    };
    Theory {
        belief: BeliefTheory::from_word(text(theory, "belief")).unwrap_or(default.belief),
        exit: ExitTheory::from_word(text(theory, "exit")).unwrap_or(default.exit),
    }
}

/// What `[observation]` says of the country; what it leaves out is unnamed.
fn read_country(scenario: &Table) -> Country {
    let default = Country::default();
    let Some(observation) = get(scenario, "observation").and_then(Node::as_table) else {
        return default;
    };
    let stated = |key: &str| get(observation, key).and_then(Node::as_text).map(str::to_owned);
    Country {
        name: stated("country").unwrap_or(default.name),
        gw_number: get(observation, "gw_number").and_then(Node::as_whole).map_or(default.gw_number, |n| n as u32),
        region: stated("region").unwrap_or(default.region),
        conflict: stated("conflict"),
    }
}

fn read_switches(scenario: &Table) -> Switches {
    let mut switches = Switches::default();
    let table = get(scenario, "mechanisms").and_then(Node::as_table);
    for (word, (_, node)) in table.into_iter().flatten() {
        if let (Some(mechanism), Some(is_on)) = (Mechanism::from_word(word), node.as_flag()) {
            switches.set(mechanism, is_on);
        }
    }
    switches
}

fn read_parameters(scenario: &Table, setup: &mut Setup, is_theory_unread: bool, problems: &mut Problems) {
    let Some((spot, node)) = scenario.get("parameters") else {
        return;
    };
    let Some(mechanisms) = node.as_table() else {
        problems.error(*spot, "parameters", node.describe()).allowed("must be tables such as [parameters.combat]");
        return;
    };
    for (mechanism, (spot, node)) in mechanisms {
        if is_theory_unread && mechanism == OWN {
            continue;
        }
        let path = format!("parameters.{mechanism}");
        let names = parameter_names(setup, mechanism);
        if names.is_empty() {
            let mechanisms = mechanisms_with_parameters(setup);
            problems.error(*spot, path, "isn't a mechanism with parameters").choices(
                "such mechanisms",
                mechanism,
                mechanisms,
            );
            continue;
        }
        let Some(values) = node.as_table() else {
            problems.error(*spot, path, node.describe()).allowed(list_choices("parameters", &names));
            continue;
        };
        for (name, (spot, node)) in values {
            read_parameter((mechanism, name), *spot, node, setup, problems);
        }
    }
}

fn read_parameter(
    (mechanism, name): (&str, &str),
    spot: Spot,
    node: &Node,
    setup: &mut Setup,
    problems: &mut Problems,
) {
    let path = format!("{mechanism}.{name}");
    let key = format!("parameters.{path}");
    let value = node.as_number().unwrap_or(f64::NAN);
    match setup.set_parameter(&path, value) {
        Ok(()) => {
            if let Some(info) = info_of(setup, &path).filter(|info| !info.is_plausible(value)) {
                problems.warning(spot, key, node.describe()).allowed(plausible_range(info));
            }
        }
        Err(SetParameterError::Unknown) => {
            let names = parameter_names(setup, mechanism);
            problems.error(spot, key, format!("isn't a parameter of {mechanism}")).choices("parameters", name, names);
        }
        Err(SetParameterError::OutOfBounds { .. }) => {
            problems.error(spot, key, node.describe()).allowed(range_of(setup, &path));
        }
    }
}

fn info_of(setup: &Setup, path: &str) -> Option<&'static ParameterInfo> {
    setup.whole_dictionary().find(|info| info.path() == path)
}

/// The values that a parameter takes, as a clause.
pub(crate) fn range_of(setup: &Setup, path: &str) -> String {
    info_of(setup, path).map_or_else(String::new, |info| {
        let (low, high) = info.allowed();
        if (low, high) == (info.low, info.high) {
            return format!("must be a number from {low} to {high}");
        }
        format!("must be a number from {low} to {high}; {}", plausible_range(info))
    })
}

/// The plausible values of a parameter, as a clause.
pub(crate) fn plausible_range(info: &ParameterInfo) -> String {
    format!("{} to {} is plausible", info.low, info.high)
}

/// The parameters of one mechanism.
pub(crate) fn parameter_names(setup: &Setup, mechanism: &str) -> Vec<&'static str> {
    setup.whole_dictionary().filter(|info| info.mechanism == mechanism).map(|info| info.name).collect()
}

/// The mechanisms that have parameters.
pub(crate) fn mechanisms_with_parameters(setup: &Setup) -> Vec<&'static str> {
    mechanisms_of(setup.whole_dictionary())
}

/// The mechanisms of some parameters that stand in their order.
pub(crate) fn mechanisms_of(infos: impl Iterator<Item = &'static ParameterInfo>) -> Vec<&'static str> {
    let mut mechanisms: Vec<&'static str> = infos.map(|info| info.mechanism).collect();
    mechanisms.dedup();
    mechanisms
}

/// The hint for an unknown parameter's full name.
pub(crate) fn nearest_parameter(infos: impl Iterator<Item = &'static ParameterInfo>, path: &str) -> Option<String> {
    let paths: Vec<String> = infos.map(ParameterInfo::path).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    did_you_mean(path, &paths)
}
