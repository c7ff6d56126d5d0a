//! Events that move goods: shipping, receiving, transshipment, landing.

use supply::Days;

use super::{GAIN, Reading};
use crate::json::Record;
use crate::movement::{Holder, Movement};
use crate::party;

impl Reading {
    pub(super) fn sender_of(&self, event: &Record, lot: &str) -> Option<Holder> {
        let told = self.end(&event.value, "sourceList", "source");
        let held = self.lots.get(lot).and_then(|lot| lot.holder.clone());
        match (held, told) {
            // A vessel that the catch told by its number, named at its next event.
            (Some(held), Some(told))
                if held.vessel && party::key(&held.name) == party::key(&told.name) =>
            {
                Some(held)
            }
            (held, told) => told.or(held),
        }
    }

    pub(super) fn shipping(&mut self, event: &Record, days: Option<Days>) {
        for quantity in self.moved(event) {
            let from = self
                .sender_of(event, &quantity.lot)
                .or_else(|| self.place_of(&event.value));
            let to = self.end(&event.value, "destinationList", "destination");
            let (Some(from), Some(to)) = (from, to) else {
                self.tell(event, "no-parties", format!("of lot `{}` it is not said from whom to whom it went; a receiving event may tell", quantity.lot));
                continue;
            };
            if let Some(movement) = self.movement(event, from, to, &quantity) {
                self.out.movements.push(Movement {
                    departed: days,
                    ..movement
                });
            }
        }
    }

    /// The end of a shipping that is known, else a hop of its own.
    pub(super) fn receiving(&mut self, event: &Record, days: Option<Days>) {
        let at = self.at(event);
        for quantity in self.moved(event) {
            let to = self
                .end(&event.value, "destinationList", "destination")
                .or_else(|| self.place_of(&event.value));
            let sent = self.out.movements.iter_mut().find(|movement| {
                movement.arrived.is_none()
                    && movement.lots.contains(&quantity.lot)
                    && to.as_ref().is_none_or(|to| to.id == movement.to.id)
                    && movement
                        .departed
                        .zip(days)
                        .is_none_or(|(out, back)| back.last >= out.first)
            });
            if let Some(sent) = sent {
                sent.arrived = days;
                if let Some(rows) = sent.sources.first_mut() {
                    rows.push(at);
                }
                let more = sent
                    .kg
                    .zip(quantity.kg)
                    .is_some_and(|(out, back)| back > out.high * GAIN);
                if more {
                    self.tell(
                        event,
                        "mass-gain",
                        format!("more of lot `{}` was received than sent", quantity.lot),
                    );
                }
                continue;
            }
            let from = self.sender_of(event, &quantity.lot);
            let (Some(from), Some(to)) = (from, to) else {
                self.tell(
                    event,
                    "no-parties",
                    format!(
                        "of lot `{}` it is not said from whom to whom it went",
                        quantity.lot
                    ),
                );
                continue;
            };
            if let Some(movement) = self.movement(event, from, to, &quantity) {
                self.out.movements.push(Movement {
                    arrived: days,
                    ..movement
                });
            }
        }
    }

    /// A transshipment or landing: the goods change hands on one day.
    pub(super) fn handover(&mut self, event: &Record, days: Option<Days>, step: &str) {
        for quantity in self.moved(event) {
            let from = self.sender_of(event, &quantity.lot);
            let to = self
                .end(&event.value, "destinationList", "destination")
                .or_else(|| {
                    Self::vessel_of(&event.value)
                        .filter(|to| from.as_ref().is_none_or(|from| from.id != to.id))
                })
                .or_else(|| self.place_of(&event.value));
            let (Some(from), Some(to)) = (from, to) else {
                self.tell(
                    event,
                    "no-parties",
                    format!(
                        "the {step} of lot `{}` does not tell from whom to whom",
                        quantity.lot
                    ),
                );
                continue;
            };
            if let Some(movement) = self.movement(event, from, to, &quantity) {
                self.out.movements.push(Movement {
                    departed: days,
                    arrived: days,
                    ..movement
                });
            }
        }
    }
}
