//! All SQL of the product. Outside of this module nobody sees a table.

mod decisions;
mod documents;
mod journal;
mod ledger;
mod lists;
mod near;
mod occurrences;
mod schema;
mod statements;
mod text;
mod totals;
mod verify;
mod witness;

pub use ledger::{Ledger, OPEN_KEY, Transaction};
pub use statements::StatementWriter;
pub use text::{PageText, Part, TextWriter};
pub use verify::{Damage, Progress};
