//! The report of a run: its sections, its numbers, and what it may not hold.

use crate::world::{TemporaryFolder, input, options, run, setup};
use allegiance_record::InTurn;
use allegiance_record::summary::{GroupOutcome, ReplicateSummary};
use allegiance_replay::Silent;
use allegiance_report::{Compared, ReportFacts, ScenarioText, render_report};
use allegiance_runs::Threads;
use allegiance_runs::{FinishedRun, RunInput, RunOptions};
use allegiance_show::text::{number, spread};
use allegiance_show::view::{Measure, PairRunsError, differences, series_of_run};
use roxmltree::{Document, Node, ParsingOptions};

const N_DAYS: u32 = 25;
const SECTIONS: [&str; 14] = [
    "short",
    "run",
    "happened",
    "time",
    "maps",
    "leaving",
    "path",
    "people",
    "reported",
    "patterns",
    "compared",
    "limits",
    "parameters",
    "provenance",
];

pub(crate) fn finished(input: &RunInput, options: &RunOptions) -> (FinishedRun, String) {
    let report = run(input, options, &Silent).expect("it runs");
    let mut run = FinishedRun::open(&options.out).expect("it opens");
    let names: Vec<(String, String)> =
        input.setup.groups.iter().map(|group| (group.id.clone(), group.name.clone())).collect();
    run.name_groups(|id| names.iter().find(|(known, _)| known == id).map(|(_, name)| name.clone()));
    (run, report.summary)
}

pub(crate) fn page_of(run: &FinishedRun, input: &RunInput, compared: Vec<Compared>) -> String {
    let text = ScenarioText { description: "About <b>it</b> & more.".to_owned(), ..ScenarioText::default() };
    let facts = ReportFacts::read(run, &input.setup, text, compared, &Threads(0)).expect("it can be read");
    render_report(&facts)
}

pub(crate) fn parse(page: &str) -> Document<'_> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(page, options).expect("the page is well formed")
}

fn by_id<'a>(page: &'a Document<'_>, id: &str) -> Node<'a, 'a> {
    page.descendants().find(|node| node.attribute("id") == Some(id)).expect("the section is there")
}

fn text_of(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect()
}

/// The rows of the table with a caption that starts so.
pub(crate) fn rows_of(page: &Document<'_>, caption: &str) -> Vec<Vec<String>> {
    let mut tables = page.descendants().filter(|node| node.has_tag_name("table"));
    let is_it = |table: &Node<'_, '_>| {
        let found = table.children().find(|node| node.has_tag_name("caption"));
        found.is_some_and(|found| text_of(found).starts_with(caption))
    };
    let table = tables.find(is_it).expect("the table is there");
    let rows = table.descendants().filter(|node| node.has_tag_name("tr"));
    rows.map(|row| row.children().filter(Node::is_element).map(text_of).collect()).collect()
}

#[test]
fn sections_come_in_order_and_the_contents_link_to_them() {
    let folder = TemporaryFolder::new("report-sections");
    let input = input(N_DAYS);
    let (run, _) = finished(&input, &options(folder.join("run"), 3));
    let page = page_of(&run, &input, Vec::new());
    let page = parse(&page);
    let sections = page.descendants().filter(|node| node.has_tag_name("section"));
    assert_eq!(sections.map(|node| node.attribute("id").unwrap()).collect::<Vec<_>>(), SECTIONS);
    let links = page.descendants().filter_map(|node| node.attribute("href"));
    assert_eq!(links.collect::<Vec<_>>(), SECTIONS.map(|id| format!("#{id}")));
    let mut ids: Vec<&str> = page.descendants().filter_map(|node| node.attribute("id")).collect();
    let n_ids = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), n_ids, "an id is there twice");
    let note = "Simulated: synthetic people in real places; not a forecast.";
    assert_eq!(text_of(page.root()).matches(note).count(), 2);
}

