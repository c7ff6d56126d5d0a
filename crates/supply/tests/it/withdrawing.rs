//! Taking sources away, one by one and together, against every walk.

use std::collections::BTreeSet;

use supply::{
    Breaking, DocumentId, HolderId, Network, OriginId, Rules, Source, SourceKind, Start, Traces,
    Withdrawn,
};

use crate::random::{Dates, RICH, Random, Shape, network, question};
use crate::reference::walks;

fn withdrawn(sources: &[Source]) -> Withdrawn {
    let mut without = Withdrawn::default();
    for source in sources {
        match source {
            Source::Document(document) => _ = without.documents.insert(*document),
            Source::Origin(origin) => _ = without.origins.insert(*origin),
        }
    }
    without
}

/// Who is reached without some sources, by every walk over what then stands.
pub(crate) fn reached(
    network: &Network,
    starts: &[Start],
    rules: &Rules,
    sources: &[Source],
) -> BTreeSet<HolderId> {
    let without = withdrawn(sources);
    let stands = |start: &&Start| match start {
        Start::Holder(_) => true,
        Start::Taint(taint) => without.spares(network, &network.taints[taint.at()].evidence),
    };
    let starts: Vec<Start> = starts.iter().filter(stands).copied().collect();
    let hop_stands = |hop: supply::HopId| without.spares(network, &network.hops[hop.at()].evidence);
    let walks = walks(network, &starts, rules, &hop_stands);
    walks
        .iter()
        .map(|walk| network.hops[walk.hops[walk.hops.len() - 1].at()].to)
        .collect()
}

fn every_source(network: &Network) -> Vec<Source> {
    let documents = (0..network.documents.len()).map(|at| Source::Document(DocumentId::of(at)));
    let origins = (0..network.origins.len()).map(|at| Source::Origin(OriginId::of(at)));
    documents.chain(origins).collect()
}

const PLAIN: Shape = Shape {
    holders: 3,
    hops: 9,
    days: 4,
    products: false,
    lots: false,
    ..RICH
};

const SHAPES: [Shape; 6] = [
    RICH,
    Shape {
        dates: Dates::Apart,
        ..RICH
    },
    Shape {
        dates: Dates::Exact,
        ..PLAIN
    },
    Shape {
        dates: Dates::Apart,
        ..PLAIN
    },
    PLAIN,
    Shape {
        holders: 2,
        hops: 10,
        days: 3,
        dates: Dates::Apart,
        ..PLAIN
    },
];

#[test]
fn what_falls_with_a_source_is_what_no_walk_reaches_without_it() {
    let mut fallen = 0;
    for seed in 0..4_000 {
        let random = &mut Random(seed);
        let shape = SHAPES[seed as usize % SHAPES.len()];
        let network = network(random, shape);
        let (starts, rules) = question(random, shape);
        let whole = reached(&network, &starts, &rules, &[]);
        let traces = Traces::new(&network, &starts, &rules);
        let to: Vec<HolderId> = (0..shape.holders).map(HolderId).collect();
        let sources = every_source(&network);
        let falls = traces.falls(&network, &to, &sources);
        for source in sources {
            let left = reached(&network, &starts, &rules, &[source]);
            let expected: Vec<HolderId> = whole.difference(&left).copied().collect();
            let found = falls.iter().find(|fall| fall.without == source);
            let found = found.map_or(&[][..], |fall| &fall.lost);
            assert_eq!(found, expected, "seed {seed} {source:?}");
            // The same by asking again without it.
            let rules = Rules {
                without: withdrawn(&[source]),
                ..rules.clone()
            };
            let again = Traces::new(&network, &starts, &rules).arrivals();
            let again: BTreeSet<HolderId> = again.iter().map(|arrival| arrival.holder).collect();
            assert_eq!(again, left, "seed {seed} {source:?}");
            fallen += expected.len();
        }
    }
    assert!(fallen > 4_000, "{fallen}");
}

/// All sets of `size` of these.
fn sets(of: &[Source], size: usize) -> Vec<Vec<Source>> {
    match (size, of) {
        (0, _) => vec![Vec::new()],
        (_, []) => Vec::new(),
        (_, [first, rest @ ..]) => {
            let mut with = sets(rest, size - 1);
            with.iter_mut().for_each(|set| set.insert(0, *first));
            with.extend(sets(rest, size));
            with
        }
    }
}

#[test]
fn the_fewest_that_break_a_finding_are_the_fewest() {
    let mut sizes = [0; 6];
    for seed in 10_000..11_500 {
        let random = &mut Random(seed);
        let shape = SHAPES[seed as usize % SHAPES.len()];
        let network = network(random, shape);
        let (starts, rules) = question(random, shape);
        let traces = Traces::new(&network, &starts, &rules);
        let to = HolderId(random.under(shape.holders));
        let (kind, all) = if random.once_in(2) {
            (SourceKind::Documents, &every_source(&network)[..5])
        } else {
            (SourceKind::Origins, &every_source(&network)[5..])
        };
        let there = |gone: &[Source]| reached(&network, &starts, &rules, gone).contains(&to);
        let most = 1 + random.under(5) as usize;
        let found = traces.breaking(&network, to, kind, most);
        let smallest = (0..=all.len()).find(|size| sets(all, *size).iter().any(|set| !there(set)));
        match smallest {
            Some(0) => assert_eq!(found, Breaking::NotReached, "seed {seed}"),
            None => assert!(
                found == Breaking::Unbreakable || found == Breaking::AtLeast(most + 1),
                "seed {seed}"
            ),
            Some(size) if size > most => {
                assert_eq!(found, Breaking::AtLeast(most + 1), "seed {seed}");
            }
            Some(size) => {
                let Breaking::Without(set) = found else {
                    panic!("seed {seed}: {found:?}");
                };
                assert_eq!(set.len(), size, "seed {seed}");
                assert!(!there(&set), "seed {seed}");
                sizes[size] += 1;
            }
        }
    }
    assert!(sizes[1] > 100 && sizes[2] > 20, "{sizes:?}");
}
