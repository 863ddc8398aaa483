//! Theory files: what they mean, and what is said of mistakes.

use super::{load_theory, parse_theory, theory_to_copy};
use crate::builtin;
use crate::document::LoadDocumentError;
use crate::overrides::apply_change;
use crate::{load, load_files};
use allegiance_model::exits::ActiveBlocks;
use allegiance_model::random::{Draws, Purpose};
use allegiance_model::setup::{BeliefTheory, ExitTheory, Mechanism};
use allegiance_model::tables::Cause;
use allegiance_model::theory::{Slot, StateEvent};

const MINE: &str = r#"format = 1
name = "tired"
authors = "A. Author"
citation = "none"
about = "Who has seen many comrades fall goes home."
blocks = ["opportunity", "deterrence"]

[let]
alone = "1 - unit_kin"

[parameters.tiredness_weight]
default = 0.5
prior = [0.1, 1.5]
off = 0
unit = "log-hazard"
meaning = "Rise of the log-hazard for one comrade lost."
tag = "judgement"
source = "none"

[state.tiredness]
half_life_days = 60
most = 10
add = { comrade_lost = 1, wounded = "2 * tiredness_weight" }

[[block]]
name = "tiredness"
words = "tiredness of war"
desertion = "tiredness_weight * tiredness"
defection = """
0.5 * tiredness_weight * tiredness
 + alone"""
"#;

fn problems(text: &str) -> Vec<String> {
    match parse_theory("mine.toml", text) {
        Ok(_) => Vec::new(),
        Err(LoadDocumentError::Invalid { problems, .. }) => problems.iter().map(ToString::to_string).collect(),
        Err(error) => vec![error.to_string()],
    }
}

#[test]
fn a_theory_is_read_with_all_that_it_says() {
    let theory = parse_theory("mine.toml", MINE).unwrap();
    assert_eq!((theory.name.as_str(), theory.words().as_str()), ("tired", "tiredness of war"));
    assert_eq!(theory.blocks, [Cause::Opportunity, Cause::Deterrence]);
    assert_eq!((theory.parameters.len(), theory.parameter("tiredness_weight")), (1, Some(0.5)));
    let block = &theory.own_blocks[0];
    assert_eq!((block.line, block.bound), (25, None));
    assert!(block.formulas[0] == block.formulas[2] && block.formulas[0] != block.formulas[1]);
    let events: Vec<StateEvent> = theory.states[0].additions.iter().map(|(event, _)| *event).collect();
    assert_eq!(events, [StateEvent::ComradeLost, StateEvent::Wounded]);
    // The same text is the same theory, to the place where its entries are kept.
    let again = parse_theory("elsewhere/mine.toml", MINE).unwrap();
    assert!(std::ptr::eq(theory.parameters[0].info, again.parameters[0].info));
    assert_eq!(theory, again);
}

/// Each mistake with its file, line, column where it's in an expression, and what is allowed.
#[test]
fn mistakes_are_told_where_they_stand() {
    for (from, to, message) in [
        (
            "* tiredness\"",
            "* tirednes\"",
            "mine.toml:28: block[0].desertion at column 33 names \"tirednes\", which is neither a quantity nor a name of this \
             file; did you mean \"tiredness\"?",
        ),
        (
            " + alone",
            " + alone * distance_home",
            "mine.toml:31: block[0].defection at column 10 is in km, and what + sets beside it in a plain number; both must \
             have one unit",
        ),
        (
            "1 - unit_kin",
            "1 / unit_kin",
            "mine.toml:9: let.alone at column 12 divides by what can be 0; the divisor lies between 0 and 1: write max(..., \
             0.01), say, or if(... >= 0.01, ..., ...) with a quantity by itself in the condition",
        ),
        (
            "1 - unit_kin",
            "1 - alone",
            "mine.toml:9: let.alone at column 1 leads back to itself; the circle is among alone",
        ),
        (
            "\"deterrence\"",
            "\"deterence\"",
            "mine.toml:6: blocks names \"deterence\", which is no block; blocks are belief, kin_and_home, opportunity, \
             deterrence, material, prospects, cascade, cohesion, danger, protection, expectation; did you mean \
             \"deterrence\"?",
        ),
        (
            "wounded =",
            "wound =",
            "mine.toml:23: state.tiredness.add.wound is no event; events are home_attacked, kin_killed, witnessed, wounded, \
             comrade_lost, comrade_left; did you mean \"wounded\"?",
        ),
        (
            "desertion = \"",
            "all = \"0\"\ndesertion = \"",
            "mine.toml:25: block[0] states all and a kind of exit; must state either all, or desertion and defection, and \
             departure if it differs",
        ),
        (
            "unit = \"log-hazard\"",
            "unit = \"parsecs\"",
            "mine.toml:15: parameters.tiredness_weight.unit is \"parsecs\"; units are d, km, persons, USD, years, 1, share, \
             probability, log-odds, log-hazard, log, score, days, day, month, months, person, year, and their products and \
             quotients",
        ),
        (
            "prior = [0.1, 1.5]",
            "prior = [1.5, 0.1]",
            "mine.toml:13: parameters.tiredness_weight.prior is [1.5, 0.1]; must be two numbers, the lower first, such as [0.1, \
             1.5]",
        ),
        (
            "half_life_days = 60",
            "half_life_days = \"days_served\"",
            "mine.toml:21: state.tiredness.half_life_days at column 19 changes during the war; must be of numbers and \
             parameters",
        ),
        (
            "[state.tiredness]",
            "[state.conviction]",
            "mine.toml:20: state.conviction has the name of a quantity or function; choose another",
        ),
        (
            "* tiredness\"",
            "* tiredness * days_served / max(day, 1)\"\nbound = \"high\"",
            "mine.toml:29: block[0].bound is the text \"high\"; must be a number from -1000 to 1000",
        ),
        (
            "most = 10",
            "most = 1000",
            "mine.toml:28: block[0].desertion at column 31 can raise the log-hazard by 1500; at most 50 whatever the inputs, with \
             parameters in their priors: use min, clamp, logistic or fade, or state a bound",
        ),
    ] {
        let changed = MINE.replacen(from, to, 1);
        assert_ne!(changed, MINE, "{from}");
        let found = problems(&changed);
        assert!(found.iter().any(|found| found == message), "{from} -> {to}:\n{}", found.join("\n"));
    }
}

