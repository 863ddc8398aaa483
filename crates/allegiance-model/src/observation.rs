//! The parameters of the observation model: what monitors see of a war.
//!
//! They stand in the engine's dictionary so that a setup holds all that a run
//! is made from and `--set` treats them like any other parameter. The engine
//! never reads them; who observes a record does.

use crate::parameters::{ParameterSet as _, SetParameterError, parameters};

parameters! {
    /// What observers see of a war.
    pub struct ObservationParameters = "observation" {
        /// Log-odds that an incident with one dead fighter in a town is reported at all.
        intercept: "r0", "log-odds", 2.0 in 0.0..4.0, Judgement, "[J] 88% for one dead, 97% for ten: evidence A16: monitors listed most deaths by name in early 2014";
        /// Rise of those log-odds with the logarithm of the number of dead.
        size: "r1", "log-odds", 0.8 in 0.3..1.2, Judgement, "[J] sign from Weidmann (2015): small events are missed";
        /// Rise of those log-odds where all the dead are civilians.
        civilian: "r2", "log-odds", 0.5 in 0.0..1.5, Judgement, "[J] monitors list civilians first (SNHR, VDC)";
        /// Fall of those log-odds where all the dead are of groups that hide their losses.
        hidden: "r3", "log-odds", 0.5 in 0.0..1.5, Judgement, "[J] evidence A16: two monitors don't count the losses of one such group";
        /// Fall of those log-odds in villages and rural areas.
        remote: "r4", "log-odds", 0.7 in 0.0..2.0, Judgement, "[J] sign from Weidmann (2015, 2016): few observers, few reports";
        /// Fall of those log-odds for each 100 dead of the day in the whole region.
        intensity: "r5", "log-odds/100 persons", 0.2 in 0.0..0.5, Judgement, "[J] Dawkins (2021): the worst days are the worst covered";
        /// Share of the dead civilians that a report counts.
        share_civilian: "rho_c", "share", 0.85 in 0.7..0.95, Judgement, "[J] evidence A16: detection of civilian dead";
        /// Share of the dead rebels that a report counts.
        share_rebel: "rho_r", "share", 0.7 in 0.5..0.9, Derived, "SOHR raised its own count by 27-43%: 1/1.43 to 1/1.27";
        /// Share of the dead of groups that hide their losses that a report counts.
        share_hidden: "rho_j", "share", 0.55 in 0.35..0.8, Judgement, "[J] evidence A16: detection of the dead of one such group";
        /// Share of the dead government fighters that a report counts.
        share_state: "rho_s", "share", 0.7 in 0.4..0.9, Judgement, "[J] as rebels: no estimate found";
        /// Share of the dead of forces with a territory of their own that a report counts.
        share_autonomous: "rho_k", "share", 0.7 in 0.4..0.9, Judgement, "[J] as rebels: no estimate found";
        /// Share of the dead local defenders that a report counts.
        share_local_defence: "rho_l", "share", 0.7 in 0.4..0.9, Judgement, "[J] as rebels: no estimate found";
        /// Share of the reported dead fighters whose side stays unknown.
        side_unknown: "1-sigma", "share", 0.2 in 0.1..0.3, Derived, "SOHR: 21% of the dead without a side by 26 February 2014";
        /// Share of the reported dead that only some sources confirm: low lies below best by these.
        contested: "u_low", "share", 0.1 in 0.0..0.4, Judgement, "[J]";
        /// Share of the dead missed that are rumoured: high lies above best by these.
        rumoured: "u_high", "share", 0.3 in 0.0..0.6, Judgement, "[J]";
        /// Deaths that never happened but are claimed, per reported death: they count in high only.
        exaggerated: "e_high", "1", 0.05 in 0.0..0.5, Judgement, "[J]";
        /// Share of events in cities and towns that are located exactly.
        exact_place_town: "w_town", "share", 0.8 in 0.5..0.95, Judgement, "[J] above the 47% of the GED v25.1 sample, which is the whole world since 1989";
        /// Share of events in villages and rural areas that are located exactly.
        exact_place_village: "w_village", "share", 0.6 in 0.3..0.9, Judgement, "[J] Weidmann (2015): fewer observers, worse location";
        /// Of the events located inexactly, the share put at a larger place nearby; the others go to the centre of the district or governorate.
        near_place: "w_near", "share", 0.45 in 0.2..0.7, Derived, "GED v25.1 sample: 179 of 414 inexact events have precision 2";
        /// Of the events located by district or governorate, the share by district.
        district_place: "w_district", "share", 0.6 in 0.3..0.8, Derived, "GED v25.1 sample: 138 with precision 3, 97 with 4";
        /// Share of events dated to the day.
        exact_date: "t_day", "share", 0.83 in 0.6..0.98, Derived, "GED v25.1 sample: 718 of 866 events have precision 1";
        /// Of the events dated inexactly, the share dated to two to six days; the others to a week or a month.
        week_date: "t_week", "share", 0.75 in 0.5..0.95, Derived, "GED v25.1 sample: 106 of 148 inexact events have precision 2";
        /// Mean number of further sources of an event, for each unit of the logarithm of 1 + dead.
        further_sources: "s", "1", 0.3 in 0.0..1.0, Judgement, "[J]";
    }
}

