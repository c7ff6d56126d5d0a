//! What a record can be found by.

use std::hash::{DefaultHasher, Hash, Hasher};

use names::Prepared;

use crate::Identifier;

/// The hashes of all keys, sorted: those of each name, and each identifier.
pub(crate) fn of(
    names: &[Prepared],
    more: &[&str],
    schema: &str,
    identifiers: &[Identifier],
) -> Vec<u64> {
    let mut keys = Vec::new();
    for name in names {
        names::keys(name, &mut keys);
    }
    for name in more {
        names::keys(&names::prepare(schema, name), &mut keys);
    }
    for identifier in identifiers {
        keys.push(hash(&("identifier", &identifier.value)));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// A hash that is the same in every run.
fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
