//! Addressed randomness: every number is a pure function of where it is used.
//!
//! A draw is addressed by (seed, replicate, purpose, entity, day, index) and
//! is never taken in turn, so that adding a draw in one mechanism moves no
//! other, and results can't depend on the order of work.
//!
//! # Source
//! Philox4x32-10: Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers:
//! as easy as 1, 2, 3. Tested against the known answers of Random123.

use crate::maths::{exp, ln, sqrt};

const MULTIPLIER: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// Ten rounds of Philox4x32: 128 random bits for a counter under a key.
#[inline]
pub fn philox4x32(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let mut c = counter;
    let mut k = key;
    for round in 0..10 {
        if round > 0 {
            k[0] = k[0].wrapping_add(WEYL[0]);
            k[1] = k[1].wrapping_add(WEYL[1]);
        }
        let p0 = u64::from(MULTIPLIER[0]) * u64::from(c[0]);
        let p1 = u64::from(MULTIPLIER[1]) * u64::from(c[2]);
        c = [(p1 >> 32) as u32 ^ c[1] ^ k[0], p1 as u32, (p0 >> 32) as u32 ^ c[3] ^ k[1], p0 as u32];
    }
    c
}

/// What a draw is for. The numbers are part of the determinism contract of a
/// release: a new purpose gets a new number, and none is used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Purpose {
    /// The key of a replicate.
    Replicate = 1,
    /// Sizes of the households of a block.
    Household = 2,
    /// Borders between clans.
    ClanBorder = 3,
    /// Marriage ties of a clan.
    MarriageTie = 4,
    /// Sex, age and thresholds of a person.
    Person = 5,
    /// Motives of a person.
    Motives = 6,
    /// Homes of the first members.
    FirstMember = 7,
    /// Conviction on joining.
    Conviction = 8,
    /// Phase of a member's leave.
    LeavePhase = 9,
    /// Order in which the households of a place flee.
    FlightOrder = 10,
    /// Rank and foreign origin of first members.
    Rank = 11,
    /// Whether a unit goes on the offensive.
    Attack = 20,
    /// Which allied units join.
    Ally = 21,
    /// Outcome and losses of an assault.
    Combat = 22,
    /// Fate of an engaged member.
    Casualty = 23,
    /// Execution of a prisoner.
    PrisonerFate = 24,
    /// Recovery or death of a wounded member.
    Recovery = 25,
    /// Movement of a unit.
    Movement = 26,
    /// Number of civilian dead.
    CivilianDead = 27,
    /// Who the civilian dead are.
    CivilianVictim = 28,
    /// The address of an incident's draws.
    Incident = 34,
    /// Which place it sets out for.
    Target = 32,
    /// Who dies in an observed event.
    ObservedLoss = 33,
    /// Repression in a place.
    Repression = 29,
    /// Strikes of a group.
    Strike = 30,
    /// Members hit by a strike.
    StrikeVictim = 31,
    /// Whether and when an incident reaches kin.
    KinNews = 40,
    /// Whether and when it reaches a co-villager.
    VillageNews = 41,
    /// Whether an attacker sees it.
    AttackerSees = 42,
    /// Whether a unit hears a claim.
    Claim = 43,
    /// What a command says to a unit.
    Framing = 44,
    /// Whether second-hand news is blamed on the own group.
    Blame = 45,
    /// Whether a member complains.
    Voice = 50,
    /// The commander's answer.
    Answer = 51,
    /// Whether an offer is accepted.
    Settlement = 52,
    /// Whether a member leaves.
    Exit = 53,
    /// How he leaves.
    ExitKind = 54,
    /// Whether he is caught, and executed.
    Capture = 55,
    /// Whether the new side takes him in.
    Arrival = 56,
    /// Arrest of a newcomer.
    Arrest = 57,
    /// Reprisal on a leaver or his kin.
    Reprisal = 58,
    /// Whether a member follows his commander.
    Follow = 60,
    /// Whether a defecting commander takes his unit along.
    UnitFollows = 65,
    /// Number of candidates for joining.
    JoinCandidates = 61,
    /// Who a candidate is and whether he joins.
    JoinCandidate = 62,
    /// Foreign recruits.
    ForeignInflow = 63,
    /// Release of a prisoner.
    Release = 64,
    /// Flight of households.
    Flight = 70,
    /// Return of households.
    Return = 71,
    /// Whether a third group takes a side.
    ThirdParty = 73,
    /// End of infighting.
    Truce = 74,
    /// Start of infighting.
    Infighting = 72,
    /// Sample of members whose beliefs are recorded.
    BeliefSample = 80,
    /// The observation model of the laboratory.
    Observation = 90,
    /// Resampling of replicates by the laboratory.
    Bootstrap = 91,
    /// Parameters and theories drawn from their priors.
    PriorDraw = 92,
    /// What a further instrument of inference sees: a survey, a map, a count.
    Instrument = 93,
    /// Who is interviewed, and what he tells.
    Interview = 95,
    /// Which particle of a calibration is moved, and how far.
    Particle = 94,
    /// The key of a branch of a history.
    Branch = 113,
    /// Losses of an assault whose outcome turned between its watches.
    SecondWatch = 120,
    /// What becomes of a member in the second watch of an assault.
    SecondCasualty = 121,
    /// Whether a newcomer reaches the line before dark.
    ReachLine = 122,
    /// Whether a unit comes to the relief of a place under assault.
    Relief = 123,
    /// Whether a unit gives up.
    UnitGivesUp = 124,
    /// What a unit does that gives up.
    UnitOutcome = 125,
    /// What becomes of a prisoner who is spared.
    PrisonerPolicy = 135,
    /// Whether a deserter goes back to his group.
    WantsBack = 136,
    /// How hopeful of victory a person is.
    Hope = 130,
    /// Whether a man about to leave asks others.
    Ask = 131,
    /// Whether somebody asked agrees to go.
    Agree = 132,
    /// Whether a man stays since nobody agreed.
    Kept = 133,
    /// Whether a man is forced to join.
    Forced = 134,
    /// Where a person stands on an axis of cause, beside his place's mean.
    PersonCause = 140,
    /// Where a place's mean on an axis of cause lies, beside the scenario's.
    PlaceCause = 141,
    /// The kind of a strike.
    StrikeKind = 150,
    /// Members who come from outside on a day.
    OutsideInflow = 151,
    /// Whether a group passes to an ally, and to which.
    Absorption = 160,
    /// Whether a commander breaks away.
    Split = 161,
    /// In which district groups of one constituency fight that fall out.
    ClashDistrict = 165,
    /// Whether the fighting of two groups in a district ends.
    ClashEnds = 166,
    /// Whether an undefended place falls to a presence, and to whose.
    Presence = 145,
    /// Whether a unit marches towards the axis of its group.
    Drift = 146,
    /// Whether a unit attacks at the opening of a war, and on which day.
    OpeningBlow = 147,
    /// What a unit attacks at the opening of a war.
    OpeningTarget = 148,
    /// Whether a besieged town comes to a truce.
    SiegeTruce = 155,
    /// How many starve in a besieged town.
    Hunger = 156,
    /// Where a row of a design lies.
    DesignPoint = 110,
    /// Order of the slices of a Latin hypercube.
    DesignOrder = 111,
    /// Shift of a Sobol sequence.
    DesignShift = 112,
    /// Who stands where at the start of a replication anchor.
    AnchorPlacement = 200,
    /// Hardship and risk aversion of an agent of an anchor.
    AnchorTraits = 201,
    /// Order in which the agents of an anchor act.
    AnchorOrder = 202,
    /// Where an agent of an anchor moves.
    AnchorMove = 203,
    /// Whom a cop of an anchor arrests, and for how long.
    AnchorArrest = 204,
    /// Whom an agent of an anchor kills.
    AnchorKilling = 205,
    /// Whether an agent of an anchor has offspring, and where.
    AnchorCloning = 206,
    /// Length of life of an agent of an anchor.
    AnchorLifespan = 207,
}

