//! galen: a static site generator for evidence-based content.
//!
//! The rooms, top floor first; a room imports only from floors below it
//! (`ARCHITECTURE.md` is the map):
//! `cli` → `pipeline` → `outputs`, `write` → `render` → `check` → `resolve` →
//! `parse`, `load` → `external` → `citation` → `config` → `diagnostic` → the ground.

pub mod byte_set;
pub mod check;
pub mod citation;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod external;
pub mod fingerprint;
pub mod html;
pub mod ids;
pub mod load;
pub mod ordered;
pub mod outputs;
pub mod packed;
pub mod page_id;
pub mod parse;
pub mod pattern;
pub mod phrases;
pub mod pipeline;
pub mod render;
pub mod resolve;
#[cfg(feature = "serve")]
pub mod serve;
pub mod source;
pub mod url;
pub mod write;
