//! How colours look to people who lack a kind of cone, and how far two colours
//! are apart; for tests of what is drawn.

use super::look::linear_light;

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// With all cones.
    Normal,
    /// Without the cones for long waves (red).
    Protanopia,
    /// Without those for middle waves (green).
    Deuteranopia,
    /// Without those for short waves (blue).
    Tritanopia,
}

/// Every sight.
pub(crate) const SIGHTS: [Sight; 4] = [Sight::Normal, Sight::Protanopia, Sight::Deuteranopia, Sight::Tritanopia];

/// The linear light that somebody with normal sight would have to see, to see
/// what somebody else sees in a colour.
///
/// # Source
/// Machado, Oliveira and Fernandes 2009, "A physiologically-based model for
/// simulation of color vision deficiency", severity 1.0.
pub(crate) fn seen_by(colour: &str, sight: Sight) -> [f64; 3] {
    let light = linear_light(colour);
    let matrix = match sight {
        Sight::Normal => return light,
        Sight::Protanopia => {
            [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]]
        }
        Sight::Deuteranopia => {
            [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]]
        }
        Sight::Tritanopia => {
            [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]]
        }
    };
    matrix.map(|row| row.iter().zip(light).map(|(weight, light)| weight * light).sum::<f64>().clamp(0.0, 1.0))
}

/// CIELAB of linear light, under D65.
///
/// # Source
/// CIE 15:2004; the matrix is that of sRGB.
pub(crate) fn lab([red, green, blue]: [f64; 3]) -> [f64; 3] {
    let xyz = [
        (0.412_456_4 * red + 0.357_576_1 * green + 0.180_437_5 * blue) / 0.950_47,
        0.212_672_9 * red + 0.715_152_2 * green + 0.072_175_0 * blue,
        (0.019_333_9 * red + 0.119_192_0 * green + 0.950_304_1 * blue) / 1.088_83,
    ];
    let [x, y, z] = xyz.map(|t| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// CIEDE2000 between two colours of CIELAB.
///
/// # Source
/// Sharma, Wu and Dalal 2005, "The CIEDE2000 color-difference formula",
/// equations 2 to 22.
pub(crate) fn distance([l1, a1, b1]: [f64; 3], [l2, a2, b2]: [f64; 3]) -> f64 {
    let of_seventh = |chroma: f64| (chroma.powi(7) / (chroma.powi(7) + 25_f64.powi(7))).sqrt();
    let stretch = 1.5 - 0.5 * of_seventh(f64::midpoint(a1.hypot(b1), a2.hypot(b2)));
    let (a1, a2) = (stretch * a1, stretch * a2);
    let (c1, c2) = (a1.hypot(b1), a2.hypot(b2));
    let hue = |a: f64, b: f64| b.atan2(a).to_degrees().rem_euclid(360.0);
    let (h1, h2) = (hue(a1, b1), hue(a2, b2));
    let has_hue = c1 * c2 > 0.0;
    let turn = match h2 - h1 {
        _ if !has_hue => 0.0,
        turn if turn > 180.0 => turn - 360.0,
        turn if turn < -180.0 => turn + 360.0,
        turn => turn,
    };
    let (lightness, chroma) = (f64::midpoint(l1, l2), f64::midpoint(c1, c2));
    let hue = match h1 + h2 {
        sum if !has_hue => sum,
        sum if (h1 - h2).abs() <= 180.0 => sum / 2.0,
        sum if sum < 360.0 => f64::midpoint(sum, 360.0),
        sum => (sum - 360.0) / 2.0,
    };
    let cos = |degrees: f64| degrees.to_radians().cos();
    let t = 1.0 - 0.17 * cos(hue - 30.0) + 0.24 * cos(2.0 * hue) + 0.32 * cos(3.0 * hue + 6.0)
        - 0.20 * cos(4.0 * hue - 63.0);
    let from_middle = (lightness - 50.0).powi(2);
    let d_lightness = (l2 - l1) / (1.0 + 0.015 * from_middle / (20.0 + from_middle).sqrt());
    let d_chroma = (c2 - c1) / (1.0 + 0.045 * chroma);
    let d_hue = 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin() / (1.0 + 0.015 * chroma * t);
    let rotation = 60.0 * (-((hue - 275.0) / 25.0).powi(2)).exp();
    let cross = -2.0 * of_seventh(chroma) * rotation.to_radians().sin() * d_chroma * d_hue;
    (d_lightness.powi(2) + d_chroma.powi(2) + d_hue.powi(2) + cross).sqrt()
}

mod tests {
    use super::{SIGHTS, distance, lab, seen_by};

    #[test]
    fn distances_are_those_of_the_paper() {
        // Sharma, Wu and Dalal 2005, table 1, pairs 1, 7, 17 and 25.
        for (a, b, wanted) in [
            ([50.0, 2.677_2, -79.775_1], [50.0, 0.0, -82.748_5], 2.042_5),
            ([50.0, 0.0, 0.0], [50.0, -1.0, 2.0], 2.366_9),
            ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.149_2),
            ([60.257_4, -34.009_9, 36.267_7], [60.462_6, -34.175_1, 39.438_7], 1.264_4),
        ] {
            assert!((distance(a, b) - wanted).abs() < 1e-4, "{a:?} {b:?}: {}", distance(a, b));
        }
    }

    #[test]
    fn grey_is_grey_to_everybody_and_red_is_nearer_to_green_without_a_cone() {
        let [lightness, a, b] = lab(seen_by("#777777", SIGHTS[0]));
        assert!((lightness - 50.03).abs() < 0.1 && a.abs() < 0.1 && b.abs() < 0.1, "{lightness} {a} {b}");
        let apart = SIGHTS.map(|sight| distance(lab(seen_by("#c04000", sight)), lab(seen_by("#5f7a00", sight))));
        assert!(apart[1] < 0.5 * apart[0] && apart[2] < 0.5 * apart[0], "{apart:?}");
    }
}