/// The source of all draws of one run or one synthetic population.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    key: [u32; 2],
}

impl Draws {
    /// The draws that make the synthetic population of a seed, the same in
    /// every replicate.
    pub fn of_population(seed: u64) -> Self {
        Self { key: [seed as u32, (seed >> 32) as u32] }
    }

    /// The draws that make the history of one replicate of a seed.
    pub fn of_replicate(seed: u64, replicate: u32) -> Self {
        let population = Self::of_population(seed);
        let block = philox4x32([replicate, 0, Purpose::Replicate as u32, 0], population.key);
        Self { key: [block[0], block[1]] }
    }

    /// Other draws for the rest of a history, the same for the same number.
    #[must_use]
    pub fn of_branch(&self, number: u32) -> Self {
        let block = self.block(Purpose::Branch, number, 0, 0);
        Self { key: [block[0], block[1]] }
    }

    /// The 128 bits at an address.
    #[inline]
    pub fn block(&self, purpose: Purpose, entity: u32, day: u32, index: u32) -> [u32; 4] {
        philox4x32([entity, day, purpose as u32, index], self.key)
    }

    /// A uniform number in (0, 1) at an address.
    #[inline]
    pub fn uniform(&self, purpose: Purpose, entity: u32, day: u32, index: u32) -> f64 {
        let block = self.block(purpose, entity, day, index);
        unit_interval(block[0], block[1])
    }

