//! The network: requests over HTTP.
//!
//! This is the only place that uses it, and the only one that knows the client's crate.

use std::io;
use std::time::Duration;

use ureq::http::StatusCode;
use ureq::{Agent, Error, Proxy};

use super::answers::{Silence, Status};
use super::asking::{Method, Web};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the answers of all places that an address leads through may take, as a multiple.
const PLACES: u32 = 3;

/// How many places an address may lead on to.
const REDIRECTS: u32 = 10;

/// How the program names itself.
const USER_AGENT: &str = concat!("galen/", env!("CARGO_PKG_VERSION"), " (link check)");

/// What the system says where a name leads to no host, which has no kind of error of its own.
const NO_HOST: &str = "failed to lookup address information";

/// The same as numbers of Windows: the host is not found, and has no address.
const NO_HOST_ON_WINDOWS: [i32; 2] = [11001, 11004];

/// A client of HTTP. It reads no document.
#[derive(Debug)]
pub struct HttpClient {
    agent: Agent,
    patience: Duration,
}

impl HttpClient {
    /// Returns a client that goes through the proxy that the environment names, if any.
    pub fn new() -> Self {
        Self::with(PATIENCE, Proxy::try_from_env())
    }

    fn with(patience: Duration, proxy: Option<Proxy>) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(REDIRECTS)
            .timeout_per_call(Some(patience))
            .timeout_global(Some(patience * PLACES))
            .user_agent(USER_AGENT)
            .proxy(proxy)
            .build();
        Self { agent: config.new_agent(), patience }
    }

    fn silence(&self, error: Error) -> Silence {
        match error {
            Error::Timeout(_) => Silence::TimedOut(self.patience.as_secs()),
            Error::HostNotFound => Silence::NoHost,
            Error::ConnectionFailed => Silence::Refused,
            Error::ConnectProxyFailed(_) | Error::InvalidProxyUrl => Silence::Proxy,
            Error::TooManyRedirects => Silence::Redirects(REDIRECTS),
            Error::Tls(why) => Silence::Insecure(why.to_owned()),
            Error::Rustls(error) => Silence::Insecure(error.to_string()),
            Error::BadUri(_) | Error::Http(_) => Silence::Malformed,
            Error::Io(error) => self.failed(&error),
            _ => Silence::NotHttp,
        }
    }

    fn failed(&self, error: &io::Error) -> Silence {
        use io::ErrorKind as Kind;
        let is_no_host = error.raw_os_error().is_some_and(|n| NO_HOST_ON_WINDOWS.contains(&n));
        match error.kind() {
            _ if is_no_host || error.to_string().starts_with(NO_HOST) => Silence::NoHost,
            Kind::ConnectionRefused => Silence::Refused,
            Kind::TimedOut | Kind::WouldBlock => Silence::TimedOut(self.patience.as_secs()),
            Kind::NetworkUnreachable | Kind::HostUnreachable | Kind::AddrNotAvailable => {
                Silence::NoRoute
            }
            // What a certificate or the handshake lacks comes as such an error.
            Kind::InvalidData => Silence::Insecure(error.to_string()),
            _ => Silence::BrokenOff,
        }
    }
}

impl Default for HttpClient {
    fn default() -> Self {
        Self::new()
    }
}

impl Web for HttpClient {
    fn request(&self, method: Method, address: &str) -> Result<Status, Silence> {
        let request = match method {
            Method::Head => self.agent.head(address),
            Method::Get => self.agent.get(address),
        };
        let answer = request.call().map_err(|error| self.silence(error))?;
        let status: StatusCode = answer.status();
        let phrase = status.canonical_reason().unwrap_or_default();
        Ok(Status { code: status.as_u16(), phrase })
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::sync::mpsc::{Receiver, channel};
    use std::thread;

    use super::*;

    /// Answers each request with what `answer` says of its first line; returns the address of
    /// the server, and the requests.
    fn server(answer: fn(&str) -> Option<&'static str>) -> (String, Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (tell, requests) = channel();
        thread::spawn(move || {
            let mut open = Vec::new();
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let lines = BufReader::new(connection.try_clone().unwrap()).lines();
                let head: Vec<String> =
                    lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
                let answered = answer(head.first().map_or("", String::as_str));
                let _ = tell.send(head.join("\n"));
                match answered {
                    Some(text) => {
                        let _ = write!(connection, "HTTP/1.1 {text}\r\nConnection: close\r\n\r\n");
                    }
                    // It says nothing, and stays.
                    None => open.push(connection),
                }
            }
        });
        (address, requests)
    }

    fn client() -> HttpClient {
        HttpClient::with(Duration::from_secs(1), None)
    }

    fn code(heard: Result<Status, Silence>) -> u16 {
        heard.unwrap().code
    }

    #[test]
    fn a_request_names_the_program_and_hears_the_status() {
        let (site, requests) = server(|line| match line {
            "HEAD /a HTTP/1.1" => Some("405 No"),
            "GET /a HTTP/1.1" => Some("200 Fine\r\nContent-Length: 1000000"),
            _ => Some("404 Gone Fishing\r\nContent-Length: 0"),
        });
        let address = format!("{site}/a");
        assert_eq!(code(client().request(Method::Head, &address)), 405);
        assert_eq!(code(client().request(Method::Get, &address)), 200, "no document is read");
        let missing = client().request(Method::Get, &format!("{site}/b?c"));
        assert_eq!(missing, Ok(Status { code: 404, phrase: "Not Found" }));
        let first = requests.recv().unwrap().to_lowercase();
        assert!(first.contains("user-agent: galen/"), "{first}");
        assert!(first.contains("(link check)"), "{first}");
    }

    #[test]
    fn redirects_are_followed_up_to_a_number() {
        let (site, requests) = server(|line| match line {
            "HEAD /old HTTP/1.1" => Some("301 Moved\r\nLocation: /new"),
            "HEAD /new HTTP/1.1" => Some("200 OK"),
            _ => Some("302 Found\r\nLocation: /round"),
        });
        assert_eq!(code(client().request(Method::Head, &format!("{site}/old"))), 200);
        let round = client().request(Method::Head, &format!("{site}/round"));
        assert_eq!(round, Err(Silence::Redirects(10)));
        assert_eq!(requests.try_iter().count(), 2 + 11);
    }

    #[test]
    fn a_server_that_says_nothing_or_nonsense_is_not_waited_for() {
        let (site, _requests) = server(|line| match line {
            "HEAD /slow HTTP/1.1" => None,
            "HEAD /empty HTTP/1.1" => Some(""),
            _ => Some("what?"),
        });
        let heard = |path: &str| client().request(Method::Head, &format!("{site}{path}"));
        assert_eq!(heard("/slow"), Err(Silence::TimedOut(1)));
        assert_eq!(heard("/nonsense"), Err(Silence::NotHttp));
    }

    #[test]
    fn a_closed_port_refuses() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        drop(listener);
        assert_eq!(client().request(Method::Head, &address), Err(Silence::Refused));
    }

    #[test]
    fn a_connection_that_is_not_secure_says_so() {
        let (site, _requests) = server(|_| Some("200 OK"));
        let heard = client().request(Method::Head, &format!("{}/", site.replace("http", "https")));
        assert!(matches!(heard, Err(Silence::Insecure(_))), "{heard:?}");
    }
}
