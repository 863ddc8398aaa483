//! Designs: the scale on which a factor's range is walked.

use allegiance_record::design::{Sampler, Scale, Values};
use allegiance_scenario::parse_design;

fn design(factor: &str) -> String {
    format!(
        "format = 1\nid = \"d\"\ntitle = \"D\"\nscenario = \"one-village\"\nsampler = \"random\"\nrows = 2\n\
         replicates = 1\noutcomes = [\"deaths\"]\n\n[[factors]]\n{factor}\n"
    )
}

fn range(factor: &str) -> (f64, f64, Scale) {
    let file = parse_design("d.toml", &design(factor), &[]).expect("the design is right");
    match file.design.factors[0].values {
        Values::Range { low, high, scale } => (low, high, scale),
        Values::List { .. } => panic!("a range was given"),
    }
}

#[test]
fn a_parameter_walks_its_range_on_the_scale_of_its_prior_unless_the_file_says_otherwise() {
    let attacks = "key = \"operations.attacks_per_month\"";
    assert_eq!(range(attacks), (0.01, 0.3, Scale::Log));
    assert_eq!(range(&attacks.replace("\"op", "\"parameters.op")), (0.01, 0.3, Scale::Log));
    assert_eq!(range(&format!("{attacks}\nlow = 0.1\nhigh = 0.4")), (0.1, 0.4, Scale::Log));
    assert_eq!(range(&format!("{attacks}\nscale = \"linear\"")), (0.01, 0.3, Scale::Linear));
    assert_eq!(range(&format!("{attacks}\nlow = 0\nscale = \"linear\"")), (0.0, 0.3, Scale::Linear));
    assert_eq!(range("key = \"combat.decisiveness\""), (1.0, 2.5, Scale::Linear));
    let pay = "key = \"groups.isis.pay_usd_per_month\"\nlow = 50\nhigh = 800";
    assert_eq!(range(pay), (50.0, 800.0, Scale::Linear));
}

#[test]
fn an_end_at_zero_is_refused_where_the_prior_is_even_in_the_logarithm() {
    let text = design("key = \"operations.attacks_per_month\"\nlow = 0");
    let error = parse_design("d.toml", &text, &[]).expect_err("zero has no logarithm");
    let error = format!("{error:?}").replace("\\\"", "\"");
    for part in [
        "key: \"factors[0].low\", found: \"is 0\"",
        "must be above 0 on the scale of operations.attacks_per_month's prior, log; or state scale = \"linear\"",
    ] {
        assert!(error.contains(part), "{part} isn't in {error}");
    }
}

#[test]
fn each_sampler_is_read_with_its_own_numbers() {
    let sampler = |word: &str, numbers: &str| {
        let text = design("key = \"combat.decisiveness\"");
        let text = text.replace("sampler = \"random\"\nrows = 2", &format!("sampler = \"{word}\"\n{numbers}"));
        let design = parse_design("d.toml", &text, &[]).expect("the design is right").design;
        (design.sampler, design.n_rows())
    };
    assert_eq!(sampler("grid", "levels = 5"), (Sampler::Grid { n_levels: 5 }, 5));
    assert_eq!(sampler("grid", ""), (Sampler::Grid { n_levels: 3 }, 3));
    assert_eq!(sampler("latin_hypercube", "rows = 7"), (Sampler::LatinHypercube { n_rows: 7 }, 7));
    assert_eq!(sampler("sobol", "rows = 8"), (Sampler::Sobol { n_rows: 8 }, 8));
    // One factor: a row of A, of B and of AB each; a start and one step.
    assert_eq!(sampler("saltelli", "rows = 4"), (Sampler::Saltelli { n_base: 4 }, 12));
    assert_eq!(sampler("morris", "rows = 4"), (Sampler::Morris { n_trajectories: 4, n_levels: 4 }, 8));
}
