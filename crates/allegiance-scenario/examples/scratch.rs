#![allow(clippy::all, missing_docs)]
use allegiance_model::{Model, World};
use allegiance_model::tables::*;
use std::collections::BTreeMap;
fn main() {
    let name = std::env::args().nth(1).unwrap();
    let reps: u32 = std::env::args().nth(2).unwrap_or("1".into()).parse().unwrap();
    let t = std::time::Instant::now();
    let scenario = allegiance_scenario::load(&name).unwrap();
    println!("load {:?}", t.elapsed());
    let t = std::time::Instant::now();
    let world = World::build(scenario.setup);
    println!("world {:?} agents {}", t.elapsed(), world.n_agents());
    for r in 0..reps {
        let t = std::time::Instant::now();
        let mut m = Model::new(&world, r);
        let t1 = t.elapsed();
        while !m.is_finished() { m.step(); }
        let rec = m.into_records();
        println!("rep {r} init {:?} total {:?}", t1, t.elapsed());
        let g = &world.setup.groups;
        if reps <= 3 {
        let n_days = world.setup.n_days;
        for row in rec.groups.rows().filter(|r| r.day.0 == 0 || r.day.0 == 20 || r.day.0 + 1 == n_days) {
            println!("d{} {:28} n {} for {} w {} held {} u {} pl {} pop {:.3} dead {} exE {} exO {} j {} des {} def {} dep {} arr {} civ {} mom {:.2}", row.day.0, g[row.group.idx()].id, row.n_members, row.n_foreign, row.n_wounded, row.n_held, row.n_units, row.n_places_controlled, row.population_share, row.dead, row.executed_by_enemy, row.executed_by_own, row.joined, row.deserted, row.defected, row.departed, row.arrived, row.civilians_killed, row.momentum);
        }
        let mut kinds: BTreeMap<String, (u32,u32,u32,u32)> = BTreeMap::new();
        for i in rec.incidents.rows() { let e = kinds.entry(format!("{} {}", i.kind.word(), g[i.perpetrator.idx()].id)).or_default(); e.0+=1; e.1 += i.dead_perpetrator; e.2+=i.dead_target; e.3+=i.dead_civilians; }
        for (k,v) in kinds { println!("{k}: n {} dead perp {} target {} civ {}", v.0, v.1, v.2, v.3); }
        let mut ev: BTreeMap<String,u32> = BTreeMap::new();
        for a in rec.allegiance.rows() { *ev.entry(format!("{} {} {}", a.kind.word(), a.outcome.map_or("-", |o| o.word()), a.cause.map_or("-", |c| c.word()))).or_default() += 1; }
        for (k,v) in ev { println!("{k}: {v}"); }
        let mut ch: BTreeMap<&str,(u32,f64,f64)> = BTreeMap::new();
        for x in rec.exposures.rows() { let e = ch.entry(x.channel.word()).or_default(); e.0+=1; e.1+=x.conviction_before; e.2+=x.conviction_after; }
        for (k,v) in ch { println!("{k}: {} L {:.2} -> {:.2}", v.0, v.1/v.0 as f64, v.2/v.0 as f64); }
        println!("rows: control {} displacement {} beliefs {} persons {}", rec.control.n_rows(), rec.displacement.n_rows(), rec.beliefs.n_rows(), rec.persons.n_rows());
        }
    }
}
