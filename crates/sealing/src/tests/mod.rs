//! What the crate promises, tried on streams and key files.

mod keyfile;
mod streams;
