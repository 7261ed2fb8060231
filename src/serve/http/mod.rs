//! The server: the only door to `axum` and `tokio`, and the only code that waits on
//! many things at a time.
//!
//! It answers from what is in memory ([`Shown`], at the [`Desk`]), under a lock that is held
//! for the time of a look only; a file that a build is making is waited for. A page of the site is served with one script more ([`inject`]); the
//! script asks for the server's own files below [`inject::OWN`], of which `events` goes
//! on for as long as somebody listens.

mod desk;
mod host;
mod inject;
mod place;
mod range;

use std::convert::Infallible;
use std::io::{Read, Seek, SeekFrom};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use futures_util::stream::{self, Stream};

use crate::fingerprint::Fingerprint;
use crate::load::{self, FileHandle};
use crate::outputs::Content;

use super::shown::{Shown, ShownFile, Standing};
use inject::{OWN, PageFacts};
use place::Place;
use range::Wanted;

pub(crate) use desk::Desk;

/// How often a silent connection is written to, so that one that is dead is noticed.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// How much of a file is read at a time.
const CHUNK: usize = 256 << 10;

/// What a browser runs in each page.
const CLIENT: &str =
    concat!(include_str!("../client/idiomorph.min.js"), "\n", include_str!("../client/client.js"));

/// What a browser runs once for all pages.
const WORKER: &str = include_str!("../client/worker.js");

/// Serves on `listener` until the program is asked to stop, by Ctrl-C or by the system,
/// or `done` says that it is of no use any more.
///
/// Connections that are open do not keep it.
///
/// # Errors
/// Fails where the system gives no thread or no socket.
pub(crate) fn serve(
    desk: Desk,
    listener: TcpListener,
    done: tokio::sync::oneshot::Receiver<()>,
) -> std::io::Result<()> {
    let runtime = runtime()?;
    let result = runtime.block_on(async {
        listener.set_nonblocking(true)?;
        // News is short and must not wait until what was sent before is acknowledged, for
        // which the system of the one who looks takes its time.
        let listener = tokio::net::TcpListener::from_std(listener)?.tap_io(|connection| {
            let _ = connection.set_nodelay(true);
        });
        tokio::select! {
            result = axum::serve(listener, router(desk)) => result,
            () = stopped() => Ok(()),
            _ = done => Ok(()),
        }
    });
    runtime.shutdown_background();
    result
}

/// Waits until the program is asked to stop, or `done` says that there is no more to do.
///
/// # Errors
/// Fails where the system gives no thread.
pub(crate) fn wait(done: tokio::sync::oneshot::Receiver<()>) -> std::io::Result<()> {
    let runtime = runtime()?;
    runtime.block_on(async {
        tokio::select! {
            () = stopped() => {}
            _ = done => {}
        }
    });
    runtime.shutdown_background();
    Ok(())
}

/// Says when there is no more to do, by being dropped.
pub(crate) type Done = tokio::sync::oneshot::Sender<()>;

/// Returns a sign that there is no more to do, and how to wait for it.
pub(crate) fn done() -> (Done, tokio::sync::oneshot::Receiver<()>) {
    tokio::sync::oneshot::channel()
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()
}

/// Waits for Ctrl-C or the system's wish to stop. Handled, since the first process of a
/// container is sent no signal that it does not handle.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

fn router(desk: Desk) -> Router {
    Router::new()
        .route(&format!("{OWN}client.js"), get(|| async { script(CLIENT) }))
        .route(&format!("{OWN}worker.js"), get(|| async { script(WORKER) }))
        .route(&format!("{OWN}events"), get(events))
        .route(&format!("{OWN}news"), get(news))
        .route(&format!("{OWN}findings"), get(findings))
        .fallback(file)
        .layer(middleware::from_fn_with_state(desk.clone(), guard))
        .with_state(desk)
}

