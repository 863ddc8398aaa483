//! The parameter dictionary: every number of a mechanism, defined once.
//!
//! A parameter is declared beside the mechanism that reads it, with the macro
//! `parameters!`; the table of mechanisms in `lib.rs` gathers the declarations. Scenario files, the
//! command line and the generated documents all read the same definitions.

pub use crate::Parameters;
use crate::maths::{exp, ln};
use crate::observation::ObservationParameters;
use crate::setup::Setup;
use crate::theory::OWN;

/// How far a default can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// Read in a cited source.
    Sourced,
    /// Computed from sourced numbers.
    Derived,
    /// A judgement: no usable number exists; the range is for exploration.
    Judgement,
}

impl Tag {
    /// The word used in documents and tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sourced => "sourced",
            Self::Derived => "derived",
            Self::Judgement => "judgement",
        }
    }
}

/// How far beyond the upper end of its prior a parameter may be set: far enough
/// for any extreme that somebody may want to look at, and near enough that no
/// number of the engine overflows, whatever the others are.
const BEYOND_PRIOR: f64 = 10.0;

/// The rate a month that any rate may be set to, however low its prior is.
const MOST_PER_MONTH: f64 = 2.0;

/// How values spread over a range, from a position in the unit interval: the
/// one way from a position to a value, for priors and designs alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Spread {
    /// Every value is as likely as any other.
    Flat,
    /// Every logarithm is as likely as any other; both ends are above 0.
    LogFlat,
}

impl Spread {
    /// The word used in documents and formats.
    pub fn word(self) -> &'static str {
        match self {
            Self::Flat => "flat",
            Self::LogFlat => "log_flat",
        }
    }

    /// The value at a position in 0-1 of a range. A position drawn evenly gives
    /// a value that is spread in this way.
    pub fn value_at(self, (low, high): (f64, f64), position: f64) -> f64 {
        let value = match self {
            Self::Flat => low + position * (high - low),
            Self::LogFlat => exp(ln(low) + position * (ln(high) - ln(low))),
        };
        value.clamp(low, high)
    }

    /// The position in 0-1 of a value within a range.
    pub fn position_of(self, (low, high): (f64, f64), value: f64) -> f64 {
        let position = match self {
            Self::Flat => (value - low) / (high - low),
            Self::LogFlat => (ln(value) - ln(low)) / (ln(high) - ln(low)),
        };
        position.clamp(0.0, 1.0)
    }
}

/// A range whose ends differ by this factor or more has a log-flat prior: over
/// an order of magnitude the size of a number is unknown, not its digits.
const LOG_FLAT_FROM: f64 = 10.0;

/// The dictionary entry of one parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParameterInfo {
    /// The mechanism it belongs to, which is also its table in a scenario file.
    pub mechanism: &'static str,
    /// Its name within the mechanism.
    pub name: &'static str,
    /// What it means, in one sentence or two.
    pub meaning: &'static str,
    /// The symbol used in equations.
    pub symbol: &'static str,
    /// Its unit: `probability` and `share` are bound to 0-1.
    pub unit: &'static str,
    /// The value used where a scenario doesn't set one.
    pub default: f64,
    /// Lowest plausible value, the lower end of the prior.
    pub low: f64,
    /// Highest plausible value, the upper end of the prior.
    pub high: f64,
    /// The values that the engine can run with, where they don't follow from
    /// unit and prior.
    pub within: Option<(f64, f64)>,
    /// The value with which the cause that it measures has no effect, for
    /// experiments that take the cause out; it needs no explanation though it
    /// lies outside the prior.
    pub off: Option<f64>,
    /// How far the default can be trusted.
    pub tag: Tag,
    /// Where the default and range come from.
    pub source: &'static str,
}

impl ParameterInfo {
    /// What [`joined`] fills.
    const BLANK: Self = Self {
        mechanism: "",
        name: "",
        meaning: "",
        symbol: "",
        unit: "",
        default: 0.0,
        low: 0.0,
        high: 0.0,
        within: None,
        off: None,
        tag: Tag::Judgement,
        source: "",
    };

    /// The full name, such as `combat.decisiveness`.
    pub fn path(&self) -> String {
        format!("{}.{}", self.mechanism, self.name)
    }

    /// How the prior spreads between its ends.
    pub fn spread(&self) -> Spread {
        let is_wide = self.low > 0.0 && self.high >= LOG_FLAT_FROM * self.low;
        if is_wide { Spread::LogFlat } else { Spread::Flat }
    }

