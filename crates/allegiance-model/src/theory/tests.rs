//! The language: what it means, and what it says of mistakes.

use super::formula::{Formula, Vocabulary};
use super::interval::Interval;
use super::program::{Hearing, Input, Program};
use super::quantities::QUANTITIES;
use super::{Function, Unit, names_in};
use crate::dense::worlds::small_war;
use crate::exits::blocks::Member;
use crate::ids::Row;
use crate::maths::{exp, ln};
use crate::model::Model;
use crate::parameters::{ParameterInfo, Tag};
use crate::random::{Draws, Purpose};
use crate::world::World;

static WEIGHT: ParameterInfo = ParameterInfo {
    mechanism: "own",
    name: "weight",
    meaning: "",
    symbol: "w",
    unit: "log-hazard",
    default: 0.5,
    low: 0.1,
    high: 1.0,
    within: None,
    off: None,
    tag: Tag::Judgement,
    source: "",
};

fn vocabulary() -> Vocabulary {
    Vocabulary::new(vec![&WEIGHT], vec![("fatigue".to_owned(), 4.0)])
}

/// What an expression comes to, each quantity a half of its range's upper end.
fn value(text: &str) -> f64 {
    let formula = vocabulary().log_hazard(text, true).unwrap_or_else(|error| panic!("{text}: {error}"));
    let program = Program::of(&formula, &|_| 0.5);
    program.value(|input| match input {
        Input::Quantity(at) => 0.5 * QUANTITIES[at].range().1,
        Input::Block(_) => 0.25,
        Input::State(_) => 2.0,
        Input::Given(_) => unreachable!("no block is given anything"),
    })
}

