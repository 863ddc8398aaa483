//! Mistakes in the CSV tables: one change, the exact message.

use crate::folder::{Folder, after};

fn places(from: &str, to: &str) -> String {
    after("places.csv", from, to)
}

fn control(from: &str, to: &str) -> String {
    after("control.csv", from, to)
}

fn garrisons(from: &str, to: &str) -> String {
    after("garrisons.csv", from, to)
}

#[test]
fn populations_that_no_place_has() {
    assert_eq!(
        places("2300,S27c", "-2300,S27c"),
        "places.csv:2: population is \"-2300\"; must be a whole number from 1 to 40000000"
    );
    assert_eq!(
        places("2300,S27c", "0,S27c"),
        "places.csv:2: population is \"0\"; must be a whole number from 1 to 40000000"
    );
    assert_eq!(
        places("2300,S27c", "90000000000,S27c"),
        "places.csv:2: population is \"90000000000\"; must be a whole number from 1 to 40000000"
    );
    assert_eq!(
        places("2300,S27c", "2300.5,S27c"),
        "places.csv:2: population is \"2300.5\"; must be a whole number from 1 to 40000000; write the digits alone, with nothing between thousands and no fraction"
    );
}

#[test]
fn coordinates_out_of_range() {
    assert_eq!(
        places("35.900,36.620", "95.9,36.620"),
        "places.csv:2: latitude is \"95.9\"; must be a number from -90 to 90"
    );
    assert_eq!(
        places("35.900,36.620", "35.900,-190"),
        "places.csv:2: longitude is \"-190\"; must be a number from -180 to 180"
    );
    assert_eq!(
        places("35.900,36.620", "NaN,inf"),
        r#"places.csv:2: latitude is "NaN"; must be a number from -90 to 90
places.csv:2: longitude is "inf"; must be a number from -180 to 180"#
    );
    assert_eq!(
        places("35.900,36.620", "\"35,900\",36.620"),
        "places.csv:2: latitude is \"35,900\"; must be a number from -90 to 90; use a point, not a comma, before a fraction, and nothing between thousands"
    );
}

#[test]
fn unknown_words_and_names() {
    assert_eq!(
        places("Burj Sindyan,town", "Burj Sindyan,twon"),
        "places.csv:3: kind is \"twon\"; allowed words are city, town, village, rural; did you mean \"town\"?"
    );
    assert_eq!(
        places("5200,fictional", "5200,fictionnal"),
        "places.csv:3: source names the source \"fictionnal\", which doesn't exist; sources are B5, S12, S20, S21, S27c, S3, S49, S57a, S64c, S65, S66, S7, S8, article, fictional, judgement; did you mean \"fictional\"?"
    );
    assert_eq!(
        places("5200,fictional", "5200,fictional+S99"),
        "places.csv:3: source names the source \"S99\", which doesn't exist; sources are B5, S12, S20, S21, S27c, S3, S49, S57a, S64c, S65, S66, S7, S8, article, fictional, judgement; did you mean \"S49\"?"
    );
    assert_eq!(
        control("kafr_tut,isis,0.8", "kafr_tutt,isis,0.8"),
        r#"control.csv:6: place names the place "kafr_tutt", which doesn't exist; places are tall_rumman, burj_sindyan, kafr_tut, ayn_tuffah, dayr_safsaf, wadi_hawr, tall_khuzama, bayt_ballut, kawm_zaytun, mazraat_nahl, qasr_yasmin, hawsh_sumaq; did you mean "kafr_tut"?"#
    );
    assert_eq!(
        control("kafr_tut,isis,0.8", "kafr_tut,isil,0.8"),
        "control.csv:6: group names the group \"isil\", which doesn't exist; groups are village_defenders, district_rebels, isis; did you mean \"isis\"?"
    );
    assert_eq!(
        garrisons("isis,kafr_tut,90", "isis,kafrtut,90"),
        "garrisons.csv:9: place names the place \"kafrtut\", which doesn't exist; places are tall_rumman, burj_sindyan, kafr_tut, ayn_tuffah, dayr_safsaf, wadi_hawr, tall_khuzama, bayt_ballut, kawm_zaytun, mazraat_nahl, qasr_yasmin, hawsh_sumaq; did you mean \"kafr_tut\"?"
    );
}

#[test]
fn duplicates() {
    assert_eq!(
        places("ayn_tuffah,", "kafr_tut,"),
        "places.csv:5: place \"kafr_tut\" is there twice; must be unique; leave one of its rows out, or give it another name"
    );
    assert_eq!(
        control("kafr_tut,district_rebels,0.2", "kafr_tut,isis,0.2"),
        "control.csv:7: place \"kafr_tut\" with the group \"isis\" is there twice; must be one row for each pair"
    );
    assert_eq!(
        garrisons("isis,kafr_tut,90", "isis,burj_sindyan,90"),
        "garrisons.csv:9: place \"burj_sindyan\" with the group \"isis\" is there twice; must be one row for each pair"
    );
}

#[test]
fn names_with_letters_that_ids_lack() {
    assert_eq!(
        places("hawsh_sumaq,", "hawsh sumaq,"),
        "places.csv:13: place is \"hawsh sumaq\"; must be 1 to 64 letters, digits, _ or -"
    );
}

