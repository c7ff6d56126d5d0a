//! The Merkle tree: hashes, its growing right edge, and tiles.

use super::sha256;

/// A leaf or node of the tree.
pub type Hash = [u8; 32];

/// Hashes in a full tile (C2SP tlog-tiles: height 8).
pub const TILE_WIDTH: usize = 256;

/// The root of the tree without leaves: SHA-256 of nothing (RFC 6962 §2.1).
pub const EMPTY_ROOT: Hash = [
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
    0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
];

/// `SHA-256(0x00 ‖ leaf)` (RFC 6962 §2.1).
#[must_use]
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    sha256(&[&[0], leaf])
}

/// `SHA-256(0x01 ‖ left ‖ right)` (RFC 6962 §2.1).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

/// Gives the hashes of tile `number` at `level`, full or partial; `None` if there is no such tile.
pub type TileSource<'a> = &'a mut dyn FnMut(u8, u64) -> Option<Vec<Hash>>;

/// The right edge of a growing tree: for each level of tiles the hashes of its last, partial tile.
/// Holds at most 255 hashes a level, whatever the size of the tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    levels: Vec<Vec<Hash>>,
}

/// The hash of a perfect subtree over a power of two of hashes.
fn perfect(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => EMPTY_ROOT,
        [one] => *one,
        more => {
            let (left, right) = more.split_at(more.len() / 2);
            node_hash(&perfect(left), &perfect(right))
        }
    }
}

impl Edge {
    /// The edge of a stored tree of `size` leaves; `None` if a partial tile is missing or short.
    #[must_use]
    pub fn load(size: u64, tiles: TileSource<'_>) -> Option<Self> {
        let mut levels = Vec::new();
        let mut rest = size;
        while rest > 0 {
            let held = usize::try_from(rest % TILE_WIDTH as u64).ok()?;
            let tile = if held == 0 {
                Vec::new()
            } else {
                let level = u8::try_from(levels.len()).ok()?;
                let mut tile = tiles(level, rest / TILE_WIDTH as u64)?;
                (tile.len() >= held).then(|| tile.truncate(held))?;
                tile
            };
            levels.push(tile);
            rest /= TILE_WIDTH as u64;
        }
        Some(Self { size, levels })
    }

    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf's hash. Each tile that becomes full goes to `full(level, number, hashes)`.
    pub fn push(&mut self, leaf: Hash, mut full: impl FnMut(u8, u64, &[Hash])) {
        let mut index = self.size;
        self.size += 1;
        let mut hash = leaf;
        for level in 0..=u8::MAX {
            let at = usize::from(level);
            if self.levels.len() <= at {
                self.levels.push(Vec::new());
            }
            let Some(tile) = self.levels.get_mut(at) else {
                return;
            };
            tile.push(hash);
            if tile.len() < TILE_WIDTH {
                return;
            }
            index /= TILE_WIDTH as u64;
            full(level, index, tile);
            hash = perfect(tile);
            tile.clear();
        }
    }

    /// The partial tiles, as `(level, number, hashes)`.
    pub fn partial(&self) -> impl Iterator<Item = (u8, u64, &[Hash])> {
        let mut size = self.size;
        self.levels
            .iter()
            .zip(0_u8..)
            .filter_map(move |(tile, level)| {
                size /= TILE_WIDTH as u64;
                (!tile.is_empty()).then_some((level, size, tile.as_slice()))
            })
    }

    /// The root of the tree as it stands.
    #[must_use]
    pub fn root(&self) -> Hash {
        // From right to left: the partial tiles from the lowest level up, and in each tile the
        // perfect subtrees from the smallest.
        let mut root: Option<Hash> = None;
        for tile in &self.levels {
            let mut left = tile.as_slice();
            while !left.is_empty() {
                let width = 1 << left.len().trailing_zeros();
                let (before, last) = left.split_at(left.len() - width);
                let hash = perfect(last);
                root = Some(root.map_or(hash, |right| node_hash(&hash, &right)));
                left = before;
            }
        }
        root.unwrap_or(EMPTY_ROOT)
    }
}

/// The root over leaf hashes, straight from the definition. For checks, not for speed.
#[must_use]
pub fn whole_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => EMPTY_ROOT,
        [one] => *one,
        more => {
            let half = more.len().next_power_of_two() / 2;
            let (left, right) = more.split_at(half);
            node_hash(&whole_root(left), &whole_root(right))
        }
    }
}
