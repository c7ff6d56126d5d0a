//! Events of EPCIS 2.0 (GS1, ISO/IEC 19987:2024) in JSON or JSON-LD, with the key data elements of GDST 1.2: harvest,
//! transshipment, landing, processing, shipping, receiving.

mod described;
mod moves;

use std::collections::BTreeMap;

use serde_json::Value;
use supply::{Basis, Days};

use described::{master_data, short, when};

use crate::bill::VesselNamed;
use crate::day::{self, Style};
use crate::json::{self, Record};
use crate::mass::{Basis as MassBasis, Mass};
use crate::movement::{Holder, Movement};
use crate::number::Unit;
use crate::party;
use crate::problem::Problem;
use crate::shipment::RowAt;
use crate::table::Place;

/// What a file of events tells.
#[derive(Debug, Clone, Default)]
pub struct Events {
    pub movements: Vec<Movement>,
    /// Where goods were made of others: a plant, by the events.
    pub plants: Vec<String>,
    /// Where each event stands, in their own order.
    pub places: Vec<Place>,
    pub problems: Vec<Problem>,
}

/// Quantities beyond this share of the inputs are told as a gain: rounding alone explains no more.
const GAIN: f64 = 1.001;

/// A quantity of one lot.
#[derive(Debug, Clone)]
struct Quantity {
    lot: String,
    kg: Option<f64>,
}

#[derive(Debug, Clone, Default)]
struct Lot {
    holder: Option<Holder>,
    made: Option<Days>,
    species: Option<String>,
    inputs: Vec<String>,
    kg: Option<f64>,
    /// By holder: a lot is sent on as often as it changes hands.
    shipped: BTreeMap<String, f64>,
    rows: Vec<RowAt>,
}

struct Reading {
    file: usize,
    names: BTreeMap<String, (String, Option<String>)>,
    lots: BTreeMap<String, Lot>,
    out: Events,
}

/// Reads the events of one file; `file` is its position among the files that are read together.
#[must_use]
pub(crate) fn read(file: usize, text: &str, events: &[Record]) -> Events {
    let mut reading = Reading {
        file,
        names: master_data(text),
        lots: BTreeMap::new(),
        out: Events::default(),
    };
    // Events may stand in any order; what made a lot comes before what moved it.
    let mut ordered: Vec<(Option<Days>, usize, &Record)> = events
        .iter()
        .enumerate()
        .map(|(at, event)| (when(&event.value), at, event))
        .collect();
    ordered.sort_by_key(|(days, at, _)| (days.map_or(i32::MAX, |d| d.first), *at));
    for (days, _, event) in ordered {
        reading.event(event, days);
    }
    reading.out.places = events.iter().map(|event| event.place).collect();
    reading.out
}

impl Reading {
    fn tell(&mut self, event: &Record, code: &'static str, message: String) {
        self.out
            .problems
            .push(Problem::at(event.place, code, message));
    }

    fn event(&mut self, event: &Record, days: Option<Days>) {
        let value = &event.value;
        let kind = json::text(value, &["type"])
            .or_else(|| json::text(value, &["isA"]))
            .unwrap_or_default();
        let action = json::text(value, &["action"]).unwrap_or_default();
        let step = json::text(value, &["bizStep"])
            .map(|step| short(&step))
            .unwrap_or_default();
        if days.is_none() {
            self.tell(
                event,
                "date-unreadable",
                "the event has no time that can be read; no hop is made of it".into(),
            );
            return;
        }
        match (short(&kind).as_str(), step.as_str()) {
            ("transformationevent", _) => self.transformation(event, days),
            (_, "shipping" | "departing") => self.shipping(event, days),
            (_, "receiving" | "arriving" | "accepting") => self.receiving(event, days),
            (_, "transshipment" | "landing") => self.handover(event, days, &step),
            ("objectevent" | "aggregationevent", _)
                if action == "ADD"
                    || step == "fishingevent"
                    || step == "commissioning"
                    || step == "farmharvest" =>
            {
                self.made(event, days);
            }
            ("associationevent" | "aggregationevent" | "transactionevent" | "objectevent", _) => {}
            (other, _) => self.tell(
                event,
                "event-unknown",
                format!("`{other}` is no event of EPCIS 2.0; it is kept and not used"),
            ),
        }
    }

    fn at(&self, event: &Record) -> RowAt {
        RowAt {
            file: self.file,
            row: usize::try_from(event.place.row)
                .unwrap_or(usize::MAX)
                .saturating_sub(1),
        }
    }