#[test]
fn numbers_are_those_of_the_summary() {
    let folder = TemporaryFolder::new("report-numbers");
    let input = input(N_DAYS);
    let (run, summary) = finished(&input, &options(folder.join("run"), 3));
    let page = page_of(&run, &input, Vec::new());
    let page = parse(&page);
    let replicates: Vec<ReplicateSummary> =
        run.replicates().map(|at| ReplicateSummary::of(&run.records(at).unwrap(), &input.setup, &[])).collect();
    let column = |group: usize, value: fn(&GroupOutcome) -> u32| {
        spread(replicates.iter().map(|replicate| f64::from(value(&replicate.groups[group]))), 0)
    };
    let rows = rows_of(&page, "Members, deaths, joins and exits by group");
    assert_eq!(rows[0][..5], ["group", "at start", "at end", "killed", "joined"]);
    for (group, named) in input.setup.groups.iter().enumerate() {
        let row = &rows[group + 1];
        let expected = [
            named.name.clone(),
            number(f64::from(named.members), 0),
            column(group, |g| g.members_end),
            column(group, |g| g.dead),
            column(group, |g| g.joined),
            column(group, |g| g.deserted),
            column(group, |g| g.defected),
            column(group, |g| g.departed),
            column(group, |g| g.arrived),
            column(group, |g| g.captured),
            column(group, |g| g.civilians_killed),
        ];
        assert_eq!(row[..], expected);
        // The summary is text, where the same cells stand in other tables.
        assert!(row[2..].iter().all(|cell| summary.contains(cell.as_str())), "{row:?}");
    }
    let sentences: Vec<&str> = summary.lines().filter_map(|line| line.trim().strip_prefix("In ")).collect();
    let happened = text_of(by_id(&page, "happened"));
    assert!(!sentences.is_empty());
    assert!(sentences.iter().all(|sentence| happened.contains(sentence)), "{happened}");
    let reported = spread(
        run.replicates().map(|at| run.reported(at).unwrap().iter().map(|row| f64::from(row.best)).sum::<f64>()),
        0,
    );
    assert_eq!(rows_of(&page, "The true record and the reported one")[2][2], reported);
}

#[test]
fn every_drawing_has_words_and_its_data() {
    let folder = TemporaryFolder::new("report-figures");
    let input = input(N_DAYS);
    let (run, _) = finished(&input, &options(folder.join("run"), 2));
    let page = page_of(&run, &input, Vec::new());
    let page = parse(&page);
    let drawings = page.descendants().filter(|node| node.has_tag_name("svg"));
    let is_told = |node: &Node<'_, '_>| {
        node.attribute("aria-hidden") == Some("true")
            || node.attribute("aria-label").is_some_and(|label| label.len() > 30)
    };
    let drawings: Vec<Node<'_, '_>> = drawings.collect();
    assert!(drawings.len() > 10 && drawings.iter().all(is_told));
    for figure in page.descendants().filter(|node| node.has_tag_name("figure")) {
        let has = |tag: &str| figure.descendants().any(|node| node.has_tag_name(tag));
        assert!(has("figcaption") && has("details") && has("table"), "{}", text_of(figure));
    }
    let coordinates = drawings.iter().flat_map(Node::descendants).filter_map(|node| node.attribute("d"));
    assert!(coordinates.clone().count() > 10);
    assert!(!coordinates.into_iter().any(|d| d.contains("NaN") || d.contains("inf")));
}