    /// The value at a position in 0-1 of the prior.
    pub fn value_at(&self, position: f64) -> f64 {
        self.spread().value_at((self.low, self.high), position)
    }

    /// The prior in words, such as `0.05 to 0.8, log`.
    pub fn prior(&self) -> String {
        let log = if self.spread() == Spread::LogFlat { ", log" } else { "" };
        format!("{} to {}{log}", self.low, self.high)
    }

    /// The values that the engine can run with, both ends included: what the
    /// declaration says with `within`, or else 0 to 1 for probabilities and
    /// shares, and up to `BEYOND_PRIOR` times the prior's end elsewhere (for
    /// rates at least `MOST_PER_MONTH`), never
    /// below 0 where the prior isn't.
    pub fn allowed(&self) -> (f64, f64) {
        if let Some(within) = self.within {
            return within;
        }
        match self.unit {
            "probability" | "share" => (0.0, 1.0),
            "1/month" => (0.0, (BEYOND_PRIOR * self.high).max(MOST_PER_MONTH)),
            _ if self.low >= 0.0 => (0.0, BEYOND_PRIOR * self.high),
            _ => (
                -BEYOND_PRIOR * self.low.abs().max(self.high.abs()),
                BEYOND_PRIOR * self.high.abs().max(self.low.abs()),
            ),
        }
    }

    /// Whether a value lies in the prior or takes the cause out, so that nobody
    /// has to say why.
    pub fn is_plausible(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value) || self.off == Some(value)
    }

    /// Whether the engine accepts a value.
    pub fn accepts(&self, value: f64) -> bool {
        let (low, high) = self.allowed();
        value.is_finite() && (low..=high).contains(&value)
    }
}

/// Declares the parameters of one mechanism: a struct of `f64` fields with
/// defaults, and the dictionary entries of the same fields.
///
/// `name: symbol, unit, default in low..high, tag, source;`, with
/// `default in low..high within lowest..highest` where the values that the
/// engine can run with don't follow from unit and prior, and with `off value`
/// where a value outside the prior takes the cause out. With `with name: Sets`
/// after the fields, the mechanism also has the parameters of other files, which
/// [`parameter_sets!`] gathers.
macro_rules! parameters {
    (
        $(#[$meta:meta])*
        $vis:vis struct $struct:ident = $mechanism:literal {
            $(
                #[doc = $meaning:literal]
                $name:ident: $symbol:literal, $unit:literal, $default:literal in $low:literal .. $high:literal $(within $lowest:literal .. $highest:literal)? $(off $off:literal)?, $tag:ident, $source:literal;
            )*
        } $(with $others:ident: $sets:ty)?
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        $vis struct $struct {
            $(#[doc = $meaning] pub $name: f64,)*
            $(/// The parameters declared in other files.
            pub $others: $sets,)?
        }

        impl Default for $struct {
            fn default() -> Self {
                Self { $($name: $default,)* $($others: <$sets>::default(),)? }
            }
        }

        impl $crate::parameters::ParameterSet for $struct {
            const INFO: &'static [$crate::parameters::ParameterInfo] = {
                const PARTS: &[&[$crate::parameters::ParameterInfo]] = &[
                    &[$($crate::parameters::ParameterInfo {
                        mechanism: $mechanism,
                        name: stringify!($name),
                        meaning: $meaning,
                        symbol: $symbol,
                        unit: $unit,
                        default: $default,
                        low: $low,
                        high: $high,
                        within: $crate::parameters::within!($($lowest, $highest)?),
                        off: $crate::parameters::off!($($off)?),
                        tag: $crate::parameters::Tag::$tag,
                        source: $source,
                    },)*],
                    $(<$sets as $crate::parameters::ParameterSet>::INFO,)?
                ];
                &$crate::parameters::joined::<{ $crate::parameters::n_of(PARTS) }>(PARTS)
            };

            fn slot(&mut self, name: &str) -> Option<&mut f64> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)*
                    _ => None$(.or($crate::parameters::ParameterSet::slot(&mut self.$others, name)))?,
                }
            }

            fn value(&self, name: &str) -> Option<f64> {
                match name {
                    $(stringify!($name) => Some(self.$name),)*
                    _ => None$(.or($crate::parameters::ParameterSet::value(&self.$others, name)))?,
                }
            }
        }
    };
}
pub(crate) use parameters;

