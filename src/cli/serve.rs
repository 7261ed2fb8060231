//! `galen serve`: builds the site, serves it, and shows every change as it is saved.

use std::net::{IpAddr, Ipv4Addr, ToSocketAddrs};
use std::time::Duration;

use clap::Args;

use crate::serve::{self, EditorLink, ServeOptions};

use super::session::{Failure, Outcome, Session};
use super::watching::{WatchArgs, WatchReporter};

/// The variable that says how a link opens a file in the author's editor.
const EDITOR_VARIABLE: &str = "GALEN_EDITOR_URL";

/// The arguments of `galen serve`.
#[derive(Debug, Args)]
#[command(after_help = "Environment: GALEN_EDITOR_URL is the address by which findings open \
                        their place in an editor, by default \
                        vscode://file/{file}:{line}:{column}.")]
pub(super) struct Serve {
    /// The port to listen on, 0 for any [default: 3000, or the next that is free]
    #[arg(short, long, value_name = "N")]
    port: Option<u16>,
    /// The address or name to listen on, such as 0.0.0.0 for every network
    /// [default: 127.0.0.1, which this machine alone can reach]
    #[arg(short = 'n', long, value_name = "ADDR")]
    hostname: Option<String>,
    /// Open the site in the browser
    #[arg(long)]
    open: bool,
    #[command(flatten)]
    watch: WatchArgs,
}

impl Serve {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let editor = std::env::var(EDITOR_VARIABLE).ok().filter(|pattern| !pattern.is_empty());
        let options = ServeOptions {
            address: address(self.hostname.as_deref())?,
            hostname: self.hostname,
            port: self.port,
            poll: self.watch.poll.map(Duration::from_millis),
            editor: editor.map(EditorLink::new).unwrap_or_default(),
            open: self.open,
        };
        session.config()?;
        let engine = self.watch.engine(session, None)?;
        let reporter = Box::new(WatchReporter::new(session.clone(), None));
        serve::serve(engine, &options, reporter)?;
        Ok(Outcome::Clean)
    }
}

fn address(hostname: Option<&str>) -> Result<IpAddr, Failure> {
    let Some(name) = hostname else { return Ok(Ipv4Addr::LOCALHOST.into()) };
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    if let Ok(address) = bare.parse() {
        return Ok(address);
    }
    let found = (bare, 0).to_socket_addrs().ok().and_then(|mut found| found.next());
    found
        .map(|found| found.ip())
        .ok_or_else(|| Failure::Usage(format!("`{name}` is neither an address nor a known name")))
}