/// A thousand spoiled files: a message for each that is refused, with its line, and no panic.
#[test]
fn a_thousand_spoiled_theory_files_have_clear_messages() {
    let sources: Vec<&str> = std::iter::once(MINE).chain(builtin::theory_names().filter_map(builtin::theory)).collect();
    let pieces =
        ["\"", "]", "[", "=", "\n", "1e999", "-", "#", "[[block]]\n", "\u{0}", "ü", "'''", "/ 0", "{", ",", "nan"];
    let mut stream = Draws::of_population(21).stream(Purpose::Person, 0, 0, 0);
    let mut n_refused = 0;
    for number in 0..1_000 {
        let mut text: Vec<char> = sources[number % sources.len()].chars().collect();
        for _ in 0..=stream.below(4) {
            let at = stream.below(text.len() as u32) as usize;
            match stream.below(4) {
                0 => drop(text.drain(at..(at + 1 + stream.below(12) as usize).min(text.len()))),
                1 => text.truncate(at.max(20)),
                2 => text[at] = 'x',
                _ => {
                    let piece = pieces[stream.below(pieces.len() as u32) as usize];
                    text.splice(at..at, piece.chars());
                }
            }
        }
        let text: String = text.into_iter().collect();
        let found = problems(&text);
        n_refused += usize::from(!found.is_empty());
        for message in found {
            assert!(message.starts_with("mine.toml:") && message.len() > 20, "{text}\n{message}");
        }
    }
    assert!(n_refused > 700, "{n_refused}");
}

#[test]
fn shipped_theories_of_the_engine_name_the_blocks_of_the_engine() {
    for &exit in ExitTheory::ALL {
        let theory = load_theory(exit.word()).unwrap();
        let blocks: Vec<Cause> = ActiveBlocks::of(exit).blocks().map(|block| block.cause).collect();
        assert_eq!((theory.name.as_str(), &theory.blocks), (exit.word(), &blocks));
        assert!(theory.own_blocks.is_empty());
    }
    for &belief in BeliefTheory::ALL {
        assert_eq!(load_theory(belief.word()).unwrap().slots(), [Slot::Belief]);
    }
    for name in builtin::theory_names() {
        let lines = builtin::theory(name).unwrap().lines().count();
        assert_eq!(load_theory(name).unwrap().name, name);
        assert!(lines <= 50, "{name} has {lines} lines");
    }
}

#[test]
fn a_start_to_copy_is_a_theory_and_stays_one_with_its_comments_taken_away() {
    for from in builtin::theory_names() {
        let text = theory_to_copy(from, "mine").unwrap();
        assert_eq!(parse_theory("mine.toml", &text).unwrap().name, "mine", "{from}");
    }
    let text = theory_to_copy("conviction", "mine").unwrap();
    let (comments, start) = text.split_once("\n#[let]").unwrap();
    let whole = format!("{comments}\n[let]{}", start.replace("\n#", "\n"));
    let theory = parse_theory("mine.toml", &whole).unwrap();
    assert_eq!((theory.own_blocks.len(), theory.parameters.len(), theory.states.len()), (1, 1, 1));
    assert_eq!(theory_to_copy("bayes", "mine"), None);
}

