//! Small worlds built by hand, and random ones from a number.

use allegiance_model::calendar::Date;
use allegiance_model::ids::{ConstituencyId, GroupId, KindId, PlaceId};
use allegiance_model::observation::ObservationParameters;
use allegiance_model::parameters::Parameters;
use allegiance_model::random::{Draws, Purpose, Stream};
use allegiance_model::setup::{
    AnswerMix, AxisSetup, BeliefTheory, Change, Country, ExitTheory, FieldValue, ForeignShare, GarrisonSetup,
    GroupSetup, KindSetup, Lever, Mechanism, Motives, ObservedEvent, OperationsMode, PlaceKind, PlaceSetup, Policy,
    RelationKind, Setup, StrikeMix, Switches, Theory, TimelineEntry,
};
use allegiance_model::tables::{Rank, Records};
use allegiance_model::{Model, World};

/// A village `km_east` of the first, wholly held by one of the groups.
pub(crate) fn village(nth: usize, km_east: f64, population: u32, holder: usize, n_groups: usize) -> PlaceSetup {
    PlaceSetup {
        id: format!("village-{nth}"),
        name: format!("Village {nth}"),
        kind: PlaceKind::Village,
        governorate: "North".to_owned(),
        district: "District".to_owned(),
        subdistrict: format!("Subdistrict {}", nth / 2),
        latitude_deg: 35.7,
        longitude_deg: 36.7 + km_east / 90.3,
        population,
        control: (0..n_groups).map(|group| if group == holder { 1.0 } else { 0.0 }).collect(),
        displaced_share: 0.0,
    }
}

/// The kind of an ordinary group.
const REBEL: KindId = KindId(1);

/// A state, three kinds of one constituency, of which the last stays at home,
/// and one with a constituency of its own.
fn kinds() -> Vec<KindSetup> {
    let usual = KindSetup::usual();
    let kind = |id: &str, like: usize, constituency| KindSetup {
        id: id.to_owned(),
        constituency: ConstituencyId(constituency),
        ..usual[like].clone()
    };
    vec![
        kind("state", 0, 0),
        kind("rebel", 1, 2),
        kind("strict", 1, 2),
        kind("regional", 1, 1),
        kind("local_defence", 2, 2),
    ]
}

/// An ordinary local rebel group without foreigners or strikes.
pub(crate) fn group(nth: usize, members: u32) -> GroupSetup {
    GroupSetup {
        members,
        cause: vec![3.0; AxisSetup::USUAL.len()],
        brutality: 0.5,
        discipline: 1.0,
        pay_usd_per_month: 100.0,
        pay_foreign_usd_per_month: 200.0,
        foreign_share: ForeignShare { rank_and_file: 0.0, unit_commander: 0.0, field_commander: 0.0, leadership: 0.0 },
        motives: Motives { ideology: 0.3, material: 0.3, social: 0.4 },
        answers: AnswerMix { ignore: 0.4, offer: 0.3, punish: 0.3 },
        prisoners_executed_share: 0.2,
        ..GroupSetup::blank(&format!("group-{nth}"), &format!("Group {nth}"), REBEL)
    }
}

/// Puts a setup together: every pair of groups in one relation, nothing on
/// the timeline, members counted from the garrisons.
pub(crate) fn setup(
    places: Vec<PlaceSetup>,
    mut groups: Vec<GroupSetup>,
    garrisons: &[(usize, usize, u32)],
    relation: RelationKind,
) -> Setup {
    let n_groups = groups.len();
    let mut garrisons: Vec<GarrisonSetup> = garrisons
        .iter()
        .map(|&(group, place, members)| GarrisonSetup {
            group: GroupId::from_idx(group),
            place: PlaceId::from_idx(place),
            members,
        })
        .collect();
    garrisons.sort_by_key(|garrison| (garrison.group, garrison.place));
    for (group_idx, group) in groups.iter_mut().enumerate() {
        group.members = garrisons
            .iter()
            .filter(|garrison| garrison.group.idx() == group_idx)
            .map(|garrison| garrison.members)
            .sum();
    }
    let relations = (0..n_groups * n_groups)
        .map(|cell| if cell / n_groups == cell % n_groups { RelationKind::Alliance } else { relation })
        .collect();
    Setup {
        start: Date::from_ymd(2014, 1, 1).unwrap(),
        n_days: 30,
        seed: 1,
        places,
        kinds: kinds(),
        constituencies: vec!["government".to_owned(), "region".to_owned(), "opposition".to_owned()],
        axes: AxisSetup::usual(),
        groups,
        relations,
        garrisons,
        timeline: Vec::new(),
        mode: OperationsMode::Endogenous,
        events: Vec::new(),
        theory: Theory::default(),
        parameters: busy(),
        switches: Switches::default(),
        scale: std::num::NonZeroU32::MIN,
        observation: ObservationParameters::default(),
        country: Country::default(),
        case: None,
        places_are_real: None,
        own_theories: Vec::new(),
    }
}