#[test]
fn what_a_user_wrote_stays_text_and_nothing_is_fetched() {
    let folder = TemporaryFolder::new("report-escape");
    let bad = "<script>alert(1)</script> & \"'<img src=x onerror=alert(1)>";
    let mut input = RunInput { title: bad.to_owned(), ..input(N_DAYS) };
    for group in &mut input.setup.groups {
        group.name = format!("{bad} {}", group.id);
    }
    for place in &mut input.setup.places {
        place.name = format!("{} {bad}", place.id);
    }
    let (run, _) = finished(&input, &options(folder.join("run"), 2));
    let text = page_of(&run, &input, Vec::new());
    let page = parse(&text);
    let heading = page.descendants().find(|node| node.has_tag_name("h1")).unwrap();
    assert_eq!(text_of(heading), bad);
    let is_active =
        |node: &Node<'_, '_>| ["script", "img", "iframe", "link", "object"].contains(&node.tag_name().name());
    assert!(!page.descendants().any(|node| is_active(&node)));
    assert!(text_of(by_id(&page, "run")).contains("About <b>it</b> & more."));
    assert!(!text.contains("<script") && !text.contains("<img"));
    let attributes = page.descendants().flat_map(|node| node.attributes());
    for attribute in attributes {
        let (name, value) = (attribute.name(), attribute.value());
        assert!(!name.starts_with("on") && !["src", "srcset", "xlink:href", "style"].contains(&name), "{name}={value}");
        assert!(name != "href" || value.starts_with('#'), "{value}");
    }
    let style = page.descendants().find(|node| node.has_tag_name("style")).unwrap();
    let style = text_of(style);
    assert!(!style.contains("http") && !style.contains("@import"));
    assert_eq!(style.matches("url(").count(), style.matches("url(#").count());
}

#[test]
fn one_replicate_is_one_possible_history() {
    let folder = TemporaryFolder::new("report-one");
    let input = input(N_DAYS);
    let (run, _) = finished(&input, &options(folder.join("run"), 1));
    let page = page_of(&run, &input, Vec::new());
    let page = parse(&page);
    let text = text_of(page.root());
    assert!(text.contains("one possible history of the same world"));
    assert!(text.contains("There is one replicate, so nothing below says how likely it is."));
    assert!(!text.contains("90% interval)") && !text.contains("In 1 of 1 replicates"));
    assert!(page.descendants().all(|node| !node.attribute("class").is_some_and(|class| class.starts_with("band"))));
}

#[test]
fn a_section_without_its_tables_says_so() {
    let folder = TemporaryFolder::new("report-tables");
    let input = input(N_DAYS);
    let tables = Some(vec!["groups".to_owned(), "incidents".to_owned()]);
    let options = RunOptions { tables, ..options(folder.join("run"), 2) };
    let (run, _) = finished(&input, &options);
    let page = page_of(&run, &input, Vec::new());
    let page = parse(&page);
    for (section, names) in [
        ("maps", "(control)"),
        ("leaving", "(allegiance)"),
        ("path", "(allegiance, exposures, control, persons)"),
        ("people", "(allegiance, exposures, control, beliefs, persons)"),
        ("reported", "(reported)"),
    ] {
        let text = text_of(by_id(&page, section));
        let expected = format!("The run was written without the tables that this section needs {names}. Run it again");
        assert!(text.contains(&expected), "{section}: {text}");
    }
    let rows = rows_of(&page, "Members, deaths, joins and exits by group");
    assert!(!rows[0].contains(&"caught".to_owned()));
    let happened = text_of(by_id(&page, "happened"));
    assert!(happened.contains("Incidents by kind") && !happened.contains("away from their homes"));
}

#[test]
fn two_runs_with_the_same_tables_are_said_to_be_so_and_show_no_interval() {
    let folder = TemporaryFolder::new("report-same");
    let first_input = input(N_DAYS);
    let mut idle = input(N_DAYS);
    // No entry of the timeline sets the lever through which this acts.
    idle.setup.parameters.set("interventions.radio_hazard_ratio", 1.6).unwrap();
    let (first, _) = finished(&first_input, &options(folder.join("a"), 2));
    let (second, _) = finished(&idle, &options(folder.join("b"), 2));
    let compared = Compared::runs(&first, &second, Ok([&first_input.setup, &idle.setup]), &InTurn).unwrap().unwrap();
    let page = page_of(&first, &first_input, vec![compared]);
    let text = text_of(by_id(&parse(&page), "compared"));
    let expected = "No effect is possible here: nothing that was drawn or decided differs (interventions.radio_hazard_ratio \
                    acts through radio, which no entry of the timeline sets).";
    assert!(text.contains(expected), "{text}");
    assert!(text.contains("interventions.radio_hazard_ratio is 1.6 instead of "), "{text}");
    assert!(!text.contains("[0") && !text.contains("Differences on the last day"), "{text}");
}

