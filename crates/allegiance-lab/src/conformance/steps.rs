//! The steps of the path: what happens, which mechanism must produce it, and
//! how it's checked.

#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method's path isn't general over the lifetime of the view"
)]

use allegiance_model::ids::GroupId;
use allegiance_model::parameters::Parameters;
use allegiance_model::setup::{
    AxisSetup, BeliefTheory, Change, ExitTheory, Lever, Mechanism, RelationKind, Setup, TimelineEntry,
};

use super::outcomes::CaseRecord;

/// Measures an outcome in one replicate.
pub(super) type OutcomeFn = fn(&CaseRecord<'_>) -> f64;

/// What an ablation should do to an outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Expected {
    /// It falls.
    Falls,
    /// It rises.
    Rises,
    /// It stays within a band around zero.
    Within(f64),
    /// Nothing is expected: the result is to be read.
    Open,
}

/// One paired check.
#[derive(Clone, Copy)]
pub struct Check {
    /// The outcome in words.
    pub outcome: &'static str,
    pub(super) measure: OutcomeFn,
    /// What is switched off or changed, in words.
    pub ablation: &'static str,
    pub(super) before: Option<fn(&mut Setup)>,
    pub(super) ablate: fn(&mut Setup),
    /// The direction written down beforehand.
    pub expected: Expected,
}

/// One step of the path.
#[derive(Clone, Copy)]
pub struct Step {
    /// Its number, 1 to 20.
    pub number: u32,
    /// What happens.
    pub title: &'static str,
    /// The engine file that holds the mechanism.
    pub file: &'static str,
    /// The function in it.
    pub function: &'static str,
    /// The parameters that matter most.
    pub parameters: &'static [&'static str],
    /// Where the mechanism comes from.
    pub source: &'static str,
    /// Its checks.
    pub checks: &'static [Check],
}

fn off(setup: &mut Setup, mechanism: Mechanism) {
    setup.switches.set(mechanism, false);
}

fn isis(setup: &Setup) -> usize {
    setup.groups.iter().position(|group| group.id == "isis").unwrap_or(0)
}

fn defenders(setup: &Setup) -> Vec<usize> {
    (0..setup.groups.len()).filter(|&idx| idx != isis(setup)).collect()
}

/// Pulls a lever on some groups on the day of the first attack.
fn pull(setup: &mut Setup, lever: Lever, groups: &[usize], value: f64) {
    for &group_idx in groups {
        let change = Change::Lever { lever, group: GroupId::from_idx(group_idx), value };
        setup.timeline.push(TimelineEntry { day: 0, change, place: None, note: String::new() });
    }
    setup.timeline.sort_by_key(|entry| entry.day);
}

/// What bears on whether turning can move a war: sections on watches, destination, persuasion and
/// information, the harm that turns men, and base rates. True where the strong end of the prior is the high one.
const TURNING: [(&str, bool); 22] = [
    ("watches.first_share", false),
    ("watches.newcomer_km", true),
    ("watches.p_relief", true),
    ("information.weight", true),
    ("information.memory_days", false),
    ("destination.host", true),
    ("destination.voucher", true),
    ("destination.home_attacked", true),
    ("destination.kin_killed", true),
    ("destination.own_reach", true),
    ("destination.offer_refused", true),
    ("exits.home_attacked_desertion", true),
    ("exits.home_attacked_defection", true),
    ("exits.kin_killed_desertion", true),
    ("exits.kin_killed_defection", true),
    ("exits.desertion_per_month", true),
    ("exits.defection_per_month", true),
    ("persuasion.p_ask", true),
    ("persuasion.most_asked", true),
    ("persuasion.agree_at_baseline", true),
    ("persuasion.agree_slope", true),
    ("persuasion.p_kept", false),
];

