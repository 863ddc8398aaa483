//! Theories that somebody wrote: random ones, engine and reference to the last
//! bit, and what becomes of bounds that are too low.

use super::compare::compare;
use super::worlds::{only, pick, random_setup, run, small_war};
use crate::exits::Bound;
use crate::ids::PersonId;
use crate::model::Model;
use crate::parameters::{ParameterInfo, Tag};
use crate::random::{Draws, Purpose, Stream};
use crate::setup::{ExitTheory, Mechanism, Setup};
use crate::tables::Cause;
use crate::theory::{
    Formula, GIVEN, OWN, OwnBlock, OwnParameter, OwnState, OwnTheory, QUANTITIES, Rule, Slot, StateEvent, Unit,
    Vocabulary,
};
use crate::world::World;

const WEIGHT: ParameterInfo = ParameterInfo {
    mechanism: OWN,
    name: "weight",
    meaning: "",
    symbol: "w",
    unit: "log-hazard",
    default: 0.7,
    low: 0.1,
    high: 2.0,
    within: None,
    off: None,
    tag: Tag::Judgement,
    source: "",
};
const MEMORY: ParameterInfo =
    ParameterInfo { name: "memory", unit: "d", default: 20.0, low: 5.0, high: 90.0, ..WEIGHT };
static INFOS: [ParameterInfo; 2] = [WEIGHT, MEMORY];

fn parameters() -> Vec<OwnParameter> {
    INFOS.iter().map(|info| OwnParameter { info, value: info.default }).collect()
}

fn vocabulary() -> Vocabulary {
    Vocabulary::new(INFOS.iter().collect(), vec![("tiredness".to_owned(), 5.0), ("grief".to_owned(), 3.0)])
}

/// A theory whose blocks add what some expressions say.
fn theory_of(expressions: &[&str], blocks: &[Cause]) -> OwnTheory {
    let vocabulary = vocabulary();
    let block = |(nth, text): (usize, &&str)| {
        let formula = vocabulary.log_hazard(text, false).unwrap_or_else(|error| panic!("{text}: {error}"));
        own_block(nth, [formula.clone(), formula.clone(), formula])
    };
    own_theory(expressions.iter().enumerate().map(block).collect(), blocks)
}

fn own_block(nth: usize, formulas: [Formula; 3]) -> OwnBlock {
    let name = format!("block_{nth}");
    OwnBlock { words: name.clone(), name, formulas, bound: None, line: 7 + nth as u32 }
}

fn own_theory(own_blocks: Vec<OwnBlock>, blocks: &[Cause]) -> OwnTheory {
    let formula = |text: &str, unit: &str| {
        let unit = Unit::parse(unit).unwrap();
        vocabulary().constant(text, unit, (-36_500.0, 36_500.0)).unwrap()
    };
    let state = |name: &str, start: &str, half_life: &str, most, additions: &[(StateEvent, &str)]| OwnState {
        name: name.to_owned(),
        start: formula(start, "1"),
        half_life_days: formula(half_life, "d"),
        most,
        additions: additions.iter().map(|&(event, text)| (event, formula(text, "1"))).collect(),
    };
    OwnTheory {
        name: "random".to_owned(),
        authors: String::new(),
        citation: String::new(),
        about: String::new(),
        file: String::new(),
        text: String::new(),
        digest: String::new(),
        fills_exit: true,
        rules: Vec::new(),
        blocks: blocks.to_vec(),
        own_blocks,
        parameters: parameters(),
        states: vec![
            state(
                "tiredness",
                "0.2",
                "memory",
                5.0,
                &[(StateEvent::ComradeLost, "0.3"), (StateEvent::Wounded, "weight"), (StateEvent::ComradeLeft, "0.5")],
            ),
            state(
                "grief",
                "0",
                "3 * memory",
                3.0,
                &[
                    (StateEvent::HomeAttacked, "1"),
                    (StateEvent::KinKilled, "2 * weight"),
                    (StateEvent::Witnessed, "-0.25"),
                ],
            ),
        ],
    }
}