#[test]
fn two_runs_are_compared_by_pair_and_those_of_other_luck_refused() {
    let folder = TemporaryFolder::new("report-two");
    let first_input = input(N_DAYS);
    let mut rival = input(N_DAYS);
    rival.setup.theory.exit = allegiance_model::setup::ExitTheory::Constant;
    let (first, _) = finished(&first_input, &options(folder.join("a"), 3));
    let (second, _) = finished(&rival, &options(folder.join("b"), 3));
    let compared = Compared::runs(&first, &second, Ok([&first_input.setup, &rival.setup]), &InTurn).unwrap().unwrap();
    let page = page_of(&first, &first_input, vec![compared]);
    let page = parse(&page);
    let text = text_of(by_id(&page, "compared"));
    let (a, b) = (series_of_run(&first, &InTurn).unwrap(), series_of_run(&second, &InTurn).unwrap());
    for found in differences(&a, &b, first.setting(), None, &InTurn) {
        assert!(text.contains(&found.sentence), "{}", found.sentence);
        let all = [&found.words, &found.percent, &found.sign];
        assert!(all.into_iter().all(|words| text.contains(words)), "{all:?}");
    }
    let rows = rows_of(&page, "Differences on the last day that both have");
    assert_eq!(rows.len(), 1 + Measure::ALL.len());
    assert!(text.starts_with("Compared with another run"), "{text}");
    assert!(text.contains("3 pairs are few: ") && text.contains("it takes 17 more."), "{text}");
    assert!(!text.contains("One pair of theories was run"));
    assert!(text.contains("the theory of exit is constant instead of full"), "{text}");
    assert!(!text_of(by_id(&page, "limits")).contains("one pair of theories was run"));
    let mut other = input(N_DAYS);
    other.setup = setup(N_DAYS);
    other.setup.seed += 1;
    let (third, _) = finished(&other, &options(folder.join("c"), 1));
    assert!(matches!(
        Compared::runs(&first, &third, Err("it is gone".to_owned()), &InTurn).unwrap(),
        Err(PairRunsError::Seed { .. })
    ));
    let alone = page_of(&first, &first_input, Vec::new());
    assert!(text_of(by_id(&parse(&alone), "compared")).contains("One pair of theories was run"));
}

#[test]
fn several_runs_stand_side_by_side() {
    let folder = TemporaryFolder::new("report-several");
    let first_input = input(N_DAYS);
    let (first, _) = finished(&first_input, &options(folder.join("a"), 2));
    let theories = [allegiance_model::setup::ExitTheory::Constant, allegiance_model::setup::ExitTheory::KinAndHome];
    let compared: Vec<Compared> = theories
        .into_iter()
        .map(|theory| {
            let mut rival = input(N_DAYS);
            rival.setup.theory.exit = theory;
            let (other, _) = finished(&rival, &options(folder.join(theory.word()), 2));
            Compared::runs(&first, &other, Ok([&first_input.setup, &rival.setup]), &InTurn).unwrap().unwrap()
        })
        .collect();
    let wanted: Vec<String> = compared
        .iter()
        .map(|one| {
            let Compared::Run { differences, .. } = one else { panic!("a run") };
            let exits = differences.iter().find(|found| found.measure == Measure::Exits && found.group == 0);
            exits.expect("a difference").words.clone()
        })
        .collect();
    let page = page_of(&first, &first_input, compared);
    let page = parse(&page);
    assert!(text_of(by_id(&page, "compared")).starts_with("Compared with other runs"));
    let rows = rows_of(&page, "Each run minus this one on the last day");
    let n_groups = first.setting().groups.len();
    assert_eq!((rows.len(), rows[0].len()), (1 + 3 * n_groups, 4));
    assert_eq!(rows[1 + 2 * n_groups][2..], wanted);
    assert_ne!(wanted[0], wanted[1]);
}
