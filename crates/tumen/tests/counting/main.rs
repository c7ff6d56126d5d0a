//! Counting the uncounted, from lists in three scripts to a range.

#[path = "../driver/mod.rs"]
mod driver;
mod pages;
mod scenario;
#[path = "../served/mod.rs"]
mod served;
