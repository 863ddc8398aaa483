//! What a person could tell an interviewer of himself: the same questions to who left, on the day on which he
//! left, and to who serves, on the day of the interview.
//!
//! An answer follows from his own history and present state, as he knows them, whatever theory moves him, so
//! that a rival that makes nothing of a fact has it answered all the same. What he forgets, hides or is
//! never asked is the survey's affair, not the engine's. Nobody is interviewed unless whoever holds
//! the [`Model`] asks for it, and no interview changes the war.

use crate::belief;
use crate::deterrence;
use crate::exits::blocks::{Member, protection};
use crate::exits::losses;
use crate::expectation;
use crate::ids::{GroupId, PersonId, PlaceId, Row};
use crate::interventions::pay_usd;
use crate::maths::{DAYS_PER_MONTH, logistic};
use crate::model::Model;
use crate::muster::is_on_leave;
use crate::operations;
use crate::setup::named;
use crate::tables::{AllegianceKind, Cause, ExitKind, Rank, Standing};
use std::collections::BTreeMap;

named! {
    /// How a question is answered.
    pub enum Scale {
        /// Yes or no; the answer as the engine has it is the chance of a yes, 0 or 1 for facts.
        YesOrNo = "yes_or_no",
        /// One of five steps from not at all to entirely; the engine has a share, 0 to 1.
        Steps = "steps",
        /// A number.
        Number = "number",
    }
}

/// One question.
#[derive(Debug)]
pub struct Question {
    /// Its name in evidence.
    pub id: &'static str,
    /// How one would ask it.
    pub wording: &'static str,
    /// What the answer is in the model.
    pub meaning: &'static str,
    /// How it is answered.
    pub scale: Scale,
    /// Unit of the answer.
    pub unit: &'static str,
    /// Whether it asks why somebody left, so that the answer reads what decided in the model.
    pub is_reason: bool,
    answer: Answer,
}

/// Where an answer comes from.
#[derive(Debug, Clone, Copy)]
enum Answer {
    /// The state of a member.
    State(fn(&Asking<'_, '_>, Member) -> Option<f64>),
    /// What he did before, in the record.
    Past(fn(&Past) -> f64),
    /// The factor that weighed most when he left.
    Reason(Cause),
}

/// What a person did so far.
#[derive(Debug, Clone, Copy, Default)]
struct Past {
    n_complaints: u32,
    n_attempts: u32,
}

/// The day of an interview, with what all who are asked share.
struct Asking<'m, 'w> {
    model: &'m Model<'w>,
    /// Losses of late as a share. Shape: `(n_groups,)`.
    losses: Vec<f64>,
}

/// When somebody was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// On the day on which he left, in a way, before he was gone.
    Leaving(ExitKind),
    /// While he served.
    Serving,
}

/// One person's answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Interview {
    /// The person.
    pub person: PersonId,
    /// The day of which he tells, counted from the start.
    pub day: u32,
    /// Whether he was leaving.
    pub occasion: Occasion,
    /// His group then.
    pub group: GroupId,
    /// His home, if he has one in the region.
    pub home: Option<PlaceId>,
    /// In the order of [`QUESTIONS`]; empty where the question doesn't apply to him.
    pub answers: Vec<Option<f64>>,
}

/// Yes or no.
#[expect(clippy::unnecessary_wraps, reason = "every question may be one that doesn't apply")]
fn flag(is_so: bool) -> Option<f64> {
    Some(f64::from(u8::from(is_so)))
}

macro_rules! questions {
    (
        state { $($id:ident: $scale:ident $unit:literal, $wording:literal, $meaning:literal, $read:expr;)* }
        past { $($past_id:ident: $past_wording:literal, $past_meaning:literal, $of_past:expr;)* }
        reasons { $($reason_id:ident $cause:ident: $reason_wording:literal;)* }
    ) => {
        /// Every question, in a fixed order: facts and views, then reasons.
        pub static QUESTIONS: &[Question] = &[
            $(Question {
                id: stringify!($id),
                wording: $wording,
                meaning: $meaning,
                scale: Scale::$scale,
                unit: $unit,
                is_reason: false,
                answer: Answer::State($read),
            },)*
            $(Question {
                id: stringify!($past_id),
                wording: $past_wording,
                meaning: $past_meaning,
                scale: Scale::YesOrNo,
                unit: "yes or no",
                is_reason: false,
                answer: Answer::Past($of_past),
            },)*
            $(Question {
                id: stringify!($reason_id),
                wording: $reason_wording,
                meaning: "Whether this factor added most to the hazard when he left; who serves isn't asked.",
                scale: Scale::YesOrNo,
                unit: "yes or no",
                is_reason: true,
                answer: Answer::Reason(Cause::$cause),
            },)*
        ];
    };
}