/// An expression of a depth whose value is a plain number.
fn number(stream: &mut Stream, depth: u32) -> String {
    if depth == 0 {
        return leaf(stream);
    }
    let part = |stream: &mut Stream| number(stream, depth - 1);
    match stream.below(14) {
        0 => format!("({} + {})", part(stream), part(stream)),
        1 => format!("({} - {})", part(stream), part(stream)),
        2 => format!("({} * {})", part(stream), part(stream)),
        3 if stream.uniform() < 0.5 => format!("if(denials >= 1, {} / denials, {})", part(stream), part(stream)),
        3 => format!("({} / max({}, 0.1))", part(stream), part(stream)),
        4 => format!("-{}", part(stream)),
        5 => format!("min({}, {}, {})", part(stream), part(stream), part(stream)),
        6 => format!("max({}, {})", part(stream), part(stream)),
        7 => format!("clamp({}, -1, 2)", part(stream)),
        8 => format!("exp(min({}, 2))", part(stream)),
        9 => format!("ln(max({}, 0.2))", part(stream)),
        10 => format!("sqrt(max({}, 0))", part(stream)),
        11 => format!("logistic({})", part(stream)),
        12 => format!("if({}, {}, {})", truth(stream, depth - 1), part(stream), part(stream)),
        _ => leaf(stream),
    }
}

fn leaf(stream: &mut Stream) -> String {
    let quantity = &QUANTITIES[stream.below(QUANTITIES.len() as u32) as usize];
    match (stream.below(10), quantity.unit) {
        (0, _) => format!("{:.3}", 4.0 * stream.uniform()),
        (1, _) => "weight".to_owned(),
        (2, _) => pick(stream, &["tiredness", "grief"]).to_owned(),
        (3, _) => {
            let cause = pick(stream, &[Cause::Belief, Cause::KinAndHome, Cause::Opportunity, Cause::Deterrence]);
            format!("block_{}", cause.word())
        }
        (4, _) => "exits.peer_weight".to_owned(),
        (5, "d") => format!("fade({}, memory)", quantity.name),
        (_, "d") => format!("min({} / memory, 3)", quantity.name),
        (_, "USD/month") => format!("ln(max({}, 10) / max(exits.alternative_pay_usd, 10))", quantity.name),
        (_, "persons") => {
            format!("min({}, 20) / unit_size_of_one", quantity.name).replace("unit_size_of_one", "max(unit_size, 1)")
        }
        (_, "km") => format!("{} / max(exits.host_reach_km, 1)", quantity.name),
        (_, "years") => format!("if({} < 25, 1, 0)", quantity.name),
        _ => quantity.name.to_owned(),
    }
}

fn truth(stream: &mut Stream, depth: u32) -> String {
    let flags: Vec<&str> =
        QUANTITIES.iter().filter(|quantity| quantity.unit == "yes or no").map(|quantity| quantity.name).collect();
    match stream.below(6) {
        0 if depth > 0 => format!("not ({})", truth(stream, depth - 1)),
        1 if depth > 0 => format!("({} and {})", truth(stream, depth - 1), truth(stream, depth - 1)),
        2 if depth > 0 => format!("({} or {})", truth(stream, depth - 1), truth(stream, depth - 1)),
        3 => pick(stream, &flags).to_owned(),
        _ => {
            let sign = pick(stream, &["<", "<=", ">", ">=", "==", "!="]);
            format!("{} {sign} {}", number(stream, depth.saturating_sub(1)), number(stream, depth.saturating_sub(1)))
        }
    }
}

/// A random formula that the checker accepts, in reasonable bounds.
fn random_formula(stream: &mut Stream) -> Formula {
    for _ in 0..1_000 {
        let depth = 1 + stream.below(4);
        let text = format!("clamp({}, -3, 4)", number(stream, depth));
        if let Ok(formula) = vocabulary().log_hazard(&text, false) {
            return formula;
        }
    }
    panic!("no expression is accepted")
}