/// Every parameter of [`TURNING`] at one end of its prior.
fn turning_at(setup: &mut Setup, is_strong: bool) {
    for (path, is_high) in TURNING {
        let ends = Parameters::dictionary().find(|info| info.path() == path).map(|info| (info.low, info.high));
        let value = ends.map(|(low, high)| if is_high == is_strong { high } else { low });
        let is_set = value.is_some_and(|value| setup.parameters.set(path, value).is_ok());
        debug_assert!(is_set, "{path} is no parameter");
    }
}

/// Its men joined the attackers against the rebels, with whom it is at war from
/// the first day.
fn join_against_rebels(setup: &mut Setup) {
    let rebels = rebels(setup);
    let against = vec![GroupId::from_idx(rebels)];
    let axis = AxisSetup { mean: 4.0, weight: 0.0, against, ..AxisSetup::plain("war", "War on the rebels") };
    setup.axes.push(axis);
    let isis = isis(setup);
    for (idx, group) in setup.groups.iter_mut().enumerate() {
        group.cause.push(if idx == isis { 5.0 } else { 1.0 });
    }
    relate_to_rebels(setup, RelationKind::War);
}

/// The attackers and the rebels are in one relation from the first day to the last.
fn relate_to_rebels(setup: &mut Setup, kind: RelationKind) {
    let (isis, rebels, n) = (isis(setup), rebels(setup), setup.n_groups());
    setup.relations[isis * n + rebels] = kind;
    setup.relations[rebels * n + isis] = kind;
    let is_between =
        |a: GroupId, b: GroupId| [a.idx(), b.idx()] == [isis, rebels] || [b.idx(), a.idx()] == [isis, rebels];
    setup.timeline.retain(|entry| !matches!(entry.change, Change::Relation { a, b, .. } if is_between(a, b)));
}

fn rebels(setup: &Setup) -> usize {
    setup.groups.iter().position(|group| group.id == "district_rebels").unwrap_or(0)
}

const fn check(
    outcome: &'static str,
    measure: OutcomeFn,
    ablation: &'static str,
    ablate: fn(&mut Setup),
    expected: Expected,
) -> Check {
    Check { outcome, measure, ablation, before: None, ablate, expected }
}

/// The steps, in order.
pub fn steps() -> &'static [Step] {
    STEPS
}

