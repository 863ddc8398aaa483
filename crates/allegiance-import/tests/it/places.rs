//! Tables of places and boundaries of any publisher, and the place of each
//! event. Every country, side and place here is invented.

use std::fmt::Write as _;

use allegiance_import::build::Built;
use allegiance_model::setup::Setup;

use crate::build::{Country, Event, FIGHT, STATE, file, gave, setup_of, table, war};

/// A war of some fights in the year at the points, each with the name of its place.
fn named_war(fights: &[(&str, [f64; 2])]) -> String {
    let mut text = "id,year,type_of_violence,side_a,side_b,where_prec,where_coordinates,latitude,longitude,country,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown\n".to_owned();
    for (number, (name, [latitude, longitude])) in fights.iter().enumerate() {
        writeln!(
            text,
            "{},2001,1,{STATE},Front,1,{name},{latitude},{longitude},Marania,1,2001-05-05,2001-05-05,1,2,3,0",
            number + 1
        )
        .unwrap();
    }
    text
}

/// The names of the places where the events of a setup are.
fn places_of_events(setup: &Setup) -> Vec<&str> {
    setup.events.iter().map(|event| setup.places[event.place.idx()].name.as_str()).collect()
}

fn population(built: &Built) -> Vec<(String, u32)> {
    setup_of(built).places.iter().map(|place| (place.name.clone(), place.population)).collect()
}

fn districts(built: &Built) -> Vec<String> {
    setup_of(built).places.iter().map(|place| format!("{}/{}", place.governorate, place.district)).collect()
}

#[test]
fn an_event_is_at_the_place_that_it_names_or_in_the_city_that_it_lies_in() {
    let towns = "name,latitude,longitude,population\nBigcity,10.536,20.5,2000000\nBigcity Extension,10.47,20.5,\n";
    let build = |name: &str| {
        let country = Country::new(&named_war(&[(name, [10.5, 20.5]); 4]));
        country.write("towns.csv", towns);
        country.build()
    };
    // 4.0 km from the city's middle, 3.3 km from the suburb's.
    for (name, place) in [
        ("Bigcity city", "Bigcity"),
        ("Bigcity Extension", "Bigcity Extension"),
        ("", "Bigcity"),
        ("Elsewhere town", "Bigcity"),
    ] {
        let built = build(name);
        assert_eq!(places_of_events(&setup_of(&built)), [place; 4], "{name}");
    }
    assert_eq!(gave(&build("Bigcity city"), "where events happened"), "4 of 4 events at the place that they name");
    // A name that is that of a place 60 km off is told.
    let country =
        Country::new(&named_war(&[("Farton", [10.536, 20.5]), ("Farton", [10.536, 20.5]), ("Farton", [11.0, 20.5])]));
    country.write("towns.csv", format!("{towns}Farton,11.1,20.5,5000\n"));
    assert_eq!(
        gave(&country.build(), "where events happened"),
        "1 of 3 events at the place that they name; 2 elsewhere than a place of their name: 1 at Bigcity, 63 km from Farton, 2 at Bigcity, 63 km from Farton"
    );
}

#[test]
fn inhabitants_are_found_under_their_usual_names_or_asked_for() {
    let country = Country::new(&war());
    let build = |header: &str| {
        country.write("towns.csv", format!("{header}\nHilltown,10.5,20.5,20000,-99\nFord,10.5,20.9,8000,7000\n"));
    };
    let people = |built: &Built| population(built).into_iter().take(2).collect::<Vec<_>>();
    let expected = [("Hilltown".to_owned(), 20_000), ("Ford".to_owned(), 8_000)];
    for header in [
        "NAME,LATITUDE,LONGITUDE,POP_MAX,POP_MIN",
        "name,lat,lon,pop2024,pop1990",
        "Name,Y,X,pop_est,other",
        "nombre,latitud,longitud,población,nota",
        "place,lat_dd,long_dd,T_TL,note",
        "shapeName,Latitude (DD),Longitude (DD),Population (2020),note",
        "official_name,GPS latitude,GPS longitude,TotalPop,Pop. of 1990",
    ] {
        build(header);
        assert_eq!(people(&country.build()), expected, "{header}");
    }
    build("name,lat,lon,folk,older");
    assert_eq!(
        country.refusal(|_| ()),
        "towns.csv:1: no column of population is found; columns are name, lat, lon, folk, older"
    );
    let by_name = country.build_with(|request| request.population_column = Some("folk".to_owned()));
    assert_eq!(people(&by_name), expected);
    let unknown = country.build_with(|request| request.population_column = Some("older".to_owned()));
    assert_eq!(people(&unknown)[0].1, 1_000, "-99 says that nothing is known");
    let without = country.build_with(|request| request.population_column = Some("none".to_owned()));
    assert_eq!(people(&without)[0].1, 1_000);
    assert_eq!(
        country.refusal(|request| request.population_column = Some("Folks".to_owned())),
        "towns.csv has no column \"Folks\"; columns are name, lat, lon, folk, older; did you mean \"folk\"?"
    );
    assert!(country.build_with(|request| request.population = Some(90_000)).population > 40_000);
}

