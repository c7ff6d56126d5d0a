//! One binary: the rules of the model, and each question against a slow and obvious reference.

mod amounts;
mod gaps;
mod likelihood;
mod model;
mod random;
mod reference;
mod regimes;
mod traces;
mod troubles;
mod withdrawing;
