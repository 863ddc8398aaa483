//! Who is away on the first day, by governorate.

use crate::folder::Folder;
use allegiance_model::setup::PlaceSetup;

/// `one-village` with these lines on top, from line 5 on.
fn with(lines: &str) -> Folder {
    let folder = Folder::new();
    folder.write("scenario.toml", format!("format = 1\nid = \"mine\"\nextends = \"one-village\"\n\n{lines}"));
    folder
}

const IDLIB: &str = "[[displaced]]\ngovernorate = \"Idlib\"\nshare = 0.2\nsource = \"fictional\"\n";

#[test]
#[expect(clippy::float_cmp, reason = "the values are set, not computed")]
fn the_share_holds_in_every_place_of_the_governorate_and_is_none_without_an_entry() {
    let share = |place: &PlaceSetup| place.displaced_share;
    let setup = with(IDLIB).load().unwrap().setup;
    assert!(setup.places.iter().all(|place| share(place) == if place.governorate == "Idlib" { 0.2 } else { 0.0 }));
    assert!(setup.places.iter().any(|place| share(place) > 0.0));
    assert!(with("").load().unwrap().setup.places.iter().all(|place| share(place) == 0.0));
}

#[test]
fn mistakes() {
    assert_eq!(
        with(&IDLIB.replace("Idlib", "Idleb")).messages(),
        "scenario.toml:6: displaced[0].governorate names the governorate \"Idleb\", which doesn't exist; governorates are \
         only Idlib; did you mean \"Idlib\"?"
    );
    assert_eq!(
        with(&IDLIB.replace("0.2", "20")).messages(),
        "scenario.toml:7: displaced[0].share is 20; must be a number from 0 to 1"
    );
    assert_eq!(
        with(&format!("{IDLIB}{IDLIB}")).messages(),
        "scenario.toml:9: displaced[1].governorate \"Idlib\" is there twice; must be one entry for each governorate"
    );
    assert_eq!(
        with(&IDLIB.replace("fictional", "nobody")).messages().split("; ").next(),
        Some("scenario.toml:8: displaced[0].source names the source \"nobody\", which doesn't exist")
    );
}
