//! Files of evidence: what is read of them, and what is said of mistakes.

use allegiance_record::evidence::{What, Who};
use allegiance_scenario::{LoadDocumentError, evidence_to_fill_in, load, load_evidence, load_evidence_for};
use std::path::PathBuf;

use crate::folder::Folder;

const EVIDENCE: &str = r#"format = 1
title = "Who left Bawabiya"
scenario = "one-village"
about = "An invented survey."
source = "invented"
errors = { home_attacked = 0.05 }

[[samples]]
id = "left"
who = "leavers"
groups = ["isis"]
asked = 2014-01-20
size = 50
least_found = 0.2
most_found = 0.6
reached = "by word of mouth"

[[answers]]
sample = "left"
question = "home_attacked"
yes = 12
of = 40

[[answers]]
sample = "left"
question = "kin_killed"
where = ["home_attacked", "not on_leave"]
share = 0.5
of = 10

[[answers]]
sample = "left"
question = "cause_served"
mean = 2.5
se = 0.2
of = 40

[[members]]
group = "isis"
day = 2014-01-10
count = 300
error = 0.2
"#;

fn written(text: &str) -> (Folder, PathBuf) {
    let folder = Folder::new();
    folder.write("survey.toml", text);
    let path = folder.path().join("survey.toml");
    (folder, path)
}