    /// A daily uniform number of an entity in (0, 1), 32 bits fine. Four days
    /// share one block, so that a quick daily test costs a quarter of a block.
    #[inline]
    pub fn daily_block(&self, purpose: Purpose, entity: u32, day: u32) -> [u32; 4] {
        self.block(purpose, entity, day >> 2, u32::MAX)
    }

    /// The daily uniform number of an entity, see [`Draws::daily_block`].
    #[inline]
    pub fn daily_uniform(&self, purpose: Purpose, entity: u32, day: u32) -> f64 {
        narrow_unit_interval(self.daily_block(purpose, entity, day)[(day & 3) as usize])
    }

    /// True with probability `p`.
    #[inline]
    pub fn chance(&self, p: f64, purpose: Purpose, entity: u32, day: u32, index: u32) -> bool {
        p > 0.0 && self.uniform(purpose, entity, day, index) < p
    }

    /// A stream of uniform numbers at an address, for a distribution that
    /// needs more than one.
    pub fn stream(&self, purpose: Purpose, entity: u32, day: u32, index: u32) -> Stream {
        Stream { key: self.key, counter: [entity, day, purpose as u32, index], block: [0; 4], n_used: 0 }
    }
}

/// Maps 64 random bits to (0, 1), 52 bits fine.
#[inline]
pub fn unit_interval(high: u32, low: u32) -> f64 {
    let bits = (u64::from(high) << 20) | u64::from(low >> 12);
    (bits as f64 + 0.5) * (1.0 / 4_503_599_627_370_496.0)
}

/// Maps 32 random bits to (0, 1).
#[inline]
pub fn narrow_unit_interval(bits: u32) -> f64 {
    (f64::from(bits) + 0.5) * (1.0 / 4_294_967_296.0)
}

/// A sequence of draws at one address; the high bits of the index, then those
/// of the day, count the blocks used.
#[derive(Debug, Clone)]
pub struct Stream {
    key: [u32; 2],
    counter: [u32; 4],
    block: [u32; 4],
    n_used: u32,
}

impl Stream {
    /// The next uniform number in (0, 1).
    pub fn uniform(&mut self) -> f64 {
        let half = self.n_used % 2;
        if half == 0 {
            let mut counter = self.counter;
            let n_blocks = self.n_used / 2;
            counter[3] ^= n_blocks << 16;
            counter[1] ^= n_blocks & 0xFFFF_0000;
            self.block = philox4x32(counter, self.key);
        }
        self.n_used += 1;
        let at = 2 * half as usize;
        unit_interval(self.block[at], self.block[at + 1])
    }

    /// A standard normal number by inversion.
    pub fn normal(&mut self) -> f64 {
        normal_quantile(self.uniform())
    }

