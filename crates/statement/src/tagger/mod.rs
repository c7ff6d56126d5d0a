//! The tagger of persons and organisations: weights trained by `cargo xtask train-tagger`.