#[test]
fn a_theory_takes_the_slot_of_exit_and_its_parameters_can_be_set() {
    let mut setup = load("one-village").unwrap().setup;
    let change = |setup: &mut _, text: &str| apply_change(setup, text).map_err(|error| error.to_string());
    let without = change(&mut setup, "own.trust_weight=1").unwrap_err();
    assert!(without.starts_with("own.trust_weight can't be set; a key begins with days"), "{without}");
    change(&mut setup, "theory=trust_among_comrades").unwrap();
    assert_eq!((setup.exit_theory(), setup.parameter("own.trust_weight")), ("trust_among_comrades", Some(2.0)));
    change(&mut setup, "own.trust_weight=1.5").unwrap();
    assert_eq!(setup.parameter("own.trust_weight"), Some(1.5));
    assert_eq!(
        change(&mut setup, "own.trust_weight=-1"),
        Err("own.trust_weight is -1; must be a number from 0 to 40; 0.5 to 4 is plausible".to_owned())
    );
    assert_eq!(
        change(&mut setup, "own.trust_wieght=1"),
        Err("own.trust_wieght isn't a parameter of own; parameters are acquaintance_days, trust_weight; did you mean \
             \"trust_weight\"?"
            .to_owned())
    );
    assert!(change(&mut setup, "theory=nowhere.toml").unwrap_err().contains("no such file is in the working folder"));
    assert_eq!(setup.exit_theory(), "trust_among_comrades");
    change(&mut setup, "theory.exit=cascade").unwrap();
    assert_eq!((setup.exit_theory(), setup.own_theories.is_empty()), ("cascade", true));
}

const SLOTS: &str = r#"format = 1
name = "four_slots"
authors = "A. Author"
citation = "none"
about = "Whom nobody tells anything believes."

[let]
told = "claim_from_rivals + claim_from_kin"

[parameters.talk_weight]
default = 0.5
prior = [0.1, 1.5]
unit = "log-odds"
meaning = "Fall of conviction for one claim."
tag = "judgement"
source = "none"

[state.tiredness]
half_life_days = 60
most = 10
add = { comrade_lost = 1 }

[belief]
conviction = "conviction_on_joining - claim_evidence - talk_weight * told + moved"
daily = "0.01 * (unit_conviction - conviction)"
trust_in_command = "0.5"

[destination]
host = "-2 + 0.5 * host_vouched + 0.1 * tiredness"
abroad = "-3"

[joining]
log_hazard = "group_control + if(clan_harmed, 1, 0)"

[voice]
complains = "0.2 * lost_kin"
accepts = "0.5"
"#;

#[test]
fn a_theory_fills_the_slots_that_it_states_and_others_take_them_from_it() {
    let theory = parse_theory("mine.toml", SLOTS).unwrap();
    assert_eq!(theory.slots(), [Slot::Belief, Slot::Destination, Slot::Joining, Slot::Voice]);
    assert_eq!((theory.rules.len(), theory.fills_exit), (8, false));
    let with_exit = parse_theory("mine.toml", &SLOTS.replace("\n[let]", "blocks = []\n[let]")).unwrap();
    assert!(with_exit.fills_exit);
    let mut setup = load("one-village").unwrap().setup;
    setup.own_theories = vec![with_exit];
    assert_eq!((setup.belief_theory(), setup.exit_theory()), ("four_slots", "four_slots"));
    apply_change(&mut setup, "theory=fixed").unwrap();
    assert_eq!((setup.belief_theory(), setup.exit_theory()), ("fixed", "four_slots"));
    apply_change(&mut setup, "theory.exit=cascade").unwrap();
    assert_eq!((setup.belief_theory(), setup.exit_theory()), ("fixed", "cascade"));
    assert_eq!(setup.own_theories.iter().map(|own| own.slots().len()).collect::<Vec<_>>(), [3]);
    setup.switches.set(Mechanism::Destination, true);
    assert_eq!(setup.parameter("own.talk_weight"), Some(0.5));
}

