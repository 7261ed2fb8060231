//! Asking many addresses, politely: several hosts at once, each one address at a time.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::address::host_of;
use super::answers::{Answer, Answers, Silence, Status};

/// After how many addresses of a host in a row of which nothing was heard its others are not
/// asked: a host that is gone is not waited for a hundred times.
const PATIENCE: usize = 2;

/// How many addresses that could be reached lately are asked where nothing was heard of any
/// other, to see whether there is a network.
const PROBES: usize = 3;

/// The host that leads DOIs on.
const RESOLVER: &str = "doi.org";

/// A way to ask an address.
pub trait Web: Sync {
    /// Asks `address`, and whatever it leads on to.
    fn request(&self, method: Method, address: &str) -> Result<Status, Silence>;
}

/// How an address is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// For what would come before a document.
    Head,
    /// For the document.
    Get,
}

/// How fast addresses are asked.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How many hosts at once.
    pub hosts: usize,
    /// How long to wait between two requests to one host.
    pub pause: Duration,
}

impl Pace {
    /// As fast as is polite.
    pub const POLITE: Self = Self { hosts: 8, pause: Duration::from_millis(250) };
}

/// Nothing was heard of any address, so that nothing can be said of them.
#[derive(Debug, PartialEq, Eq)]
pub struct NoNetwork {
    /// The first of those that were asked.
    pub address: String,
    /// Why nothing was heard of it.
    pub why: String,
}

impl fmt::Display for NoNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, why } = self;
        write!(
            f,
            "the network is not reachable: nothing is heard of other sites, such as `{address}`: {why}"
        )
    }
}

/// What was heard of each address.
type Heard<'a> = BTreeMap<&'a str, Result<Status, Silence>>;

/// The addresses of one host.
type Host<'a> = VecDeque<&'a str>;

/// Asks `addresses` through `web`.
///
/// The first of some hosts tell whether there is a network; where nothing is heard of them,
/// some of `reached` do, which could be reached lately.
///
/// # Errors
/// Fails where nothing is heard of anybody.
pub fn ask<'a>(
    web: &dyn Web,
    addresses: impl IntoIterator<Item = &'a str>,
    reached: impl IntoIterator<Item = &'a str>,
    pace: Pace,
) -> Result<Answers, NoNetwork> {
    let mut hosts: BTreeMap<&str, Host<'a>> = BTreeMap::new();
    for address in addresses {
        hosts.entry(host_of(address)).or_default().push_back(address);
    }
    let first = hosts.values_mut().take(pace.hosts);
    let first: Vec<Host<'_>> = first.filter_map(|h| h.pop_front()).map(|a| [a].into()).collect();
    let mut heard = ask_hosts(web, first, pace);
    // One host may well be gone, but not the one of all DOIs.
    let are_lasting = heard.len() > 1 || heard.keys().any(|address| host_of(address) == RESOLVER);
    if are_lasting && is_silent(&heard) {
        let probes = reached.into_iter().take(PROBES).map(|address| [address].into()).collect();
        if is_silent(&ask_hosts(web, probes, pace)) {
            return Err(no_network(&heard));
        }
    }
    thread::sleep(pace.pause);
    heard.extend(ask_hosts(web, hosts.into_values().collect(), pace));
    Ok(heard.iter().map(|(address, heard)| ((*address).to_owned(), Answer::of(heard))).collect())
}

/// Tells whether nothing was heard of anybody.
fn is_silent(heard: &Heard<'_>) -> bool {
    heard.values().all(|heard| heard.as_ref().is_err_and(Silence::is_complete))
}

fn no_network(heard: &Heard<'_>) -> NoNetwork {
    let first = heard.iter().find_map(|(address, heard)| Some((*address, heard.as_ref().err()?)));
    let (address, why) = first.map_or_else(Default::default, |(a, s)| (a, s.why().into_owned()));
    NoNetwork { address: address.to_owned(), why }
}