fn random_theory(number: u32) -> OwnTheory {
    let mut stream = Draws::of_population(u64::from(number)).stream(Purpose::Person, number, 0, 9);
    let n_blocks = 1 + stream.below(3);
    let own_blocks = (0..n_blocks).map(|nth| {
        let formulas = if stream.uniform() < 0.5 {
            let formula = random_formula(&mut stream);
            [formula.clone(), formula.clone(), formula]
        } else {
            std::array::from_fn(|_| random_formula(&mut stream))
        };
        own_block(nth as usize, formulas)
    });
    let own_blocks: Vec<OwnBlock> = own_blocks.collect();
    let built_in = [Cause::Belief, Cause::KinAndHome, Cause::Cascade, Cause::Cohesion, Cause::Danger];
    let blocks: Vec<Cause> = built_in.into_iter().filter(|_| stream.uniform() < 0.4).collect();
    own_theory(own_blocks, &blocks)
}

/// What a slot offers, as a plain number.
fn plain(name: &str, unit: &str) -> String {
    match unit {
        "d" => format!("fade({name}, memory)"),
        "USD/month" => format!("ln(max({name}, 10) / max(exits.alternative_pay_usd, 10))"),
        "years" => format!("if({name} < 25, 1, 0)"),
        _ => name.to_owned(),
    }
}

/// A part of a rule: over what its slot offers, or over the member.
fn part_of_rule(stream: &mut Stream, rule: Rule) -> String {
    let given: Vec<usize> = (0..GIVEN.len()).filter(|&at| rule.may_name_given(at)).collect();
    if given.is_empty() || (rule.may_name_states() && stream.uniform() < 0.3) {
        return format!("clamp({}, -1, 1)", number(stream, 2));
    }
    let offered = &GIVEN[given[stream.below(given.len() as u32) as usize]];
    let of = plain(offered.name, offered.unit);
    let weight = 4.0 * stream.uniform() - 2.0;
    match stream.below(4) {
        0 => format!("{weight:.2} * logistic({of})"),
        1 if offered.unit == "share" => {
            format!("if({of} >= 0.05 and {of} < 0.8, clamp({weight:.2} / {of}, -2, 2), 0.1)")
        }
        1 if offered.unit != "yes or no" => format!("if({of} > {:.2}, {weight:.2}, 0)", stream.uniform()),
        2 => format!("clamp({of} / {:.2}, -2, 1)", 0.5 + stream.uniform()),
        _ => format!("{weight:.2} * min({of}, 3)"),
    }
}

fn random_rule(stream: &mut Stream, rule: Rule) -> Formula {
    for _ in 0..1_000 {
        let n_parts = 1 + stream.below(4);
        let sum = (0..n_parts).map(|_| part_of_rule(stream, rule)).collect::<Vec<_>>().join(" + ");
        let text = match rule {
            Rule::Conviction => format!("conviction_on_joining - claim_evidence + moved + {sum}"),
            Rule::Daily => format!("0.1 * clamp({sum}, -3, 3)"),
            Rule::Trust | Rule::Complain | Rule::Accept => format!("logistic({sum})"),
            Rule::Host | Rule::Abroad | Rule::Join => sum,
        };
        if let Ok(formula) = vocabulary().rule(&text, rule) {
            return formula;
        }
    }
    panic!("no expression is accepted for {rule:?}")
}

/// A theory with random rules for slots, some of them alone.
fn random_theory_of_slots(number: u32, slots: &[Slot]) -> OwnTheory {
    let mut theory = random_theory(number);
    let mut stream = Draws::of_population(u64::from(number)).stream(Purpose::Person, number, 0, 11);
    if stream.uniform() < 0.5 {
        theory.vacate(Slot::Exit);
    }
    for &rule in Rule::ALL.iter().filter(|rule| slots.contains(&rule.info().slot)) {
        // Conviction first: the other rules of belief count beside it alone.
        if rule == Rule::Conviction || stream.uniform() < 0.8 {
            theory.rules.push((rule, random_rule(&mut stream, rule)));
        }
    }
    theory
}

