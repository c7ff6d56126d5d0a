//! How likely a finding is, if somebody says how far each origin can be trusted. Only on request: the words of
//! [`standing`](crate::standing) need no such numbers.
//!
//! Edges are not multiplied: two hops on the word of one informant stand and fall together. A world says of each origin
//! whether it tells the truth; the likelihood is the share of worlds in which the finding stands, each weighed. Up to
//! [`EXACT`] origins all worlds are gone through, beyond that worlds are drawn.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::question::Traces;
use crate::withdraw::Grounds;
use crate::worlds::{Bits, Worlds};
use crate::{HolderId, Network, OriginId};

/// Up to so many origins every world is gone through.
pub const EXACT: usize = 16;

/// Worlds a pass, in words of 64.
const W: usize = 8;

/// How the likelihood was found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// All worlds.
    Every { worlds: u64 },
    /// So many worlds drawn from this seed; the standard error of the answer.
    Drawn { worlds: u64, seed: u64, error: f64 },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Likelihood {
    /// From 0 to 1.
    pub value: f64,
    pub method: Method,
    /// The origins that it depends on.
    pub origins: Vec<OriginId>,
}

/// Origins of which it was not said how far they are to be trusted, or by a number that is none from 0 to 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Untold(pub Vec<OriginId>);

impl Traces {
    /// How likely `to` is reached. `trust` gives for each origin how likely it tells the truth; origins are taken to err
    /// independently, which is what makes them origins. `draws` worlds are drawn if there are too many to go through.
    ///
    /// # Errors
    /// Some origin that the finding depends on has no trust from 0 to 1.
    pub fn likelihood(
        &self,
        network: &Network,
        to: HolderId,
        trust: &BTreeMap<OriginId, f64>,
        draws: u64,
        seed: u64,
    ) -> Result<Likelihood, Untold> {
        let cone = self.only(&self.on(&[to]));
        let grounds = Grounds::new(network, &cone);
        let end = cone.ends(&[to]);
        let worlds = Worlds::new(&cone.table, &grounds.class, &end, 1);
        let mut origins: Vec<OriginId> = grounds.witnesses.iter().map(|(_, o)| *o).collect();
        origins.sort_unstable();
        origins.dedup();
        let told = |origin: &OriginId| trust.get(origin).filter(|p| (0.0..=1.0).contains(*p));
        let untold: Vec<_> = origins
            .iter()
            .filter(|o| told(o).is_none())
            .copied()
            .collect();
        if !untold.is_empty() {
            return Err(Untold(untold));
        }
        let trust: Vec<f64> = origins.iter().filter_map(told).copied().collect();
        let reached = |stand: &[Bits<W>]| {
            let at = |origin: &OriginId| origins.binary_search(origin).unwrap_or_default();
            let witnesses: Vec<Bits<W>> = grounds
                .witnesses
                .iter()
                .map(|(_, origin)| stand[at(origin)])
                .collect();
            worlds.run::<W>(&grounds.masks(&witnesses))[0]
        };
        let (value, method) = if origins.len() <= EXACT {
            every(&trust, reached)
        } else {
            drawn(&trust, draws, seed, reached)
        };
        Ok(Likelihood {
            value,
            method,
            origins,
        })
    }
}

fn bit<const W: usize>(bits: &Bits<W>, world: usize) -> bool {
    bits[world / 64] >> (world % 64) & 1 == 1
}

/// Bit `n` of the number of a world says whether origin `n` tells the truth.
fn every(trust: &[f64], reached: impl Fn(&[Bits<W>]) -> Bits<W>) -> (f64, Method) {
    let worlds = 1_u64 << trust.len();
    let mut value = 0.0;
    for first in (0..worlds).step_by(64 * W) {
        let mut stand = vec![[0; W]; trust.len()];
        let some = (worlds - first).min(64 * W as u64) as usize;
        for world in 0..some {
            for (origin, stand) in stand.iter_mut().enumerate() {
                stand[world / 64] |= ((first + world as u64) >> origin & 1) << (world % 64);
            }
        }
        let reached = reached(&stand);
        for world in (0..some).filter(|world| bit(&reached, *world)) {
            let stands = |origin: usize| (first + world as u64) >> origin & 1 == 1;
            let weigh = |(origin, p): (usize, &f64)| if stands(origin) { *p } else { 1.0 - p };
            value += trust.iter().enumerate().map(weigh).product::<f64>();
        }
    }
    (value, Method::Every { worlds })
}

fn drawn(
    trust: &[f64],
    draws: u64,
    seed: u64,
    reached: impl Fn(&[Bits<W>]) -> Bits<W>,
) -> (f64, Method) {
    let passes = draws.div_ceil(64 * W as u64).max(1);
    let worlds = passes * 64 * W as u64;
    let mut state = seed;
    let mut hits = 0;
    for _ in 0..passes {
        let mut stand = vec![[0; W]; trust.len()];
        for (stand, trust) in stand.iter_mut().zip(trust) {
            for world in 0..64 * W {
                let tells = uniform(&mut state) < *trust;
                stand[world / 64] |= u64::from(tells) << (world % 64);
            }
        }
        hits += reached(&stand)
            .iter()
            .map(|word| u64::from(word.count_ones()))
            .sum::<u64>();
    }
    let value = hits as f64 / worlds as f64;
    let error = (value * (1.0 - value) / worlds as f64).sqrt();
    let method = Method::Drawn {
        worlds,
        seed,
        error,
    };
    (value, method)
}

/// A number from 0 to just under 1: SplitMix64 (Steele, Lea, Flood 2014), its upper 53 bits.
fn uniform(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}
