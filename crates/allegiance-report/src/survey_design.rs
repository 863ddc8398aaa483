//! A proposal for a survey as text, and as a questionnaire to print.

use crate::result_table::{Column, ResultTable};
use allegiance_lab::inference::survey_design::{Asked, ENOUGH, NOTHING, Proposal, RivalSlot, SurveyDesign};
use allegiance_model::interviews::{Question, Scale};
use allegiance_show::text::{number, table, thousands, wrap};
use std::fmt::Write as _;

/// Width of a terminal's text.
const WIDTH: usize = 98;

fn percent(share: f64) -> String {
    format!("{:.0}%", (100.0 * share).round() + 0.0)
}

fn who(asked: Asked) -> String {
    let people = |n: u32, what: &str| (n > 0).then(|| format!("up to {n} {what}"));
    let kinds = [
        people(asked.leavers, "who left"),
        people(asked.serving, "who serve"),
        people(asked.earlier, "who serve in the first wave"),
    ];
    let parts: Vec<String> = kinds.into_iter().flatten().collect();
    match parts.as_slice() {
        [] => "nobody".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn slot_word(slot: RivalSlot) -> &'static str {
    match slot {
        RivalSlot::Belief => "belief",
        RivalSlot::Exit => "exit",
    }
}

/// The proposal for a terminal.
pub fn render_proposal(proposal: &Proposal) -> String {
    let best = &proposal.best;
    let mut text = format!(
        "A survey in {} to tell apart {} theories of {}: {}\n\
         {} simulated wars, their people asked everything; everything known of a war would be {} nats\n\n",
        proposal.scenario,
        proposal.theories.len(),
        slot_word(proposal.slot),
        proposal.theories.join(", "),
        thousands(proposal.n_wars as u64),
        number(proposal.most_nats, 2),
    );
    text.push_str(&wrap(&in_words(proposal), WIDTH, ""));
    text.push('\n');
    let rows = proposal.questions.iter().map(|worth| {
        let adds = worth.adds.map_or_else(|| "not chosen".to_owned(), |adds| number(adds, 3));
        let asked = if best.names.contains(&worth.name) { "yes" } else { "no" };
        vec![worth.name.to_owned(), number(worth.alone, 3), adds, asked.to_owned()]
    });
    text.push_str(&table(&["question", "nats alone", "adds", "asked"], &rows.collect::<Vec<_>>()));
    let nothing: Vec<&str> =
        proposal.questions.iter().filter(|worth| worth.adds.is_none()).map(|worth| worth.name).collect();
    if !nothing.is_empty() {
        let _ = writeln!(text);
        let said = format!(
            "Not worth asking here, beside the others (less than {} nats): {}.",
            number(0.2 * NOTHING, 3),
            nothing.join(", ")
        );
        text.push_str(&wrap(&said, WIDTH, ""));
    }
    let _ = writeln!(text, "\nFOR OTHER BUDGETS");
    let rows = proposal.curve.iter().map(|(budget, design)| {
        vec![
            number(*budget, 0),
            who(design.asked),
            design.names.len().to_string(),
            number(design.nats, 2),
            percent(design.power),
        ]
    });
    text.push_str(&table(&["budget", "asked", "questions", "nats", "named right"], &rows.collect::<Vec<_>>()));
    let _ = writeln!(text, "\nPAIRS, under the design proposed");
    let mut pairs: Vec<_> = proposal.pairs.iter().collect();
    pairs.sort_by(|a, b| b.power.total_cmp(&a.power));
    let rows = pairs.iter().map(|pair| {
        let enough = pair.enough.map_or_else(|| "more than was tried".to_owned(), who);
        vec![pair.pair.join(" or "), percent(pair.power), enough]
    });
    text.push_str(&table(&["pair", "named right", "in 80% by asking"], &rows.collect::<Vec<_>>()));
    let _ = writeln!(text);
    let reasons = format!(
        "Reasons for leaving would add {} nats: in the model they read what decides, so that agreement there proves little.",
        number(proposal.reasons_add, 2)
    );
    text.push_str(&wrap(&reasons, WIDTH, ""));
    text
}

/// What to do, in words.
fn in_words(proposal: &Proposal) -> String {
    let best = &proposal.best;
    let n_pairs = proposal.pairs.len();
    let n_enough = proposal.pairs.iter().filter(|pair| pair.power >= ENOUGH).count();
    let mut text = String::new();
    if best.nats - proposal.known_nats < NOTHING {
        let _ = write!(
            text,
            "Nothing that a budget of {} buys will do: the best survey tells {} nats, which is nothing.",
            number(proposal.budget, 0),
            number(best.nats.max(0.0), 2)
        );
        return text;
    }
    let _ = write!(
        text,
        "Ask {} {} questions, for {} of {}. That tells {} nats ({} known already) and names the right theory in {} of wars, \
         where guessing would in {}; {n_enough} of {n_pairs} pairs are told apart in 80% of wars or more. ",
        who(best.asked),
        best.names.len(),
        number(best.cost, 0),
        number(proposal.budget, 0),
        number(best.nats, 2),
        number(proposal.known_nats.max(0.0), 2),
        percent(best.power),
        percent(1.0 / proposal.theories.len() as f64)
    );
    if n_enough == 0 {
        text.push_str("Nothing affordable tells any pair apart so often. ");
    }
    let short = &proposal.short;
    let _ = write!(
        text,
        "The cheapest form of ten questions or fewer that does nearly as well as the best such: {} for {}, {} nats, {} right.",
        short.names.join(", "),
        number(short.cost, 0),
        number(short.nats, 2),
        percent(short.power)
    );
    if let Some(check) = proposal.check {
        let _ = write!(
            text,
            " In {} fresh wars the design named the right theory in {} (95%: {}–{}), {} having been promised.",
            thousands(u64::from(check.reached.n_cases)),
            percent(check.reached.share),
            percent(check.reached.low_95),
            percent(check.reached.high_95),
            percent(check.promised)
        );
    }
    text
}

/// A questionnaire to print, in Markdown.
pub fn render_questionnaire(proposal: &Proposal, design: &SurveyDesign) -> String {
    let mut text = format!(
        "# Questionnaire: {}\n\nFor {}. The same questions to everybody; read each as it stands. Who doesn't want to answer, \
         needn't. Write no names down.\n",
        proposal.scenario,
        who(design.asked)
    );
    for (at, name) in design.names.iter().enumerate() {
        let question = Question::named(name).expect("a design asks questions that there are");
        let answers = match question.scale {
            Scale::YesOrNo => "☐ yes   ☐ no   ☐ no answer".to_owned(),
            Scale::Steps => "not at all ☐ 1   ☐ 2   ☐ 3   ☐ 4   ☐ 5 entirely   ☐ no answer".to_owned(),
            Scale::Number => format!("_______ {}   ☐ no answer", question.unit),
        };
        let _ = write!(text, "\n{}. {}\n\n   {answers}\n", at + 1, question.wording);
    }
    text
}

/// The best design for each budget, for other programs and papers.
pub fn table_of_proposal(proposal: &Proposal) -> ResultTable {
    let rows = proposal.curve.iter().map(|(budget, design)| {
        [
            (*budget).into(),
            design.cost.into(),
            design.asked.leavers.into(),
            design.asked.serving.into(),
            design.asked.earlier.into(),
            design.names.join("; ").into(),
            design.nats.into(),
            design.power.into(),
        ]
    });
    ResultTable::new(
        format!(
            "Surveys of {} that tell the {} apart best at each budget, over {} simulated wars: the share of wars whose theory \
             is the likeliest (power), and what the answers tell of it in nats, of {} that could be known.",
            proposal.scenario,
            slot_word(proposal.slot),
            thousands(proposal.n_wars as u64),
            number(proposal.most_nats, 2)
        ),
        [
            Column::number("budget"),
            Column::number("cost"),
            Column::number("n_leavers"),
            Column::number("n_serving"),
            Column::number("n_earlier"),
            Column::text("questions"),
            Column::number("nats"),
            Column::number("power"),
        ],
        rows,
    )
}