/// Each slot by itself, and all together, on random worlds.
#[test]
fn random_rules_of_slots_in_random_worlds() {
    let sets: [&[Slot]; 5] = [
        &[Slot::Belief],
        &[Slot::Destination],
        &[Slot::Joining],
        &[Slot::Voice],
        &[Slot::Belief, Slot::Destination, Slot::Joining, Slot::Voice],
    ];
    for (nth, slots) in (0_u32..).zip(sets) {
        for number in 1_400 + 10 * nth..1_407 + 10 * nth {
            let mut setup = if number % 2 == 0 { random_setup(number) } else { small_war() };
            if number % 3 != 0 {
                only(&mut setup, Mechanism::ALL);
            }
            setup.own_theories = vec![random_theory_of_slots(number, slots)];
            compare(&format!("{slots:?} {number}"), setup, number % 3);
        }
    }
}

pub(super) fn random_war(number: u32) -> Setup {
    let mut setup = random_setup(number);
    setup.own_theories = vec![random_theory(number)];
    setup
}

#[test]
fn random_theories_in_random_worlds() {
    for number in 1_000..1_021 {
        compare(&format!("world {number}"), random_war(number), number % 3);
    }
}

#[test]
fn random_theories_at_the_default_parameters() {
    for number in 1_100..1_110 {
        let mut setup = small_war();
        only(&mut setup, Mechanism::ALL);
        setup.own_theories = vec![random_theory(number)];
        compare(&format!("theory {number}"), setup, number % 3);
    }
}

/// Each quantity by itself, so that one that differs is told by its name.
#[test]
fn every_quantity_is_the_same_in_both() {
    for (nth, quantity) in QUANTITIES.iter().enumerate() {
        let mut setup = random_setup(1_200 + nth as u32);
        only(&mut setup, Mechanism::ALL);
        let (low, high) = quantity.range();
        let scale = (high - low).min(50.0);
        let of = |unit: &str| format!("{} / {unit}", quantity.name);
        let number = match quantity.unit {
            "d" => of("max(memory, 1)"),
            "persons" => of("max(unit_size, 1)"),
            "km" => of("max(exits.host_reach_km, 1)"),
            "USD/month" => of("max(exits.alternative_pay_usd, 10)"),
            "years" => of("max(age + 1, 20)"),
            _ => quantity.name.to_owned(),
        };
        let text = format!("clamp(2 * ({number}) / {scale}, -2, 2)");
        setup.own_theories = vec![theory_of(&[&text], &[])];
        compare(quantity.name, setup, 0);
    }
}

/// A set of built-in blocks by name is the theory of that set.
#[test]
fn built_in_blocks_by_name_are_the_built_in_theory() {
    for (nth, &exit) in ExitTheory::ALL.iter().enumerate() {
        let mut setup = random_setup(1_300 + nth as u32);
        only(&mut setup, Mechanism::ALL);
        setup.theory.exit = exit;
        let blocks: Vec<Cause> = crate::exits::ActiveBlocks::of(exit).blocks().map(|block| block.cause).collect();
        let built_in = run(&World::build(setup.clone()), 0);
        setup.theory.exit = ExitTheory::Full;
        setup.own_theories = vec![own_theory(Vec::new(), &blocks)];
        assert_eq!(run(&World::build(setup), 0), built_in, "{}", exit.word());
    }
}

/// The block of belief as its author would write it has the same bits.
#[test]
fn the_block_of_belief_in_words_is_the_block_of_belief() {
    let ratio = |name: &str| format!("ln(max(exits.{name}, 1e-9))");
    let broken = "logistic(-((conviction - belief.conviction_mean) + belief.conviction_mean))";
    let odds =
        format!("((1 - {broken}) * {} + {broken} * {})", ratio("ideologue_odds_kept"), ratio("ideologue_odds_broken"));
    let text = format!(
        "{} * (conviction - belief.conviction_mean) + (motive_ideology - exits.ideology_reference) \
         / max(exits.ideology_span, 0.01) * {odds}",
        ratio("conviction_hazard_ratio")
    );
    let mut setup = small_war();
    setup.theory.exit = ExitTheory::Conviction;
    let built_in = run(&World::build(setup.clone()), 0);
    let formula = vocabulary().log_hazard(&text, true).unwrap();
    setup.own_theories = vec![own_theory(vec![own_block(0, [formula.clone(), formula.clone(), formula])], &[])];
    let own = run(&World::build(setup), 0);
    let exits = |records: &crate::tables::Records| {
        let rows = records.allegiance.rows().filter(|row| row.hazard.is_some());
        rows.map(|row| (row.day, row.person, row.kind, row.hazard.map(f64::to_bits))).collect::<Vec<_>>()
    };
    assert!(exits(&own).len() > 100, "{}", exits(&own).len());
    assert_eq!(exits(&own), exits(&built_in));
    assert_eq!(own.incidents, built_in.incidents);
}

