//! The files of a built site beside its pages.

pub mod artifact;

pub use artifact::{Artifact, Content};
