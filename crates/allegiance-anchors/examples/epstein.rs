//! Runs one of Epstein's models and prints a time series with a text chart.
//!
//! ```text
//! cargo run -p allegiance-anchors --release --example epstein -- --model 1 --seed 1
//! ```
#![expect(clippy::print_stdout, reason = "an example that prints")]
#![expect(clippy::print_stderr, reason = "and tells how it is used")]

use allegiance_anchors::rules::Rules;
use allegiance_anchors::torus::Vision;
use allegiance_anchors::{communal, rebellion};
use std::process::ExitCode;
use std::str::FromStr;

const USAGE: &str = "usage: epstein [--model 1|2] [--seed N] [--steps N] [--every N]
               [--rules mesa|netlogo|epstein] [--legitimacy L] [--cops DENSITY]";
const BAR_WIDTH: u32 = 60;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match show(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}\n{USAGE}");
            ExitCode::from(1)
        }
    }
}

fn show(arguments: &[String]) -> Result<(), String> {
    let known = ["--model", "--seed", "--steps", "--every", "--rules", "--legitimacy", "--cops"];
    for pair in arguments.chunks(2) {
        if pair.len() < 2 || !known.contains(&pair[0].as_str()) {
            return Err(format!("unknown or incomplete argument `{}`", pair[0]));
        }
    }
    let (seed, steps) = (value(arguments, "--seed", 1)?, value(arguments, "--steps", 120)?);
    let every = value(arguments, "--every", 2_u32)?.max(1);
    match value(arguments, "--model", 1)? {
        1 => model_one(arguments, seed, steps, every),
        2 => model_two(arguments, seed, steps, every),
        other => Err(format!("there is no model {other}; 1 or 2")),
    }
}

fn value<T: FromStr>(arguments: &[String], name: &str, default: T) -> Result<T, String> {
    let Some(at) = arguments.iter().position(|argument| argument == name) else {
        return Ok(default);
    };
    let text = &arguments[at + 1];
    text.parse().ok().ok_or_else(|| format!("`{text}` isn't a value of {name}"))
}

fn bar(count: u32, of: u32, mark: char) -> String {
    let length = (count * BAR_WIDTH).div_ceil(of.max(1)).min(BAR_WIDTH);
    std::iter::repeat_n(mark, length as usize).collect()
}

fn model_one(arguments: &[String], seed: u64, steps: u32, every: u32) -> Result<(), String> {
    let default = rebellion::Parameters::default();
    let (rules, vision) = match value(arguments, "--rules", "mesa".to_owned())?.as_str() {
        "mesa" => (Rules::mesa(), default.vision),
        "netlogo" => (Rules::netlogo(), Vision::Distance(7.0)),
        "epstein" => (Rules::epstein(), default.vision),
        other => return Err(format!("there are no rules `{other}`")),
    };
    let parameters = rebellion::Parameters {
        vision,
        legitimacy: value(arguments, "--legitimacy", default.legitimacy)?,
        cop_density: value(arguments, "--cops", default.cop_density)?,
        ..default
    };
    let mut world = rebellion::Rebellion::new(parameters, rules, seed, 0);
    println!("step  active  quiet  jailed  active, a quarter of all citizens at full width");
    for step in 1..=steps {
        let counts = world.step();
        if step % every == 0 {
            let chart = bar(counts.active, world.n_citizens() / 4, '#');
            println!("{step:4}  {:6}  {:5}  {:6}  {chart}", counts.active, counts.quiet, counts.jailed);
        }
    }
    Ok(())
}

fn model_two(arguments: &[String], seed: u64, steps: u32, every: u32) -> Result<(), String> {
    let default = communal::Parameters::default();
    let parameters = communal::Parameters {
        legitimacy: value(arguments, "--legitimacy", default.legitimacy)?,
        cop_density: value(arguments, "--cops", default.cop_density)?,
        ..default
    };
    let mut world = communal::Communal::new(parameters, seed, 0);
    println!("step   blue  green  active  jailed  killed  blue (b) and green (g), all cells at full width");
    for step in 1..=steps {
        let counts = world.step();
        let [blue, green] = counts.members;
        let is_over = blue == 0 || green == 0;
        if step % every == 0 || is_over {
            let n_cells = parameters.side * parameters.side;
            let chart = bar(blue, n_cells, 'b') + &bar(green, n_cells, 'g');
            let (active, jailed, killed) = (counts.active, counts.jailed, counts.killed);
            println!("{step:4}  {blue:5}  {green:5}  {active:6}  {jailed:6}  {killed:6}  {chart}");
        }
        if is_over {
            println!("a group is gone after step {step}");
            break;
        }
    }
    Ok(())
}