#[test]
fn gazetteers_of_ocha_are_read_in_every_language_and_with_their_tags() {
    let country = Country::new(&war());
    let names = |header: &str| {
        country.write(
            "towns.csv",
            format!("{header}\n#adm1+name,#adm1+code,#adm2+name,#adm2+code,#geo+lat,#geo+lon,#population\nColline,MR01,Hilltown,MR0101,10.5,20.5,20000\nColline,MR01,Gué,MR0102,10.5,20.9,8000\n"),
        );
        let built = country.build();
        assert_eq!(districts(&built)[..2], ["Colline/Hilltown", "Colline/Gué"], "{header}");
        population(&built).into_iter().map(|(name, _)| name).take(2).collect::<Vec<_>>()
    };
    for header in [
        "ADM1_FR,ADM1_PCODE,ADM2_FR,ADM2_PCODE,LATITUDE,LONGITUDE,POPULATION",
        "admin1Name_es,admin1Pcode,admin2Name_es,admin2Pcode,POINT_Y,POINT_X,T_TL",
        "adm1_name,adm1_pcode,adm2_name,adm2_pcode,center_lat,center_lon,pop_total",
        "ADM1_AR,ADM1_PCODE,ADM2_AR,ADM2_PCODE,y_coord,x_coord,Pop2020",
    ] {
        assert_eq!(names(header), ["Hilltown", "Gué"]);
    }
}

#[test]
fn codes_of_geonames_get_the_names_of_its_units_or_of_the_events() {
    let country = Country::new(&war().replace("1,,,10.5,20.5", "1,High country,Upper,10.5,20.5"));
    let row = |name: &str, class: &str, code: &str, point: &str, units: &str| {
        format!("1\t{name}\t{name}\t\t{point}\t{class}\t{code}\tMR\t\t{units}\t\t\t2000\t\t5\tX\t2020-01-01\n")
    };
    let towns = row("Hilltown", "P", "PPL", "10.5\t20.5", "05\t0501")
        + &row("Ford", "P", "PPLA2", "10.5\t20.9", "05\t0502")
        + &row("Nowhere", "P", "PPL", "10.6\t20.9", "00\t");
    let units = row("Hills", "A", "ADM1", "10.4\t20.6", "05\t")
        + &row("Upper Hills", "A", "ADM2", "10.4\t20.6", "05\t0501")
        + &row("Lower Hills", "A", "ADM2", "10.4\t20.6", "05\t0502");
    country.write("towns.csv", towns.clone() + &units);
    let built = country.build();
    assert_eq!(districts(&built)[..3], ["Hills/Upper Hills", "Hills/Lower Hills", "Hills/Lower Hills"]);
    assert!(gave(&built, "how the files were read").contains("units of 2 places named by its rows of units"));
    // Without them the events name what they can.
    country.write("towns.csv", &towns);
    let named = country.build();
    assert_eq!(districts(&named)[..2], ["High country/Upper", "High country/0502"]);
    assert!(
        file(&named, "ASSUMPTIONS.md").contains("whose codes have the names that most events there give (1 of 1 codes")
    );
    // A table with a header and the same rows passes the units over, too.
    country.write(
        "towns.csv",
        "name,latitude,longitude,feature class,feature code,admin1 code,population\nHilltown,10.5,20.5,P,PPL,05,9000\nHills,10.4,20.6,A,ADM1,05,90000\n",
    );
    let setup = setup_of(&country.build());
    assert_eq!((setup.places[0].name.as_str(), setup.places[0].governorate.as_str()), ("Hilltown", "Hills"));
    assert!(setup.places.iter().all(|place| place.name != "Hills"));
}

