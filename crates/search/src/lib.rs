//! Full text of a case: a sealed index, a query language, facets and highlights.
//!
//! The index is derived: everything in it is made again from the database at any time, with the
//! same answers in the same order. It is written last and may lag; [`Index::sequence`] says how
//! far it got. The only crate that names the search engine.
//!
//! What it deliberately never does: it does not know the database or the blobs, it stores no
//! text (only what is needed to find a document), and it never answers from damaged data.

mod automaton;
mod fold;
mod highlight;
mod index;
mod near;
mod paths;
mod pattern;
mod plan;
mod query;
mod results;
mod schema;
mod sealed;
mod suggest;
mod words;

#[cfg(test)]
mod tests;

pub use highlight::{Match, Snippet, snippets};
pub use index::{Entry, Error, Index, Writer, Writing};
pub use query::{FIELDS, Query, QueryError, parse};
pub use results::{Count, Facets, Filters, Hit, Options, Results, Sort};
