"""The numbers of MODEL.md, once for every Python program here."""

from dataclasses import dataclass


@dataclass
class Spec:
    """Parameters; see MODEL.md for what each one does."""

    n_people: int = 20_000
    village_people: int = 1_000
    village_members: int = 20
    household_size: int = 5
    clan_size: int = 250
    share_under_15: float = 0.36
    share_15_to_39: float = 0.40
    idle_share: float = 0.4
    attacks_per_village_month: float = 0.1
    mean_killed: float = 5.0
    p_same_household: float = 0.4
    p_kin_hears: float = 0.7
    kin_days: int = 3
    p_village_hears: float = 0.6
    village_days: int = 7
    conviction_mean: float = 1.6
    conviction_sd: float = 1.0
    shock_kin: float = 1.5
    shock_village: float = 0.6
    exit_per_month: float = 0.008
    hr_conviction: float = 0.45
    hr_home: float = 10.0
    home_half_life_days: float = 30.0
    hr_kin: float = 4.0
    kin_half_life_days: float = 730.0
    join_per_month: float = 0.005

    @property
    def n_villages(self) -> int:
        """Number of villages."""
        return self.n_people // self.village_people

    @classmethod
    def of(cls, n_people: int, is_dense: bool = False) -> "Spec":
        """The spec for a number of people, a multiple of 1,000."""
        if n_people < 1_000 or n_people % 1_000:
            raise SystemExit(f"people is {n_people}; must be a multiple of 1000")
        if is_dense:
            return cls(
                n_people=n_people,
                village_members=150,
                attacks_per_village_month=30.0,
                mean_killed=1.0,
                shock_kin=0.03,
                shock_village=0.02,
                hr_home=1.5,
                hr_kin=1.5,
            )
        return cls(n_people=n_people)