    /// A gamma number of unit scale.
    ///
    /// # Source
    /// Marsaglia & Tsang (2000), A simple method for generating gamma variables.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape <= 0.0 {
            return 0.0;
        }
        if shape < 1.0 {
            let boost = exp(ln(self.uniform()) / shape);
            return self.gamma(shape + 1.0) * boost;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / sqrt(9.0 * d);
        loop {
            let x = self.normal();
            let root = 1.0 + c * x;
            if root <= 0.0 {
                continue;
            }
            let v = root * root * root;
            if ln(self.uniform()) < 0.5 * x * x + d - d * v + d * ln(v) {
                return d * v;
            }
        }
    }

    /// A beta number of a mean in 0-1 and a concentration.
    pub fn beta(&mut self, mean: f64, concentration: f64) -> f64 {
        if mean <= 0.0 {
            return 0.0;
        }
        if mean >= 1.0 {
            return 1.0;
        }
        let a = self.gamma(mean * concentration);
        let b = self.gamma((1.0 - mean) * concentration);
        a / (a + b)
    }

    /// A Poisson number of a mean, by inversion in pieces of at most 500.
    pub fn poisson(&mut self, mean: f64) -> u32 {
        let mut total = 0;
        let mut rest = mean;
        while rest > 0.0 {
            let piece = rest.min(500.0);
            total += self.poisson_piece(piece);
            rest -= piece;
        }
        total
    }

    fn poisson_piece(&mut self, mean: f64) -> u32 {
        let u = self.uniform();
        let mut probability = exp(-mean);
        let mut cumulative = probability;
        let mut count = 0;
        while u > cumulative && count < 2_000 {
            count += 1;
            probability *= mean / f64::from(count);
            cumulative += probability;
        }
        count
    }

    /// A binomial number of `n` trials of probability `p`, by inversion in
    /// pieces with a mean of at most 500.
    pub fn binomial(&mut self, n: u32, p: f64) -> u32 {
        if p <= 0.0 || n == 0 {
            return 0;
        }
        if p >= 1.0 {
            return n;
        }
        if p > 0.5 {
            return n - self.binomial(n, 1.0 - p);
        }
        let piece = ((500.0 / p) as u32).max(1);
        let mut rest = n;
        let mut total = 0;
        while rest > 0 {
            let trials = rest.min(piece);
            total += self.binomial_piece(trials, p);
            rest -= trials;
        }
        total
    }

    fn binomial_piece(&mut self, n: u32, p: f64) -> u32 {
        let u = self.uniform();
        let odds = p / (1.0 - p);
        let mut probability = exp(f64::from(n) * ln(1.0 - p));
        let mut cumulative = probability;
        let mut count = 0;
        while u > cumulative && count < n {
            count += 1;
            probability *= odds * f64::from(n - count + 1) / f64::from(count);
            cumulative += probability;
        }
        count
    }

    /// A whole number below `n`, each equally likely; 0 where `n` is 0.
    pub fn below(&mut self, n: u32) -> u32 {
        ((self.uniform() * f64::from(n)) as u32).min(n.saturating_sub(1))
    }
}

/// The quantile of the standard normal distribution.
///
/// # Source
/// Wichura (1988), Algorithm AS 241 (PPND16), about 1 part in 10^16.
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * ratio(r, &CENTRAL_A, &CENTRAL_B);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = sqrt(-ln(tail));
    let value = if r <= 5.0 { ratio(r - 1.6, &MIDDLE_C, &MIDDLE_D) } else { ratio(r - 5.0, &FAR_E, &FAR_F) };
    if q < 0.0 { -value } else { value }
}

fn ratio(r: f64, numerator: &[f64; 8], denominator: &[f64; 8]) -> f64 {
    let horner = |coefficients: &[f64; 8]| coefficients.iter().rev().fold(0.0, |sum, &c| sum * r + c);
    horner(numerator) / horner(denominator)
}

const CENTRAL_A: [f64; 8] = [
    3.387_132_872_796_366_5,
    133.141_667_891_784_38,
    1_971.590_950_306_551_3,
    13_731.693_765_509_46,
    45_921.953_931_549_87,
    67_265.770_927_008_7,
    33_430.575_583_588_13,
    2_509.080_928_730_122_7,
];
const CENTRAL_B: [f64; 8] = [
    1.0,
    42.313_330_701_600_91,
    687.187_007_492_057_9,
    5_394.196_021_424_751,
    21_213.794_301_586_597,
    39_307.895_800_092_71,
    28_729.085_735_721_943,
    5_226.495_278_852_545,
];
const MIDDLE_C: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    0.241_780_725_177_450_6,
    0.022_723_844_989_269_184,
    7.745_450_142_783_414e-4,
];
const MIDDLE_D: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    0.689_767_334_985_1,
    0.148_103_976_427_480_08,
    0.015_198_666_563_616_457,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const FAR_E: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    0.296_560_571_828_504_87,
    0.026_532_189_526_576_124,
    0.001_242_660_947_388_078_4,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const FAR_F: [f64; 8] = [
    1.0,
    0.599_832_206_555_888,
    0.136_929_880_922_735_8,
    0.014_875_361_290_850_615,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_7e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];

/// A keyed permutation of `0..n`: a Feistel network over the next even power
/// of two, walked until it falls inside.
///
/// # Source
/// Black & Rogaway (2002), Ciphers with arbitrary finite domains.
#[derive(Debug, Clone, Copy)]
pub struct Permutation {
    key: [u32; 2],
    n: u32,
    half_bits: u32,
}

