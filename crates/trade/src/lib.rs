//! Trade records to shipments and hops: bills of lading, EPCIS events, vessel events, AIS positions, registers,
//! ownership, claims.
//!
//! Everything here is a function over the text of a file as its reader gave it: rows are lines, cells stand between
//! tabs. What is read keeps the row and the span it stands in; what is wrong is a [`Problem`] beside it, and nothing
//! is dropped. [`network`] makes a [`supply::Network`] of any number of files.
//!
//! What it deliberately never does: it touches no file, no clock and no network; it guesses no missing code, joins no
//! two names that differ in more than case and marks, and takes nobody for an importer whom a bill does not name so
//! without saying it.

pub mod ais;
pub mod bill;
mod cells;
pub mod claim;
pub mod clock;
pub mod columns;
pub mod day;
pub mod epcis;
pub mod file;
pub mod goods;
mod json;
pub mod mass;
pub mod movement;
pub mod network;
pub mod number;
pub mod owner;
pub mod party;
mod problem;
pub mod register;
pub mod reply;
pub mod shipment;
pub mod table;
mod vocabulary;
pub mod voyage;

pub use problem::Problem;
