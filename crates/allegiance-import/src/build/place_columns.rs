//! The columns of tables of places, under the names that publishers give them,
//! in lower case with `_` for blanks.

use super::levels::{level_of, plain_name};

pub(super) const LATITUDE: &[&str] = &[
    "latitude",
    "lat",
    "y",
    "point_y",
    "center_lat",
    "centre_lat",
    "centroid_lat",
    "lat_centroid",
    "y_coord",
    "ycoord",
    "lat_dd",
    "latdd",
    "dd_lat",
    "dec_lat",
    "lat_deg",
    "latitude_deg",
    "latitude_dd",
    "latitude_decimal_degrees",
    "latitude_wgs84",
    "gps_latitude",
    "gps_lat",
    "geo_lat",
    "lat_wgs84",
    "centroid_y",
    "y_centroid",
    "y_wgs84",
    "latitud",
    "breite",
];
pub(super) const LONGITUDE: &[&str] = &[
    "longitude",
    "lon",
    "lng",
    "long",
    "x",
    "point_x",
    "center_lon",
    "centre_lon",
    "center_long",
    "centroid_lon",
    "lon_centroid",
    "long_centroid",
    "x_coord",
    "xcoord",
    "lon_dd",
    "long_dd",
    "londd",
    "longdd",
    "dd_lon",
    "dd_long",
    "dec_lon",
    "dec_long",
    "lon_deg",
    "longitude_deg",
    "longitude_dd",
    "longitude_decimal_degrees",
    "longitude_wgs84",
    "gps_longitude",
    "gps_lon",
    "gps_long",
    "geo_lon",
    "lon_wgs84",
    "long_wgs84",
    "centroid_x",
    "x_centroid",
    "x_wgs84",
    "longitud",
    "laenge",
];
pub(super) const NAME: &[&str] = &[
    "name",
    "name_en",
    "nameascii",
    "asciiname",
    "ascii_name",
    "place",
    "place_name",
    "placename",
    "town",
    "city",
    "settlement",
    "settlement_name",
    "locality",
    "village",
    "full_name",
    "fullname",
    "featurename",
    "feature_name",
    "featurenam",
    "shapename",
    "officialname",
    "official_name",
    "official_n",
    "nom",
    "nombre",
    "nome",
    "localite",
    "localité",
    "localidad",
    "localidade",
    "ville",
    "ciudad",
    "cidade",
    "ortsname",
];
pub(super) const COUNTRY: &[&str] = &[
    "country_code",
    "countrycode",
    "admin0pcode",
    "adm0_pcode",
    "iso2",
    "iso_a2",
    "iso_2",
    "iso3",
    "iso_a3",
    "iso_3",
    "adm0_a3",
    "country",
    "country_name",
    "adm0name",
    "admin0name",
    "adm0_name",
    "adm0_en",
    "admin0name_en",
];
/// What a row of `GeoNames` is, as a letter and as a code.
pub(super) const FEATURE_CLASS: &[&str] = &["feature_class", "featureclass", "fcl"];
pub(super) const FEATURE_CODE: &[&str] = &["feature_code", "featurecode", "fcode", "dsg"];
/// The code of `GeoNames` where no unit is known.
pub(super) const NO_UNIT: &str = "00";

/// Whether a column has the name of a place, in one language or spelling of several.
pub(super) fn is_variant(column: &str) -> bool {
    const PLAIN: &[&str] = &[
        "name",
        "nameascii",
        "namealt",
        "asciiname",
        "ascii_name",
        "full_name",
        "fullname",
        "officialname",
        "official_name",
        "official_n",
        "shapename",
    ];
    let of_language = |rest: &str| (2..=3).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_lowercase());
    PLAIN.contains(&column) || column.strip_prefix("name_").is_some_and(of_language)
}

/// Which of several columns of inhabitants is taken, the smallest first; none
/// for other columns.
pub(super) fn population_rank(column: &str) -> Option<(usize, u32)> {
    const WHOLE: &[&str] = &[
        "population",
        "pop",
        "t_tl",
        "totalpop",
        "population_total",
        "total_population",
        "pop_total",
        "total_pop",
        "pop_tot",
        "tot_pop",
        "poptotal",
        "totpop",
        "pop_max",
        "pop_est",
        "population_est",
        "population_estimate",
        "pop_estimate",
        "inhabitants",
        "habitants",
        "number_of_inhabitants",
        "poblacion",
        "población",
        "populacao",
        "população",
        "einwohner",
    ];
    if let Some(at) = WHOLE.iter().position(|name| *name == column) {
        return Some((at, 0));
    }
    let stems = ["population", "total_population", "total_pop", "inhabitants", "totpop", "pop", "t_tl"];
    let rest = stems.iter().find_map(|stem| column.strip_prefix(stem))?;
    let rest = ["_estimate", "_est", "_total", "_max", "_census"]
        .iter()
        .find_map(|word| rest.strip_prefix(word))
        .unwrap_or(rest);
    let digits = rest.trim_start_matches(['_', 'y']);
    let year: u32 = digits.parse().ok().filter(|_| matches!(digits.len(), 2 | 4))?;
    // The latest year.
    Some((WHOLE.len(), 9_999 - year))
}

/// Whether a name is that of any column that is read.
pub(super) fn is_known(cell: &str) -> bool {
    let name = plain_name(cell);
    [LATITUDE, LONGITUDE, NAME, COUNTRY].iter().any(|names| names.contains(&name.as_str()))
        || population_rank(&name).is_some()
        || level_of(&name).is_some()
}