#[test]
fn one_town_that_the_table_has_twice_is_one_place() {
    let country = Country::new(&war());
    country.write(
        "towns.csv",
        "name,latitude,longitude,population\nHilltown,10.5,20.5,20000\nHill-Town,10.5005,20.5004,25000\nHilltown,10.9,20.5,700\nFord,10.5,20.9,8000\nNowhere,0,0,9\nNobody,,,9\n",
    );
    let built = country.build();
    assert_eq!(
        population(&built)[..3],
        [("Hilltown".to_owned(), 25_000), ("Hilltown".to_owned(), 700), ("Ford".to_owned(), 8_000)]
    );
    assert_eq!(gave(&built, "places that the table has twice"), "1 row merged into another: Hill-Town");
    assert_eq!(gave(&built, "rows of places without a location"), "2 rows");
}

#[test]
fn a_war_in_a_corner_of_a_large_country_is_built() {
    let mut towns = "name,latitude,longitude,population\nWesttown,10.5,20.5,90000\n".to_owned();
    for number in 0..5 {
        writeln!(towns, "Capital {number},14.0,32.6{number},50000").unwrap();
    }
    let country = Country::new(&war());
    country.write("towns.csv", towns);
    assert_eq!(country.build().n_events, 3);
}

#[test]
fn coordinates_in_doubt_are_told_by_identifier_and_line() {
    let fights = [("", [10.5, 20.5]), ("", [10.5, 20.5]), ("", [10.5, 20.5]), ("", [20.5, 10.5]), ("", [14.0, 20.5])];
    let built = Country::new(&named_war(&fights)).build();
    assert_eq!(
        built.doubts,
        [
            "1 event would lie near a place with latitude and longitude exchanged, and nowhere near one as they are: 4 (line 5, then 0 km from Hilltown)",
            "1 event farther than 100 km from every place of towns.csv: 5 (line 6, 389 km)",
        ]
    );
    assert_eq!(built.doubts.join(". "), gave(&built, "coordinates in doubt"));
    let country = Country::new(&war());
    country.write("towns.csv", "name,latitude,longitude,population\nHilltown,10.5,20.5,20000\nFord,21.2,10.7,8000\n");
    assert_eq!(
        country.build().doubts,
        [
            "1 place of towns.csv would lie among the events with latitude and longitude exchanged, and far from all as they are: Ford (line 3)"
        ]
    );
}

/// A square from its south-west corner, as a geometry.
fn square(west: f64, south: f64, size: f64) -> String {
    let (east, north) = (west + size, south + size);
    format!(
        r#"{{"type":"Polygon","coordinates":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}"#
    )
}

fn collection(features: &[(&str, String)]) -> String {
    let each = features.iter().map(|(properties, geometry)| {
        format!(r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{geometry}}}"#)
    });
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, each.collect::<Vec<_>>().join(",\n"))
}

fn with_boundaries(text: &str) -> (Country, Built) {
    let country = Country::new(&war());
    country.write("b.geojson", text);
    let built = country.build_with(|request| request.boundaries = Some(country.0.join("b.geojson")));
    (country, built)
}

