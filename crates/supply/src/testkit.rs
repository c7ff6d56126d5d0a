//! Invented networks of any size with a known answer, and single passes to time. For tests and measures only.

use crate::question::{Rules, Start, Traces};
use crate::withdraw::{Grounds, Source};
use crate::worlds::Worlds;
use crate::{
    Basis, Claim, ClaimId, Document, DocumentId, Evidence, Holder, HolderId, HolderKind, Hop,
    HopId, Locus, Mass, Network, Origin, OriginId, Taint, TaintId, TaintOn, Word, day,
};

/// Documents of an invented network.
pub const DOCUMENTS: u32 = 640;

/// From the sea to the shelf.
const KINDS: [HolderKind; 5] = [
    HolderKind::Vessel,
    HolderKind::Facility,
    HolderKind::Exporter,
    HolderKind::Importer,
    HolderKind::Brand,
];

/// An invented network with its answer.
#[derive(Debug, Clone)]
pub struct Sample {
    pub network: Network,
    /// The taints: every vessel of the one half of the holders.
    pub starts: Vec<Start>,
    /// Who can be reached from them: the other kinds of that half, and nobody of the other half.
    pub reached: Vec<HolderId>,
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn under(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % u64::from(end.max(1))) as u32
    }

    /// One of so many, the first ones far more often: a few hubs and many small firms.
    fn skewed(&mut self, of: u32) -> u32 {
        let (a, b) = (self.under(of), self.under(of));
        if self.under(4) == 0 {
            self.under(a.min(b) + 1)
        } else {
            a
        }
    }
}

/// A network of about so many hops over three years, twenty a holder, each a row of one of [`DOCUMENTS`].
///
/// Holders lie in five stages, vessels to brands, and in two halves. Goods move from stage to stage or within one, and
/// never from the first half to the second. In the first half one hop brings goods to each holder of the next stage late enough
/// to follow those of the stage before, and soon enough for a holding limit of 120 days: so all of it is reached.
#[must_use]
pub fn sample(hops: u32, seed: u64) -> Sample {
    let random = &mut Random(seed);
    let width = (hops / 20 / 10).max(1);
    let mut network = Network::default();
    for at in 0..width * 10 {
        network.holders.push(Holder {
            key: format!("h{at}").into(),
            kind: KINDS[(at / width / 2) as usize],
            ..Holder::default()
        });
    }
    for at in 0..DOCUMENTS {
        network.documents.push(Document {
            key: format!("d{at}").into(),
            title: "".into(),
        });
    }
    for at in 0..40 {
        network.origins.push(Origin {
            key: format!("o{at}").into(),
            name: "".into(),
        });
    }
    // The holder of a stage and half: stages lie one after the other, each first half and then second half.
    let holder = |stage: u32, half: u32, number: u32| (stage * 2 + half) * width + number;
    for stage in 0..4 {
        for number in 0..width {
            let from = holder(stage, 0, random.skewed(width));
            let left = 100 + stage as i32 * 100 + random.under(10) as i32;
            let arrived = left + 20 + random.under(40) as i32;
            hop(
                &mut network,
                from,
                holder(stage + 1, 0, number),
                left,
                arrived,
                random,
            );
        }
    }
    while network.hops.len() < hops as usize {
        // A third of all hops are sales within a stage, so that chains are long and goods go round.
        let (stage, next) = match random.under(6) {
            0 | 1 => {
                let stage = 1 + random.under(4);
                (stage, stage)
            }
            _ => {
                let stage = random.under(4);
                (stage, stage + 1)
            }
        };
        // Out of the first half into itself; out of the second, which is the smaller trade, into both.
        let (from, to) = match random.under(20) {
            0 => (1, 0),
            1 => (1, 1),
            _ => (0, 0),
        };
        let from = holder(stage, from, random.skewed(width));
        // A few brands get nothing but that one hop: they hang on its document.
        let most = if next == 4 { width - width / 20 } else { width };
        let to = holder(next, to, random.skewed(most));
        if from == to {
            continue;
        }
        let left = random.under(1_000) as i32;
        let arrived = left + 1 + random.under(40) as i32;
        hop(&mut network, from, to, left, arrived, random);
    }
    for at in 0..width {
        network.taints.push(Taint {
            on: TaintOn::Holder(HolderId(at)),
            period: crate::Period::default(),
            what: "forced labour".into(),
            stated: Word::Alleged,
            evidence: Evidence::All([].into()),
        });
    }
    Sample {
        starts: (0..width).map(|at| Start::Taint(TaintId(at))).collect(),
        reached: (1..5)
            .flat_map(|stage| (0..width).map(move |n| HolderId(stage * 2 * width + n)))
            .collect(),
        network,
    }
}