questions! {
    state {
        home_attacked: YesOrNo "yes or no", "While you were in it, did your own group attack your home place?",
            "His group attacked his home since he joined it, as he believes.",
            |asking, member| flag(asking.model.people.mind(member.row).grievance.home_attacked.is_some());
        kin_killed: YesOrNo "yes or no", "While you were in it, did your own group kill anybody of your family?",
            "His group killed kin of his since he joined it.",
            |asking, member| flag(asking.model.people.mind(member.row).grievance.kin_killed.is_some());
        kin_dead: YesOrNo "yes or no", "Did anybody of your family die by violence in this war?",
            "Anybody of his clan was killed by anyone; not asked of those from outside the region.",
            |asking, member| {
                let clan = asking.model.people.at(member.row).clan?;
                flag(asking.model.places.is_clan_harmed[clan.idx()])
            };
        friends_inside: YesOrNo "yes or no", "Before you joined, did you know family or friends in the group?",
            "Somebody of his clan came to the group before him, or on the same day.",
            friends_inside;
        forced_in: YesOrNo "yes or no", "Were you made to join?",
            "He was made to join; nobody was unless the mechanism entry runs.",
            |asking, member| flag(asking.model.people.mind(member.row).is_forced);
        joined_for_cause: YesOrNo "yes or no", "Did you join because you supported what the group stood for?",
            "Ideology weighs most among his motives, and he wasn't made to join.",
            |asking, member| heaviest_motive(asking, member, 0);
        joined_for_pay: YesOrNo "yes or no", "Did you join for money, food or a job?",
            "Pay weighs most among his motives, and he wasn't made to join.",
            |asking, member| heaviest_motive(asking, member, 1);
        safer_inside: YesOrNo "yes or no", "Did you feel safer inside the group than you would have been outside it?",
            "The risk that he sees at home exceeds the share of his group killed or wounded in 30 days; not asked of those without a home in the region.",
            safer_inside;
        own_side_punishes: YesOrNo "yes or no", "Had you tried to leave, would your own side have caught and punished you?",
            "Yes with the chance of being caught that his unit sees.",
            |asking, member| Some(deterrence::perceived_risk(asking.model, Some(member.unit)));
        home_punishes: YesOrNo "yes or no", "Had you gone home, would those who held it have punished you?",
            "Yes with the share of his home held by enemies of his group; not asked of those without one.",
            |asking, member| {
                let home = asking.model.people.at(member.row).home?;
                Some(operations::enemy_share(asking.model, member.group, home))
            };
        home_held: YesOrNo "yes or no", "Was your home under your own group?",
            "His group has half of the control of his home or more; not asked of those without one.",
            |asking, member| {
                let home = asking.model.people.at(member.row).home?;
                flag(asking.model.places.share(home, member.group) >= 0.5)
            };
        pay: Number "USD/month", "How much were you paid in a month?",
            "Pay of his group; foreigners and locals alike.",
            |asking, member| Some(pay_usd(asking.model, member.group));
        unit_dead: YesOrNo "yes or no", "In the last month, were members of your unit killed or wounded?",
            "Anybody of his unit was killed or wounded in 30 days.",
            |asking, member| flag(losses::of_unit(asking.model, member.unit) > 0.0);
        comrades_left: YesOrNo "yes or no", "Had others of your unit left before?",
            "His unit remembers an exit of the last 30 days.",
            |asking, member| flag(asking.model.units.at(member.unit).exits_remembered(asking.model.day) >= 0.5);
        was_wounded: YesOrNo "yes or no", "Were you ever wounded?",
            "Times wounded above 0.",
            |asking, member| flag(asking.model.people.at(member.row).n_wounds > 0);
        on_leave: YesOrNo "yes or no", "When you left, or today: were you at home on leave?",
            "He is at home on leave.",
            |asking, member| flag(is_on_leave(asking.model, member.row));
        heard_from_kin: YesOrNo "yes or no", "Did family or neighbours tell you of harm that your group did?",
            "He heard an accusation of his group from kin and neighbours.",
            |asking, member| flag(asking.model.people.mind(member.row).hearing.n_kin > 0);
        command_lied: YesOrNo "yes or no", "Did you see for yourself that your commanders had told you an untruth?",
            "He saw it at least once.",
            |asking, member| flag(asking.model.people.mind(member.row).hearing.n_contradictions > 0);
        victory_expected: YesOrNo "yes or no", "Did you think that your side would win?",
            "Yes with the chance of victory as his group sees it; one half unless the mechanism expectation runs.",
            |asking, member| Some(logistic(expectation::logit(asking.model, member.group)));
        cause_served: Steps "share", "How far did your group serve what you had joined it for, from 1, not at all, to 5, entirely?",
            "Conviction as a probability.",
            |asking, member| Some(logistic(belief::conviction_now(asking.model, member.row)));
        months_served: Number "months", "How many months had you been in the group?",
            "Months of 30 days since he came to it, or since the first day.",
            |asking, member| {
                let days = asking.model.day - asking.model.people.mind(member.row).joined_day;
                Some(f64::from(days) / DAYS_PER_MONTH)
            };
        age: Number "years", "How old were you when the war reached you?",
            "Age on the first day.",
            |asking, member| Some(f64::from(asking.model.people.at(member.row).age));
        is_foreign: YesOrNo "yes or no", "Did you come from another country?",
            "He is foreign.",
            |asking, member| flag(asking.model.people.at(member.row).is_foreign);
        is_commander: YesOrNo "yes or no", "Did you command others?",
            "His rank is above rank and file.",
            |asking, member| flag(asking.model.people.at(member.row).rank != Rank::RankAndFile);
    }
    past {
        complained: "Did you ever complain to your commander?",
            "He complained of harm to his home or kin.",
            |past| f64::from(u8::from(past.n_complaints > 0));
        tried_to_leave: "Did you ever try to leave?",
            "He left, or was caught when he tried to.",
            |past| f64::from(u8::from(past.n_attempts > 0));
    }
    reasons {
        reason_belief Belief: "Did you leave because the group betrayed what it stood for?";
        reason_kin_and_home KinAndHome: "Did you leave because of what it did to your home or family?";
        reason_opportunity Opportunity: "Did you leave because the moment was good?";
        reason_material Material: "Did you leave because of pay?";
        reason_prospects Prospects: "Did you leave because the war was lost?";
        reason_cascade Cascade: "Did you leave because others left?";
        reason_cohesion Cohesion: "Did you leave because you were a stranger among your comrades?";
        reason_danger Danger: "Did you leave because you feared for your life?";
        reason_deterrence Deterrence: "Did you leave because it had become less dangerous to?";
        reason_protection Protection: "Did you leave because you were no safer inside than outside?";
        reason_expectation Expectation: "Did you leave because your side wasn't going to win?";
        reason_baseline Baseline: "Did you leave for no particular reason?";
    }
}