#[test]
fn the_smallest_polygon_that_holds_a_place_is_its_district() {
    let nested = collection(&[
        (r#""shapeName":"Marania""#, square(18.0, 8.0, 10.0)),
        (r#""shapeName":"West""#, square(20.0, 10.0, 0.7)),
    ]);
    let (_country, built) = with_boundaries(&nested);
    assert_eq!(districts(&built), ["West/West", "Marania/Marania", "Marania/Marania"]);
    let rule = &built.assumptions.iter().find(|one| one.topic == "districts").unwrap().rule;
    assert!(
        rule.contains("the smallest polygon of b.geojson that holds the place (shapeName; 1 place lies in several)"),
        "{rule}"
    );
}

#[test]
fn features_without_a_polygon_are_passed_over_and_collections_give_theirs() {
    let west = square(19.0, 9.0, 1.7);
    let mixed = format!(
        r#"{{"type":"GeometryCollection","geometries":[{west},{{"type":"LineString","coordinates":[[20,10],[20.1,10]]}}]}}"#
    );
    let (_country, built) = with_boundaries(&collection(&[
        (r#""shapeName":"West""#, mixed),
        (r#""shapeName":"East""#, square(20.7, 9.0, 3.0)),
        (r#""shapeName":"Lake""#, "null".to_owned()),
        (r#""shapeName":"Well""#, r#"{"type":"Point","coordinates":[20,10]}"#.to_owned()),
        (r#""shapeName":null"#, square(20.7, 9.0, 3.0)),
    ]));
    assert_eq!(districts(&built), ["West/West", "East/East", "East/East"]);
    assert_eq!(
        gave(&built, "features of the boundaries"),
        "2 features without a polygon passed over; 1 feature without a name passed over"
    );
}

#[test]
fn names_of_districts_and_of_what_is_around_them_are_found_in_every_language() {
    for (inner, outer) in [
        ("ADM2_FR", "ADM1_FR"),
        ("ADM2_EN", "ADM1_EN"),
        ("adm2_name", "adm1_name"),
        ("NAME_2", "NAME_1"),
        ("admin2Name_ar", "admin1Name_ar"),
        ("ADM3_UA", "ADM1_UA"),
    ] {
        let of = |name: &str| format!(r#""{outer}":"Colline","{inner}":"{name}","ADM0_EN":"Marania""#);
        let text = collection(&[(&of("Ouest"), square(19.0, 9.0, 1.7)), (&of("Est"), square(20.7, 9.0, 3.0))]);
        let (country, built) = with_boundaries(&text);
        assert_eq!(districts(&built), ["Colline/Ouest", "Colline/Est", "Colline/Est"], "{inner}");
        let named = country.build_with(|request| {
            request.boundaries = Some(country.0.join("b.geojson"));
            request.boundary_name = Some(inner.to_owned());
        });
        assert_eq!(districts(&named), districts(&built));
    }
}

#[test]
fn of_several_names_those_that_events_use_are_taken() {
    let fights = [("Hilltown", [10.5, 20.5]), ("Ford village", [10.5, 20.9]), ("Ford", [10.5, 20.9])];
    let country = Country::new(&named_war(&fights));
    let names = |built: &Built| population(built).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    let (own, english) = ("\u{647}\u{64a}\u{644}", "Hilltown");
    for header in ["name,name_en", "name_en,name", "name:en,name", "NAME,NAMEASCII"] {
        let is_english_first = header.starts_with("name_en") || header.starts_with("name:en");
        let row = |english: &str, own: &str| {
            if is_english_first { format!("{english},{own}") } else { format!("{own},{english}") }
        };
        let (hilltown, ford) = (row(english, own), row("Ford", "\u{641}\u{648}\u{631}\u{62f}"));
        country.write(
            "towns.csv",
            format!("{header},latitude,longitude,population\n{hilltown},10.5,20.5,20000\n{ford},10.5,20.9,900\n"),
        );
        let built = country.build();
        assert_eq!(names(&built), ["Hilltown", "Ford"], "{header}");
        assert_eq!(gave(&built, "where events happened"), "3 of 3 events at the place that they name");
    }
    // A town and the city that it is of are two things.
    country.write("towns.csv", "town,city,latitude,longitude,population\nUpper,Hilltown,10.5,20.5,20000\n");
    assert_eq!(names(&country.build())[0], "Upper");
    // Where events use none, the usual is taken.
    country.write("ged.csv", named_war(&[("", [10.5, 20.5]); 3]));
    country.write("towns.csv", "name,name_en,latitude,longitude,population\nA,B,10.5,20.5,20000\n");
    assert_eq!(names(&country.build())[0], "A");
}

#[test]
fn of_several_names_of_districts_those_that_events_use_are_taken() {
    let events = war().replace("1,,,10.5,20.5", "1,Hills province,Upper district,10.5,20.5");
    let build = |properties: [&str; 2]| {
        let country = Country::new(&events);
        let text = collection(&[(properties[0], square(19.0, 9.0, 1.7)), (properties[1], square(20.7, 9.0, 3.0))]);
        country.write("b.geojson", text);
        country.build_with(|request| request.boundaries = Some(country.0.join("b.geojson")))
    };
    let english = [
        r#""ADM2_EN":"Haut","ADM2_FR":"Upper","ADM1_EN":"Collines","ADM1_FR":"Hills""#,
        r#""ADM2_EN":"Bas","ADM2_FR":"Lower","ADM1_EN":"Collines","ADM1_FR":"Hills""#,
    ];
    assert_eq!(districts(&build(english))[..2], ["Hills/Upper", "Hills/Lower"]);
    let plain = [r#""name":"Upper","name_en":"High Land""#, r#""name":"Lower","name_en":"Low Land""#];
    assert_eq!(districts(&build(plain))[..2], ["Upper/Upper", "Lower/Lower"]);
    let other = [r#""name":"Haut","name_en":"High Land""#, r#""name":"Bas","name_en":"Low Land""#];
    assert_eq!(districts(&build(other))[0], "High Land/High Land", "as before, where events use neither");
}

#[test]
fn a_hole_in_a_district_is_no_part_of_it_and_outlines_go_on_beyond_180_degrees() {
    let ring = r#"{"type":"Polygon","coordinates":[[[19,9],[22,9],[22,12],[19,12],[19,9]],[[20.4,10.4],[20.4,10.6],[20.6,10.6],[20.6,10.4],[20.4,10.4]]]}"#;
    let text =
        collection(&[(r#""shapeName":"Ring""#, ring.to_owned()), (r#""shapeName":"Far""#, square(30.0, 9.0, 1.0))]);
    let (_country, built) = with_boundaries(&text);
    let rule = gave(&built, "districts");
    assert_eq!(
        (districts(&built)[0].as_str(), rule),
        ("Ring/Ring", "1 of 3 places guessed"),
        "Hilltown lies in the hole"
    );

    let fights = [("", [-17.9, 179.96]), ("", [-17.9, -179.96]), ("", [-17.9, -179.96])];
    let island = |coordinates: &str| {
        let country = Country::new(&named_war(&fights));
        country.write(
            "towns.csv",
            "name,latitude,longitude,population\nSuva,-17.9,179.95,20000\nTaveuni,-17.9,-179.97,8000\n",
        );
        let polygon = format!(r#"{{"type":"Polygon","coordinates":[[{coordinates}]]}}"#);
        let text = collection(&[
            (r#""shapeName":"Island""#, polygon),
            (
                r#""shapeName":"World""#,
                r#"{"type":"Polygon","coordinates":[[[-180,-80],[180,-80],[180,80],[-180,80],[-180,-80]]]}"#.to_owned(),
            ),
        ]);
        country.write("b.geojson", text);
        country.build_with(|request| request.boundaries = Some(country.0.join("b.geojson")))
    };
    for coordinates in [
        "[177,-19],[182,-19],[182,-16],[177,-16],[177,-19]",
        "[177,-19],[-178,-19],[-178,-16],[177,-16],[177,-19]",
        "[-183,-19],[-178,-19],[-178,-16],[-183,-16],[-183,-19]",
    ] {
        assert_eq!(districts(&island(coordinates)), ["Island/Island"; 2], "{coordinates}");
    }
}

#[test]
fn inhabitants_are_read_however_thousands_stand_apart_and_asked_about_where_they_may_be_fractions() {
    let country = Country::new(&war());
    let people = |text: &str| {
        country.write("towns.csv", text);
        population(&country.build()).into_iter().map(|(_, people)| people).take(2).collect::<Vec<_>>()
    };
    for (hilltown, ford) in [("\"20,000\"", "\"1,200\""), ("20 000", "1 200"), ("20'000", "1200"), ("2e4", "1199.7")] {
        let text =
            format!("name,latitude,longitude,population\nHilltown,10.5,20.5,{hilltown}\nFord,10.5,20.9,{ford}\n");
        assert_eq!(people(&text), [20_000, 1_200], "{text}");
    }
    assert_eq!(
        people("name;latitude;longitude;population\nHilltown;10,5;20,5;1.020.000\nFord;10,5;20,9;900,4\n"),
        [1_020_000, 900]
    );
    country.write("towns.csv", "name;latitude;longitude;population\nHilltown;10,5;20,5;20.000\nFord;10,5;20,9;900\n");
    assert_eq!(
        country.refusal(|_| ()),
        "towns.csv:2: population is \"20.000\"; must be a whole number from 0 to 40000000; write the digits alone, with nothing between thousands and no fraction"
    );
}

#[test]
fn places_below_a_title_with_a_header_again_and_names_on_two_lines_are_read() {
    let country = Country::new(&war());
    let text = "Census of 1999\nname,latitude,longitude,population\n\"Hill\ntown\",10.5,20.5,20000\nname,latitude,longitude,population\nFord,10.5,20.9,900\n";
    country.write("towns.csv", text);
    let built = country.build();
    assert_eq!(population(&built)[..2], [("Hill town".to_owned(), 20_000), ("Ford".to_owned(), 900)]);
    assert!(gave(&built, "how the files were read").contains("1 line above the header passed over"));
    country.write("towns.csv", text.replace("10.5,20.9", "10.5,east"));
    assert!(country.refusal(|_| ()).starts_with("towns.csv:6: longitude is \"east\""), "{}", country.refusal(|_| ()));
    country.write("towns.csv", "<html>");
    assert!(country.refusal(|_| ()).starts_with("towns.csv:1: is a web page or XML"));
}

#[test]
fn what_is_wrong_in_boundaries_is_told_with_its_line() {
    let country = Country::new(&war());
    country.write("b.geojson", "{\"type\":\"FeatureCollection\",\"features\":[\n{\"type\":\"Feature\",\n\"properties\":{},\n\"geometry\":{\"type\":\"Polygon\",\n\"coordinates\":[[[\"x\",1]]]}}]}");
    assert_eq!(
        country.refusal(|request| request.boundaries = Some(country.0.join("b.geojson"))),
        "b.geojson:5: can't be read as GeoJSON: invalid type: string \"x\", expected a coordinate element (number or array); must be a GeoJSON FeatureCollection of polygons"
    );
}

#[test]
fn districts_of_one_name_are_kept_apart_and_the_parts_of_one_together() {
    // By their governorates, where these are told.
    let of = |governorate: &str| format!(r#""ADM1_EN":"{governorate}","ADM2_EN":"Centre""#);
    let text = collection(&[(&of("North"), square(19.0, 9.0, 1.7)), (&of("South"), square(20.7, 9.0, 3.0))]);
    assert_eq!(districts(&with_boundaries(&text).1), ["North/Centre", "South/Centre", "South/Centre"]);
    // Else by a number, unless they touch or have one code.
    let apart = collection(&[
        (r#""shapeName":"Centre","shapeID":"A""#, square(19.0, 9.0, 1.7)),
        (r#""shapeName":"Centre","shapeID":"B""#, square(20.7, 9.0, 3.0)),
    ]);
    let built = with_boundaries(&apart).1;
    assert_eq!(districts(&built), ["Centre/Centre", "Centre (2)/Centre (2)", "Centre (2)/Centre (2)"]);
    assert_eq!(gave(&built, "features of the boundaries"), "districts of one name told apart by a number: Centre");
    let parts = apart.replace("\"B\"", "\"A\"");
    assert_eq!(districts(&with_boundaries(&parts).1), ["Centre/Centre"; 3]);
}

#[test]
fn a_placeholder_against_itself_makes_no_group_and_is_told() {
    let own = || Event { sides: ["XXX482", "XXX482"], kind: 2, ..FIGHT };
    let mut events: Vec<Event<'_>> = (0..4).map(|_| FIGHT).collect();
    events.extend((0..6).map(|_| own()));
    let built = Country::new(&table(&events)).build();
    assert_eq!(built.groups.iter().map(|group| group.id.as_str()).collect::<Vec<_>>(), ["government", "front"]);
    assert_eq!(gave(&built, "placeholders of unknown groups"), "XXX482 (6 events)");
    assert_eq!(gave(&built, "events left out"), "6 events with 36 deaths left out: XXX482 - XXX482 (6, 36 killed)");
    assert!(!file(&built, "scenario.toml").contains("id = \"xxx482\""));
}

#[test]
fn a_place_of_unknown_size_holds_those_whom_the_record_has_killed_there() {
    let mut events: Vec<Event<'_>> = (0..4).map(|_| Event { point: [10.7, 21.2], ..FIGHT }).collect();
    events.push(Event {
        point: [10.7, 21.2],
        sides: ["Front", "Civilians"],
        kind: 3,
        dead: [0, 100, 600, 300],
        ..FIGHT
    });
    let built = Country::new(&table(&events)).build();
    let raised = population(&built).into_iter().find(|(name, _)| name.starts_with("Place ")).unwrap();
    assert_eq!(raised.1, 10 * (4 * 3 + 1_000));
    assert!(built.assumptions.iter().all(|one| one.topic != "deaths that can't be replayed"));
}