fn broken_by(bound: f64, text: &str) -> Option<crate::exits::BrokenBound> {
    let mut setup = small_war();
    let mut theory = theory_of(&[text], &[]);
    theory.own_blocks[0].bound = Some(bound);
    setup.own_theories = vec![theory];
    let world = World::build(setup);
    let mut model = Model::new(&world, 0);
    while !model.is_finished() {
        model.step();
    }
    model.into_records().err()
}

#[test]
fn a_stated_bound_that_is_too_low_ends_the_run_by_the_names_of_theory_and_block() {
    assert_eq!(broken_by(1.5, "1.5 * on_leave"), None);
    let broken = broken_by(1.4, "1.5 * on_leave").unwrap();
    let of = Bound::OwnBlock { theory: "random".to_owned(), block: "block_0".to_owned(), line: 7, is_stated: true };
    assert_eq!(
        (&broken.of, broken.value.to_bits(), broken.bound.to_bits()),
        (&of, 1.5_f64.to_bits(), 1.4_f64.to_bits())
    );
    let broken = crate::exits::BrokenBound { person: PersonId(12), day: 3, n_times: 41, ..broken };
    assert_eq!(
        broken.to_string(),
        "the bound of the block \"block_0\" of the theory random, on line 7 of its file, doesn't hold: 1.5 is above 1.4 \
         for person 12 on day 3, the first of 41 cases; exits may be missing, so there are no results; state a higher \
         bound, or leave it out and the bound is derived"
    );
}

/// What a war leaves, or what stops it.
fn outcome(setup: Setup) -> Result<crate::tables::Records, crate::exits::BrokenBound> {
    let world = World::build(setup);
    let mut model = Model::new(&world, 1);
    while !model.is_finished() {
        model.step();
    }
    model.into_records()
}

/// Whatever is stated: either the run ends by it, or its tables are those without it.
#[test]
fn a_wrong_bound_loses_no_exit() {
    let (mut n_broken, mut n_same) = (0, 0);
    for number in 1_500..1_518 {
        let mut setup = if number % 2 == 0 { small_war() } else { random_setup(number) };
        setup.n_days = setup.n_days.min(40);
        // Quantities that move while nothing touches a member, most of the time below the bound.
        let rare =
            "if(unit_losses > 0.3 and on_leave, 3, 0) + if(group_momentum < -0.02, 2, 0) + 2 * (unit_exits > 0.1)";
        let mut theory = theory_of(&[rare], &[Cause::Belief]);
        setup.own_theories = vec![theory.clone()];
        let without = outcome(setup.clone()).unwrap();
        theory.own_blocks[0].bound = Some([1.0, 5.5, 7.0][number as usize % 3]);
        setup.own_theories = vec![theory];
        match outcome(setup) {
            Ok(with) => {
                assert!(with == without, "war {number}: a bound changed the tables");
                n_same += 1;
            }
            Err(broken) => {
                assert!(broken.is_stated(), "war {number}: {broken}");
                n_broken += 1;
            }
        }
    }
    assert!(n_broken > 3 && n_same > 3, "{n_broken} ended, {n_same} the same");
}

/// So low that hardly anybody would be looked at, and nobody's exit would show it.
#[test]
fn a_stated_bound_far_too_low_is_found_by_those_who_are_looked_at_whatever_their_draws() {
    let broken = broken_by(-30.0, "weight * logistic(conviction)").unwrap();
    assert!(broken.is_stated() && broken.n_times > 10, "{broken:?}");
}
