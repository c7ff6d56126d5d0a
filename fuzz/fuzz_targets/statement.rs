#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tumen_fuzz::targets::family("statement", bytes));
