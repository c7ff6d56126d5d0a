//! Published answers, bad tables, samplers against themselves.

mod bayes;
mod loglinear;
mod tables;