fn hop(network: &mut Network, from: u32, to: u32, left: i32, arrived: i32, random: &mut Random) {
    let start = day(2021, 1, 1);
    let claim = network.claims.len() as u32;
    let document = random.under(DOCUMENTS);
    network.claims.push(Claim {
        document: DocumentId(document),
        origin: OriginId(document % 40),
        basis: Basis::Record,
        at: Locus::Row(claim + 2),
    });
    network.hops.push(Hop {
        from: HolderId(from),
        to: HolderId(to),
        departure: crate::Days::on(start + left),
        arrival: crate::Days::on(start + arrived),
        made: None,
        product: None,
        mass: Some(Mass::exactly(
            u64::from(1_000 + random.under(20_000)) * 1_000,
        )),
        factor: None,
        lots: [].into(),
        inputs: [].into(),
        vessel: None,
        evidence: Evidence::Claim(ClaimId(claim)),
    });
}

/// Runs of 64 or 512 worlds over all legs of a question, to be timed: each world is without one document.
pub struct Passes<'a> {
    grounds: &'a Grounds,
    worlds: Worlds<'a>,
    away: Vec<std::collections::BTreeSet<Source>>,
}

/// A question made ready for [`Passes`].
pub struct Ready {
    traces: Traces,
    grounds: Grounds,
    end: Vec<u32>,
    ends: usize,
}

impl Ready {
    #[must_use]
    pub fn new(network: &Network, starts: &[Start], rules: &Rules, to: &[HolderId]) -> Self {
        let traces = Traces::new(network, starts, rules);
        Self {
            grounds: Grounds::new(network, &traces),
            end: traces.ends(to),
            ends: to.len(),
            traces,
        }
    }

    /// The legs that a pass walks over.
    #[must_use]
    pub fn legs(&self) -> usize {
        self.traces.legs()
    }

    #[must_use]
    pub fn passes(&self) -> Passes<'_> {
        let without = |at| std::collections::BTreeSet::from([Source::Document(DocumentId(at))]);
        Passes {
            grounds: &self.grounds,
            worlds: Worlds::new(
                &self.traces.table,
                &self.grounds.class,
                &self.end,
                self.ends,
            ),
            away: (0..512).map(without).collect(),
        }
    }
}

impl Passes<'_> {
    /// Ends reached, summed over 64 worlds.
    #[must_use]
    pub fn of_64(&self) -> u64 {
        let masks = self
            .grounds
            .masks(&self.grounds.without::<1>(&self.away[..64]));
        self.worlds
            .run(&masks)
            .iter()
            .map(|[word]| u64::from(word.count_ones()))
            .sum()
    }

    /// Ends reached, summed over 512 worlds.
    #[must_use]
    pub fn of_512(&self) -> u64 {
        let masks = self.grounds.masks(&self.grounds.without::<8>(&self.away));
        let ones = |words: &[u64; 8]| {
            words
                .iter()
                .map(|word| u64::from(word.count_ones()))
                .sum::<u64>()
        };
        self.worlds.run(&masks).iter().map(ones).sum()
    }
}

/// The hops of a network as lines of CSV: from, to, departure, arrival.
#[must_use]
pub fn csv(network: &Network) -> String {
    let mut lines = "source,target,left_on,arrived_on\n".to_owned();
    for at in 0..network.hops.len() {
        let hop = &network.hops[HopId::of(at).at()];
        let (from, to) = (hop.from.0, hop.to.0);
        lines += &format!(
            "{from},{to},{},{}\n",
            hop.departure.first, hop.arrival.first
        );
    }
    lines
}