impl ObservationParameters {
    /// Monitors who see every incident in which somebody dies, count all its dead, and know
    /// its place and its day: what no record can do better than.
    pub fn flawless() -> Self {
        let (surely, never) = (1e3, 0.0);
        Self {
            intercept: surely,
            hidden: never,
            remote: never,
            intensity: never,
            share_civilian: 1.0,
            share_rebel: 1.0,
            share_hidden: 1.0,
            share_state: 1.0,
            share_autonomous: 1.0,
            share_local_defence: 1.0,
            side_unknown: never,
            contested: never,
            rumoured: never,
            exaggerated: never,
            exact_place_town: 1.0,
            exact_place_village: 1.0,
            exact_date: 1.0,
            ..Self::default()
        }
    }

    /// Sets a parameter by its name, with or without `observation.` in front.
    ///
    /// # Errors
    /// As [`Parameters::set`](crate::parameters::Parameters::set).
    pub fn set(&mut self, path: &str, value: f64) -> Result<(), SetParameterError> {
        let name = path.strip_prefix("observation.").unwrap_or(path);
        let info = Self::INFO.iter().find(|info| info.name == name).ok_or(SetParameterError::Unknown)?;
        if !info.accepts(value) {
            let (low, high) = info.allowed();
            return Err(SetParameterError::OutOfBounds { low, high });
        }
        if let Some(slot) = self.slot(name) {
            *slot = value;
        }
        Ok(())
    }

    /// Names and values in the order of the dictionary.
    pub fn pairs(&self) -> impl Iterator<Item = (String, f64)> + '_ {
        Self::INFO.iter().filter_map(|info| Some((info.path(), self.value(info.name)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::ObservationParameters;
    use crate::parameters::{ParameterSet as _, SetParameterError};

    #[test]
    fn every_default_is_accepted_and_lies_in_its_prior() {
        let defaults = ObservationParameters::default();
        for info in ObservationParameters::INFO {
            assert!(info.accepts(info.default), "{}", info.name);
            assert!(info.low <= info.default && info.default <= info.high, "{}", info.name);
            assert_eq!(defaults.value(info.name), Some(info.default));
            assert!(!info.source.is_empty());
        }
    }

    #[test]
    fn setting_checks_name_and_bounds() {
        let mut parameters = ObservationParameters::default();
        assert_eq!(parameters.set("observation.share_rebel", 0.5), Ok(()));
        assert_eq!(parameters.value("share_rebel"), Some(0.5));
        assert_eq!(parameters.set("share_unicorn", 0.5), Err(SetParameterError::Unknown));
        assert!(matches!(parameters.set("share_rebel", 1.5), Err(SetParameterError::OutOfBounds { .. })));
    }
}
