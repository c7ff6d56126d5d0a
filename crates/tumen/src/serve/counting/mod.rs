//! Counting the uncounted: lists of the case linked, pairs judged, what no list has estimated.

pub(crate) mod estimate;
pub(crate) mod linking;
mod plots;

use std::sync::{Arc, Mutex, PoisonError};

use investigation::{Case, CountedLists, Failure, ListInfo};
use maud::{Markup, html};

use super::Site;
use super::pages::encoded;
use crate::output::grouped;

/// What linkage said last, with what it was asked: the queue is turned over without linking again.
#[derive(Default)]
pub(crate) struct Linkages(Mutex<Option<Kept>>);

type Key = (Vec<String>, Vec<u64>);
type Kept = (Key, Arc<CountedLists>);

impl Linkages {
    fn get(&self, key: &Key) -> Option<Arc<CountedLists>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref()
            .filter(|(of, _)| of == key)
            .map(|(_, counted)| counted.clone())
    }

    fn put(&self, key: Key, counted: &Arc<CountedLists>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some((key, counted.clone()));
    }
}

/// Lists of the case, linked; what was judged meanwhile counts.
fn counted(site: &Site, case: &Case, lists: &[String]) -> Result<Arc<CountedLists>, Failure> {
    let decisions = case.judgings()?.iter().map(|one| one.decision).collect();
    let key = (lists.to_vec(), decisions);
    if let Some(counted) = site.linkages.get(&key) {
        return Ok(counted);
    }
    let counted = Arc::new(case.count_lists(lists)?);
    site.linkages.put(key, &counted);
    Ok(counted)
}

fn people(number: f64) -> String {
    if number.is_finite() && number < 1e15 {
        grouped(number.max(0.0).round() as u64)
    } else {
        "∞".to_owned()
    }
}

/// `list=…&list=…`, as addresses carry it.
fn carried(lists: &[String]) -> String {
    let parts: Vec<String> = lists
        .iter()
        .map(|list| format!("list={}", encoded(list)))
        .collect();
    parts.join("&")
}

/// Boxes to tick, one for each list of the case.
fn choice(all: &[ListInfo], chosen: &[String]) -> Markup {
    html! {
        fieldset.ticks { legend { "Lists of this case" }
            @for list in all {
                label { input type="checkbox" name="list" value=(list.sha256) checked[chosen.contains(&list.sha256)];
                    " " (list.name) " " span.facts { (grouped(list.records)) @if list.records == 1 { " record" } @else { " records" }
                        @if let Some(source) = &list.source { ", " (source) } } }
            }
        }
    }
}