/// The defaults, with more fighting and leaving than is usual, so that a small
/// world shows some.
fn busy() -> Parameters {
    let mut parameters = Parameters::default();
    for (path, value) in [
        ("operations.attacks_per_month", 0.2),
        ("exits.desertion_per_month", 0.008),
        ("exits.defection_per_month", 0.002),
        ("exits.departure_per_month", 0.001),
    ] {
        parameters.set(path, value).unwrap();
    }
    parameters
}

/// A war of two groups in five villages that shows every mechanism.
pub(crate) fn small_war() -> Setup {
    let populations = [4_000, 1_500, 900, 6_000, 2_200];
    let places = populations
        .iter()
        .enumerate()
        .map(|(nth, &people)| village(nth, 6.0 * nth as f64, people, nth % 2, 2))
        .collect();
    let garrisons = [(0, 0, 150), (0, 2, 90), (0, 4, 120), (1, 1, 130), (1, 3, 200)];
    let mut setup = setup(places, vec![group(0, 0), group(1, 0)], &garrisons, RelationKind::War);
    setup.n_days = 60;
    for (path, value) in [
        ("exits.defection_per_month", 0.05),
        ("reprisal.leaver_per_month", 0.3),
        ("harm.civilians_per_fighter_killed", 1.0),
    ] {
        setup.parameters.set(path, value).unwrap();
    }
    setup
}

/// Leaves on only the mechanisms named.
pub(crate) fn only(setup: &mut Setup, mechanisms: &[Mechanism]) {
    for &mechanism in Mechanism::ALL {
        setup.switches.set(mechanism, mechanisms.contains(&mechanism));
    }
}

/// Runs one replicate to its end.
pub(crate) fn run(world: &World, replicate: u32) -> Records {
    let mut model = Model::new(world, replicate);
    while !model.is_finished() {
        model.step();
    }
    model.into_records().expect("every bound holds")
}

/// Builds and runs one replicate.
pub(crate) fn run_setup(setup: Setup, replicate: u32) -> Records {
    run(&World::build(setup), replicate)
}

fn between(stream: &mut Stream, low: f64, high: f64) -> f64 {
    low + (high - low) * stream.uniform()
}

pub(crate) fn pick<T: Copy>(stream: &mut Stream, from: &[T]) -> T {
    from[stream.below(from.len() as u32) as usize]
}

fn random_place(stream: &mut Stream, nth: usize, n_groups: usize) -> PlaceSetup {
    let km_east = between(stream, 0.0, 45.0);
    let population = match stream.below(4) {
        0 => 1 + stream.below(60),
        1 | 2 => 200 + stream.below(2_000),
        _ => 3_000 + stream.below(9_000),
    };
    let mut place = village(nth, km_east, population, stream.below(n_groups as u32) as usize, n_groups);
    place.latitude_deg += between(stream, -0.1, 0.1);
    place.displaced_share = 0.1 * (nth % 3) as f64;
    if stream.uniform() < 0.5 {
        let weights: Vec<f64> = (0..n_groups).map(|_| between(stream, 0.001, 1.0)).collect();
        let total: f64 = weights.iter().sum();
        place.control = weights.iter().map(|weight| weight / total).collect();
    }
    place
}