    fn holder(&self, id: &str) -> Holder {
        let id = id.trim();
        match self.names.get(id) {
            Some((name, country)) => Holder {
                id: format!("party:{}", party::key(name)),
                name: name.clone(),
                vessel: false,
                country: country
                    .as_deref()
                    .and_then(entity::country)
                    .map(str::to_owned),
            },
            None => Holder {
                id: id.to_owned(),
                name: id.to_owned(),
                vessel: false,
                country: None,
            },
        }
    }

    /// The best known of those that an event names at one of its ends: places before parties, named before numbers.
    fn end(&self, event: &Value, list: &str, key: &str) -> Option<Holder> {
        let mut found: Vec<(u8, String)> = json::list(event, list)
            .into_iter()
            .filter_map(|one| {
                let kind = json::text(one, &["type"]).map(|kind| short(&kind))?;
                let rank = match kind.as_str() {
                    "location" => 0,
                    "possessing_party" => 1,
                    _ => 2,
                };
                Some((rank, json::text(one, &[key])?))
            })
            .collect();
        found.sort_by_key(|(rank, id)| (!self.names.contains_key(id), *rank));
        found.first().map(|(_, id)| self.holder(id))
    }

    fn place_of(&self, event: &Value) -> Option<Holder> {
        ["bizLocation", "readPoint"]
            .iter()
            .find_map(|key| json::text(event, &[key, "id"]).or_else(|| json::text(event, &[key])))
            .map(|id| self.holder(&id))
    }

    /// The vessel that an event of a catch names.
    fn vessel_of(event: &Value) -> Option<Holder> {
        let imo = json::deep_text(event, "imoNumber").and_then(|imo| {
            let digits: String = imo.chars().filter(char::is_ascii_digit).collect();
            let clean = entity::identifier::clean("imo", &digits)?;
            Some(clean.trim_start_matches("IMO").to_owned())
        });
        let named = VesselNamed {
            name: json::deep_text(event, "vesselName"),
            imo,
            mmsi: None,
            flag: json::deep_text(event, "vesselFlagState"),
        };
        Holder::vessel(&named)
    }

    fn quantities(&mut self, event: &Record, key: &str, ids: &str) -> Vec<Quantity> {
        let mut out: Vec<Quantity> = Vec::new();
        for one in json::list(&event.value, key) {
            let Some(lot) = json::text(one, &["epcClass"]) else {
                continue;
            };
            let amount = json::number(one, &["quantity"]);
            let unit = json::text(one, &["uom"]).and_then(|unit| Unit::parse(&unit));
            let kg = amount
                .zip(unit.and_then(Unit::kilograms))
                .map(|(a, f)| a * f);
            if kg.is_some_and(|kg| kg <= 0.0) {
                self.tell(
                    event,
                    "zero-weight",
                    format!(
                        "`{lot}` has {} kg; its mass is left empty",
                        kg.unwrap_or(0.0)
                    ),
                );
            }
            out.push(Quantity {
                lot,
                kg: kg.filter(|kg| *kg > 0.0),
            });
        }
        for one in json::list(&event.value, ids) {
            if let Some(lot) = one.as_str() {
                out.push(Quantity {
                    lot: lot.to_owned(),
                    kg: None,
                });
            }
        }
        out
    }

    fn moved(&mut self, event: &Record) -> Vec<Quantity> {
        let mut moved = self.quantities(event, "quantityList", "epcList");
        moved.extend(self.quantities(event, "childQuantityList", "childEPCs"));
        moved
    }

    fn made(&mut self, event: &Record, days: Option<Days>) {
        let from = json::deep_text(&event.value, "harvestStartDate");
        let to = json::deep_text(&event.value, "harvestEndDate");
        let read = |text: Option<String>| {
            text.and_then(|t| day::days(&t, &Style::default()).ok())
                .map(|(d, _)| d)
        };
        let made = match (read(from), read(to)) {
            (Some(a), Some(b)) => Some(day::hull(a, b)),
            (a, b) => a.or(b).or(days),
        };
        let holder = Self::vessel_of(&event.value)
            .or_else(|| self.end(&event.value, "sourceList", "source"))
            .or_else(|| self.place_of(&event.value));
        let species = json::deep_text(&event.value, "speciesForFisheryStatisticsPurposesName")
            .or_else(|| json::deep_text(&event.value, "speciesForFisheryStatisticsPurposesCode"));
        let at = self.at(event);
        for quantity in self.moved(event) {
            let lot = self.lots.entry(quantity.lot).or_default();
            lot.holder = holder.clone().or_else(|| lot.holder.take());
            lot.made = made;
            lot.species = species.clone().or_else(|| lot.species.take());
            lot.kg = quantity.kg.or(lot.kg);
            lot.rows.push(at);
        }
    }