#[test]
fn shares_that_do_not_sum_to_one() {
    assert_eq!(
        control("kafr_tut,isis,0.8", "kafr_tut,isis,0.7"),
        "control.csv:6: share of \"kafr_tut\" sums to 0.9 over its groups; must sum to 1 in each place"
    );
    assert_eq!(
        control("kafr_tut,isis,0.8", "kafr_tut,isis,1.8"),
        "control.csv:6: share is \"1.8\"; must be a number from 0 to 1"
    );
    assert_eq!(
        control("kafr_tut,isis,0.8", "kafr_tut,isis,NaN"),
        "control.csv:6: share is \"NaN\"; must be a number from 0 to 1"
    );
}

#[test]
fn a_place_without_control() {
    assert_eq!(
        control("dayr_safsaf,district_rebels,1,judgement\n", ""),
        "control.csv: place \"dayr_safsaf\" has no rows; every place needs control shares that sum to 1"
    );
}

#[test]
fn empty_tables_and_headers() {
    let folder = Folder::new();
    folder.write("control.csv", "");
    assert_eq!(folder.messages(), "control.csv: is empty; the header must be place,group,share,source");
    folder.write("control.csv", "place,group,share,source\n");
    assert_eq!(folder.messages(), "control.csv:1: has a header but no rows");
    folder.write("control.csv", "tall_rumman,village_defenders,1,judgement\n");
    assert_eq!(
        folder.messages(),
        "control.csv:1: the header is missing; the first line is \"tall_rumman,village_defenders,1,judgement\"; the header must be place,group,share,source"
    );
    folder.write("control.csv", "place,group,shares,source,remark\ntall_rumman,village_defenders,1,judgement,\n");
    assert_eq!(
        folder.messages(),
        r#"control.csv:1: the header has the unknown column "shares"; the header must be place,group,share,source; did you mean "share"?
control.csv:1: the header has the unknown column "remark"; the header must be place,group,share,source
control.csv:1: the header lacks the column "share"; the header must be place,group,share,source"#
    );
    folder.write("control.csv", "place,group,share,share,source\ntall_rumman,village_defenders,1,1,judgement\n");
    assert_eq!(
        folder.messages(),
        "control.csv:1: the header has the column \"share\" twice; the header must be place,group,share,source"
    );
}

#[test]
fn a_row_with_the_wrong_number_of_fields() {
    assert_eq!(
        control("kafr_tut,isis,0.8,judgement", "kafr_tut,isis,0,8,judgement"),
        "control.csv:6: the row has 5 fields; the header has 4; put a text that contains a comma in double quotes, and write a point, not a comma, before a fraction"
    );
}

#[test]
fn a_table_that_is_not_utf8() {
    let folder = Folder::new();
    folder.write("garrisons.csv", b"group,place,members,source\nvillage_defenders,tall_rumman,35,B5\xff\n");
    assert_eq!(
        folder.messages(),
        r#"garrisons.csv:2: isn't UTF-8 (byte 0xFF); save the file with the encoding UTF-8
garrisons.csv:2: source names the source "B5�", which doesn't exist; sources are B5, S12, S20, S21, S27c, S3, S49, S57a, S64c, S65, S66, S7, S8, article, fictional, judgement; did you mean "B5"?"#
    );
}

#[test]
fn garrisons_that_do_not_sum_to_the_members() {
    assert_eq!(
        garrisons("isis,kafr_tut,90", "isis,kafr_tut,80"),
        "garrisons.csv:8: members of the group \"isis\" sum to 330 over its rows; must sum to 340, the members of the group in scenario.toml; change the rows, or set members = 330 there"
    );
    assert_eq!(
        garrisons("isis,kafr_tut,90", "isis,kafr_tut,0"),
        "garrisons.csv:9: members is \"0\"; must be a whole number from 1 to 10000000"
    );
}

#[test]
fn a_garrison_where_the_group_has_no_control_is_a_warning() {
    assert_eq!(
        garrisons("isis,kafr_tut,90", "isis,tall_rumman,90"),
        "garrisons.csv:9: warning: place \"tall_rumman\" holds a garrison of \"isis\", which has no control share there; give it a share in the control table, or station the garrison elsewhere"
    );
}

#[test]
fn a_garrison_larger_than_the_men_of_the_place_is_a_warning() {
    let folder = Folder::new();
    folder.patch("garrisons.csv", "isis,kafr_tut,90", "isis,qasr_yasmin,220");
    folder.patch("garrisons.csv", "isis,burj_sindyan,180", "isis,burj_sindyan,50");
    assert_eq!(
        folder.messages(),
        "garrisons.csv: warning: 1 place holds more local members than men of 15 to 39 live there (20% of inhabitants): qasr_yasmin; their homes will be drawn from places around"
    );
}

#[test]
fn a_group_that_is_nowhere() {
    let folder = Folder::new();
    folder.patch("garrisons.csv", "village_defenders,tall_rumman,35,B5\n", "");
    folder.patch("control.csv", "tall_rumman,village_defenders,0.9", "tall_rumman,isis,0.9");
    folder.patch("control.csv", "wadi_hawr,village_defenders,0.1", "wadi_hawr,isis,0.1");
    folder.patch("control.csv", "mazraat_nahl,village_defenders,0.2", "mazraat_nahl,isis,0.2");
    assert_eq!(
        folder.messages(),
        "scenario.toml:47: groups[0] \"village_defenders\" has members but no garrison and no control share; give it rows in the control table or the garrisons table"
    );
}