fn friends_inside(asking: &Asking<'_, '_>, member: Member) -> Option<f64> {
    let people = &asking.model.people;
    let (clan, joined) = (people.at(member.row).clan?, people.mind(member.row).joined_day);
    let came_before = |other: &Row| {
        let state = people.at(*other);
        let was_in = state.group == Some(member.group) || state.old_group == Some(member.group);
        *other != member.row && was_in && people.mind(*other).joined_day <= joined
    };
    flag(people.of_clan(clan).any(|other| came_before(&other)))
}

fn heaviest_motive(asking: &Asking<'_, '_>, member: Member, at: usize) -> Option<f64> {
    let mind = asking.model.people.mind(member.row);
    let weights = [mind.motives.ideology, mind.motives.material, mind.motives.social];
    flag(!mind.is_forced && weights.iter().all(|&other| other <= weights[at]))
}

fn safer_inside(asking: &Asking<'_, '_>, member: Member) -> Option<f64> {
    let home = asking.model.people.at(member.row).home?;
    flag(protection::risk_outside(asking.model, member, home) > asking.losses[member.group.idx()])
}

impl Question {
    /// The question of a name.
    pub fn named(id: &str) -> Option<&'static Self> {
        QUESTIONS.iter().find(|question| question.id == id)
    }

    /// Its position in [`QUESTIONS`].
    pub fn position(id: &str) -> Option<usize> {
        QUESTIONS.iter().position(|question| question.id == id)
    }
}