fn random_group(stream: &mut Stream, nth: usize) -> GroupSetup {
    let mut spec = group(nth, 0);
    spec.kind = pick(stream, &[KindId(0), KindId(1), KindId(2), KindId(3), KindId(4)]);
    spec.cause = (0..spec.cause.len()).map(|_| between(stream, 1.0, 5.0)).collect();
    spec.brutality = stream.uniform();
    spec.discipline = between(stream, 0.5, 2.0);
    spec.pay_usd_per_month = pick(stream, &[0.0, 50.0, 150.0, 400.0]);
    spec.pay_foreign_usd_per_month = 1.5 * spec.pay_usd_per_month;
    let foreign = pick(stream, &[0.0, 0.0, 0.2, 0.6]);
    spec.foreign_share =
        ForeignShare { rank_and_file: foreign, unit_commander: foreign, field_commander: foreign, leadership: foreign };
    spec.prisoners_executed_share = stream.uniform();
    spec.strikes_per_month = pick(stream, &[0.0, 0.0, 6.0, 40.0]);
    let barrel = 0.25 * (nth % 3) as f64;
    let guided = 0.1 * (nth % 4) as f64;
    spec.strike_mix = StrikeMix { artillery: 1.0 - barrel - guided, barrel, guided };
    spec.offensive_tempo = pick(stream, &[0.0, 1.0, 1.0, 5.0]);
    spec.recruits = stream.uniform() < 0.8;
    spec.forced_share = 0.3 * (nth % 3) as f64;
    spec
}

fn random_change(stream: &mut Stream, n_places: u32, n_groups: u32) -> Change {
    let group = |stream: &mut Stream| GroupId::from_idx(stream.below(n_groups) as usize);
    match stream.below(16) {
        0..=3 => {
            let (a, b) = (group(stream), group(stream));
            Change::Relation { a, b, kind: pick(stream, RelationKind::ALL) }
        }
        4..=7 => Change::Assault { group: group(stream), place: PlaceId(stream.below(n_places)) },
        8 => Change::Pay { group: group(stream), usd_per_month: between(stream, 0.0, 400.0) },
        9 => Change::Strikes { group: group(stream), per_month: between(stream, 0.0, 40.0) },
        10 => Change::Dissolve { group: group(stream) },
        11 | 12 => {
            Change::Lever { lever: pick(stream, Lever::ALL), group: group(stream), value: between(stream, 0.0, 1.5) }
        }
        13 => Change::Control { place: PlaceId(stream.below(n_places)), group: group(stream), share: stream.uniform() },
        14 => match stream.below(5) {
            0 => Change::Inflow {
                group: group(stream),
                rank: pick(stream, Rank::ALL),
                is_foreign: stream.uniform() < 0.5,
                per_month: between(stream, 0.0, 60.0),
            },
            1 => Change::Arms { group: group(stream), discipline: between(stream, 0.5, 2.0) },
            2 => Change::Revenue { group: group(stream), usd_per_place_per_month: between(stream, 0.0, 20_000.0) },
            3 => Change::Shock { group: group(stream), log_odds: between(stream, -2.0, 2.0) },
            _ => Change::Conscripts { group: group(stream), men: stream.below(30) },
        },
        _ => Change::Happening,
    }
}

/// Parameters whose mechanisms are rare at their defaults, raised so that a
/// small world shows them.
const RARE: &[(&str, f64)] = &[
    ("exits.desertion_per_month", 0.3),
    ("exits.defection_per_month", 0.6),
    ("exits.departure_per_month", 0.1),
    ("joining.per_month", 0.08),
    ("joining.reach_km", 20.0),
    ("operations.attacks_per_month", 2.0),
    ("reprisal.leaver_per_month", 0.6),
    ("reprisal.kin_per_month", 0.6),
    ("arrival.arrest_per_month", 1.0),
    ("harm.civilians_per_fighter_killed", 2.0),
    ("harm.repression_per_month", 200.0),
    ("units.members", 25.0),
    ("sieges.least_people", 300.0),
];

fn random_event(stream: &mut Stream, day: u32, n_places: u32, n_groups: u32) -> ObservedEvent {
    let side_a = stream.below(n_groups);
    let side_b = (side_a + 1 + stream.below(n_groups - 1)) % n_groups;
    let is_clash = stream.uniform() < 0.7;
    ObservedEvent {
        day,
        place: PlaceId(stream.below(n_places)),
        side_a: GroupId::from_idx(side_a as usize),
        side_b: is_clash.then(|| GroupId::from_idx(side_b as usize)),
        deaths_a: stream.below(if is_clash { 8 } else { 3 }),
        deaths_b: if is_clash { stream.below(30) } else { 0 },
        deaths_civilians: stream.below(12),
    }
}

fn random_parameters(stream: &mut Stream) -> Parameters {
    let mut parameters = Parameters::default();
    for info in Parameters::dictionary() {
        if stream.uniform() < 0.4 {
            parameters.set(&info.path(), between(stream, info.low, info.high)).unwrap();
        }
    }
    for &(path, value) in RARE {
        if stream.uniform() < 0.6 {
            parameters.set(path, value).unwrap();
        }
    }
    parameters
}

