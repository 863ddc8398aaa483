//! `allegiance audit`: names change nothing, order and seeds nothing but luck, and what depends on scale is told.

use crate::program::Folder;

fn audit(folder: &Folder, arguments: &str) -> serde_json::Value {
    let output = folder.output(&format!("audit one-village --quiet --format json {arguments}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn names_change_nothing_and_order_and_seeds_only_luck() {
    let folder = Folder::new();
    let found = audit(&folder, "--replicates 60 --scale 5 --set days=20 --within 0.3");
    assert_eq!(found["same"], serde_json::json!([["names", true]]));
    let ids: Vec<&str> = found["variants"].as_array().unwrap().iter().filter_map(|of| of[0].as_str()).collect();
    assert_eq!(ids, ["names", "order", "seed1", "seed2", "scale5"]);
    let members = found["rows"].as_array().unwrap().iter().find(|row| row["outcome"] == "groups.isis.members_end");
    let standings: Vec<&str> =
        members.unwrap()["variants"].as_array().unwrap().iter().filter_map(|of| of["standing"].as_str()).collect();
    // The members of a group hardly depend on luck in twenty days.
    assert_eq!(standings[..4], ["robust"; 4], "{standings:?}");
    // No outcome is far off for another order or seed.
    for row in found["rows"].as_array().unwrap() {
        for at in 0..4 {
            assert_ne!(row["variants"][at]["standing"], "fragile", "{row:#}");
        }
    }
    let text = folder.output("audit one-village --quiet --replicates 4 --scale 5 --set days=5");
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(
        text.contains("places and groups have other names: equal to the last bit") && text.contains("In all: "),
        "{text}"
    );
}

#[test]
fn the_sign_of_an_effect_is_audited() {
    let folder = Folder::new();
    let found = audit(
        &folder,
        "--set-b groups.isis.members=600 --outcome groups.isis.members_end --replicates 10 --scale 2 --set days=10",
    );
    let row = &found["rows"][0];
    assert!(row["interval"]["low"].as_f64().is_some_and(|low| low > 100.0), "{row:#}");
    for variant in row["variants"].as_array().unwrap() {
        assert_eq!(variant["standing"], "robust", "{row:#}");
    }
    let refused = folder.output("audit one-village --outcome nothing");
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("\"nothing\" isn't an outcome of one-village"));
}