impl<'m, 'w> Asking<'m, 'w> {
    fn today(model: &'m Model<'w>) -> Self {
        Self { model, losses: losses::of_groups(model) }
    }

    /// What a member tells of his state; nothing of who is none.
    fn interview(&self, row: Row, occasion: Occasion) -> Option<Interview> {
        let state = self.model.people.at(row);
        let (group, unit) = (state.group?, state.unit?);
        let member = Member { row, unit, group };
        let answer = |question: &Question| match question.answer {
            Answer::State(read) => read(self, member),
            Answer::Past(_) | Answer::Reason(_) => None,
        };
        let answers = QUESTIONS.iter().map(answer).collect();
        Some(Interview { person: state.person, day: self.model.day, occasion, group, home: state.home, answers })
    }
}

/// A member is about to be gone in a way: what he could tell is noted, where anybody asked for it. A prisoner
/// whom his captor lets go, or takes in, didn't decide to leave.
pub(crate) fn note_leaving(model: &mut Model<'_>, row: Row, way: ExitKind) {
    let is_free = matches!(model.people.at(row).standing, Standing::Active | Standing::Wounded);
    if model.interviews.is_none() || !is_free {
        return;
    }
    let noted = Asking::today(model).interview(row, Occasion::Leaving(way));
    if let Some(interviews) = &mut model.interviews {
        interviews.extend(noted);
    }
}

impl Model<'_> {
    /// Interviews everybody who leaves a group from now on. [`Model::end_interviews`] gives what they told.
    pub fn interview_leavers(&mut self) {
        self.interviews.get_or_insert_default();
    }

    /// Interviews everybody who serves at the end of the last day simulated.
    pub fn interview_members(&mut self) {
        // What is told is of the day that has ended.
        let day = self.day.saturating_sub(1);
        let asking = Asking::today(self);
        let serving = |row: &Row| matches!(self.people.at(*row).standing, Standing::Active | Standing::Wounded);
        let rows = (0..self.people.list.len()).map(Row::from_idx).filter(serving);
        let told: Vec<Interview> = rows
            .filter_map(|row| asking.interview(row, Occasion::Serving))
            .map(|interview| Interview { day, ..interview })
            .collect();
        self.interviews.get_or_insert_default().extend(told);
    }

    /// What everybody who was interviewed told, the past and the reasons filled in from the record.
    pub fn end_interviews(&mut self) -> Vec<Interview> {
        let mut interviews = self.interviews.take().unwrap_or_default();
        let mut turns: BTreeMap<PersonId, Vec<(u32, AllegianceKind, Option<Cause>)>> = BTreeMap::new();
        for row in self.records.allegiance.rows() {
            turns.entry(row.person).or_default().push((row.day.0, row.kind, row.cause));
        }
        for interview in &mut interviews {
            let until_then = turns.get(&interview.person).into_iter().flatten().filter(|turn| turn.0 <= interview.day);
            let (mut past, mut cause) = (Past::default(), None);
            for &(day, kind, of) in until_then {
                past.n_complaints += u32::from(kind == AllegianceKind::Voice);
                past.n_attempts += u32::from(kind == AllegianceKind::Capture || kind.is_exit());
                if kind.is_exit() && day == interview.day {
                    cause = cause.or(of);
                }
            }
            let is_leaving = interview.occasion != Occasion::Serving;
            for (question, answer) in QUESTIONS.iter().zip(&mut interview.answers) {
                match question.answer {
                    Answer::State(_) => {}
                    Answer::Past(of) => *answer = Some(of(&past)),
                    Answer::Reason(reason) => *answer = is_leaving.then(|| f64::from(u8::from(cause == Some(reason)))),
                }
            }
        }
        interviews
    }
}
