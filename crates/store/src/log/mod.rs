//! The log, as pure functions over hashes: nothing here knows the database.
//!
//! An append-only Merkle tree as RFC 6962 §2.1 defines it (RFC 9162 keeps the same hashes), kept
//! as tiles of height 8 (C2SP tlog-tiles), with heads in the form of C2SP tlog-checkpoint, signed
//! as C2SP signed-note.

mod checkpoint;
mod leaf;
mod proof;
mod tree;

pub use checkpoint::{Checkpoint, CheckpointError, Signer, Verifier};
pub use leaf::{Leaf, LeafError, LeafKind, commitment};
pub use proof::{
    ProofError, consistency_proof, inclusion_proof, range_hash, root_at, verify_consistency,
    verify_inclusion,
};
pub use tree::{EMPTY_ROOT, Edge, Hash, TILE_WIDTH, TileSource, leaf_hash, node_hash, whole_root};

/// SHA-256 over the parts, one after the other.
pub(crate) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    use sha2::Digest;
    let mut hash = sha2::Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests;
