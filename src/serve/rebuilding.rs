//! The loop: what changes is built, then told; one build at a time.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::thread;
use std::time::{Duration, Instant};

use crate::load::FileError;

use super::audience::Audience;
use super::crew::Crew;
use super::engine::{Engine, Update};
use super::http::{self, Desk};
use super::shown::{EditorLink, Shown};
use super::site_watcher::SiteWatcher;
use super::snapshot::Changes;
use super::watch::Doubt;

/// How long to wait before a file that could not be read is tried again: programs that
/// move many files about leave some of them unreadable for a moment.
const RETRY: Duration = Duration::from_millis(100);

/// How long to wait where it could not be read a second time.
const LONG_RETRY: Duration = Duration::from_secs(2);

/// How long nothing happens before the threads are sent home, and how often that is done:
/// memory is given back some time later.
const BREATH: (Duration, u32) = (Duration::from_millis(1500), 3);

/// How often to look whether it is another day; the clock may be set, and the machine sleep.
const DAY_CHECK: Duration = Duration::from_secs(30);

/// The port that is taken unless one is asked for.
pub const PORT: u16 = 3000;

/// One build, and what it is of.
#[derive(Debug)]
pub struct Built<'a> {
    /// What changed on disk, nothing where it is another day; `None` where everything was
    /// read.
    pub changes: Option<&'a Changes>,
    /// What that changed on the site.
    pub update: &'a Update,
    /// How long it took, from the look at the files to the site that is served.
    pub took: Duration,
}

/// Takes in what happens, for people to read.
pub trait Reporter: Send {
    /// The site was built.
    fn built(&mut self, engine: &Engine, built: &Built<'_>);
    /// The first build is served at this address.
    fn serving(&mut self, url: &str);
    /// The system may not tell of every change.
    fn doubt(&mut self, doubt: &Doubt);
    /// A file could not be read; it is tried again.
    fn failed(&mut self, error: &FileError);
}

/// How to serve.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// The address to bind to.
    pub address: IpAddr,
    /// The name or address that the user gave for it.
    pub hostname: Option<String>,
    /// The port; [`PORT`] or the next that is free where none is asked for.
    pub port: Option<u16>,
    /// How often to look for changes, where the system is not to be asked.
    pub poll: Option<Duration>,
    /// How to open a file in the author's editor.
    pub editor: EditorLink,
    /// Whether to open the site in the browser.
    pub open: bool,
}

/// Why a site cannot be served or watched.
#[derive(Debug)]
pub enum ServeError {
    /// A file could not be read.
    File(FileError),
    /// The address or port could not be had.
    Bind(SocketAddr, io::Error),
    /// The system gives no thread or no socket.
    System(io::Error),
    /// The loop ended, which is a fault of this program.
    Ended,
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ServeError::File(error) => error.fmt(f),
            ServeError::Bind(address, error) => write!(f, "cannot listen on {address}: {error}"),
            ServeError::System(error) => write!(f, "cannot serve: {error}"),
            ServeError::Ended => f.write_str("the builder stopped; this is a fault of galen"),
        }
    }
}

impl std::error::Error for ServeError {}

impl From<FileError> for ServeError {
    fn from(error: FileError) -> Self {
        ServeError::File(error)
    }
}

/// Builds the site, serves it, and builds and serves it again when it changes, until the
/// program is asked to stop.
///
/// # Errors
/// Fails where the site cannot be read or the port cannot be had.
pub fn serve(
    mut engine: Engine,
    options: &ServeOptions,
    mut reporter: Box<dyn Reporter>,
) -> Result<(), ServeError> {
    let port = options.port.unwrap_or(PORT);
    let failed = |error| ServeError::Bind(SocketAddr::new(options.address, port), error);
    let listener = http::bind(options.address, port, options.port.is_none()).map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    let shown = Shown::new(&engine.plan().root, options.editor.clone());
    let desk = Desk::new(shown, options.address, options.hostname.as_deref());

    let started = Instant::now();
    let watcher = SiteWatcher::start(engine.plan(), options.poll)?;
    let mut crew = Crew::default();
    let update = crew.run(|| engine.update(None, &desk))?;
    crew.run(|| desk.built(&engine, &update));
    reporter.built(&engine, &Built { changes: None, update: &update, took: started.elapsed() });
    let url = url(options, bound, &update.base_path);
    reporter.serving(&url);
    crew.run(|| engine.rest());
    if options.open {
        // A machine without a browser is no reason not to serve.
        let _ = open::that_detached(&url);
    }

    let (done, ended) = http::done();
    let at_desk = desk.clone();
    let rebuilding = thread::spawn(move || {
        let _done = done;
        rebuild_for_ever(engine, watcher, crew, &at_desk, &mut *reporter);
    });
    http::serve(desk, listener, ended).map_err(ServeError::System)?;
    match rebuilding.is_finished() {
        true => Err(ServeError::Ended),
        false => Ok(()),
    }
}