/// Policies on the first day and some that change, drawn apart so that a new one
/// leaves the rest of a world as it is.
fn random_policies(setup: &mut Setup, number: u32) {
    let mut stream = Draws::of_population(2_014).stream(Purpose::Observation, number, 1, 0);
    for group_idx in 0..setup.groups.len() {
        setup.groups[group_idx].amnesty = pick(&mut stream, &[0.0, 0.0, 0.5]);
        for &policy in Policy::ALL {
            let value = stream.uniform();
            if stream.uniform() < 0.4 {
                setup.groups[group_idx].set(policy.word(), FieldValue::Number(value));
            }
            if stream.uniform() < 0.2 {
                let change = Change::Policy { policy, group: GroupId::from_idx(group_idx), value: stream.uniform() };
                let day = stream.below(setup.n_days);
                setup.timeline.push(TimelineEntry { day, change, place: None, note: String::new() });
            }
        }
    }
    setup.timeline.sort_by_key(|entry| entry.day);
}

/// A random world: 3 to 8 places, 2 to 4 groups, garrisons, a timeline,
/// parameters from their priors and beyond, some mechanisms off, incidents
/// from a table in one of six. Theories take turns.
pub(crate) fn random_setup(number: u32) -> Setup {
    let mut stream = Draws::of_population(2_014).stream(Purpose::Observation, number, 0, 0);
    let (n_places, n_groups) = (3 + stream.below(6), 2 + stream.below(3));
    let places = (0..n_places as usize).map(|nth| random_place(&mut stream, nth, n_groups as usize)).collect();
    let groups = (0..n_groups as usize).map(|nth| random_group(&mut stream, nth)).collect();
    let mut garrisons: Vec<(usize, usize, u32)> = Vec::new();
    for group in 0..n_groups as usize {
        for place in 0..n_places as usize {
            if stream.uniform() < 0.45 {
                garrisons.push((group, place, 1 + stream.below(120)));
            }
        }
    }
    let mut setup = setup(places, groups, &garrisons, RelationKind::War);
    for a in 0..n_groups as usize {
        for b in 0..a {
            let kind =
                pick(&mut stream, &[RelationKind::War, RelationKind::War, RelationKind::Truce, RelationKind::Alliance]);
            setup.relations[a * n_groups as usize + b] = kind;
            setup.relations[b * n_groups as usize + a] = kind;
        }
    }
    setup.seed = u64::from(number) * 7_919 + 1;
    setup.n_days = 20 + stream.below(60);
    let mut days: Vec<u32> = (0..stream.below(10)).map(|_| stream.below(setup.n_days)).collect();
    days.sort_unstable();
    setup.timeline = days
        .into_iter()
        .map(|day| TimelineEntry {
            day,
            change: random_change(&mut stream, n_places, n_groups),
            place: None,
            note: String::new(),
        })
        .collect();
    if number % 6 == 5 {
        setup.mode = OperationsMode::Observed;
        let mut days: Vec<u32> = (0..stream.below(60)).map(|_| stream.below(setup.n_days)).collect();
        days.sort_unstable();
        setup.events = days.into_iter().map(|day| random_event(&mut stream, day, n_places, n_groups)).collect();
    }
    setup.theory = Theory {
        belief: BeliefTheory::ALL[number as usize % BeliefTheory::ALL.len()],
        exit: ExitTheory::ALL[(number as usize / BeliefTheory::ALL.len()) % ExitTheory::ALL.len()],
    };
    setup.parameters = random_parameters(&mut stream);
    random_policies(&mut setup, number);
    for &mechanism in Mechanism::ALL {
        setup.switches.set(mechanism, stream.uniform() >= 0.08);
    }
    shape_axes(&mut setup, &mut stream);
    setup
}

/// Gives the axes of cause weights, enemies and means of all sorts.
fn shape_axes(setup: &mut Setup, stream: &mut Stream) {
    let n_groups = setup.n_groups() as u32;
    for axis in &mut setup.axes {
        axis.mean = between(stream, 1.0, 5.0);
        axis.weight = pick(stream, &[0.0, 1.0, 1.0, 2.5]);
        axis.is_home_rule = stream.uniform() < 0.3;
        axis.against = (0..n_groups).filter(|_| stream.uniform() < 0.3).map(|group| GroupId(group as u8)).collect();
    }
}