/// What is said of a file in which one text was replaced.
fn refusal(from: &str, to: &str) -> String {
    assert_eq!(EVIDENCE.matches(from).count(), 1, "{from:?} must be in the evidence once");
    let (_folder, path) = written(&EVIDENCE.replace(from, to));
    let Err(LoadDocumentError::Invalid { problems, .. }) = load_evidence(&path) else { panic!("{to:?} is refused") };
    let name = path.display().to_string();
    let lines = problems.iter().map(|problem| problem.to_string().replace(&name, "survey.toml"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn evidence_is_resolved_against_its_scenario() {
    let (_folder, path) = written(EVIDENCE);
    let file = load_evidence(&path).unwrap();
    let evidence = &file.evidence;
    assert_eq!((file.scenario.id.as_str(), evidence.id.as_str()), ("one-village", "survey"));
    let sample = &evidence.samples[0];
    let start = file.scenario.setup.start;
    assert_eq!((sample.who, sample.size, sample.found), (Who::Leavers, 50, (0.2, 0.6)));
    assert_eq!(start.plus_days(sample.asked).to_string(), "2014-01-20");
    assert_eq!(sample.left, (0, sample.asked));
    let ids: Vec<&str> = evidence.items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "left: home_attacked",
            "left: kin_killed where home_attacked, not on_leave",
            "left: cause_served",
            "members of isis on 2014-01-10"
        ]
    );
    let found: Vec<f64> = evidence.items.iter().map(|item| item.found.unwrap().value).collect();
    assert_eq!(found, [0.3, 0.5, 2.5, 300.0]);
    let What::Answers { given, question, .. } = &evidence.items[1].what else { panic!("answers are asked for") };
    assert_eq!(given.iter().map(|given| given.is_yes).collect::<Vec<_>>(), [true, false]);
    // The stated error holds for its question alone.
    assert_eq!((evidence.errors[0], evidence.errors[*question]), (0.05, 0.1));
    assert!(evidence.is_found());
}

#[test]
fn a_file_to_fill_in_is_a_plan_that_can_be_read() {
    for name in ["one-village", "north-syria-2014", "sierra-leone-1991-2002"] {
        let scenario = load(name).unwrap();
        let (_folder, path) = written(&evidence_to_fill_in(&scenario, "survey", name));
        let file = load_evidence_for(&path, &scenario).unwrap();
        assert!(!file.evidence.is_found() && file.evidence.items.len() == 20, "{name}");
        assert!(file.evidence.items.iter().all(|item| !item.is_circular()));
    }
}

#[test]
fn a_changed_scenario_takes_the_evidence_of_its_own_war_and_another_does_not() {
    let (_folder, path) = written(EVIDENCE);
    let mut scenario = load("one-village").unwrap();
    scenario.change(&["seed=7".to_owned()]).unwrap();
    assert_eq!(load_evidence_for(&path, &scenario).unwrap().scenario.setup.seed, 7);
    let other = load("north-syria-2014").unwrap();
    let error = load_evidence_for(&path, &other).unwrap_err();
    let LoadDocumentError::Invalid { problems, .. } = error else { panic!("another war is refused") };
    assert_eq!(
        problems[0].to_string(),
        format!(
            "{}:3: scenario is one-village, and it was asked of north-syria-2014; evidence of one war says nothing of \
             another",
            path.display()
        )
    );
}

#[test]
fn rows_about_persons_are_refused_whatever_they_are_called() {
    let folder = Folder::new();
    for ending in ["csv", "DTA", "sav", "xlsx", "parquet"] {
        folder.write(&format!("survey.{ending}"), "id,left,age\n1,1,23\n");
        let error = load_evidence(&folder.path().join(format!("survey.{ending}"))).unwrap_err();
        let LoadDocumentError::Invalid { problems, .. } = error else { panic!("rows are refused") };
        assert!(problems[0].to_string().contains("rows about persons aren't read"), "{}", problems[0]);
    }
    assert_eq!(
        refusal("yes = 12\nof = 40", "yes = 2\nof = 4"),
        "survey.toml:22: answers[0].of is 4; must be 5 or more: so few people can be recognised; put them together with \
         others, or leave the entry out"
    );
    let rows = "[[respondents]]\nage = 23\n\n[[members]]";
    assert!(refusal("[[members]]", rows).contains("respondents isn't a key of evidence"));
}

#[test]
fn mistakes_are_told_with_line_and_fix() {
    let told = |from, to, expected: &str| {
        let said = refusal(from, to);
        assert!(said.contains(expected), "{said}");
    };
    told(
        "question = \"home_attacked\"",
        "question = \"home_atacked\"",
        "survey.toml:20: answers[0].question names the question \"home_atacked\", which doesn't exist",
    );
    told("question = \"home_attacked\"", "question = \"home_atacked\"", "did you mean \"home_attacked\"");
    told(
        "sample = \"left\"\nquestion = \"home_attacked\"",
        "sample = \"serve\"\nquestion = \"home_attacked\"",
        "survey.toml:19: answers[0].sample names the sample \"serve\", which doesn't exist",
    );
    told(
        "yes = 12\nof = 40",
        "",
        "says what was found for 3 of 4 things; must say it for all, or for none where it is a plan",
    );
    told("yes = 12", "yes = 41", "survey.toml:21: answers[0].yes is 41; must not be above of, which is 40");
    told(
        "yes = 12",
        "mean = 0.3",
        "answers[0].mean is stated of home_attacked; its answers are stated by yes or share",
    );
    told("mean = 2.5", "mean = 0.5", "answers[2].mean is 0.5; must be from 1 to 5, the steps of the answer");
    told("se = 0.2\n", "", "answers[2].mean has no standard error; se must stand beside it");
    told("share = 0.5\nof = 10", "share = 0.5", "answers[1] doesn't say of how many; of or se must stand beside it");
    told("asked = 2014-01-20", "asked = 2013-01-20", "samples[0].asked is 2013-01-20; must not be before");
    told("least_found = 0.2", "least_found = 0.9", "must not be above most_found, which is 0.6");
    told("\"not on_leave\"", "\"age\"", "names age, which isn't answered with yes or no");
    told(
        "home_attacked = 0.05",
        "home_attacked = 0.7",
        "must be at most 0.5: answers of which more are wrong say the opposite",
    );
    told("home_attacked = 0.05", "home = 0.05", "names the question \"home\"");
    told("group = \"isis\"\nday", "group = \"daesh\"\nday", "names the group \"daesh\", which doesn't exist");
    told(
        "question = \"kin_killed\"\nwhere = [\"home_attacked\", \"not on_leave\"]",
        "question = \"home_attacked\"",
        "asks home_attacked of left again",
    );
    told("who = \"leavers\"", "who = \"deserters\"", "samples[0].who is \"deserters\"");
    told("scenario = \"one-village\"", "scenario = \"one-vilage\"", "did you mean \"one-village\"");
}
