//! Tests of the crate as its callers use it.
#[test]
fn probe() {
    for n in ["one-village", "/tmp/ns"] {
        match allegiance_scenario::load(n) {
            Ok(s) => { println!("{} {} {:?} {}", s.id, s.hash, s.files.iter().map(|f| f.name.clone()).collect::<Vec<_>>(), s.setup.garrisons.len()); for w in s.warnings { println!("{w}"); } }
            Err(allegiance_scenario::LoadScenarioError::Invalid(p)) => for p in p { println!("{p}") },
            Err(e) => println!("{e}"),
        }
    }
}
