//! Proofs that a leaf is in the tree, and that one tree is the beginning of another
//! (RFC 6962 §2.1.1, §2.1.2; verification as in RFC 9162 §2.1.3.2 and §2.1.4.2).

use super::tree::{EMPTY_ROOT, Hash, TILE_WIDTH, TileSource, node_hash};

/// A proof cannot be made, or proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The tree has no such leaf or size.
    #[error("the log has no such entry or size")]
    Outside,
    /// A tile that the proof needs is missing or too short.
    #[error("a tile of the log is missing")]
    TileMissing,
    /// The hashes do not lead to the root.
    #[error("the proof does not lead to the root of the log")]
    Wrong,
}

/// The largest power of two below `count`, for `count` > 1.
const fn half(count: u64) -> u64 {
    1 << (63 - (count - 1).leading_zeros())
}

/// The hash over the leaves `low..high`, where `low` is a multiple of the next power of two (as
/// it is wherever the tree's own division leads).
///
/// # Errors
/// A tile is missing, or the range is empty.
pub fn range_hash(low: u64, high: u64, tiles: TileSource<'_>) -> Result<Hash, ProofError> {
    let count = high
        .checked_sub(low)
        .filter(|count| *count > 0)
        .ok_or(ProofError::Outside)?;
    if !count.is_power_of_two() {
        let middle = low + half(count);
        let left = range_hash(low, middle, tiles)?;
        let right = range_hash(middle, high, tiles)?;
        return Ok(node_hash(&left, &right));
    }
    // A perfect subtree lies in one tile, at the level that its height divides to.
    let height = count.trailing_zeros();
    let level = u8::try_from(height / 8).map_err(|_| ProofError::Outside)?;
    let width = 1_usize << (height % 8);
    let entry = low >> (8 * u32::from(level));
    let tile = tiles(level, entry / TILE_WIDTH as u64).ok_or(ProofError::TileMissing)?;
    let from = usize::try_from(entry % TILE_WIDTH as u64).map_err(|_| ProofError::Outside)?;
    let mut row = tile
        .get(from..from + width)
        .ok_or(ProofError::TileMissing)?
        .to_vec();
    while row.len() > 1 {
        row = row
            .chunks_exact(2)
            .filter_map(|pair| Some(node_hash(pair.first()?, pair.get(1)?)))
            .collect();
    }
    row.first().copied().ok_or(ProofError::TileMissing)
}

/// The root of the tree of the first `size` leaves.
///
/// # Errors
/// A tile is missing.
pub fn root_at(size: u64, tiles: TileSource<'_>) -> Result<Hash, ProofError> {
    if size == 0 {
        return Ok(EMPTY_ROOT);
    }
    range_hash(0, size, tiles)
}

/// The hashes that lead from leaf `index` to the root of the tree of `size` leaves, lowest first.
///
/// # Errors
/// The leaf is not in the tree, or a tile is missing.
pub fn inclusion_proof(
    index: u64,
    size: u64,
    tiles: TileSource<'_>,
) -> Result<Vec<Hash>, ProofError> {
    if index >= size {
        return Err(ProofError::Outside);
    }
    let (mut low, mut high) = (0, size);
    let mut path = Vec::new();
    while high - low > 1 {
        let middle = low + half(high - low);
        if index < middle {
            path.push(range_hash(middle, high, tiles)?);
            high = middle;
        } else {
            path.push(range_hash(low, middle, tiles)?);
            low = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The hashes that show the tree of `old` leaves to be the beginning of that of `new` leaves.
///
/// # Errors
/// `old` is greater than `new`, or a tile is missing.
pub fn consistency_proof(
    old: u64,
    new: u64,
    tiles: TileSource<'_>,
) -> Result<Vec<Hash>, ProofError> {
    if old > new {
        return Err(ProofError::Outside);
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let (mut low, mut high) = (0, new);
    let mut path = Vec::new();
    // Down to the smallest subtree that the old tree ends with (RFC 6962 SUBPROOF).
    loop {
        if old == high {
            if low > 0 {
                path.push(range_hash(low, high, tiles)?);
            }
            break;
        }
        let middle = low + half(high - low);
        if old <= middle {
            path.push(range_hash(middle, high, tiles)?);
            high = middle;
        } else {
            path.push(range_hash(low, middle, tiles)?);
            low = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// Whether `path` leads from the hash of leaf `index` to `root`.
///
/// # Errors
/// It does not.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    path: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Outside);
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for step in path {
        if last == 0 {
            return Err(ProofError::Wrong);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(step, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, step);
        }
        node >>= 1;
        last >>= 1;
    }
    (last == 0 && hash == *root)
        .then_some(())
        .ok_or(ProofError::Wrong)
}

/// Whether `path` shows the tree (`old`, `old_root`) to be the beginning of (`new`, `new_root`).
///
/// # Errors
/// It does not.
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    path: &[Hash],
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::Outside);
    }
    if old == new || old == 0 {
        let same = if old == 0 {
            *old_root == EMPTY_ROOT
        } else {
            old_root == new_root
        };
        return (same && path.is_empty())
            .then_some(())
            .ok_or(ProofError::Wrong);
    }
    let mut steps = path.iter();
    // Where the old tree is perfect its root is a node of the new tree and is left out.
    let start = if old.is_power_of_two() {
        Some(old_root)
    } else {
        steps.next()
    };
    let start = *start.ok_or(ProofError::Wrong)?;
    let shift = (old - 1).trailing_ones();
    let (mut node, mut last) = ((old - 1) >> shift, (new - 1) >> shift);
    let (mut old_hash, mut new_hash) = (start, start);
    for step in steps {
        if last == 0 {
            return Err(ProofError::Wrong);
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(step, &old_hash);
            new_hash = node_hash(step, &new_hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, step);
        }
        node >>= 1;
        last >>= 1;
    }
    let right = last == 0 && old_hash == *old_root && new_hash == *new_root;
    right.then_some(()).ok_or(ProofError::Wrong)
}
