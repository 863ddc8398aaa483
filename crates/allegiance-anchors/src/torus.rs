//! A square lattice without edges, and what can be seen from each cell.

/// Which cells lie within a vision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Vision {
    /// Within so many steps north, south, east and west: `|dx| + |dy| <= r`.
    /// Mesa's von Neumann grid.
    Steps(u32),
    /// Within a distance: `dx^2 + dy^2 <= r^2`. `NetLogo`'s `in-radius`; 1.7
    /// is the eight adjacent cells.
    Distance(f64),
}

impl Vision {
    /// Offsets of the visible cells, the own cell left out.
    fn offsets(self) -> Vec<(i32, i32)> {
        let reach = match self {
            Self::Steps(steps) => steps as i32,
            Self::Distance(distance) => distance as i32,
        };
        let is_visible = |dx: i32, dy: i32| match self {
            Self::Steps(steps) => dx.abs() + dy.abs() <= steps as i32,
            Self::Distance(distance) => f64::from(dx * dx + dy * dy) <= distance * distance,
        };
        let square = (-reach..=reach).flat_map(|dx| (-reach..=reach).map(move |dy| (dx, dy)));
        square.filter(|&(dx, dy)| (dx, dy) != (0, 0) && is_visible(dx, dy)).collect()
    }
}

/// The visible cells of every cell of a torus.
#[derive(Debug, Clone)]
pub struct Torus {
    n_seen: usize,
    /// Shape: (`n_cells`, `n_seen`), row-major.
    seen: Vec<u32>,
}

impl Torus {
    /// A torus of a width and height under a vision.
    ///
    /// # Panics
    /// Where the vision reaches around the torus and would count a cell twice.
    pub fn new(width: u32, height: u32, vision: Vision) -> Self {
        let offsets = vision.offsets();
        let reach = offsets.iter().map(|&(dx, _)| dx).max().unwrap_or(0);
        assert!(2 * reach < width.min(height) as i32, "a vision of {reach} reaches around the torus");
        let (w, h) = (width as i32, height as i32);
        let cells = (0..w).flat_map(|x| (0..h).map(move |y| (x, y)));
        let seen = cells
            .flat_map(|(x, y)| {
                offsets.iter().map(move |(dx, dy)| ((x + dx).rem_euclid(w) * h + (y + dy).rem_euclid(h)) as u32)
            })
            .collect();
        Self { n_seen: offsets.len(), seen }
    }

    /// The cells seen from a cell, without itself.
    pub fn seen_from(&self, cell: u32) -> &[u32] {
        let start = cell as usize * self.n_seen;
        &self.seen[start..start + self.n_seen]
    }
}

#[cfg(test)]
mod tests {
    use super::{Torus, Vision};

    #[test]
    fn seven_steps_see_112_cells_and_seven_patches_148() {
        assert_eq!(Torus::new(40, 40, Vision::Steps(7)).seen_from(0).len(), 112);
        assert_eq!(Torus::new(40, 40, Vision::Distance(7.0)).seen_from(0).len(), 148);
        assert_eq!(Torus::new(40, 40, Vision::Distance(1.7)).seen_from(0).len(), 8);
    }

    #[test]
    fn sight_is_mutual_and_wraps_around() {
        let torus = Torus::new(20, 17, Vision::Steps(3));
        for cell in 0..20 * 17 {
            for &other in torus.seen_from(cell) {
                assert!(torus.seen_from(other).contains(&cell));
            }
        }
        assert!(torus.seen_from(0).contains(&(19 * 17 + 16)));
    }
}
