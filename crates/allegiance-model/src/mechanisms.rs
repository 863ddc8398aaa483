//! What the table of mechanisms in `lib.rs` declares.
//!
//! A mechanism has a name, which is its table in a scenario file, and a
//! sentence that says what it is; most have parameters, which are declared in
//! their own file, and some can be switched off.

use crate::Mechanism;

/// One line of the table of mechanisms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MechanismInfo {
    /// Its name.
    pub name: &'static str,
    /// What it is, in one sentence.
    pub meaning: &'static str,
    /// Its switch, if a scenario can switch it on or off.
    pub switch: Option<Mechanism>,
    /// Whether it runs where a scenario says nothing of it.
    pub runs_by_default: bool,
}

impl Mechanism {
    /// Whether it runs where a scenario says nothing of it.
    pub fn runs_by_default(self) -> bool {
        crate::MECHANISMS.iter().any(|info| info.switch == Some(self) && info.runs_by_default)
    }
}

/// Declares the mechanisms: their parameters, their switches and their list.
///
/// `name: Parameters, switch Switch;`, of which either part may be missing;
/// `switch Switch off` where it runs only if a scenario switches it on.
macro_rules! mechanisms {
    ($(
        #[doc = $meaning:literal]
        $name:ident $(: $parameters:ty)? $(, switch $switch:ident $($off:ident)?)?;
    )*) => {
        /// All parameters of the model, grouped by mechanism.
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct Parameters {
            $($(#[doc = $meaning] pub $name: $parameters,)?)*
        }

        impl Parameters {
            /// The dictionary: every parameter, mechanism by mechanism.
            pub fn dictionary() -> impl Iterator<Item = &'static $crate::parameters::ParameterInfo> {
                use $crate::parameters::ParameterSet as _;
                let all: Vec<&'static [$crate::parameters::ParameterInfo]> = vec![$($(<$parameters>::INFO,)?)*];
                all.into_iter().flatten()
            }

            /// The value of a parameter by its full name, such as
            /// `combat.decisiveness`.
            pub fn value(&self, path: &str) -> Option<f64> {
                use $crate::parameters::ParameterSet as _;
                let (mechanism, name) = path.split_once('.')?;
                $($(if mechanism == stringify!($name) {
                    let own: &$parameters = &self.$name;
                    return own.value(name);
                })?)*
                None
            }

            pub(crate) fn slot(&mut self, path: &str) -> Option<&mut f64> {
                use $crate::parameters::ParameterSet as _;
                let (mechanism, name) = path.split_once('.')?;
                $($(if mechanism == stringify!($name) {
                    let own: &mut $parameters = &mut self.$name;
                    return own.slot(name);
                })?)*
                None
            }
        }

        $crate::setup::named! {
            /// A mechanism that a scenario can switch on or off.
            pub enum Mechanism {
                $($(#[doc = $meaning] $switch = stringify!($name),)?)*
            }
        }

        /// Every mechanism, in the order of the dictionary.
        pub const MECHANISMS: &[$crate::mechanisms::MechanismInfo] = &[
            $($crate::mechanisms::MechanismInfo {
                name: stringify!($name),
                meaning: $meaning,
                switch: [$(Some(Mechanism::$switch),)? None][0],
                runs_by_default: stringify!($($($off)?)?).is_empty(),
            },)*
        ];
    };
}
pub(crate) use mechanisms;