/// Declares the parameters of a mechanism that stand in several files, each with
/// its own set.
macro_rules! parameter_sets {
    ($(#[$meta:meta])* pub struct $struct:ident { $($part:ident: $set:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $struct {
            $(#[doc = concat!("Those of `", stringify!($part), "`.")] pub $part: $set,)*
        }

        impl $crate::parameters::ParameterSet for $struct {
            const INFO: &'static [$crate::parameters::ParameterInfo] = {
                const PARTS: &[&[$crate::parameters::ParameterInfo]] =
                    &[$(<$set as $crate::parameters::ParameterSet>::INFO,)*];
                &$crate::parameters::joined::<{ $crate::parameters::n_of(PARTS) }>(PARTS)
            };

            fn slot(&mut self, name: &str) -> Option<&mut f64> {
                $(if self.$part.value(name).is_some() {
                    return self.$part.slot(name);
                })*
                None
            }

            fn value(&self, name: &str) -> Option<f64> {
                None$(.or_else(|| self.$part.value(name)))*
            }
        }
    };
}
pub(crate) use parameter_sets;

/// Number of entries of several dictionaries.
pub(crate) const fn n_of(parts: &[&[ParameterInfo]]) -> usize {
    let (mut n_all, mut part) = (0, 0);
    // A constant function knows no iterators.
    while part < parts.len() {
        n_all += parts[part].len();
        part += 1;
    }
    n_all
}

/// Several dictionaries in one, of [`n_of`] entries.
pub(crate) const fn joined<const N: usize>(parts: &[&[ParameterInfo]]) -> [ParameterInfo; N] {
    let mut all = [ParameterInfo::BLANK; N];
    let (mut n_done, mut part) = (0, 0);
    while part < parts.len() {
        let mut at = 0;
        while at < parts[part].len() {
            all[n_done] = parts[part][at];
            n_done += 1;
            at += 1;
        }
        part += 1;
    }
    all
}

macro_rules! within {
    () => {
        None
    };
    ($lowest:literal, $highest:literal) => {
        Some(($lowest, $highest))
    };
}
pub(crate) use within;

macro_rules! off {
    () => {
        None
    };
    ($off:literal) => {
        Some($off)
    };
}
pub(crate) use off;

/// The parameters of one mechanism, readable and settable by name.
pub trait ParameterSet {
    /// The dictionary entries, in the order of the fields.
    const INFO: &'static [ParameterInfo];

    /// The place where a parameter is stored, by name.
    fn slot(&mut self, name: &str) -> Option<&mut f64>;

    /// The value of a parameter, by name.
    fn value(&self, name: &str) -> Option<f64>;
}

/// Why a parameter couldn't be set.
#[derive(Debug, Clone, PartialEq)]
pub enum SetParameterError {
    /// No parameter has this name.
    Unknown,
    /// The value isn't a finite number within the allowed bounds.
    OutOfBounds {
        /// Lowest allowed value.
        low: f64,
        /// Highest allowed value.
        high: f64,
    },
}

impl Parameters {
    /// Sets a parameter by its full name.
    ///
    /// # Errors
    /// [`SetParameterError::Unknown`] where no parameter has that name,
    /// [`SetParameterError::OutOfBounds`] where the engine doesn't accept the
    /// value.
    pub fn set(&mut self, path: &str, value: f64) -> Result<(), SetParameterError> {
        let info = Self::dictionary().find(|info| info.path() == path).ok_or(SetParameterError::Unknown)?;
        if !info.accepts(value) {
            let (low, high) = info.allowed();
            return Err(SetParameterError::OutOfBounds { low, high });
        }
        if let Some(slot) = self.slot(path) {
            *slot = value;
        }
        Ok(())
    }
}

/// A parameter outside its plausible range: the engine runs with it, and who
/// reads the result should know.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Implausible {
    /// Its entry in the dictionary.
    pub info: &'static ParameterInfo,
    /// Its value.
    pub value: f64,
}

impl std::fmt::Display for Implausible {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { info, value } = self;
        write!(f, "{} is {value}, outside the plausible range {} to {}", info.path(), info.low, info.high)
    }
}

