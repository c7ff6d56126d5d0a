//! What the crate promises, tried on streams and key files.

mod age;
mod keyfile;
mod streams;