/// Builds the site, and builds it again when it changes, until the program is asked to
/// stop. What becomes of the files is for the `reporter` to say.
///
/// # Errors
/// Fails where the site cannot be read.
pub fn watch(
    mut engine: Engine,
    poll: Option<Duration>,
    mut reporter: Box<dyn Reporter>,
) -> Result<(), ServeError> {
    let started = Instant::now();
    let watcher = SiteWatcher::start(engine.plan(), poll)?;
    let mut crew = Crew::default();
    let update = crew.run(|| engine.update(None, &()))?;
    reporter.built(&engine, &Built { changes: None, update: &update, took: started.elapsed() });
    crew.run(|| engine.rest());
    let (done, ended) = http::done();
    let rebuilding = thread::spawn(move || {
        let _done = done;
        rebuild_for_ever(engine, watcher, crew, &(), &mut *reporter);
    });
    http::wait(ended).map_err(ServeError::System)?;
    match rebuilding.is_finished() {
        true => Err(ServeError::Ended),
        false => Ok(()),
    }
}

fn rebuild_for_ever(
    mut engine: Engine,
    mut watcher: SiteWatcher,
    mut crew: Crew,
    audience: &dyn Audience,
    reporter: &mut dyn Reporter,
) {
    let mut plan = engine.plan().clone();
    let mut failures = 0;
    let waits = Waits { day_check: DAY_CHECK, breath: BREATH };
    loop {
        if let Some(doubt) = watcher.take_doubt() {
            reporter.doubt(&doubt);
        }
        let changes = match failures {
            0 => Some(next_changes(&mut watcher, &engine, &mut crew, &waits)),
            1 => watcher.next_changes(Some(Instant::now() + RETRY)),
            _ => watcher.next_changes(Some(Instant::now() + LONG_RETRY)),
        };
        let started = Instant::now();
        let update = match crew.run(|| engine.update(changes.as_ref(), audience)) {
            Ok(update) => update,
            Err(error) => {
                failures += 1;
                if failures == 2 {
                    reporter.failed(&error);
                }
                continue;
            }
        };
        failures = 0;
        if *engine.plan() != plan {
            plan = engine.plan().clone();
            // Without the new plan the old one still sees the most.
            let _ = watcher.set_plan(&plan);
        }
        crew.run(|| {
            audience.built(&engine, &update);
            let took = started.elapsed();
            reporter.built(&engine, &Built { changes: changes.as_ref(), update: &update, took });
            engine.rest();
        });
    }
}

/// How long to wait before something other than changes is looked after.
struct Waits {
    day_check: Duration,
    breath: (Duration, u32),
}

/// Waits for something to change, or for another day, which changes no file.
fn next_changes(
    watcher: &mut SiteWatcher,
    engine: &Engine,
    crew: &mut Crew,
    waits: &Waits,
) -> Changes {
    let (breath, mut breaths) = waits.breath;
    loop {
        let wait = if breaths > 0 { breath } else { waits.day_check };
        let changes = watcher.next_changes(Some(Instant::now() + wait));
        if changes.is_some() || engine.is_outdated() {
            return changes.unwrap_or_default();
        }
        if breaths > 0 {
            breaths -= 1;
            crew.dismiss();
        }
    }
}

/// Returns the address to type into a browser on this machine.
fn url(options: &ServeOptions, bound: SocketAddr, base_path: &str) -> String {
    let host = match &options.hostname {
        Some(name) if name.parse::<IpAddr>().is_err() => name.clone(),
        _ => match bound.ip() {
            IpAddr::V4(address) if address.is_unspecified() => "127.0.0.1".to_owned(),
            IpAddr::V6(address) if address.is_unspecified() => "[::1]".to_owned(),
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        },
    };
    format!("http://{host}:{}{base_path}", bound.port())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use jiff::civil::{Date, date};

    use crate::pipeline::BuildOptions;

    use super::*;

    #[test]
    fn a_build_is_due_on_another_day_though_no_file_changed() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("book.toml"), "").unwrap();
        let (day, next): (Date, Date) = (date(2026, 11, 23), date(2026, 11, 24));
        let options = BuildOptions::on(day);
        let engine = Engine::new(dir.path().to_owned(), None, options).unwrap();
        let engine = engine.dated_by(move || next);
        let often = Some(Duration::from_secs(3600));
        let mut watcher = SiteWatcher::start(engine.plan(), often).unwrap();
        let waits = Waits { day_check: Duration::from_millis(5), breath: (Duration::ZERO, 1) };
        let changes = next_changes(&mut watcher, &engine, &mut Crew::default(), &waits);
        assert!(changes.is_empty());
    }
}
