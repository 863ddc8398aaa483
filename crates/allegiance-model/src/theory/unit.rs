//! Units of quantities: how often days, kilometres, persons, dollars and years
//! stand in them.
//!
//! Shares, probabilities, log-odds, log-hazards and counts of events are plain
//! numbers: what differs between them is meaning, which no algebra knows.

/// A unit as powers of the base units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unit {
    powers: [i32; BASES.len()],
}

/// The base units, as they are written.
const BASES: [&str; 5] = ["d", "km", "persons", "USD", "years"];
/// Other words of units, with the base unit that they stand for; a plain number
/// where that is empty.
const WORDS: [(&str, &str); 14] = [
    ("1", ""),
    ("share", ""),
    ("probability", ""),
    ("log-odds", ""),
    ("log-hazard", ""),
    ("log", ""),
    ("score", ""),
    ("yes or no", ""),
    ("days", "d"),
    ("day", "d"),
    ("month", "d"),
    ("months", "d"),
    ("person", "persons"),
    ("year", "years"),
];
/// No unit is of a higher power: nobody means it, and none overflows.
const MOST: i32 = 1_000;

impl Unit {
    /// That of shares, log-odds and counts of events.
    pub const NUMBER: Self = Self { powers: [0; BASES.len()] };

    /// The unit of a text such as `USD/month`: words joined by `*`, after a `/`
    /// those that divide.
    pub fn parse(text: &str) -> Option<Self> {
        let mut unit = Self::NUMBER;
        let mut parts = text.split('/');
        let (above, below) = (parts.next()?, parts.next());
        if parts.next().is_some() {
            return None;
        }
        for (words, power) in [(Some(above), 1), (below, -1)] {
            for word in words.into_iter().flat_map(|words| words.split('*')) {
                unit.add(word.trim(), power)?;
            }
        }
        Some(unit)
    }

    fn add(&mut self, word: &str, power: i32) -> Option<()> {
        // A count in front, as in `log-odds/100 persons`, changes no unit.
        let word = word.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
        let word = if word.is_empty() { "1" } else { word };
        let base = WORDS.iter().find(|(other, _)| *other == word).map_or(word, |(_, base)| *base);
        if !base.is_empty() {
            self.powers[BASES.iter().position(|other| *other == base)?] += power;
        }
        Some(())
    }

    /// The words that units are written with.
    pub fn words() -> impl Iterator<Item = &'static str> {
        BASES.into_iter().chain(WORDS.iter().map(|(word, _)| *word))
    }

    fn combined(self, other: Self, sign: i32) -> Option<Self> {
        let mut powers = self.powers;
        for (power, other) in powers.iter_mut().zip(other.powers) {
            *power += sign * other;
        }
        powers.iter().all(|power| power.abs() <= MOST).then_some(Self { powers })
    }

    /// The unit of a product; none of a power that nobody means.
    pub fn times(self, other: Self) -> Option<Self> {
        self.combined(other, 1)
    }

    /// The unit of a quotient; none of a power that nobody means.
    pub fn over(self, other: Self) -> Option<Self> {
        self.combined(other, -1)
    }

    /// The unit of a square root; none where a power is odd.
    pub fn root(self) -> Option<Self> {
        self.powers.iter().all(|power| power % 2 == 0).then(|| Self { powers: self.powers.map(|power| power / 2) })
    }
}

impl core::fmt::Display for Unit {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let side = |sign: i32| {
            let of = |(base, power): (&&str, &i32)| match power * sign {
                1 => Some((*base).to_owned()),
                power if power > 1 => Some(format!("{base}^{power}")),
                _ => None,
            };
            BASES.iter().zip(&self.powers).filter_map(of).collect::<Vec<_>>().join("*")
        };
        match (side(1), side(-1)) {
            (above, below) if above.is_empty() && below.is_empty() => f.write_str("a plain number"),
            (above, below) if below.is_empty() => f.write_str(&above),
            (above, below) if above.is_empty() => write!(f, "1/{below}"),
            (above, below) => write!(f, "{above}/{below}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Unit;
    use crate::setup::Setup;

    #[test]
    fn every_unit_of_the_dictionary_is_known() {
        for info in Setup::dictionary() {
            assert!(Unit::parse(info.unit).is_some(), "{}: {}", info.path(), info.unit);
        }
    }

    #[test]
    fn units_multiply_divide_and_take_roots() {
        let unit = |text: &str| Unit::parse(text).unwrap();
        assert_eq!(unit("USD/month").times(unit("days")), Some(unit("USD")));
        assert_eq!(unit("km").over(unit("km")), Some(Unit::NUMBER));
        assert_eq!((unit("km*km").root(), unit("km").root()), (Some(unit("km")), None));
        assert_eq!(unit("USD/month").to_string(), "USD/d");
        assert_eq!(
            (unit("share").to_string(), unit("1/d").to_string()),
            ("a plain number".to_owned(), "1/d".to_owned())
        );
        assert_eq!(Unit::parse("parsec"), None);
    }
}
