//! Asking other sites whether the addresses that a site names can be reached.
//!
//! [`address_to_ask`] says which addresses are asked, [`ask`] asks them politely through a
//! [`Web`], and [`Kept`] remembers the answers for some days. All of that is pure but for
//! [`HttpClient`], the only place that uses the network; only `galen check --external` does.

mod address;
mod answers;
mod asking;
mod http_client;
mod kept;

pub use address::address_to_ask;
pub use answers::{Answer, Answers, Silence, Status};
pub use asking::{Method, NoNetwork, Pace, Web, ask};
pub use http_client::HttpClient;
pub use kept::Kept;
