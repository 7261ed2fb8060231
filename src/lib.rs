//! galen: a static site generator for evidence-based content.