impl Permutation {
    /// The permutation of `0..n` at an address.
    pub fn new(draws: &Draws, purpose: Purpose, entity: u32, n: u32) -> Self {
        let bits = 32 - n.saturating_sub(1).leading_zeros();
        let block = draws.block(purpose, entity, 0, 0);
        Self { key: [block[0], block[1]], n, half_bits: bits.div_ceil(2).max(1) }
    }

    /// Where an item stands.
    pub fn rank(&self, item: u32) -> u32 {
        debug_assert!(item < self.n);
        let mut value = item;
        loop {
            value = self.round_trip(value);
            if value < self.n {
                return value;
            }
        }
    }

    fn round_trip(&self, value: u32) -> u32 {
        let mask = (1u32 << self.half_bits) - 1;
        let (mut left, mut right) = (value >> self.half_bits, value & mask);
        for round in 0..4u32 {
            let mixed = right
                .wrapping_mul(0x9E37_79B1)
                .wrapping_add(self.key[(round & 1) as usize])
                .wrapping_add(round.wrapping_mul(0x85EB_CA6B));
            let mixed = (mixed ^ (mixed >> 15)).wrapping_mul(0x2C1B_3C6D);
            let mixed = (mixed ^ (mixed >> 12)) & mask;
            (left, right) = (right, left ^ mixed);
        }
        (left << self.half_bits) | right
    }
}

#[cfg(test)]
mod tests {
    use super::{Draws, Permutation, Purpose, normal_quantile, philox4x32};

    #[test]
    fn philox_gives_the_known_answers_of_random123() {
        assert_eq!(philox4x32([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox4x32([u32::MAX; 4], [u32::MAX; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        assert_eq!(
            philox4x32([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn distributions_have_their_means() {
        let draws = Draws::of_replicate(7, 0);
        let n = 4_000;
        let mean = |f: &dyn Fn(u32) -> f64| (0..n).map(f).sum::<f64>() / f64::from(n);
        let at = |entity| draws.stream(Purpose::Combat, entity, 3, 0);
        assert!((mean(&|i| at(i).normal())).abs() < 0.06);
        assert!((mean(&|i| at(i).gamma(0.7)) - 0.7).abs() < 0.06);
        assert!((mean(&|i| at(i).gamma(3.0)) - 3.0).abs() < 0.12);
        assert!((mean(&|i| at(i).beta(0.08, 20.0)) - 0.08).abs() < 0.005);
        assert!((mean(&|i| f64::from(at(i).poisson(2.5))) - 2.5).abs() < 0.1);
        assert!((mean(&|i| f64::from(at(i).poisson(1_200.0))) - 1_200.0).abs() < 3.0);
        assert!((mean(&|i| f64::from(at(i).binomial(90, 0.9))) - 81.0).abs() < 0.2);
        assert!((mean(&|i| f64::from(at(i).binomial(40_000, 0.1))) - 4_000.0).abs() < 5.0);
    }

    #[test]
    fn normal_quantiles_match_published_values() {
        for (p, z) in [
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
            (0.25, -0.674_489_750_196_082),
            (1e-10, -6.361_340_902_404_056),
        ] {
            assert!((normal_quantile(p) - z).abs() < 1e-12, "{p}");
        }
    }

    #[test]
    fn permutations_visit_every_rank_once() {
        let draws = Draws::of_population(3);
        for n in [1, 2, 3, 7, 64, 1_000] {
            let permutation = Permutation::new(&draws, Purpose::FlightOrder, 5, n);
            let mut ranks: Vec<u32> = (0..n).map(|item| permutation.rank(item)).collect();
            ranks.sort_unstable();
            assert_eq!(ranks, (0..n).collect::<Vec<_>>());
        }
    }

    #[test]
    fn replicates_differ_and_addresses_do_not_depend_on_order() {
        let (a, b) = (Draws::of_replicate(1, 0), Draws::of_replicate(1, 1));
        assert_ne!(a.block(Purpose::Exit, 9, 9, 0), b.block(Purpose::Exit, 9, 9, 0));
        let first = a.uniform(Purpose::Exit, 9, 9, 0);
        let _ = a.uniform(Purpose::Exit, 8, 9, 0);
        assert_eq!(first.to_bits(), a.uniform(Purpose::Exit, 9, 9, 0).to_bits());
    }
}
