//! Names of administrative levels, under whatever column a publisher has them.

/// A column that names or numbers units of one administrative level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Level {
    /// 0 is the country.
    pub(super) depth: u8,
    /// Which of several columns of a level is taken: the smallest.
    pub(super) rank: u8,
}

/// The rank of English, of a name without a language, and so on.
const ENGLISH: u8 = 0;
const PLAIN: u8 = 1;
const LATIN: u8 = 2;
const OTHER_SCRIPT: u8 = 3;
const FURTHER: u8 = 4;
/// Codes name units only where nothing else does.
pub(super) const CODE: u8 = 5;

/// Languages that are written in other scripts.
const SCRIPTS: &[&str] = &[
    "ar", "fa", "ps", "ur", "prs", "ckb", "he", "ru", "uk", "ua", "bg", "mk", "sr", "ka", "hy", "am", "ti", "my", "mm",
    "th", "lo", "km", "ne", "hi", "bn", "si", "ta", "zh", "ja", "ko", "el", "kk", "ky", "tg", "mn", "dv", "dz",
];
/// Endings of two or three letters that are no languages.
const NO_LANGUAGE: &[&str] = &["ref", "alt", "cd", "nr", "src", "lvl", "typ", "cap", "lat", "lon", "km2"];

/// A column's name as it is compared: in lower case, with one `_` for blanks, points, brackets and
/// whatever else stands between words.
pub(super) fn plain_name(cell: &str) -> String {
    let lower = cell.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<&str>>().join("_")
}

/// The level of a column, by the patterns of OCHA (`ADM2_FR`, `admin2Name_en`,
/// `adm2_name`, `ADM2_PCODE`), GADM (`NAME_2`) and `GeoNames` (`admin2 code`).
pub(super) fn level_of(column: &str) -> Option<Level> {
    let name = plain_name(column);
    for (prefix, rank) in [("name_", PLAIN), ("nam_", PLAIN), ("nl_name_", FURTHER), ("gid_", CODE)] {
        if let Some(depth) = name.strip_prefix(prefix).and_then(depth_of) {
            return Some(Level { depth, rank });
        }
    }
    let rest = name.strip_prefix("admin").or_else(|| name.strip_prefix("adm"))?;
    let rest = rest.strip_prefix('_').unwrap_or(rest);
    let depth = rest.get(..1).and_then(depth_of)?;
    let rest = rest[1..].trim_start_matches('_');
    let (is_name, rest) = match rest.strip_prefix("name") {
        Some(rest) => (true, rest.trim_start_matches('_')),
        None => (false, rest),
    };
    let is_language = (2..=3).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_lowercase());
    let rank = match rest {
        "" => PLAIN,
        "en" | "eng" => ENGLISH,
        "pcode" | "code" | "pcod" | "id" if !is_name => CODE,
        rest if is_name && rest.bytes().all(|byte| byte.is_ascii_digit()) => FURTHER,
        rest if !is_language || NO_LANGUAGE.contains(&rest) => return None,
        rest if SCRIPTS.contains(&rest) => OTHER_SCRIPT,
        _ => LATIN,
    };
    Some(Level { depth, rank })
}

fn depth_of(digit: &str) -> Option<u8> {
    digit.parse().ok().filter(|depth| (0..=5).contains(depth))
}

#[cfg(test)]
mod tests {
    use super::{CODE, level_of};

    #[test]
    fn levels_are_known_in_any_language_and_layout() {
        let depth = |name: &str| level_of(name).filter(|level| level.rank < CODE).map(|level| level.depth);
        for (name, expected) in [
            ("ADM2_FR", 2),
            ("ADM1_EN", 1),
            ("ADM3_UA", 3),
            ("adm2_name", 2),
            ("adm2_name1", 2),
            ("admin1Name_en", 1),
            ("admin2Name_ar", 2),
            ("adm1_ara", 1),
            ("ADM1_ES", 1),
            ("NAME_2", 2),
            ("admin1", 1),
            ("ADM0_PT", 0),
        ] {
            assert_eq!(depth(name), Some(expected), "{name}");
        }
        for name in ["ADM2_PCODE", "admin1 code", "GID_2", "adm_1x", "population", "ADM2_REF", "ADM2ALT1FR", "name"] {
            assert_eq!(depth(name), None, "{name}");
        }
    }

    #[test]
    fn english_comes_before_other_languages_and_these_before_other_scripts_and_codes() {
        let mut names = ["ADM1_PCODE", "ADM1_AR", "ADM1_FR", "ADM1_NAME", "ADM1_EN"];
        names.sort_by_key(|name| level_of(name));
        assert_eq!(names, ["ADM1_EN", "ADM1_NAME", "ADM1_FR", "ADM1_AR", "ADM1_PCODE"]);
    }
}