const STEPS: &[Step] = &[
    Step {
        number: 1,
        title: "a conservative local joins",
        file: "joining.rs",
        function: "recruit",
        parameters: &["joining.per_month", "joining.control_weight", "joining.ties_weight"],
        source: "Humphreys & Weinstein 2008; Arjona & Kalyvas 2012; evidence A1",
        checks: &[
            check(
                "local men who join the attackers",
                |v| v.joins(),
                "joining off",
                |s| off(s, Mechanism::Joining),
                Expected::Falls,
            ),
            check(
                "local men who join the attackers",
                |v| v.joins(),
                "the war looks worse from the outset, with the expectation of victory",
                |s| s.parameters.expectation.even = -1.0,
                Expected::Falls,
            ),
            Check {
                outcome: "local men who join the attackers, among people of their mind",
                measure: |v| v.joins(),
                ablation: "the attackers' scores on the axes of cause 1 instead of 5",
                before: Some(|s| {
                    s.axes.iter_mut().for_each(|axis| axis.mean = 5.0);
                    s.parameters.joining.per_month = 0.005;
                    s.parameters.causes.joining_weight = 2.0;
                }),
                ablate: |s| {
                    let isis = isis(s);
                    s.groups[isis].cause.fill(1.0);
                },
                expected: Expected::Falls,
            },
        ],
    },
    Step {
        number: 2,
        title: "he believes in the group",
        file: "muster.rs, causes.rs",
        function: "enlist",
        parameters: &[
            "belief.conviction_mean",
            "belief.conviction_sd",
            "causes.fight_weight",
            "causes.harm_weight",
            "causes.command_weight",
        ],
        source: "evidence A3, B3; Oppenheim et al. 2015; Lyall, Blair & Imai 2013",
        checks: &[
            check(
                "share of members with conviction above zero before the attack",
                |v| v.believers_before(),
                "conviction on joining -1.6 instead of 1.6",
                |s| s.parameters.belief.conviction_mean = -1.6,
                Expected::Falls,
            ),
            Check {
                outcome: "mean conviction before the attack of men who joined against the rebels",
                measure: |v| v.conviction_before(),
                ablation: "truce with the rebels instead of war",
                before: Some(join_against_rebels),
                ablate: |s| relate_to_rebels(s, RelationKind::Truce),
                expected: Expected::Falls,
            },
            check(
                "mean conviction before the attack, foreigners in command",
                |v| v.conviction_before(),
                "no foreign commanders",
                |s| {
                    let isis = isis(s);
                    let share = &mut s.groups[isis].foreign_share;
                    (share.unit_commander, share.field_commander, share.leadership) = (0.0, 0.0, 0.0);
                },
                Expected::Rises,
            ),
            Check {
                outcome: "mean conviction at the end of members who saw and were told nothing",
                measure: |v| v.conviction_of_unexposed_at_end(),
                ablation: "the attackers kill no civilians (brutality 0)",
                before: Some(|s| off(s, Mechanism::Claims)),
                ablate: |s| {
                    let isis = isis(s);
                    s.groups[isis].brutality = 0.0;
                },
                expected: Expected::Rises,
            },
        ],
    },
    Step {
        number: 3,
        title: "commanders frame the war on rivals, and he accepts it",
        file: "news.rs",
        function: "frame",
        parameters: &["news.framing_per_month", "news.p_command_denies", "belief.honesty_own_command"],
        source: "Gentzkow & Shapiro 2006; evidence A3",
        checks: &[check(
            "mean conviction before the attack",
            |v| v.conviction_before(),
            "commanders silent: no framing, no denials",
            |s| {
                s.parameters.news.framing_per_month = 0.0;
                s.parameters.news.p_command_denies = 0.0;
            },
            Expected::Falls,
        )],
    },
    Step {
        number: 4,
        title: "he hears allegations and waves them off",
        file: "belief/source_credibility.rs",
        function: "conviction",
        parameters: &["belief.honesty_rivals", "belief.partisan_accuses_rival"],
        source: "MODEL 5; evidence A3",
        checks: &[check(
            "share of members accused before the attack who still believe",
            |v| v.accused_but_believing(),
            "rivals trusted like kin (honesty .9)",
            |s| s.parameters.belief.honesty_rivals = 0.9,
            Expected::Falls,
        )],
    },
    Step {
        number: 5,
        title: "on leave in his village",
        file: "leave.rs",
        function: "Rota::is_on_leave",
        parameters: &["leave.share_on_leave", "leave.days"],
        source: "evidence A17",
        checks: &[check(
            "members on leave at home when it is attacked",
            |v| v.on_leave_when_attacked(),
            "leave off",
            |s| off(s, Mechanism::Leave),
            Expected::Falls,
        )],
    },
    Step {
        number: 6,
        title: "his own group attacks it, local rebels defend",
        file: "operations.rs",
        function: "assault",
        parameters: &["operations.attacks_per_month", "operations.odds_slope"],
        source: "evidence A12, B4",
        checks: &[
            check(
                "assaults by the attackers on the village",
                |v| v.assaults_on_village(),
                "operations off",
                |s| off(s, Mechanism::Operations),
                Expected::Falls,
            ),
            check(
                "assaults that nobody resists",
                |v| v.unresisted_assaults(),
                "odds without bound, and no place falls by presence",
                |s| off(s, Mechanism::Targets),
                Expected::Rises,
            ),
            check(
                "assaults in the first days of the war, before that on the village",
                |v| v.early_assaults(),
                "no opening blow and no axes",
                |s| off(s, Mechanism::Campaigns),
                Expected::Falls,
            ),
        ],
    },
    Step {
        number: 7,
        title: "civilians, kin among them, are killed before his eyes",
        file: "harm.rs",
        function: "kill_bystanders",
        parameters: &["harm.civilians_per_fighter_killed", "harm.p_same_household"],
        source: "evidence A12",
        checks: &[check(
            "members who see kin killed in their home",
            |v| v.saw_kin_killed(),
            "no civilians killed in assaults",
            |s| s.parameters.harm.civilians_per_fighter_killed = 0.0,
            Expected::Falls,
        )],
    },
    Step {
        number: 8,
        title: "conviction reverses at once, and old allegations are believed",
        file: "news.rs",
        function: "take_in",
        parameters: &["belief.witness_home_attack", "belief.kin_killed", "belief.p_caught_lying_honest"],
        source: "Silverman, Kaltenthaler & Dagher 2021; MODEL 5; evidence A3",
        checks: &[
            check(
                "fall of conviction within the day, log-odds",
                |v| v.fall_of_conviction(),
                "belief fixed",
                |s| s.theory.belief = BeliefTheory::Fixed,
                Expected::Falls,
            ),
            check(
                "rise of the credence of old accusations within the day",
                |v| v.rise_of_credence(),
                "what is seen doesn't count as evidence",
                |s| {
                    s.parameters.belief.witness_home_attack = 0.0;
                    s.parameters.belief.kin_killed = 0.0;
                    s.parameters.belief.p_caught_lying_honest = 1.0;
                },
                Expected::Falls,
            ),
        ],
    },
    Step {
        number: 9,
        title: "he phones his commander",
        file: "voice.rs",
        function: "complain",
        parameters: &["voice.p_voice_kin_killed", "voice.p_voice_home_attacked"],
        source: "Hirschman 1970; evidence A6",
        checks: &[check(
            "complaints to the attackers' commanders",
            |v| v.complaints(),
            "voice off",
            |s| off(s, Mechanism::Voice),
            Expected::Falls,
        )],
    },
    Step {
        number: 10,
        title: "he is asked back and offered amends",
        file: "voice.rs",
        function: "speak_up",
        parameters: &["groups.isis.answers.offer"],
        source: "the source case; evidence A6",
        checks: &[check(
            "offers of restitution",
            |v| v.offers(),
            "commanders never offer",
            |s| {
                let at = isis(s);
                let answers = &mut s.groups[at].answers;
                answers.ignore += answers.offer;
                answers.offer = 0.0;
            },
            Expected::Falls,
        )],
    },
    Step {
        number: 11,
        title: "no solution: he refuses",
        file: "voice.rs",
        function: "settle",
        parameters: &["voice.p_refuse_kin", "voice.p_accept_other"],
        source: "Ginges et al. 2007; evidence A6",
        checks: &[check(
            "share of offers refused",
            |v| v.refused_share(),
            "losses of kin settle like others",
            |s| s.parameters.voice.p_refuse_kin = 1.0 - s.parameters.voice.p_accept_other,
            Expected::Falls,
        )],
    },
    Step {
        number: 12,
        title: "he joins the defenders the same day",
        file: "exits/leaving.rs",
        function: "carry_out",
        parameters: &["exits.home_attacked_desertion", "exits.kin_killed_desertion", "exits.host_reach_km"],
        source: "Staniland 2012; McLauchlin 2014; evidence A7",
        checks: &[
            check(
                "defections on the day on which the home is attacked",
                |v| v.same_day_defections(),
                "kin and home don't count",
                |s| {
                    s.parameters.exits.blocks.kin_and_home.home_attacked_desertion = 1.0;
                    s.parameters.exits.blocks.kin_and_home.home_attacked_defection = 1.0;
                    s.parameters.exits.blocks.kin_and_home.kin_killed_desertion = 1.0;
                    s.parameters.exits.blocks.kin_and_home.kin_killed_defection = 1.0;
                },
                Expected::Falls,
            ),
            check(
                "exits from the attackers",
                |v| v.exits(),
                "losses of 2.5 times the usual, with fear for one's life",
                |s| {
                    let combat = &mut s.parameters.combat;
                    combat.killed_share_winner *= 2.5;
                    combat.killed_share_loser *= 2.5;
                    combat.break_share *= 2.0;
                },
                Expected::Rises,
            ),
            check(
                "share of exits in the company of others of the unit",
                |v| v.left_in_company(),
                "nobody asks anybody",
                |s| off(s, Mechanism::Persuasion),
                Expected::Falls,
            ),
            check(
                "share of exits that lead to another group",
                |v| v.switched_share(),
                "nobody takes leavers in",
                |s| {
                    s.parameters.arrival.p_accept_voucher = 0.0;
                    s.parameters.arrival.p_accept_stranger = 0.0;
                },
                Expected::Falls,
            ),
        ],
    },
    Step {
        number: 13,
        title: "he is wounded, and the village holds",
        file: "combat.rs",
        function: "contest, deal_losses",
        parameters: &["combat.defender_multiplier", "combat.home_multiplier", "combat.wounded_per_killed"],
        source: "Hirshleifer 1989; evidence A12",
        checks: &[
            check(
                "the village holds a week after the attack",
                |v| v.village_holds(),
                "defenders have no advantage",
                |s| {
                    s.parameters.combat.defender_multiplier = 1.0;
                    s.parameters.combat.home_multiplier = 1.0;
                },
                Expected::Falls,
            ),
            check(
                "newcomers wounded, captured or killed on the day on which they came over",
                |v| v.hit_on_arrival(),
                "an assault in one watch instead of two",
                |s| off(s, Mechanism::Watches),
                Expected::Falls,
            ),
            check(
                "newcomers wounded in the service of the new side",
                |v| v.wounded_newcomers(),
                "nobody is wounded",
                |s| s.parameters.combat.wounded_per_killed = 0.0,
                Expected::Falls,
            ),
        ],
    },
    Step {
        number: 14,
        title: "he expects revenge",
        file: "reprisal.rs",
        function: "pursue",
        parameters: &["reprisal.leaver_per_month", "reprisal.kin_per_month", "deterrence.perceived_risk"],
        source: "evidence A8",
        checks: &[
            check(
                "killings in reprisal by the attackers",
                |v| v.reprisals(),
                "reprisal off",
                |s| off(s, Mechanism::Reprisal),
                Expected::Falls,
            ),
            check(
                "members whom the attackers execute for trying to leave",
                |v| v.executions(),
                "the attackers execute nobody whom they catch",
                |s| {
                    let at = isis(s);
                    s.groups[at].leavers_executed_share = Some(0.0);
                    s.groups[at].foreign_leavers_executed_share = Some(0.0);
                },
                Expected::Falls,
            ),
        ],
    },
    Step {
        number: 15,
        title: "co-villagers stay with the attackers",
        file: "exits/blocks/opportunity.rs, exits/blocks/deterrence.rs",
        function: "value",
        parameters: &["exits.leave_desertion", "exits.fear_weight", "news.p_village"],
        source: "McLauchlin 2014; evidence A8, A17",
        checks: &[
            check(
                "share of the attackers' men from the village who stay",
                |v| v.co_villagers_who_stayed(),
                "little holds them: half on leave at home, nobody caught",
                |s| {
                    off(s, Mechanism::Deterrence);
                    s.parameters.leave.share_on_leave = 0.5;
                },
                Expected::Falls,
            ),
            Check {
                outcome: "share of the attackers' men from the village who stay",
                measure: |v| v.co_villagers_who_stayed(),
                ablation: "protection off, against twice its usual weight",
                before: Some(|s| {
                    s.parameters.exits.blocks.protection.protection_weight = 2.0;
                }),
                ablate: |s| off(s, Mechanism::Protection),
                expected: Expected::Falls,
            },
            Check {
                outcome: "exits from the attackers where they execute everyone whom they catch leaving",
                measure: |v| v.exits(),
                ablation: "executions aren't remembered",
                before: Some(|s| {
                    s.parameters.executions.weight = 40.0;
                    let at = isis(s);
                    s.groups[at].leavers_executed_share = Some(1.0);
                    s.groups[at].foreign_leavers_executed_share = Some(1.0);
                }),
                ablate: |s| off(s, Mechanism::Executions),
                expected: Expected::Rises,
            },
            Check {
                outcome: "exits from the attackers where blocking troops stand behind them",
                measure: |v| v.exits(),
                ablation: "no blocking troops",
                before: Some(|s| {
                    let at = isis(s);
                    s.groups[at].blocking_troops = 1.0;
                }),
                ablate: |s| off(s, Mechanism::Coercion),
                expected: Expected::Rises,
            },
        ],
    },
    Step {
        number: 16,
        title: "he is distrusted months later, and the scar counts a little",
        file: "arrival.rs",
        function: "suspicion_now, credit_wound",
        parameters: &["arrival.suspicion_voluntary", "arrival.suspicion_months", "arrival.wound_discount"],
        source: "Kao & Revkin 2021; evidence A10",
        checks: &[
            check(
                "mean suspicion of newcomers at the end",
                |v| v.suspicion_at_end(),
                "stigma off",
                |s| off(s, Mechanism::Stigma),
                Expected::Falls,
            ),
            Check {
                outcome: "newcomers arrested by their new side, where it soon accepts them",
                measure: |v| v.arrests_of_newcomers(),
                ablation: "acceptance off",
                before: Some(|s| {
                    s.parameters.acceptance.by_time = 0.5;
                    s.parameters.arrival.arrest_per_month = 0.1;
                }),
                ablate: |s| off(s, Mechanism::Acceptance),
                expected: Expected::Rises,
            },
            check(
                "mean suspicion of wounded newcomers at the end",
                |v| v.suspicion_of_wounded(),
                "wounds prove nothing",
                |s| s.parameters.arrival.wound_discount = 1.0,
                Expected::Rises,
            ),
        ],
    },
    Step {
        number: 17,
        title: "he fights on against the old group",
        file: "arrival.rs",
        function: "settle",
        parameters: &["arrival.p_accept_voucher", "belief.conviction_mean"],
        source: "the source case; evidence A7",
        checks: &[
            check(
                "former members of the attackers who serve the other side at the end",
                |v| v.still_serving(),
                "nobody takes leavers in",
                |s| {
                    s.parameters.arrival.p_accept_voucher = 0.0;
                    s.parameters.arrival.p_accept_stranger = 0.0;
                },
                Expected::Falls,
            ),
            Check {
                outcome: "former members of the attackers who serve the other side at the end",
                measure: |v| v.still_serving(),
                ablation: "prisoners return to their own group whatever the captor's policy",
                before: Some(|s| {
                    s.parameters.combat.captured_share_loser *= 2.0;
                    s.parameters.prisoners.recruited_share = 0.4;
                    s.parameters.prisoners.cause_distance = 1.0;
                    s.parameters.prisoners.recruitment_days = 7.0;
                }),
                ablate: |s| off(s, Mechanism::Prisoners),
                expected: Expected::Falls,
            },
        ],
    },
    Step {
        number: 18,
        title: "outside condemnation did nothing",
        file: "news.rs",
        function: "tell_units",
        parameters: &["belief.honesty_outside_media", "news.p_outside_claim"],
        source: "the source case; ORB 2015; evidence A3",
        checks: &[
            check(
                "mean conviction at the end of members with no exposure of their own",
                |v| v.conviction_of_unexposed_at_end(),
                "outside media silent",
                |s| s.parameters.news.p_outside_claim = 0.0,
                Expected::Within(0.1),
            ),
            Check {
                outcome: "the same where outside media are trusted (honesty .9)",
                measure: |v| v.conviction_of_unexposed_at_end(),
                ablation: "outside media silent",
                before: Some(|s| s.parameters.belief.honesty_outside_media = 0.9),
                ablate: |s| s.parameters.news.p_outside_claim = 0.0,
                expected: Expected::Rises,
            },
        ],
    },
    Step {
        number: 19,
        title: "outsiders have other levers than words",
        file: "interventions.rs",
        function: "lever",
        parameters: &["interventions.radio_hazard_ratio", "interventions.safe_passage_perceived"],
        source: "Armand, Atwell & Gomes 2020; evidence A15",
        checks: &[
            check(
                "exits from the attackers",
                |v| v.exits(),
                "radio calls members home (lever on)",
                |s| pull(s, Lever::Radio, &[isis(s)], 1.0),
                Expected::Open,
            ),
            check(
                "exits from the attackers",
                |v| v.exits(),
                "safe passage (lever on)",
                |s| pull(s, Lever::SafePassage, &[isis(s)], 1.0),
                Expected::Open,
            ),
            check(
                "former members who serve the other side",
                |v| v.still_serving(),
                "amnesty by the hosts (lever on)",
                |s| pull(s, Lever::Amnesty, &defenders(s), 1.0),
                Expected::Open,
            ),
            check(
                "strength of the attackers at the end",
                |v| v.strength_at_end(),
                "stipend of 150 USD for their rivals (lever on)",
                |s| pull(s, Lever::Stipend, &defenders(s), 150.0),
                Expected::Open,
            ),
            check(
                "mean conviction of the unexposed at the end",
                |v| v.conviction_of_unexposed_at_end(),
                "8 outside messages per month (lever on)",
                |s| pull(s, Lever::OutsideMessaging, &[isis(s)], 8.0),
                Expected::Open,
            ),
        ],
    },
    Step {
        number: 20,
        title: "the thesis: local turning, more than outsiders, decides",
        file: "exits/mod.rs, interventions.rs",
        function: "decide; lever",
        parameters: &["theory.exit", "mechanisms.exits"],
        source: "the source case: open",
        checks: &[
            check(
                "strength of the attackers at the end",
                |v| v.strength_at_end(),
                "nobody turns (exits off)",
                |s| off(s, Mechanism::Exits),
                Expected::Open,
            ),
            check(
                "strength of the attackers at the end",
                |v| v.strength_at_end(),
                "every outside lever pulled",
                |s| {
                    pull(s, Lever::Radio, &[isis(s)], 1.0);
                    pull(s, Lever::SafePassage, &[isis(s)], 1.0);
                    pull(s, Lever::OutsideMessaging, &[isis(s)], 8.0);
                    let hosts = defenders(s);
                    pull(s, Lever::Amnesty, &hosts, 1.0);
                    pull(s, Lever::Stipend, &hosts, 150.0);
                },
                Expected::Open,
            ),
            check(
                "the village holds a week after the attack",
                |v| v.village_holds(),
                "nobody turns (exits off)",
                |s| off(s, Mechanism::Exits),
                Expected::Open,
            ),
            check(
                "the village is held at the end",
                |v| v.village_holds_at_end(),
                "nobody turns (exits off)",
                |s| off(s, Mechanism::Exits),
                Expected::Open,
            ),
            Check {
                outcome: "the village is held at the end, all that bears on turning at the strong end of its prior",
                measure: |v| v.village_holds_at_end(),
                ablation: "nobody turns (exits off)",
                before: Some(|s| turning_at(s, true)),
                ablate: |s| off(s, Mechanism::Exits),
                expected: Expected::Falls,
            },
            Check {
                outcome: "the village is held at the end, all that bears on turning at the weak end of its prior",
                measure: |v| v.village_holds_at_end(),
                ablation: "nobody turns (exits off)",
                before: Some(|s| turning_at(s, false)),
                ablate: |s| off(s, Mechanism::Exits),
                expected: Expected::Open,
            },
            check(
                "civilians killed",
                |v| v.civilian_dead(),
                "nobody turns (exits off)",
                |s| off(s, Mechanism::Exits),
                Expected::Open,
            ),
            check(
                "strength of the attackers at the end",
                |v| v.strength_at_end(),
                "exits at a constant rate (null theory)",
                |s| s.theory.exit = ExitTheory::Constant,
                Expected::Open,
            ),
        ],
    },
];