    fn transformation(&mut self, event: &Record, days: Option<Days>) {
        let inputs = self.quantities(event, "inputQuantityList", "inputEPCList");
        let outputs = self.quantities(event, "outputQuantityList", "outputEPCList");
        let sum = |list: &[Quantity]| {
            list.iter()
                .map(|q| q.kg)
                .sum::<Option<f64>>()
                .filter(|_| !list.is_empty())
        };
        if let (Some(taken), Some(given)) = (sum(&inputs), sum(&outputs))
            && given > taken * GAIN
        {
            self.tell(event, "mass-gain", format!("{given:.1} kg came of {taken:.1} kg: more came out than went in; both are kept as stated"));
        }
        let holder = self
            .place_of(&event.value)
            .or_else(|| self.end(&event.value, "sourceList", "source"));
        if let Some(holder) = &holder {
            self.out.plants.push(holder.id.clone());
        }
        let stated = json::deep_text(&event.value, "speciesForFisheryStatisticsPurposesName");
        let of_inputs: Vec<String> = inputs
            .iter()
            .filter_map(|q| self.lots.get(&q.lot)?.species.clone())
            .collect();
        let known = |name: &String| crate::goods::species(name);
        if let Some(made) = stated.as_ref().and_then(known)
            && !of_inputs.is_empty()
            && of_inputs
                .iter()
                .all(|input| known(input).is_some_and(|input| input != made))
        {
            self.tell(
                event,
                "species-changed",
                format!("{made} cannot come of {}", of_inputs.join(", ")),
            );
        }
        let at = self.at(event);
        let inputs: Vec<String> = inputs.into_iter().map(|q| q.lot).collect();
        for quantity in outputs {
            if inputs.contains(&quantity.lot) {
                self.tell(
                    event,
                    "lot-of-itself",
                    format!(
                        "`{}` is made of itself; it is not used as an output",
                        quantity.lot
                    ),
                );
                continue;
            }
            let lot = self.lots.entry(quantity.lot).or_default();
            lot.holder = holder.clone().or_else(|| lot.holder.take());
            lot.made = days;
            lot.species = stated.clone().or_else(|| of_inputs.first().cloned());
            lot.inputs.clone_from(&inputs);
            lot.kg = quantity.kg;
            lot.rows.push(at);
        }
    }

    fn movement(
        &mut self,
        event: &Record,
        from: Holder,
        to: Holder,
        quantity: &Quantity,
    ) -> Option<Movement> {
        if from.id == to.id {
            self.tell(
                event,
                "ships-to-itself",
                format!(
                    "`{}` is sender and receiver; no hop is made of it",
                    from.name
                ),
            );
            return None;
        }
        let lot = self.lots.entry(quantity.lot.clone()).or_default();
        let shipped = lot.shipped.entry(from.id.clone()).or_default();
        *shipped += quantity.kg.unwrap_or(0.0);
        let shipped = *shipped;
        let over = lot.kg.filter(|made| shipped > made * GAIN);
        let (inputs, made, species) = (lot.inputs.clone(), lot.made, lot.species.clone());
        let mut rows = lot.rows.clone();
        lot.holder = Some(to.clone());
        if let Some(made) = over {
            self.tell(
                event,
                "mass-gain",
                format!(
                    "{shipped:.1} kg of lot `{}` were moved, and {made:.1} kg of it were made",
                    quantity.lot
                ),
            );
        }
        rows.push(self.at(event));
        Some(Movement {
            id: format!("event:{}.{}", self.file, event.place.row),
            from,
            to,
            stated: true,
            why: String::new(),
            departed: None,
            arrived: None,
            made,
            product: None,
            species,
            hs: None,
            kg: quantity.kg.map(|kg| Mass {
                low: kg,
                high: kg,
                basis: MassBasis::Net,
            }),
            lots: vec![quantity.lot.clone()],
            inputs,
            carried_by: None,
            basis: Basis::Record,
            bill: None,
            sources: vec![rows],
        })
    }
}