fn said(text: &str) -> String {
    match vocabulary().log_hazard(text, false) {
        Ok(_) => format!("{text:?} is accepted"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn expressions_mean_what_they_say() {
    for (text, expected) in [
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("2 - 3 - 4", -5.0),
        ("8 / 4 / 2", 1.0),
        ("-2 * 3 + 1e1", 4.0),
        ("- -2", 2.0),
        ("min(3, 1, 2) + max(3, 1, 2)", 4.0),
        ("clamp(7, 0, 2) + clamp(-7, 0, 2)", 2.0),
        ("if(1 < 2 and not (2 < 1), 5, 6)", 5.0),
        ("if(1 >= 2 or 2 != 2, 5, 6)", 6.0),
        ("not 1 < 2", 0.0),
        ("2 * (unit_losses <= 0.5)", 2.0),
        ("3 * on_leave", 1.5),
        ("exp(0) + ln(1) + sqrt(4) + logistic(0)", 3.5),
        ("fade(18250, 18250)", 0.5),
        ("weight * fatigue + block_belief", 1.25),
        ("true # what follows is a comment\n + 1", 2.0),
        ("days_served / max(day, 1)", 1.0),
        ("if(days_served > 30, 1, 0)", 1.0),
        ("if(unit_size >= 1, kin_in_group / unit_size, 0)", 1.0),
        ("if(not (unit_losses < 0.1), ln(unit_losses / 0.5), 7)", 0.0),
        ("if(unit_losses < 0.1 or on_leave, 2, 1 / unit_losses)", 2.0),
        ("max(pay, 10) / max(exits.alternative_pay_usd, 10) / 5000", 1.0),
    ] {
        assert!((value(text) - expected).abs() < 1e-12, "{text}: {}", value(text));
    }
}

#[test]
fn mistakes_are_told_with_line_and_column() {
    for (text, message) in [
        ("", "line 1, column 1: ends too early; must be a number, a name, or an expression in parentheses"),
        ("1 +", "line 1, column 4: ends too early; must be a number, a name, or an expression in parentheses"),
        ("(1 + 2", "line 1, column 7: ends too early; must be an operator, a comma within a function, or \")\""),
        ("1 2", "line 1, column 3: 2 stands where it means nothing; must be an operator such as + or and, or the end"),
        (
            "1 +\n  convction",
            "line 2, column 3: names \"convction\", which is neither a quantity nor a name of this file",
        ),
        ("sine(1)", "line 1, column 1: calls \"sine\", which is no function"),
        ("min(1)", "line 1, column 1: min is given 1 arguments; is written min(a, b, ...)"),
        ("1 < 2 < 3", "line 1, column 7: compares what is a comparison; write a < b and b < c"),
        ("1.2.3", "line 1, column 1: \"1.2.3\" is no number; such as 2, 0.5 or 1e-3"),
        (
            "conviction ^ 2",
            "line 1, column 12: '^' means nothing here; numbers, names, + - * / < <= > >= == != and or not, commas and \
             parentheses are allowed",
        ),
        (
            "days_served + unit_size",
            "line 1, column 15: is in persons, and what + sets beside it in d; both must have one unit",
        ),
        (
            "distance_home",
            "line 1, column 1: is in km, and a log-hazard is a plain number; divide by a quantity or parameter of the same \
             unit",
        ),
        (
            "exp(days_served)",
            "line 1, column 5: is in d, where exp takes a plain number; divide by a quantity or parameter of the same unit",
        ),
        (
            "if(conviction, 1, 2)",
            "line 1, column 4: is a plain number, where if asks what holds or doesn't; write a comparison, such as \
             conviction < 0",
        ),
        (
            "1 / unit_losses",
            "line 1, column 3: divides by what can be 0; the divisor lies between 0 and 1: write max(..., 0.01), say, or \
             if(... >= 0.01, ..., ...) with a quantity by itself in the condition",
        ),
        (
            "ln(pay / 10)",
            "line 1, column 8: is in USD/d, where ln takes a plain number; divide by a quantity or parameter of the same unit",
        ),
        (
            "ln(unit_losses)",
            "line 1, column 1: takes the logarithm of what can be 0 or less; it lies between 0 and 1: write max(..., 0.01), \
             say",
        ),
        (
            "exp(conviction * 50)",
            "line 1, column 1: takes the exponential of what can be above 700; use min, max or clamp",
        ),
        (
            "days_served / max(day, 1) * 2",
            "line 1, column 27: can raise the log-hazard by 73000; at most 50 whatever the inputs, with parameters in their \
             priors: use min, clamp, logistic or fade, or state a bound",
        ),
    ] {
        assert_eq!(said(text), message, "{text}");
    }
}

#[test]
fn what_is_too_long_or_too_deep_is_refused_without_a_crash() {
    let deep = |n: usize| format!("{}1{}", "(".repeat(n), ")".repeat(n));
    assert!(said(&deep(30)).ends_with("is accepted"));
    assert!(said(&deep(1_500)).contains("is nested too deep"));
    assert!(said(&format!("{}1", "-".repeat(150))).contains("is nested too deep"));
    assert!(said(&format!("{}1", "-".repeat(3_000))).contains("has 3000 operators"));
    assert!(said(&format!("{}true", "not ".repeat(900))).contains("is nested too deep"));
    assert!(said(&vec!["1"; 900].join(" + ")).contains("has 899 operators"));
    assert!(said(&"1".repeat(5_000)).contains("is too long"));
    let mut vocabulary = vocabulary();
    vocabulary.define("a0", "conviction / 1000").unwrap();
    let errors: Vec<String> = (1..60)
        .filter_map(|at| vocabulary.define(&format!("a{at}"), &format!("a{} + a{}", at - 1, at - 1)).err())
        .map(|error| error.to_string())
        .collect();
    assert!(errors[0].contains("is too long with all that it names"), "{}", errors[0]);
}

/// A thousand sources, each spoiled in one to four places: none crashes, and whatever is
/// refused is refused with a line and a column that exist.
#[test]
fn a_thousand_spoiled_sources_have_a_message_each_or_a_meaning() {
    let good = [
        "-weight * (conviction - belief.conviction_mean)\n + 2 * (home_attacked and not is_settled)",
        "if(on_leave and home_held < 0.5, ln(max(pay, 10) / exits.alternative_pay_usd), fade(days_served, 60))",
        "clamp(unit_losses / 0.1, 0, 5) * logistic(conviction) - min(kin_in_group / max(unit_size, 1), 1, fatigue)",
        "sqrt(max(1 - acceptance, 0)) + exp(min(group_momentum, 1)) # momentum\n >= block_belief",
    ];
    let pieces =
        ["(", ")", ",", "+", "/", "*", "<", "==", "and", " ", "\n", "1e", "9", ".", "ü", "#", "if(", "\"", "\0", "-"];
    let mut stream = Draws::of_population(17).stream(Purpose::Person, 0, 0, 0);
    let (mut n_refused, mut n_read) = (0, 0);
    for number in 0..1_000_u32 {
        let mut text: Vec<char> = good[number as usize % good.len()].chars().collect();
        for _ in 0..=stream.below(4) {
            let at = stream.below(text.len() as u32) as usize;
            match stream.below(4) {
                0 => {
                    text.remove(at);
                }
                1 => text.truncate(at.max(1)),
                2 => {
                    let other = number as usize % text.len();
                    text.swap(at, other);
                }
                _ => {
                    let piece = pieces[stream.below(pieces.len() as u32) as usize];
                    text.splice(at..at, piece.chars());
                }
            }
        }
        let text: String = text.into_iter().collect();
        drop(names_in(&text));
        match vocabulary().log_hazard(&text, false) {
            Ok(formula) => {
                n_read += 1;
                assert!(Program::of(&formula, &|_| 0.5).value(|_| 0.5).is_finite(), "{text}");
            }
            Err(error) => {
                n_refused += 1;
                let lines: Vec<&str> = text.split('\n').collect();
                let line = lines.get(error.at.line as usize - 1).map(|line| line.chars().count() as u32);
                assert!(line.is_some_and(|length| (1..=length + 1).contains(&error.at.column)), "{text:?}: {error}");
                assert!(!error.found.is_empty());
            }
        }
    }
    assert!(n_refused > 700 && n_read > 20, "{n_refused} refused, {n_read} read");
}

/// Whatever inputs lie in, the value lies in the interval, and in the narrower one of what
/// moves together.
#[test]
fn values_lie_in_their_intervals() {
    let texts = [
        "conviction * unit_losses - 3 * group_momentum / (1 + rank)",
        "if(conviction < 0 or on_leave, sqrt(unit_exits), -conviction)",
        "min(conviction, 2) * max(-conviction, -1) + logistic(conviction * group_momentum)",
        "fade(days_served, max(days_since_kin_killed, 1)) * exp(min(conviction, 1)) - clamp(rank, unit_losses, 2)",
        "if(unit_losses >= 0.2 and rank < 2, 1 / unit_losses, rank) + if(wounds <= 3, wounds, 1 / wounds)",
        "(conviction == 0) + 2 * (rank >= 1 and not is_foreign) - (conviction != rank)",
        "(conviction + unit_exits) * (1 - unit_exits) - conviction * unit_losses + chance(2) * unit_losses",
        "logistic(conviction) - logistic(conviction - 1) + fade(days_served, 30) * (1 - fade(days_served, 30))",
        "max(conviction, unit_losses, group_momentum) - max(conviction, 1) + sqrt(unit_size / (unit_size + 1)) * unit_losses",
        "denials / (denials + 5) - claims_from_rivals * exp(-claims_from_rivals / 20) + conviction / (denials + 1)",
        "ln(0.3 * exp(-min(0.2 * denials, 600)) + 0.7) * if(contradictions > 1, contradictions, 0.5) + denials / 9999",
        "if(denials >= 3 and conviction > 0, 1 / denials, if(denials < 3, denials * denials, 2 - denials / 99))",
        "clamp(claims_from_outside * unit_losses, unit_losses, 3) - unit_losses * claims_from_outside",
    ];
    let mut stream = Draws::of_population(18).stream(Purpose::Person, 0, 0, 0);
    let mut n_narrower = 0;
    for text in texts {
        let formula = vocabulary().log_hazard(text, true).unwrap_or_else(|error| panic!("{text}: {error}"));
        let program = Program::of(&formula, &|_| 0.5);
        for nth in 0..200_u32 {
            // An interval for each quantity, and a value in it; small counts now and then.
            let draws: Vec<[f64; 3]> =
                QUANTITIES.iter().map(|_| [stream.uniform(), stream.uniform(), stream.uniform()]).collect();
            let whole = |at: usize, value: f64| if QUANTITIES[at].unit == "1" { value.floor() } else { value };
            let ends = |at: usize| {
                let (low, high) = QUANTITIES[at].range();
                let high = if nth % 2 == 0 { high } else { high.min(low + 30.0) };
                let [a, b] = [draws[at][0], draws[at][1]].map(|share| whole(at, low + share * (high - low)));
                if QUANTITIES[at].unit == "yes or no" { (0.0, 1.0) } else { (a.min(b), a.max(b)) }
            };
            let read = |input| match input {
                Input::Quantity(at) => Interval { low: ends(at).0, high: ends(at).1 },
                _ => unreachable!("none of them is named"),
            };
            let (interval, bounds) = (program.interval(read), program.bounds(read));
            let value = program.value(|input| match input {
                Input::Quantity(at) if QUANTITIES[at].unit == "yes or no" => draws[at][2].round(),
                Input::Quantity(at) => whole(at, ends(at).0 + draws[at][2] * (ends(at).1 - ends(at).0)),
                _ => unreachable!("none of them is named"),
            });
            let room = 1e-9 * (1.0 + value.abs());
            for interval in [interval, bounds] {
                let is_in = interval.low - room <= value && value <= interval.high + room;
                assert!(is_in, "{text}: {value} in {interval:?}");
            }
            assert!(bounds.low >= interval.low && bounds.high <= interval.high, "{text}: {bounds:?} in {interval:?}");
            n_narrower += u32::from(bounds.high < interval.high);
        }
    }
    assert!(n_narrower > 300, "{n_narrower}");
}

/// Where a quantity stands twice, its parts move together.
#[test]
fn bounds_see_that_parts_move_together() {
    let bounds = |text: &str, low: f64, high: f64| {
        let formula = vocabulary().log_hazard(text, true).unwrap_or_else(|error| panic!("{text}: {error}"));
        let found = Program::of(&formula, &|_| 0.5).bounds(|_| Interval { low, high });
        (found.low, found.high)
    };
    let is_near = |(low, high): (f64, f64), expected: (f64, f64)| {
        assert!((low - expected.0).abs() < 2e-3 && (high - expected.1).abs() < 2e-3, "{low} to {high}");
    };
    // Of the quotient no more is known than that its slope lies between -1/2 and 1.
    is_near(bounds("unit_losses / (unit_losses + 1)", 0.0, 1.0), (0.0, 5.0 / 6.0));
    // By itself each part has it between -0.86 and 0.21.
    is_near(bounds("ln(exp(conviction) + 1) - ln(exp(conviction) + 2)", 0.0, 1.0), (-0.711_8, 0.071_2));
    is_near(bounds("conviction - max(conviction, -5)", -1.0, 1.0), (0.0, 0.0));
    // Of a count, for all counts still to come: the first rises up to 20 and falls from there on.
    is_near(bounds("denials * exp(-denials / 20)", 3.0, 10_000.0), (0.0, 20.0 * exp(-1.0)));
    is_near(bounds("denials * exp(-denials / 20)", 30.0, 10_000.0), (0.0, 30.0 * exp(-1.5)));
    // It rises to 0, of which counts far beyond are known less closely.
    is_near(bounds("ln(1 + denials) - ln(3 + denials)", 0.0, 10_000.0), (-ln(3.0), 0.082_3));
}

/// What follows from counts is looked up, with the bits of the closed form, also of
/// counts that no table holds.
#[test]
fn looking_up_gives_the_bits_of_the_formula() {
    let text = "if(denials > 0, ln(0.7 + 0.3 * exp(-0.1 * min(denials, 5000))), 0) * (1 + contradictions) + wounds / 7";
    let formula = vocabulary().log_hazard(text, true).unwrap();
    let program = Program::of(&formula, &|_| 0.5);
    for (denials, contradictions) in [(0, 0), (1, 3), (40, 7), (1_023, 1), (1_024, 0), (9_999, 12), (10_000, 2)] {
        let (n, c) = (f64::from(denials), f64::from(contradictions));
        let found = program.value(|input| match input {
            Input::Quantity(at) if QUANTITIES[at].name == "denials" => n,
            Input::Quantity(at) if QUANTITIES[at].name == "contradictions" => c,
            _ => 3.0,
        });
        let of_denials = if n > 0.0 { ln(0.7 + 0.3 * exp(-0.1 * n.min(5000.0))) } else { 0.0 };
        assert_eq!(found.to_bits(), (of_denials * (1.0 + c) + 3.0 / 7.0).to_bits(), "{denials}, {contradictions}");
    }
    let hearing = |text: &str| {
        let formula = vocabulary().log_hazard(text, true).unwrap();
        Program::of(&formula, &|_| 0.5).hearing(8)
    };
    assert_eq!(hearing("conviction"), Hearing::Nothing);
    assert_eq!(hearing("contradictions * claims_from_kin"), Hearing::Nothing);
    assert_eq!(hearing("logistic(denials) - min(claims_from_rivals, 6) * unit_losses"), Hearing::SoonDone);
    assert_eq!(hearing("logistic(denials) - 0.01 * claims_from_rivals"), Hearing::Follows);
    assert_eq!(hearing("denials * unit_losses"), Hearing::Follows);
}

/// What is the same for everybody in a unit is so, in a war.
#[test]
fn quantities_of_a_unit_are_the_same_for_all_in_it() {
    let world = World::build(small_war());
    let mut model = Model::new(&world, 0);
    let mut n_units = 0;
    while model.day() < 20 && !model.is_finished() {
        model.step();
        for unit in model.units.ids() {
            let state = model.units.at(unit);
            let values = |row: &Row| {
                let member = Member { row: *row, unit, group: state.group };
                let shared = QUANTITIES.iter().filter(|quantity| quantity.is_of_unit());
                shared.map(|quantity| quantity.value(&model, member).to_bits()).collect::<Vec<_>>()
            };
            let all: Vec<Vec<u64>> = state.members.iter().map(values).collect();
            assert!(all.windows(2).all(|pair| pair[0] == pair[1]));
            n_units += usize::from(all.len() > 1);
        }
    }
    assert!(n_units > 20 && QUANTITIES.iter().filter(|quantity| quantity.is_of_unit()).count() == 9);
}

#[test]
fn constants_are_of_parameters_alone_and_within_their_ends() {
    let constant = |text: &str| {
        let found = vocabulary().constant(text, Unit::parse("d").unwrap(), (0.0, 100.0));
        found.map_err(|error| error.to_string())
    };
    assert_eq!(constant("30"), Ok(Formula::Number(30.0)));
    assert!(matches!(constant("exits.home_memory_days / 10"), Ok(Formula::Apply(Function::Divide, _))));
    assert_eq!(
        constant("days_served"),
        Err("line 1, column 1: changes during the war; must be of numbers and parameters".to_owned())
    );
    assert_eq!(constant("weight"), Err("line 1, column 1: is in a plain number; must be in d".to_owned()));
    assert_eq!(constant("-1"), Err("line 1, column 1: is -1; must lie between 0 and 100".to_owned()));
}

#[test]
fn names_of_quantities_are_their_own_and_units_are_known() {
    let mut names: Vec<&str> = QUANTITIES.iter().map(|quantity| quantity.name).collect();
    names.sort_unstable();
    let n_all = names.len();
    names.dedup();
    assert_eq!(names.len(), n_all);
    for quantity in QUANTITIES {
        assert!(Unit::parse(quantity.unit).is_some() && quantity.range().0 < quantity.range().1, "{}", quantity.name);
        assert!(!quantity.meaning.is_empty());
    }
}
