//! The CSV tables.

/// What a table holds.
#[derive(Debug, Clone, Copy)]
pub struct CsvShape {
    /// The key of `[tables]` that names the file.
    pub key: &'static str,
    /// What a row is, as a sentence.
    pub meaning: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
    /// What the header must be, where a list of its columns would be too long.
    pub standard: Option<&'static str>,
}

/// One column of a table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What a cell may be.
    pub allowed: &'static str,
    /// What it means, as a sentence or two.
    pub meaning: &'static str,
}

impl CsvShape {
    /// The names of the columns, in order.
    pub fn names(&self) -> Vec<&'static str> {
        self.columns.iter().map(|column| column.name).collect()
    }

    /// What the header must be, as a clause.
    pub fn expected(&self) -> String {
        self.standard.map_or_else(|| format!("the header must be {}", self.names().join(",")), str::to_owned)
    }
}

const fn column(name: &'static str, allowed: &'static str, meaning: &'static str) -> Column {
    Column { name, allowed, meaning }
}

const SOURCE: Column = column("source", "keys of [sources], joined by +", "Where the row comes from.");

/// Columns of `places.csv`.
pub(crate) const PLACES: CsvShape = CsvShape {
    key: "places",
    meaning: "One populated place per row.",
    columns: &[
        column("place", "1 to 64 letters, digits, _ or -", "Identifier in files and tables; unique among places."),
        column("name", "text", "Name shown to people."),
        column(
            "kind",
            "city, town, village, rural",
            "Kind of settlement; rural is the scattered population of an area, placed at one point.",
        ),
        column("governorate", "text", "First administrative level."),
        column("district", "text", "Second administrative level."),
        column("subdistrict", "text", "Third administrative level."),
        column("latitude", "-90 to 90", "Degrees north."),
        column("longitude", "-180 to 180", "Degrees east."),
        column("population", "1 to 40000000", "Inhabitants on the first day."),
        SOURCE,
    ],
    standard: None,
};

/// Columns of `control.csv`.
pub(crate) const CONTROL: CsvShape = CsvShape {
    key: "control",
    meaning: "One row per place and group, with the group's control share; the shares of each place sum to 1.",
    columns: &[
        column("place", "a place", "The place."),
        column("group", "a group", "The group."),
        column("share", "0 to 1", "Its share of control."),
        SOURCE,
    ],
    standard: None,
};

/// Columns of `garrisons.csv`.
pub(crate) const GARRISONS: CsvShape = CsvShape {
    key: "garrisons",
    meaning: "One row per place and group, with the group's members there; a group's rows sum to its members.",
    columns: &[
        column("group", "a group", "The group."),
        column("place", "a place", "Where they are stationed."),
        column("members", "1 to 10000000", "How many members."),
        SOURCE,
    ],
    standard: None,
};

/// Columns of `events.csv`: those of UCDP GED v25.1.
///
/// # Source
/// UCDP Georeferenced Event Dataset codebook, version 25.1.
pub const EVENTS: CsvShape = CsvShape {
    key: "events",
    meaning: "One event a row, in the 49 columns of UCDP GED v25.1 or any layout in which that data set is handed out; \
              columns may be missing where the others tell what is needed, and others are passed over. An event is at the \
              place that it names within 20 km, else at the place whose built-up area is nearest. \
              Events outside the days of the scenario or too far from every place are left out with a warning, \
              and so are events between two names of one group.",
    columns: &[
        column("id", "whole number", "Number of the event; unique."),
        column("relid", "any", "Other identifier. Not read."),
        column("year", "any", "Year. Not read: dates are."),
        column("active_year", "any", "Whether the dyad was active that year. Not read."),
        column("code_status", "any", "Status of the coding. Not read."),
        column(
            "type_of_violence",
            "1, 2 or 3",
            "1 with a state, 2 between groups, 3 one-sided: civilians alone are the target, and `side_b` is Civilians.",
        ),
        column("conflict_dset_id", "any", "Conflict. Not read."),
        column("conflict_new_id", "any", "Conflict. Not read."),
        column("conflict_name", "any", "Conflict. Not read."),
        column("dyad_dset_id", "any", "Dyad. Not read."),
        column("dyad_new_id", "any", "Dyad. Not read."),
        column("dyad_name", "any", "Dyad. Not read."),
        column("side_a_dset_id", "any", "First side. Not read."),
        column("side_a_new_id", "any", "First side. Not read."),
        column("side_a", "a key of [actors]", "The first side, which the model takes for the attacker."),
        column("side_b_dset_id", "any", "Second side. Not read."),
        column("side_b_new_id", "any", "Second side. Not read."),
        column("side_b", "a key of [actors], or Civilians", "The second side."),
        column("number_of_sources", "any", "Sources. Not read."),
        column("source_article", "any", "Sources. Not read."),
        column("source_office", "any", "Sources. Not read."),
        column("source_date", "any", "Sources. Not read."),
        column("source_headline", "any", "Sources. Not read."),
        column("source_original", "any", "Sources. Not read."),
        column(
            "where_prec",
            "1 to 7, or empty",
            "Precision of the location; 4 or more is a governorate or wider, and gives a warning.",
        ),
        column("where_coordinates", "any", "Location in words; a place of that name near by is taken."),
        column("where_description", "any", "Location in words. Not read."),
        column("adm_1", "any", "First administrative level. Not read."),
        column("adm_2", "any", "Second administrative level. Not read."),
        column("latitude", "-90 to 90", "Degrees north."),
        column("longitude", "-180 to 180", "Degrees east."),
        column("geom_wkt", "any", "The same point as text. Not read."),
        column("priogrid_gid", "any", "Grid cell. Not read."),
        column("country", "any", "Country. Not read."),
        column("country_id", "any", "Country. Not read."),
        column("region", "any", "Region. Not read."),
        column("event_clarity", "any", "Clarity of the event. Not read."),
        column("date_prec", "any", "Precision of the date. Not read."),
        column("date_start", "YYYY-MM-DD, a time after it is ignored", "First possible day."),
        column(
            "date_end",
            "YYYY-MM-DD, a time after it is ignored",
            "Last possible day. The event happens on the middle day, the earlier of two.",
        ),
        column("deaths_a", "0 to 1000000", "Dead of the first side."),
        column("deaths_b", "0 to 1000000", "Dead of the second side."),
        column("deaths_civilians", "0 to 1000000", "Civilian deaths."),
        column(
            "deaths_unknown",
            "0 to 1000000",
            "Deaths of unknown side: shared between the two sides in proportion to their known deaths, half and half where there are none, by largest remainder; the odd one of an even split falls to `side_a` where `id` is odd, else to `side_b`. All are civilians in one-sided violence.",
        ),
        column("best", "any", "Best estimate. Not read: the four columns before it are its sum."),
        column("high", "any", "High estimate. Not read."),
        column("low", "any", "Low estimate. Not read."),
        column("gwnoa", "any", "Country code of the first side. Not read."),
        column("gwnob", "any", "Country code of the second side. Not read."),
    ],
    standard: Some("the header must name the columns of UCDP GED"),
};

/// Columns of a table that maps the sides of an event table to groups.
pub const ACTORS: CsvShape = CsvShape {
    key: "actors",
    meaning: "One row per side.",
    columns: &[
        column("actor", "text", "Name of the side, as the event table spells it; unique."),
        column("group", "a group, or empty", "The group that it is; empty to leave its events out."),
    ],
    standard: None,
};
