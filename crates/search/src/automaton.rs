//! Walking the dictionary of terms by a beginning or by a value with stars.

use std::sync::Arc;

use tantivy::query::{AutomatonWeight, EnableScoring, Query, Weight};
use tantivy::schema::Field;
use tantivy_fst::Automaton;

use crate::query::Glob;

/// Accepts what begins so.
#[derive(Debug, Clone)]
pub(crate) struct Starts(Arc<[u8]>);

impl Starts {
    pub(crate) fn new(start: &str) -> Self {
        Self(start.as_bytes().into())
    }
}

impl Automaton for Starts {
    /// Bytes matched; `None` after a mismatch.
    type State = Option<usize>;

    fn start(&self) -> Option<usize> {
        Some(0)
    }

    fn is_match(&self, state: &Option<usize>) -> bool {
        state.is_some_and(|matched| matched >= self.0.len())
    }

    fn can_match(&self, state: &Option<usize>) -> bool {
        state.is_some()
    }

    fn will_always_match(&self, state: &Option<usize>) -> bool {
        self.is_match(state)
    }

    fn accept(&self, state: &Option<usize>, byte: u8) -> Option<usize> {
        let matched = (*state)?;
        match self.0.get(matched) {
            None => Some(matched),
            Some(expected) if *expected == byte => Some(matched + 1),
            Some(_) => None,
        }
    }
}

/// Accepts values with anything in the place of each star.
#[derive(Debug, Clone)]
pub(crate) struct Stars {
    /// Bytes of the pattern; `None` is a star.
    pattern: Arc<[Option<u8>]>,
}

impl Stars {
    /// `open` lets anything stand before and after, too.
    pub(crate) fn new(glob: &Glob, open: bool) -> Self {
        let mut pattern: Vec<Option<u8>> = Vec::new();
        if open {
            pattern.push(None);
        }
        for (number, part) in glob.parts.iter().enumerate() {
            if number > 0 {
                pattern.push(None);
            }
            pattern.extend(part.bytes().map(Some));
        }
        if open {
            pattern.push(None);
        }
        pattern.dedup_by(|a, b| a.is_none() && b.is_none());
        Self {
            pattern: pattern.into(),
        }
    }

    fn close(&self, mut places: Vec<u16>) -> Vec<u16> {
        let mut at = 0;
        while let Some(&place) = places.get(at) {
            if matches!(self.pattern.get(usize::from(place)), Some(None))
                && !places.contains(&(place + 1))
            {
                places.push(place + 1);
            }
            at += 1;
        }
        places.sort_unstable();
        places
    }
}

impl Automaton for Stars {
    /// Places of the pattern that may come next.
    type State = Vec<u16>;

    fn start(&self) -> Vec<u16> {
        self.close(vec![0])
    }

    fn is_match(&self, places: &Vec<u16>) -> bool {
        places
            .last()
            .is_some_and(|last| usize::from(*last) >= self.pattern.len())
    }

    fn can_match(&self, places: &Vec<u16>) -> bool {
        !places.is_empty()
    }

    fn accept(&self, places: &Vec<u16>, byte: u8) -> Vec<u16> {
        let mut next = Vec::with_capacity(places.len());
        for place in places {
            match self.pattern.get(usize::from(*place)) {
                Some(None) => next.push(*place),
                Some(Some(expected)) if *expected == byte => next.push(place.saturating_add(1)),
                _ => {}
            }
        }
        next.dedup();
        self.close(next)
    }
}

/// All documents with a term that the automaton accepts.
#[derive(Debug, Clone)]
pub(crate) struct Terms<A> {
    pub(crate) field: Field,
    pub(crate) automaton: A,
}

impl<A> Query for Terms<A>
where
    A: Automaton + Clone + std::fmt::Debug + Send + Sync + 'static,
    A::State: Clone,
{
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(AutomatonWeight::new(
            self.field,
            self.automaton.clone(),
        )))
    }
}
