//! Published answers, bad tables, samplers against themselves.

mod bayes;
mod calibration;
mod loglinear;
mod reports;
mod tables;
