//! One binary: the rules of the model, and each question against a slow and obvious reference.

mod amounts;
mod model;
mod random;
mod reference;
mod traces;
mod withdrawing;
