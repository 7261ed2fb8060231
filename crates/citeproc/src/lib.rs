//! A CSL 1.0.2 citation processor.

pub mod item;
pub mod read;
