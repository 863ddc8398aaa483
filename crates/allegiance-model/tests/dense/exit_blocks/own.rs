//! What the blocks of a theory that somebody wrote add together.

use super::Block;

pub(super) const BLOCK: Block =
    Block { theories: &[], value: |dense, person, members| dense.own_blocks(person, members) };