#[test]
fn mistakes_in_slots_are_told_where_they_stand() {
    for (from, to, message) in [
        (
            "talk_weight * told + moved",
            "0.1 * conviction + moved",
            "mine.toml:24: belief.conviction at column 62 names \"conviction\", which is what [belief] can't use; it may name \
             quantities of the member but convictions, states, `moved`, `claim_evidence`, `claim_from_kin`, \
             `claim_from_rivals`, `claim_from_outside`, `claim_denials`, parameters",
        ),
        (
            " + moved",
            "",
            "mine.toml:25: belief.daily adds to what conviction doesn't name; belief.conviction must name moved, such as \
             \"conviction_on_joining + moved\"",
        ),
        (
            "group_control +",
            "host_vouched +",
            "mine.toml:33: joining.log_hazard at column 15 names \"host_vouched\", which is what [joining] can't use; it may \
             name `group_control`, `group_pay`, `group_gain`, `group_outlook`, `group_support`, `fear_of_holder`, \
             `clan_inside`, `clan_harmed`, `days_since_clan_harmed`, `group_distance`, `candidate_age`, parameters",
        ),
        (
            "group_control +",
            "told +",
            "mine.toml:33: joining.log_hazard at column 15 names \"told\", which stands for what [joining] can't use; it may \
             name `group_control`, `group_pay`, `group_gain`, `group_outlook`, `group_support`, `fear_of_holder`, \
             `clan_inside`, `clan_harmed`, `days_since_clan_harmed`, `group_distance`, `candidate_age`, parameters",
        ),
        (
            "0.2 * lost_kin",
            "block_belief * lost_kin",
            "mine.toml:36: voice.complains at column 14 names \"block_belief\", which is what [voice] can't use; it may name \
             quantities of the member, states, `conviction_before`, `lost_kin`, `commander_from_home`, parameters",
        ),
        (
            "abroad = \"-3\"",
            "abroad = \"-distance_home\"",
            "mine.toml:30: destination.abroad at column 11 is in km, and abroad of destination is a plain number; divide by a \
             quantity or parameter of the same unit",
        ),
        (
            "host = \"-2",
            "hosts = \"-2",
            "mine.toml:29: destination.hosts isn't a key of the slot of destination; keys are host, abroad; did you mean \
             \"host\"?",
        ),
        ("log_hazard = \"group_control + if(clan_harmed, 1, 0)\"", "", "mine.toml:32: joining.log_hazard is missing"),
        (
            "complains = \"0.2 * lost_kin\"\naccepts = \"0.5\"\n",
            "",
            "mine.toml:35: voice says nothing; rules are complains, accepts",
        ),
    ] {
        let text = SLOTS.replace(from, to);
        assert_ne!(text, SLOTS, "{from}");
        assert_eq!(problems(&text), [message], "{from}");
    }
}

#[test]
fn a_scenario_names_the_file_of_its_theory() {
    let mut files = load("one-village").unwrap().files;
    let main = files.iter_mut().find(|file| file.name == "scenario.toml").unwrap();
    main.text =
        main.text.replace("[theory]", "[theory]\nfile = \"mine.toml\"") + "\n[parameters.own]\ntiredness_weight = 1\n";
    files.push(crate::ScenarioFile { name: "mine.toml".to_owned(), text: MINE.to_owned() });
    let scenario = load_files(files.clone()).unwrap();
    assert_eq!(scenario.setup.exit_theory(), "tired");
    assert_eq!(scenario.setup.parameter("own.tiredness_weight"), Some(1.0));
    assert!(scenario.files.iter().any(|file| file.name == "mine.toml"));
    files.last_mut().unwrap().text = MINE.replace("\"opportunity\"", "\"oportunity\"");
    let error = load_files(files.clone()).unwrap_err().to_string();
    // The block, and not the parameters of a theory that isn't there.
    assert_eq!(error, "the scenario has 1 problem");
    // A theory that isn't there isn't held against its parameters either.
    files.pop();
    let error = load_files(files).unwrap_err();
    assert_eq!(error.to_string(), "the scenario has 1 problem", "{error:?}");
}

/// A run keeps the theories that it was given, and finds them there again.
#[test]
fn a_theory_that_was_given_by_its_file_goes_with_the_scenario() {
    let folder = std::env::temp_dir().join(format!("allegiance-theory-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("mine.toml");
    std::fs::write(&path, MINE).unwrap();
    let change = format!("theory={}", path.display());
    let mut scenario = load("one-village").unwrap();
    scenario.change(&[change.clone(), "own.tiredness_weight=1".to_owned()]).unwrap();
    assert_eq!(scenario.setup.exit_theory(), "tired");
    for file in &scenario.files {
        let copy = folder.join("scenario").join(&file.name);
        std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
        std::fs::write(copy, &file.text).unwrap();
    }
    std::fs::remove_file(&path).unwrap();
    let mut again = load(&folder.join("scenario").display().to_string()).unwrap();
    again.change(&[change, "own.tiredness_weight=1".to_owned()]).unwrap();
    assert_eq!(again.setup, scenario.setup);
    std::fs::remove_dir_all(&folder).unwrap();
}