/// Refuses requests for other hosts, and sets what every answer says.
async fn guard(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let named = named.or_else(|| request.uri().authority().map(|authority| authority.as_str()));
    let mut response = match named {
        Some(host) if desk.answers_for(host) => next.run(request).await,
        _ => {
            let text = "galen serve does not answer for this host; --hostname names another\n";
            (StatusCode::FORBIDDEN, text).into_response()
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn script(text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], text).into_response()
}

/// What a listener knows.
#[derive(Debug, Default, serde::Deserialize)]
struct Known {
    /// The server that it listened to before.
    #[serde(default)]
    server: String,
    /// The build that it knows of.
    #[serde(default)]
    build: u64,
}

/// Tells a page what changed for it since the build that it is from.
async fn news(
    State(desk): State<Desk>,
    Query(known): Query<Known>,
    Query(asking): Query<Asking>,
) -> Response {
    let known = (known.server == desk.server()).then_some(known.build);
    let news = desk.look(|shown| shown.news_for(&asking.path, known));
    let headers = [(header::CONTENT_TYPE, "application/json")];
    (headers, news.to_string()).into_response()
}

/// Tells a listener of each build, as server-sent events.
async fn events(
    State(desk): State<Desk>,
    Query(known): Query<Known>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    // What a listener of another server knows says nothing here.
    let known = (known.server == desk.server()).then_some(known.build);
    let builds = desk.builds();
    let start = (desk, builds, known, true);
    let events = stream::unfold(start, |(desk, mut builds, known, is_first)| async move {
        if !is_first {
            builds.changed().await.ok()?;
        }
        builds.borrow_and_update();
        let (build, mut news) = desk.look(|shown| (shown.build, shown.news(known)));
        news["server"] = desk.server().into();
        let event = Event::default().data(news.to_string());
        Some((Ok(event), (desk, builds, Some(build), false)))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

/// Which page asks.
#[derive(Debug, serde::Deserialize)]
struct Asking {
    path: String,
}

async fn findings(State(desk): State<Desk>, Query(asking): Query<Asking>) -> Response {
    let findings = desk.look(|shown| shown.findings(&asking.path));
    let headers = [(header::CONTENT_TYPE, "application/json")];
    (headers, findings.to_string()).into_response()
}

/// What stands where a request leads.
enum Found {
    /// A file, by its path, with the status to serve it with.
    File(String, ShownFile, StatusCode),
    /// The folder of this name.
    Redirect(String),
    /// Nothing, where the file at this path would be.
    Nothing(String),
}

/// Serves a file of the site.
async fn file(State(desk): State<Desk>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if !matches!(parts.method, Method::GET | Method::HEAD) {
        let allow = [(header::ALLOW, "GET, HEAD")];
        return (StatusCode::METHOD_NOT_ALLOWED, allow).into_response();
    }
    let query = parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let found = |shown: &Shown| Some((find(shown, parts.uri.path())?, Seen::of(shown, &desk)));
    let (found, seen) = desk.look_until(found).await;
    // Of the answer to HEAD, the server of HTTP leaves the body out.
    match found {
        Found::Redirect(to) => {
            let location = [(header::LOCATION, format!("{to}{query}"))];
            (StatusCode::TEMPORARY_REDIRECT, location).into_response()
        }
        Found::File(path, file, status) if path.ends_with(".html") => {
            let missing = (status == StatusCode::NOT_FOUND).then(|| requested(&desk, &parts.uri));
            page(&seen, missing.as_deref().unwrap_or(&path), &file, status, &parts.headers)
        }
        Found::File(path, file, _) => plain(&path, file, &parts.headers).await,
        Found::Nothing(path) => {
            let html = "<!doctype html><title>404</title><p>There is nothing here.</p>";
            html_response(&seen, html, &path, None, StatusCode::NOT_FOUND, &parts.headers)
        }
    }
}

/// Returns what stands where the path of a request leads, once it is made.
fn find(shown: &Shown, path: &str) -> Option<Found> {
    let base = &shown.base_path;
    let missing = |path: String| match shown.ask("404.html") {
        Standing::File(file) => {
            Some(Found::File("404.html".to_owned(), file, StatusCode::NOT_FOUND))
        }
        Standing::Nothing => Some(Found::Nothing(path)),
        Standing::Later => None,
    };
    let wanted = match place::place(path, base) {
        Place::File(wanted) | Place::FileOrFolder(wanted) => wanted,
        Place::OutsideOfSite if path == "/" || format!("{path}/") == *base => {
            return Some(Found::Redirect(base.clone()));
        }
        Place::OutsideOfSite | Place::Nowhere => return missing(String::new()),
    };
    let index = format!("{wanted}/index.html");
    match (shown.ask(&wanted), shown.ask(&index)) {
        (Standing::File(file), _) => Some(Found::File(wanted, file, StatusCode::OK)),
        // As it was written: encoded.
        (_, Standing::File(_)) => Some(Found::Redirect(format!("{path}/"))),
        (Standing::Nothing, Standing::Nothing) if wanted.ends_with(".html") => missing(wanted),
        (Standing::Nothing, Standing::Nothing) => missing(index),
        (Standing::Later, _) | (_, Standing::Later) => None,
    }
}

/// Returns the path of the file that would serve a request, were it there.
fn requested(desk: &Desk, uri: &axum::http::Uri) -> String {
    let base = desk.look(|shown| shown.base_path.clone());
    match place::place(uri.path(), &base) {
        Place::File(path) => path,
        Place::FileOrFolder(path) if path.ends_with(".html") => path,
        Place::FileOrFolder(path) => format!("{path}/index.html"),
        Place::Nowhere | Place::OutsideOfSite => String::new(),
    }
}

/// What is shown when a file is found. Looked for later, it may be what a later build made,
/// and the page would not know that it is older.
struct Seen<'a> {
    server: &'a str,
    build: u64,
    site: String,
    /// Scheme and host of the site's address.
    origin: String,
}

impl<'a> Seen<'a> {
    fn of(shown: &Shown, desk: &'a Desk) -> Self {
        Self {
            server: desk.server(),
            build: shown.build,
            site: shown.site(),
            origin: shown.origin.clone(),
        }
    }
}

/// Serves a page, with the script of the server.
fn page(
    seen: &Seen<'_>,
    path: &str,
    file: &ShownFile,
    status: StatusCode,
    headers: &HeaderMap,
) -> Response {
    let bytes = match &file.content {
        Content::Bytes(bytes) => Arc::clone(bytes),
        Content::Packed(packed) => packed.unpacked(),
        Content::Copy(handle) => match load::read_bytes(handle) {
            Ok(bytes) => Arc::from(bytes),
            Err(_) => return StatusCode::NOT_FOUND.into_response(),
        },
    };
    let html = match bytes.is_empty() {
        true => "<!doctype html><title>galen</title><p>This page cannot be shown yet.</p>".into(),
        false => String::from_utf8_lossy(&bytes),
    };
    // The page for what is not there leads to the published site, of which this is a copy.
    let html = match status == StatusCode::NOT_FOUND && !seen.origin.is_empty() {
        true => html.replace(&format!("\"{}/", seen.origin), "\"/").into(),
        false => html,
    };
    html_response(seen, &html, path, Some(file.fingerprint), status, headers)
}

fn html_response(
    seen: &Seen<'_>,
    html: &str,
    path: &str,
    fingerprint: Option<Fingerprint>,
    status: StatusCode,
    headers: &HeaderMap,
) -> Response {
    let fingerprint = fingerprint.map(|fingerprint| fingerprint.to_string()).unwrap_or_default();
    // Weak, since the script's facts change while the page does not.
    let tag = format!("W/\"{fingerprint}\"");
    if status == StatusCode::OK && matches_tag(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let Seen { server, build, site, origin: _ } = seen;
    let facts = PageFacts { server, build: *build, site, path, page: &fingerprint };
    let html = inject::inject(html, facts);
    let mut response = bytes_response(html.into_bytes().into(), headers, status);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    if let Ok(tag) = tag.parse() {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// Serves a file as it is.
async fn plain(path: &str, file: ShownFile, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", file.fingerprint);
    if matches_tag(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    // A range of another version than the one that the asker has begun is of no use.
    let mut headers = headers.clone();
    if headers.get(header::IF_RANGE).is_some_and(|known| known.as_bytes() != tag.as_bytes()) {
        headers.remove(header::RANGE);
    }
    let mut response = match file.content {
        Content::Bytes(bytes) => bytes_response(bytes, &headers, StatusCode::OK),
        Content::Packed(packed) => bytes_response(packed.unpacked(), &headers, StatusCode::OK),
        Content::Copy(handle) => copy_response(handle, &headers).await,
    };
    let headers = response.headers_mut();
    if let Ok(value) = content_type(path).parse() {
        headers.insert(header::CONTENT_TYPE, value);
    }
    if let Ok(tag) = tag.parse() {
        headers.insert(header::ETAG, tag);
    }
    response
}

fn matches_tag(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    known.is_some_and(|known| known.split(',').any(|known| plain(known) == plain(tag)))
}

fn bytes_response(bytes: Arc<[u8]>, headers: &HeaderMap, status: StatusCode) -> Response {
    let length = bytes.len() as u64;
    let whole = || (status, Body::from(bytes.to_vec())).into_response();
    let mut response = match wanted(headers, length, status) {
        Wanted::All => whole(),
        Wanted::Nothing => return unsatisfiable(length),
        Wanted::Part(part) => {
            let body = bytes[part.start as usize..part.end as usize].to_vec();
            partial(part, length, Body::from(body))
        }
    };
    response.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    response
}

/// Serves a file of the disk piece by piece, since it may be longer than memory allows.
async fn copy_response(handle: FileHandle, headers: &HeaderMap) -> Response {
    let opened = tokio::task::spawn_blocking(move || load::open(&handle)).await;
    let Ok(Ok((mut file, length))) = opened else {
        // Deleted since the last build; the next will know.
        return StatusCode::NOT_FOUND.into_response();
    };
    let (part, is_all) = match wanted(headers, length, StatusCode::OK) {
        Wanted::All => (0..length, true),
        Wanted::Part(part) => (part, false),
        Wanted::Nothing => return unsatisfiable(length),
    };
    if file.seek(SeekFrom::Start(part.start)).is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let rest = part.end - part.start;
    let pieces = stream::unfold((file, rest), |(mut file, rest)| async move {
        let size = CHUNK.min(usize::try_from(rest).unwrap_or(CHUNK));
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; size];
            let read = file.read(&mut piece);
            (file, read.map(|count| piece[..count].to_vec()))
        });
        let (file, piece) = read.await.ok()?;
        match piece {
            Ok(piece) if piece.is_empty() => None,
            Ok(piece) => {
                let rest = rest - piece.len() as u64;
                Some((Ok(piece), (file, rest)))
            }
            Err(error) => Some((Err(error), (file, 0))),
        }
    });
    let body = Body::from_stream(pieces);
    let mut response = match is_all {
        true => body.into_response(),
        false => partial(part, length, body),
    };
    let headers = response.headers_mut();
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(rest));
    response
}

fn wanted(headers: &HeaderMap, length: u64, status: StatusCode) -> Wanted {
    match headers.get(header::RANGE).and_then(|range| range.to_str().ok()) {
        Some(range) if status == StatusCode::OK => range::wanted(range, length),
        _ => Wanted::All,
    }
}

fn partial(part: std::ops::Range<u64>, length: u64, body: Body) -> Response {
    let range = format!("bytes {}-{}/{length}", part.start, part.end - 1);
    (StatusCode::PARTIAL_CONTENT, [(header::CONTENT_RANGE, range)], body).into_response()
}

fn unsatisfiable(length: u64) -> Response {
    let range = [(header::CONTENT_RANGE, format!("bytes */{length}"))];
    (StatusCode::RANGE_NOT_SATISFIABLE, range).into_response()
}

/// Returns the media type of the file at `path`, by its extension.
fn content_type(path: &str) -> String {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    let own = match extension.to_ascii_lowercase().as_str() {
        // Not known to the table, or by another name than browsers expect.
        "bib" => Some("application/x-bibtex; charset=utf-8"),
        "ris" => Some("application/x-research-info-systems; charset=utf-8"),
        "webmanifest" => Some("application/manifest+json"),
        "md" => Some("text/markdown; charset=utf-8"),
        _ => None,
    };
    if let Some(own) = own {
        return own.to_owned();
    }
    let found = mime_guess::from_path(path).first_raw().unwrap_or("application/octet-stream");
    let is_text = found.starts_with("text/")
        || matches!(found, "application/javascript" | "application/xml" | "application/json");
    match is_text {
        true => format!("{found}; charset=utf-8"),
        false => found.to_owned(),
    }
}

/// Binds to `port` of `address`; where `port` is only a wish, to the next that is free.
///
/// # Errors
/// Fails where the address is not this machine's, or the port is taken.
pub(crate) fn bind(address: IpAddr, port: u16, is_wish: bool) -> std::io::Result<TcpListener> {
    /// How many ports to try after the one that is wished for.
    const TRIED: u16 = 100;
    let last = if is_wish { port.saturating_add(TRIED) } else { port };
    let mut result = TcpListener::bind(SocketAddr::new(address, port));
    for next in port..last {
        match &result {
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                result = TcpListener::bind(SocketAddr::new(address, next + 1));
            }
            _ => break,
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_say_how_they_are_encoded() {
        for (path, expected) in [
            ("a/index.html", "text/html; charset=utf-8"),
            ("galen.css", "text/css; charset=utf-8"),
            ("search.js", "text/javascript; charset=utf-8"),
            ("export.json", "application/json; charset=utf-8"),
            ("references.bib", "application/x-bibtex; charset=utf-8"),
            ("icon.svg", "image/svg+xml"),
            ("photo.JPG", "image/jpeg"),
            ("font.woff2", "font/woff2"),
            ("film.mp4", "video/mp4"),
            ("data.unknown", "application/octet-stream"),
            ("CNAME", "application/octet-stream"),
        ] {
            assert_eq!(content_type(path), expected, "{path}");
        }
    }

    #[test]
    fn a_wish_for_a_port_leads_to_the_next_that_is_free() {
        let address = std::net::Ipv4Addr::LOCALHOST.into();
        let taken = bind(address, 0, false).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert!(bind(address, port, false).is_err());
        let next = bind(address, port, true).unwrap().local_addr().unwrap().port();
        assert!(next > port);
    }
}
