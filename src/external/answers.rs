//! What was heard of addresses.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// What a server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The number.
    pub code: u16,
    /// Its usual words; empty where it has none.
    pub phrase: &'static str,
}

/// Why no answer came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Silence {
    /// The name of the host leads nowhere.
    NoHost,
    /// The host takes no connection there.
    Refused,
    /// No way leads to the host.
    NoRoute,
    /// The time was over; how many seconds it was.
    TimedOut(u64),
    /// The proxy made no connection.
    Proxy,
    /// The connection broke off.
    BrokenOff,
    /// What came was no answer.
    NotHttp,
    /// No secure connection could be made; why, in the words of whoever tried.
    Insecure(String),
    /// It led from place to place; how many places were tried.
    Redirects(u32),
    /// It cannot be asked for.
    Malformed,
}

/// Whether an address can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It can, or nobody can tell.
    Reachable,
    /// It cannot; why, in words that follow a colon.
    Unreachable(String),
}

/// The answers to the addresses that were asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers(BTreeMap<String, Answer>);

impl Status {
    /// Tells whether nothing is there. A server that turns programs away, or asks for a
    /// name, is there, and a browser may be let in.
    pub fn is_dead(&self) -> bool {
        match self.code {
            401 | 403 | 405 | 406 | 429 | 451 => false,
            code => (400..600).contains(&code),
        }
    }

    /// Tells whether the server cannot answer, which may pass.
    pub(super) fn is_of_server(&self) -> bool {
        (500..600).contains(&self.code)
    }
}

impl Silence {
    /// Tells whether nothing was heard of the host at all, as where there is no network.
    pub(super) fn is_complete(&self) -> bool {
        use Silence::{NoHost, NoRoute, Proxy, Refused, TimedOut};
        matches!(self, NoHost | Refused | NoRoute | TimedOut(_) | Proxy)
    }

    /// Says why.
    pub(super) fn why(&self) -> Cow<'static, str> {
        match self {
            Silence::NoHost => "there is no such host".into(),
            Silence::Refused => "the connection is refused".into(),
            Silence::NoRoute => "no way leads to the host".into(),
            Silence::TimedOut(seconds) => format!("no answer in {seconds} seconds").into(),
            Silence::Proxy => "the proxy makes no connection".into(),
            Silence::BrokenOff => "the connection breaks off".into(),
            Silence::NotHttp => "the answer is not valid HTTP".into(),
            Silence::Insecure(why) => format!("no secure connection: {why}").into(),
            Silence::Redirects(most) => format!("more than {most} redirects").into(),
            Silence::Malformed => "the address is malformed".into(),
        }
    }
}

impl Answer {
    /// Returns what `heard` says of an address.
    pub(super) fn of(heard: &Result<Status, Silence>) -> Self {
        match heard {
            Ok(status) if status.is_dead() => {
                let words = format!("{} {}", status.code, status.phrase);
                Answer::Unreachable(words.trim_end().to_owned())
            }
            Ok(_) => Answer::Reachable,
            Err(silence) => Answer::Unreachable(silence.why().into_owned()),
        }
    }
}

impl FromIterator<(String, Answer)> for Answers {
    fn from_iter<T: IntoIterator<Item = (String, Answer)>>(answers: T) -> Self {
        Self(answers.into_iter().collect())
    }
}

impl Answers {
    /// Returns why `address` cannot be reached; `None` where it can, or was not asked.
    pub fn why_unreachable(&self, address: &str) -> Option<&str> {
        match self.0.get(address)? {
            Answer::Reachable => None,
            Answer::Unreachable(why) => Some(why),
        }
    }

    /// Returns the addresses, each with its answer.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Answer)> {
        self.0.iter().map(|(address, answer)| (address.as_str(), answer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_turns_programs_away_is_there() {
        let is_dead = |code| Status { code, phrase: "" }.is_dead();
        for code in [200, 204, 304, 401, 403, 405, 406, 429, 451, 999] {
            assert!(!is_dead(code), "{code}");
        }
        for code in [400, 404, 408, 410, 418, 500, 503] {
            assert!(is_dead(code), "{code}");
        }
    }

    #[test]
    fn an_answer_says_why() {
        let status = |code, phrase| Answer::of(&Ok(Status { code, phrase }));
        let dead = |why: &str| Answer::Unreachable(why.to_owned());
        assert_eq!(status(404, "Not Found"), dead("404 Not Found"));
        assert_eq!(status(599, ""), dead("599"));
        assert_eq!(status(200, "OK"), Answer::Reachable);
        assert_eq!(Answer::of(&Err(Silence::TimedOut(10))), dead("no answer in 10 seconds"));
    }
}
