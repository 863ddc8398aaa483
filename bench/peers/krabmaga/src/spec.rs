//! The numbers of `MODEL.md`; the same as in `spec.py`.

/// Parameters; see `MODEL.md` for what each one does.
#[derive(Clone)]
pub struct Spec {
    pub n_people: usize,
    pub village_people: usize,
    pub village_members: usize,
    pub household_size: usize,
    pub clan_size: usize,
    pub share_under_15: f64,
    pub share_15_to_39: f64,
    pub idle_share: f64,
    pub attacks_per_village_month: f64,
    pub mean_killed: f64,
    pub p_same_household: f64,
    pub p_kin_hears: f64,
    pub kin_days: usize,
    pub p_village_hears: f64,
    pub village_days: usize,
    pub conviction_mean: f64,
    pub conviction_sd: f64,
    pub shock_kin: f64,
    pub shock_village: f64,
    pub exit_per_month: f64,
    pub hr_conviction: f64,
    pub hr_home: f64,
    pub home_half_life_days: f64,
    pub hr_kin: f64,
    pub kin_half_life_days: f64,
    pub join_per_month: f64,
}

impl Spec {
    /// The spec for a number of people, a multiple of 1,000.
    pub fn of(n_people: usize, is_dense: bool) -> Self {
        assert!(n_people >= 1000 && n_people.is_multiple_of(1000), "people must be a multiple of 1000");
        let usual = Self {
            n_people,
            village_people: 1000,
            village_members: 20,
            household_size: 5,
            clan_size: 250,
            share_under_15: 0.36,
            share_15_to_39: 0.40,
            idle_share: 0.4,
            attacks_per_village_month: 0.1,
            mean_killed: 5.0,
            p_same_household: 0.4,
            p_kin_hears: 0.7,
            kin_days: 3,
            p_village_hears: 0.6,
            village_days: 7,
            conviction_mean: 1.6,
            conviction_sd: 1.0,
            shock_kin: 1.5,
            shock_village: 0.6,
            exit_per_month: 0.008,
            hr_conviction: 0.45,
            hr_home: 10.0,
            home_half_life_days: 30.0,
            hr_kin: 4.0,
            kin_half_life_days: 730.0,
            join_per_month: 0.005,
        };
        if !is_dense {
            return usual;
        }
        Self {
            village_members: 150,
            attacks_per_village_month: 30.0,
            mean_killed: 1.0,
            shock_kin: 0.03,
            shock_village: 0.02,
            hr_home: 1.5,
            hr_kin: 1.5,
            ..usual
        }
    }

    pub fn n_villages(&self) -> usize {
        self.n_people / self.village_people
    }
}
