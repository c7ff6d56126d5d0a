//! Small random networks, from a number.

use supply::{
    Basis, Claim, ClaimId, Days, Document, DocumentId, Evidence, Form, Holder, HolderId, Holding,
    Hop, HopId, Hs, Locus, LotId, Mass, Network, Origin, OriginId, Period, Product, ProductId,
    Rules, Start, Sure, Taint, TaintId, TaintOn, Word,
};

/// SplitMix64 (Steele, Lea, Flood 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to just under `end`.
    pub(crate) fn under(&mut self, end: u32) -> u32 {
        (self.next() % u64::from(end)) as u32
    }

    /// Once in so many times.
    pub(crate) fn once_in(&mut self, times: u32) -> bool {
        self.under(times) == 0
    }

    fn days(&mut self, from: i32, within: u32, exact: bool) -> Days {
        let first = from + self.under(within) as i32;
        let width = if exact || self.once_in(2) {
            0
        } else {
            self.under(3) as i32
        };
        Days {
            first,
            last: first + width,
        }
    }

    fn lots(&mut self) -> Box<[LotId]> {
        let mut lots = Vec::new();
        if self.once_in(3) {
            lots.push(LotId(self.under(3)));
            if self.once_in(3) {
                lots.push(LotId(self.under(3)));
            }
        }
        lots.dedup();
        lots.into()
    }

    fn evidence(&mut self, claims: u32, depth: u32) -> Evidence {
        if depth == 0 || !self.once_in(3) {
            return Evidence::Claim(ClaimId(self.under(claims)));
        }
        let parts = (0..1 + self.under(3))
            .map(|_| self.evidence(claims, depth - 1))
            .collect();
        if self.once_in(2) {
            Evidence::All(parts)
        } else {
            Evidence::Any(parts)
        }
    }

    fn product(&mut self) -> Product {
        let species = [None, Some("squid"), Some("squid"), Some("cod")];
        let form = [
            None,
            Some(Form::Whole),
            Some(Form::Whole),
            Some(Form::Cut),
            Some(Form::Prepared),
        ];
        let hs = ["", "", "0307", "1605", "5201", "8708"];
        Product {
            species: species[self.under(4) as usize].map(Into::into),
            form: form[self.under(5) as usize],
            hs: Hs::parse(hs[self.under(6) as usize], Some(2022)),
        }
    }
}

/// How rich the networks are.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) holders: u32,
    pub(crate) hops: u32,
    pub(crate) days: u32,
    pub(crate) products: bool,
    pub(crate) lots: bool,
    pub(crate) dates: Dates,
}

/// How dates are known.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Dates {
    /// Every date is one day.
    Exact,
    /// Departure and arrival may be the same day, for all that is known.
    Loose,
    /// The last day of the departure is not after the first of the arrival.
    Apart,
}

pub(crate) const RICH: Shape = Shape {
    holders: 4,
    hops: 7,
    days: 8,
    products: true,
    lots: true,
    dates: Dates::Loose,
};

pub(crate) fn network(random: &mut Random, shape: Shape) -> Network {
    let mut network = Network::default();
    for at in 0..shape.holders {
        network.holders.push(Holder {
            key: format!("h{at}").into(),
            holding: random.once_in(5).then(|| holding(random)),
            ..Holder::default()
        });
    }
    for at in 0..5 {
        network.documents.push(Document {
            key: format!("d{at}").into(),
            title: "".into(),
        });
    }
    for at in 0..4 {
        network.origins.push(Origin {
            key: format!("o{at}").into(),
            name: "".into(),
        });
    }
    let claims = 8;
    for at in 0..claims {
        network.claims.push(Claim {
            document: DocumentId(random.under(5)),
            origin: OriginId(random.under(4)),
            basis: [
                Basis::Record,
                Basis::Observed,
                Basis::Reported,
                Basis::Estimate,
            ][random.under(4) as usize],
            at: Locus::Row(at + 2),
        });
    }
    network.lots = (0..3).map(|at| format!("lot {at}").into()).collect();
    for _ in 0..3 {
        network.products.push(random.product());
    }
    for _ in 0..shape.hops {
        let departure = random.days(0, shape.days, shape.dates == Dates::Exact);
        let low = u64::from(random.under(6));
        let sail = match shape.dates {
            Dates::Apart => departure.last,
            Dates::Exact | Dates::Loose => departure.first,
        };
        network.hops.push(Hop {
            from: HolderId(random.under(shape.holders)),
            to: HolderId(random.under(shape.holders)),
            departure,
            arrival: random.days(sail, 3, shape.dates == Dates::Exact),
            made: random
                .once_in(6)
                .then(|| random.days(departure.first - 3, 4, shape.dates == Dates::Exact)),
            product: (shape.products && !random.once_in(3)).then(|| ProductId(random.under(3))),
            mass: Some(Mass::exactly(low)),
            factor: None,
            lots: if shape.lots { random.lots() } else { [].into() },
            inputs: if shape.lots { random.lots() } else { [].into() },
            vessel: None,
            evidence: random.evidence(claims, 2),
        });
    }
    for _ in 0..2 {
        let on = match random.under(5) {
            0 => TaintOn::Lot(LotId(random.under(3))),
            1 => TaintOn::Hop(HopId(random.under(shape.hops))),
            _ => TaintOn::Holder(HolderId(random.under(shape.holders))),
        };
        let from = random
            .once_in(2)
            .then(|| random.days(0, shape.days, shape.dates == Dates::Exact));
        let to = random.once_in(2).then(|| {
            random.days(
                from.map_or(0, |days| days.first),
                5,
                shape.dates == Dates::Exact,
            )
        });
        network.taints.push(Taint {
            on,
            period: Period { from, to },
            what: "forced labour".into(),
            stated: Word::Shown,
            evidence: random.evidence(claims, 1),
        });
    }
    network
}

fn holding(random: &mut Random) -> Holding {
    let min = random.under(2) as i32;
    Holding {
        min,
        max: match random.under(4) {
            0 => 1_000,
            1 => i32::MAX,
            _ => min + random.under(4) as i32,
        },
    }
}

/// Starts and rules for a network.
pub(crate) fn question(random: &mut Random, shape: Shape) -> (Vec<Start>, Rules) {
    let starts = match random.under(3) {
        0 => vec![Start::Holder(HolderId(random.under(shape.holders)))],
        1 => vec![Start::Taint(TaintId(0))],
        _ => vec![Start::Taint(TaintId(0)), Start::Taint(TaintId(1))],
    };
    let sure = |certain| {
        if certain {
            Sure::Certain
        } else {
            Sure::Possible
        }
    };
    let certain = random.once_in(4);
    let rules = Rules {
        holding: holding(random),
        dates: sure(certain),
        products: sure(random.once_in(4)),
        between: random.once_in(4).then(|| Days {
            first: random.under(4) as i32,
            last: 5 + random.under(6) as i32,
        }),
        ..Rules::default()
    };
    (starts, rules)
}
