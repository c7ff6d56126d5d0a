use std::collections::HashMap;

use casefile::{Outcome, Sha256};
use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The eight leaves that the Certificate Transparency reference tests use.
fn ct_leaves() -> Vec<Vec<u8>> {
    let long: Vec<u8> = (0x60..0x70).collect();
    vec![
        vec![],
        vec![0],
        vec![0x10],
        vec![0x20, 0x21],
        vec![0x30, 0x31],
        vec![0x40, 0x41, 0x42, 0x43],
        (0x50..0x58).collect(),
        long,
    ]
}

#[derive(Default)]
struct Tree {
    edge: Edge,
    tiles: HashMap<(u8, u64), Vec<Hash>>,
}

impl Tree {
    fn push(&mut self, hash: Hash) {
        let tiles = &mut self.tiles;
        self.edge.push(hash, |level, number, full| {
            tiles.insert((level, number), full.to_vec());
        });
        for (level, number, partial) in self.edge.partial() {
            self.tiles.insert((level, number), partial.to_vec());
        }
    }

    fn of(count: usize) -> (Self, Vec<Hash>) {
        let hashes: Vec<Hash> = (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect();
        let mut tree = Self::default();
        hashes.iter().for_each(|hash| tree.push(*hash));
        (tree, hashes)
    }

    fn tile(&self, level: u8, number: u64) -> Option<Vec<Hash>> {
        self.tiles.get(&(level, number)).cloned()
    }
}

fn check_roots(expected: Expect) {
    let mut tree = Tree::default();
    let mut text = hex(&tree.edge.root()) + "\n";
    for leaf in ct_leaves() {
        tree.push(leaf_hash(&leaf));
        text += &(hex(&tree.edge.root()) + "\n");
    }
    expected.assert_eq(&text);
}

/// The roots stand in the reference implementation of RFC 6962 (and in RFC 9162's successors).
#[test]
fn roots_are_those_of_the_reference_tests() {
    check_roots(expect![[r#"
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d
        fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125
        aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77
        d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7
        4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4
        76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef
        ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c
        5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
    "#]]);
}

#[test]
fn edges_load_from_tiles_and_agree_with_the_definition() {
    for count in [
        0, 1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 700, 65_535, 65_536, 65_537, 66_000,
    ] {
        let (tree, hashes) = Tree::of(count);
        assert_eq!(tree.edge.root(), whole_root(&hashes), "{count}");
        let loaded = Edge::load(count as u64, &mut |level, number| tree.tile(level, number));
        assert_eq!(
            loaded.map(|edge| edge.root()),
            Some(tree.edge.root()),
            "{count}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn proofs_hold_and_only_for_what_they_prove(size in 1_u64..1500, pick in any::<u64>(), flip in any::<usize>()) {
        let (tree, hashes) = Tree::of(size as usize);
        let mut tiles = |level, number| tree.tile(level, number);
        let root = tree.edge.root();
        let index = pick % size;
        let leaf = hashes[index as usize];
        let path = inclusion_proof(index, size, &mut tiles).unwrap();
        prop_assert_eq!(verify_inclusion(&leaf, index, size, &path, &root), Ok(()));
        prop_assert!(verify_inclusion(&[7; 32], index, size, &path, &root).is_err());
        if size > 1 {
            prop_assert!(verify_inclusion(&leaf, (index + 1) % size, size, &path, &root).is_err());
            let mut broken = path.clone();
            let at = flip % broken.len();
            broken[at][flip % 32] ^= 1;
            prop_assert!(verify_inclusion(&leaf, index, size, &broken, &root).is_err());
            prop_assert!(verify_inclusion(&leaf, index, size, &path[1..], &root).is_err());
        }

        let old = pick % (size + 1);
        let old_root = root_at(old, &mut tiles).unwrap();
        prop_assert_eq!(old_root, whole_root(&hashes[..old as usize]));
        let path = consistency_proof(old, size, &mut tiles).unwrap();
        prop_assert_eq!(verify_consistency(old, &old_root, size, &root, &path), Ok(()));
        prop_assert!(verify_consistency(old, &[7; 32], size, &root, &path).is_err());
        prop_assert!(verify_consistency(size + 1, &root, size, &root, &path).is_err());
        if !path.is_empty() {
            let mut broken = path.clone();
            let at = flip % broken.len();
            broken[at][flip % 32] ^= 1;
            prop_assert!(verify_consistency(old, &old_root, size, &root, &broken).is_err());
        }
    }

    #[test]
    fn any_bytes_are_a_leaf_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
        if let Ok(leaf) = Leaf::decode(&bytes) {
            prop_assert_eq!(leaf.encode(), bytes);
        }
    }

    #[test]
    fn any_text_is_a_checkpoint_or_refused(text in ".{0,200}") {
        let _ = Checkpoint::parse(&text);
    }
}

#[test]
fn leaves_read_back_and_have_one_form() {
    let mut leaf = Leaf::new(LeafKind::Occurrence, -1, [9; 32]);
    leaf.subject = Some(7);
    leaf.object = Some(Sha256([3; 32]));
    leaf.outcome = Some(Outcome::NoText);
    leaf.private = Some([1; 32]);
    let bytes = leaf.encode();
    assert_eq!(Leaf::decode(&bytes), Ok(leaf));
    for cut in 0..bytes.len() {
        if let Ok(shorter) = Leaf::decode(&bytes[..cut]) {
            assert_eq!(shorter.encode(), bytes[..cut]);
        }
    }
    assert!(Leaf::decode(&[&bytes[..], &[0]].concat()).is_err());
}

#[test]
fn commitments_keep_lists_apart() {
    let salt = [5; 32];
    let all = [
        commitment(&salt, &[None, Some(b"a")]),
        commitment(&salt, &[Some(b"a"), None]),
        commitment(&salt, &[Some(b""), Some(b"a")]),
        commitment(&salt, &[Some(b"a")]),
        commitment(&[6; 32], &[Some(b"a")]),
    ];
    for (at, one) in all.iter().enumerate() {
        assert!(all[at + 1..].iter().all(|other| other != one));
    }
}

#[test]
fn checkpoints_are_signed_notes() {
    // A stand-in for Ed25519: what matters here is the envelope.
    let sign = |message: &[u8]| [sha256(&[b"k", message]), sha256(&[b"l", message])].concat();
    let signer = Signer {
        name: "tumen/case",
        public_key: [2; 32],
        sign: &sign,
    };
    let checkpoint = Checkpoint {
        origin: "tumen/case".into(),
        size: 3,
        root: [1; 32],
    };
    let note = checkpoint.sign(&signer).unwrap();
    expect![[r#"
        tumen/case
        3
        AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=

    "#]]
    .assert_eq(note.split_once('—').unwrap().0);
    let verify = |message: &[u8], signature: &[u8]| sign(message) == signature;
    let verifier = |name, key| Verifier {
        name,
        public_key: [key; 32],
        verify: &verify,
    };
    let open = |note: &str, name, key| Checkpoint::open(note, &verifier(name, key));
    assert_eq!(open(&note, "tumen/case", 2), Ok(checkpoint));
    assert_eq!(
        open(&note, "tumen/case", 3),
        Err(CheckpointError::NotSigned)
    );
    assert_eq!(open(&note, "other", 2), Err(CheckpointError::NotSigned));
    let changed = note.replacen("\n3\n", "\n4\n", 1);
    assert_eq!(
        open(&changed, "tumen/case", 2),
        Err(CheckpointError::Forged)
    );
    for malformed in ["", "\n\n", "a\n03\nAA==\n\n", "a\n1\nAA==\n\n— x y\n"] {
        assert_eq!(
            open(malformed, "a", 2),
            Err(CheckpointError::Malformed),
            "{malformed:?}"
        );
    }
    let spaced = Signer {
        name: "a b",
        ..signer
    };
    let head = Checkpoint {
        origin: "a".into(),
        size: 0,
        root: EMPTY_ROOT,
    };
    assert_eq!(head.sign(&spaced), Err(CheckpointError::KeyName));
}