impl Setup {
    /// Every parameter that a setup has: those of the engine, then those of
    /// the observation model.
    pub fn dictionary() -> impl Iterator<Item = &'static ParameterInfo> {
        Parameters::dictionary().chain(ObservationParameters::INFO)
    }

    /// The parameters of the theories that somebody wrote.
    pub fn own_dictionary(&self) -> impl Iterator<Item = &'static ParameterInfo> + '_ {
        self.own_theories.iter().flat_map(|theory| &theory.parameters).map(|parameter| parameter.info)
    }

    /// Every parameter that this setup has, those of theories in files last.
    pub fn whole_dictionary(&self) -> impl Iterator<Item = &'static ParameterInfo> + '_ {
        Self::dictionary().chain(self.own_dictionary())
    }

    /// The value of any parameter by its full name.
    pub fn parameter(&self, path: &str) -> Option<f64> {
        match path.split_once('.') {
            Some(("observation", name)) => self.observation.value(name),
            Some((OWN, name)) => self.own_theories.iter().find_map(|theory| theory.parameter(name)),
            _ => self.parameters.value(path),
        }
    }

    /// Sets any parameter by its full name.
    ///
    /// # Errors
    /// As [`Parameters::set`].
    pub fn set_parameter(&mut self, path: &str, value: f64) -> Result<(), SetParameterError> {
        match path.split_once('.') {
            Some(("observation", name)) => self.observation.set(name, value),
            Some((OWN, name)) => {
                let theory = self.own_theories.iter_mut().find(|theory| theory.parameter(name).is_some());
                theory.ok_or(SetParameterError::Unknown)?.set_parameter(name, value)
            }
            _ => self.parameters.set(path, value),
        }
    }

    /// The parameters outside their plausible ranges, in the order of the
    /// dictionary.
    pub fn implausible(&self) -> Vec<Implausible> {
        let value = |info: &ParameterInfo| self.parameter(&info.path()).unwrap_or(info.default);
        self.whole_dictionary()
            .map(|info| Implausible { info, value: value(info) })
            .filter(|found| !found.info.is_plausible(found.value))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Parameters, SetParameterError, Spread};
    use crate::setup::Setup;

    #[test]
    fn every_default_is_accepted_and_lies_in_its_prior() {
        let defaults = Parameters::default();
        for info in Parameters::dictionary() {
            assert!(info.accepts(info.default), "{}", info.path());
            assert!(info.low <= info.default && info.default <= info.high, "{}", info.path());
            assert_eq!(defaults.value(&info.path()), Some(info.default));
            assert!(!info.source.is_empty() && !info.meaning.is_empty());
        }
    }

    #[test]
    fn every_plausible_value_is_accepted() {
        for info in Setup::dictionary() {
            let (lowest, highest) = info.allowed();
            assert!(lowest <= info.low && info.high <= highest, "{}: {lowest} to {highest}", info.path());
        }
    }

    #[test]
    fn a_range_over_an_order_of_magnitude_is_log_flat_and_any_other_flat() {
        let info = |path: &str| Parameters::dictionary().find(|info| info.path() == path).unwrap();
        let attacks = info("operations.attacks_per_month");
        assert_eq!((attacks.spread(), attacks.prior().as_str()), (Spread::LogFlat, "0.01 to 0.3, log"));
        // Half way from 0.01 to 0.3 by factors is the root of 30 times the one.
        assert!((attacks.value_at(0.5) - 0.01 * 30.0_f64.sqrt()).abs() < 1e-12);
        let decisiveness = info("combat.decisiveness");
        assert_eq!((decisiveness.spread(), decisiveness.prior().as_str()), (Spread::Flat, "1 to 2.5"));
        assert!((decisiveness.value_at(0.5) - 1.75).abs() < 1e-12);
    }

    #[test]
    fn positions_and_values_are_each_others_inverse_for_every_parameter() {
        for info in Parameters::dictionary() {
            for position in [0.0, 0.1, 0.5, 0.93, 1.0] {
                let value = info.value_at(position);
                assert!(info.low <= value && value <= info.high && info.accepts(value), "{}", info.path());
                let back = info.spread().position_of((info.low, info.high), value);
                assert!((back - position).abs() < 1e-9, "{}", info.path());
            }
        }
    }

    #[test]
    fn names_are_unique() {
        let mut paths: Vec<String> = Setup::dictionary().map(super::ParameterInfo::path).collect();
        let n_all = paths.len();
        paths.sort();
        paths.dedup();
        assert_eq!(paths.len(), n_all);
    }

    #[test]
    fn setting_checks_name_and_bounds() {
        let mut parameters = Parameters::default();
        assert_eq!(parameters.set("combat.decisiveness", 2.0), Ok(()));
        assert_eq!(parameters.value("combat.decisiveness"), Some(2.0));
        assert_eq!(parameters.set("combat.courage", 2.0), Err(SetParameterError::Unknown));
        assert!(matches!(parameters.set("news.p_call_kin", 1.5), Err(SetParameterError::OutOfBounds { .. })));
        assert!(parameters.set("combat.decisiveness", f64::NAN).is_err());
    }
}