/// Asks the addresses of `hosts`, each host's one after the other.
fn ask_hosts<'a>(web: &dyn Web, hosts: Vec<Host<'a>>, pace: Pace) -> Heard<'a> {
    let workers = pace.hosts.min(hosts.len());
    let (left, heard) = (Mutex::new(hosts.into_iter()), Mutex::new(Heard::new()));
    let next = || locked(&left).next();
    let work = || {
        while let Some(host) = next() {
            let answers = ask_host(web, &host, pace.pause);
            locked(&heard).extend(answers);
        }
    };
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(work);
        }
    });
    heard.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn ask_host<'a>(web: &dyn Web, host: &Host<'a>, pause: Duration) -> Heard<'a> {
    let mut heard = Heard::new();
    let mut silent = 0;
    let mut last = None;
    for address in host {
        let answer = match &last {
            Some(silence) if silent >= PATIENCE => Err(Silence::clone(silence)),
            _ => {
                if !heard.is_empty() {
                    thread::sleep(pause);
                }
                ask_one(web, address, pause)
            }
        };
        last = answer.as_ref().err().filter(|silence| silence.is_complete()).cloned();
        silent = if last.is_some() { silent + 1 } else { 0 };
        heard.insert(address, answer);
    }
    heard
}

/// Asks `address` as cheaply as its server allows: for its head; for the document where that
/// is refused or fails, since some servers answer nothing else; and once more where the server
/// had trouble with the document itself.
fn ask_one(web: &dyn Web, address: &str, pause: Duration) -> Result<Status, Silence> {
    let head = web.request(Method::Head, address);
    let is_final = match &head {
        Ok(status) => !status.is_dead() && status.code != 405,
        Err(silence) => !matches!(silence, Silence::BrokenOff | Silence::NotHttp),
    };
    if is_final {
        return head;
    }
    thread::sleep(pause);
    let got = web.request(Method::Get, address);
    let failed = |heard: &Result<Status, Silence>| heard.as_ref().is_ok_and(Status::is_of_server);
    let not_implemented = head.as_ref().is_ok_and(|status| status.code == 501);
    if failed(&got) && (not_implemented || !failed(&head)) {
        thread::sleep(pause);
        return web.request(Method::Get, address);
    }
    got
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sites that answer as a test says, and remember what they were asked.
    struct FakeWeb<F> {
        answer: F,
        asked: Mutex<Vec<(Method, String)>>,
    }

    impl<F: Fn(Method, &str) -> Result<u16, Silence> + Sync> FakeWeb<F> {
        fn new(answer: F) -> Self {
            Self { answer, asked: Mutex::new(Vec::new()) }
        }

        fn ask(&self, addresses: &[&'static str]) -> Result<Answers, NoNetwork> {
            self.ask_after(addresses, &[])
        }

        fn ask_after(
            &self,
            addresses: &[&'static str],
            reached: &[&'static str],
        ) -> Result<Answers, NoNetwork> {
            let pace = Pace { hosts: 2, pause: Duration::ZERO };
            ask(self, addresses.iter().copied(), reached.iter().copied(), pace)
        }

        fn methods(&self) -> Vec<Method> {
            locked(&self.asked).iter().map(|(method, _)| *method).collect()
        }
    }

    impl<F: Fn(Method, &str) -> Result<u16, Silence> + Sync> Web for FakeWeb<F> {
        fn request(&self, method: Method, address: &str) -> Result<Status, Silence> {
            locked(&self.asked).push((method, address.to_owned()));
            (self.answer)(method, address).map(|code| Status { code, phrase: "" })
        }
    }

    /// Returns what a server's answers to one request after the other come to, and the requests.
    fn judged(codes: &[u16]) -> (Option<String>, Vec<Method>) {
        let left = Mutex::new(codes.to_vec());
        let web = FakeWeb::new(|_, _| Ok(locked(&left).remove(0)));
        let answers = web.ask(&["https://a.eu/"]).unwrap();
        (answers.why_unreachable("https://a.eu/").map(str::to_owned), web.methods())
    }

    #[test]
    fn a_server_that_refuses_heads_or_fails_is_asked_for_the_document() {
        use Method::{Get, Head};
        let dead = |code: &str| Some(code.to_owned());
        assert_eq!(judged(&[200]), (None, vec![Head]));
        assert_eq!(judged(&[403]), (None, vec![Head]));
        assert_eq!(judged(&[405, 200]), (None, vec![Head, Get]));
        assert_eq!(judged(&[501, 404]), (dead("404"), vec![Head, Get]));
        assert_eq!(judged(&[404, 200]), (None, vec![Head, Get]));
        assert_eq!(judged(&[404, 404]), (dead("404"), vec![Head, Get]));
        assert_eq!(judged(&[503, 200]), (None, vec![Head, Get]));
        assert_eq!(judged(&[503, 503]), (dead("503"), vec![Head, Get]), "one more try is enough");
        assert_eq!(judged(&[405, 503, 200]), (None, vec![Head, Get, Get]));
        assert_eq!(judged(&[501, 500, 500]), (dead("500"), vec![Head, Get, Get]));
    }

    #[test]
    fn each_address_is_asked_once_and_the_answers_do_not_depend_on_their_order() {
        let web = FakeWeb::new(|_, address| match address {
            "https://b.eu/2" => Err(Silence::NoHost),
            "https://c.eu/" => Ok(429),
            _ => Ok(200),
        });
        let addresses = [
            "https://a.eu/1",
            "https://a.eu/2",
            "https://b.eu/1",
            "https://b.eu/2",
            "https://c.eu/",
        ];
        let answers = web.ask(&addresses).unwrap();
        assert_eq!(web.methods().len(), 5);
        let dead: Vec<&str> = answers
            .iter()
            .filter(|(_, answer)| **answer != Answer::Reachable)
            .map(|(address, _)| address)
            .collect();
        assert_eq!(dead, ["https://b.eu/2"]);
        assert_eq!(answers.why_unreachable("https://b.eu/2"), Some("there is no such host"));
    }

    #[test]
    fn a_host_is_asked_one_address_at_a_time() {
        let busy = Mutex::new(BTreeMap::new());
        let web = FakeWeb::new(|_, address| {
            let host = host_of(address).to_owned();
            let before = locked(&busy).insert(host.clone(), true);
            assert_ne!(before, Some(true), "{host} is asked twice at once");
            thread::sleep(Duration::from_millis(2));
            locked(&busy).insert(host, false);
            Ok(200)
        });
        let addresses = ["http://a.eu/", "http://a.eu:81/", "https://a.eu/1", "https://b.eu/1"];
        assert_eq!(web.ask(&addresses).unwrap().iter().count(), 4);
    }

    #[test]
    fn a_host_that_is_gone_is_not_waited_for_again_and_again() {
        let web = FakeWeb::new(|_, address| match host_of(address) {
            "gone.eu" => Err(Silence::TimedOut(10)),
            _ => Ok(200),
        });
        let gone = ["https://gone.eu/1", "https://gone.eu/2", "https://gone.eu/3"];
        let more = ["https://gone.eu/4", "https://gone.eu/5", "https://a.eu/"];
        let answers = web.ask(&[gone, more].concat()).unwrap();
        assert_eq!(web.methods().len(), 4, "one to begin with, two more, and the other host");
        assert_eq!(answers.why_unreachable("https://gone.eu/5"), Some("no answer in 10 seconds"));
    }

    #[test]
    fn where_nothing_is_heard_of_anybody_there_is_no_network() {
        let silent = || FakeWeb::new(|_, _| Err(Silence::NoHost));
        let addresses = ["https://a.eu/", "https://b.eu/", "https://c.eu/", "https://d.eu/"];
        let web = silent();
        let error = web.ask(&addresses).unwrap_err();
        assert_eq!(web.methods().len(), 2, "it is given up at once");
        assert_eq!(
            error.to_string(),
            "the network is not reachable: nothing is heard of other sites, such as `https://a.eu/`: \
             there is no such host"
        );
        assert!(silent().ask_after(&addresses, &["https://e.eu/"]).is_err());
        assert!(silent().ask(&["https://a.eu/", "https://a.eu/2"]).is_ok(), "one host is gone");
        assert!(silent().ask(&["https://doi.org/10.1000/1"]).is_err());
        assert!(silent().ask(&[]).is_ok());
    }

    #[test]
    fn what_could_be_reached_lately_tells_that_there_is_a_network() {
        let web = FakeWeb::new(|_, address| match address {
            "https://e.eu/" => Ok(404),
            _ => Err(Silence::Refused),
        });
        let addresses = ["https://a.eu/", "https://b.eu/", "https://c.eu/"];
        let answers = web.ask_after(&addresses, &["https://e.eu/"]).unwrap();
        assert_eq!(answers.iter().count(), 3);
        assert!(answers.iter().all(|(_, answer)| *answer != Answer::Reachable));
    }
}
