//! The model of `../MODEL.md` in krABMaga: every person is an agent.
//!
//! `peers-krabmaga PEOPLE DAYS [--seed N] [--replicates N] [--dense] [--roles]`;
//! `--roles` schedules only those who can act, members and idle men.

mod person;
mod spec;
mod war;

use krabmaga::engine::schedule::Schedule;
use krabmaga::engine::state::State;
use spec::Spec;
use war::{Inhabitant, Status, War};

fn option(words: &[String], name: &str, default: u64) -> u64 {
    let at = words.iter().position(|word| word == name);
    at.map_or(default, |at| words[at + 1].parse().expect("a number"))
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let has = |name: &str| words.iter().any(|word| word == name);
    let (n_people, n_days): (usize, usize) = (words[1].parse().expect("people"), words[2].parse().expect("days"));
    let seed = option(&words, "--seed", 1);
    for seed in seed..seed + option(&words, "--replicates", 1) {
        let mut war = War::new(Spec::of(n_people, has("--dense")), n_days, seed, has("--roles"));
        let mut schedule = Schedule::new();
        war.init(&mut schedule);
        while !war.end_condition(&mut schedule) {
            schedule.step(&mut war);
        }
        println!("{}", outcomes(&war));
    }
}

fn number(value: f64) -> String {
    if value.is_finite() { value.to_string() } else { "null".to_owned() }
}

/// What is compared, over the members of the first day where shares.
fn outcomes(war: &War) -> String {
    let first: Vec<&Inhabitant> = war.first_members.iter().map(|&id| &war.people[id as usize]).collect();
    let group = |with: &dyn Fn(&Inhabitant) -> bool| first.iter().filter(|p| with(p)).copied().collect::<Vec<_>>();
    let kin = group(&|p| p.kin_day.is_some());
    let home = group(&|p| p.kin_day.is_none() && p.home_day.is_some());
    let neither = group(&|p| p.home_day.is_none());
    let stay = group(&|p| p.status == Status::Member);
    let share = |of: &[&Inhabitant]| {
        number(of.iter().filter(|p| p.status != Status::Member).count() as f64 / of.len() as f64)
    };
    let by = |day: usize| war.exits_by_day[day.min(war.day as usize) - 1].to_string();
    let fields = [
        ("attacks", war.n_attacks.to_string()),
        ("deaths", war.n_killed.to_string()),
        ("exits_by_30", by(30)),
        ("exits_by_90", by(90)),
        ("exits_by_end", war.n_exits.to_string()),
        ("joins", war.n_joins.to_string()),
        ("members_who_lost_kin", kin.len().to_string()),
        ("members_with_home_only", home.len().to_string()),
        ("exit_share_kin", share(&kin)),
        ("exit_share_home", share(&home)),
        ("exit_share_neither", share(&neither)),
        ("mean_conviction", number(stay.iter().map(|p| p.conviction).sum::<f64>() / stay.len() as f64)),
    ];
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
    format!("{{{}}}", pairs.join(", "))
}
