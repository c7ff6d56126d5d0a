//! Mutations of files, and the readers that get them.

pub mod mutate;
pub mod seeds;
pub mod targets;
