//! Chromium, driven over its DevTools protocol.

#![allow(dead_code, reason = "each test uses its part")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket};

/// How long to wait for something that is to come.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long a person waits before trying again.
const AWHILE: Duration = Duration::from_secs(2);

/// The names under which systems know Chromium.
const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "chrome"];

/// A browser that runs until it is dropped.
pub(crate) struct Browser {
    child: Child,
    authority: String,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts the browser; `None` where there is none, which is said, and which is a
    /// failure where everything must be there (`GALEN_CI`).
    #[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
    pub(crate) fn start() -> Option<Self> {
        let profile = tempfile::tempdir().unwrap();
        let spawn = |name: &&str| {
            Command::new(name)
                .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"])
                .args(["--disable-dev-shm-usage", "--window-size=1000,700"])
                .args(["--remote-debugging-port=0", "about:blank"])
                .arg(format!("--user-data-dir={}", profile.path().display()))
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .ok()
        };
        let Some(mut child) = NAMES.iter().find_map(spawn) else {
            assert_ne!(std::env::var("GALEN_CI").as_deref(), Ok("1"), "Chromium is lacking");
            eprintln!("skipped: there is no Chromium here");
            return None;
        };
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = lines.find_map(|line| {
            line.ok()?.strip_prefix("DevTools listening on ws://").map(ToOwned::to_owned)
        });
        let address = address.expect("Chromium says where it listens");
        // It goes on talking, and must be heard.
        std::thread::spawn(move || lines.for_each(drop));
        let authority = address.split('/').next().unwrap().to_owned();
        Some(Self { child, authority, _profile: profile })
    }

    /// Opens a page in a tab of its own.
    pub(crate) fn open(&self, url: &str) -> Tab {
        let mut stream = TcpStream::connect(&self.authority).unwrap();
        let authority = &self.authority;
        let request = format!("PUT /json/new?{url} HTTP/1.1\r\nHost: {authority}\r\n");
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "{request}Content-Length: 0\r\n\r\n").unwrap();
        // The browser does not close the connection: the answer ends where it says.
        let mut answer = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            answer.read_line(&mut line).unwrap();
            match line.trim_end().split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().unwrap();
                }
                None if line.trim_end().is_empty() => break,
                _ => {}
            }
        }
        let mut body = vec![0; length];
        answer.read_exact(&mut body).unwrap();
        let opened: Value = serde_json::from_slice(&body).unwrap();
        let socket = opened["webSocketDebuggerUrl"].as_str().unwrap();
        let (socket, _) = tungstenite::connect(socket).unwrap();
        if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
        }
        let mut tab = Tab { socket, asked: 0 };
        tab.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'");
        tab
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A tab with a page in it.
pub(crate) struct Tab {
    socket: WebSocket<MaybeTlsStream<TcpStream>>,
    asked: u64,
}

impl Tab {
    fn ask(&mut self, method: &str, parameters: Value) -> Value {
        self.asked += 1;
        let request = json!({"id": self.asked, "method": method, "params": parameters});
        self.socket.send(Message::text(request.to_string())).unwrap();
        loop {
            let Message::Text(text) = self.socket.read().unwrap() else { continue };
            let answer: Value = serde_json::from_str(&text).unwrap();
            if answer["id"] == self.asked {
                return answer;
            }
        }
    }

    /// Returns what the expression is worth in the page; null while a page loads.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let parameters = json!({
            "expression": expression,
            "returnByValue": true,
            "awaitPromise": true,
        });
        let answer = self.ask("Runtime.evaluate", parameters);
        answer["result"]["result"]["value"].clone()
    }

    /// Waits until the expression is true in the page.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, expression: &str) {
        if !self.comes_true(expression, PATIENCE) {
            let page = self.value("document.body.innerText.slice(0, 2000)");
            panic!("`{expression}` did not come true in {page}");
        }
    }

    /// Tells whether the expression is true in the page before long.
    fn comes_true(&mut self, expression: &str, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        while self.value(&format!("Boolean({expression})")) != true {
            if Instant::now() > until {
                return false;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        true
    }

    /// Points at an element until the expression is true in the page. As a person does it:
    /// where nothing comes of it, the pointer goes away and comes back, since a busy browser
    /// may have shown the page elsewhere when the pointer came.
    #[track_caller]
    pub(crate) fn point_until(&mut self, element: &str, expression: &str) {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            self.point_at(element);
            if self.comes_true(expression, AWHILE) {
                return;
            }
            self.mouse("mouseMoved", (1.0, 1.0));
            std::thread::sleep(AWHILE);
        }
        self.wait_for(expression);
    }

    /// Types a text where the focus is.
    pub(crate) fn type_text(&mut self, text: &str) {
        text.chars().for_each(|c| self.press(&c.to_string()));
    }

    /// Presses a letter with Ctrl held down.
    pub(crate) fn press_with_ctrl(&mut self, key: &str) {
        let code = key.to_uppercase().bytes().next().unwrap();
        for kind in ["rawKeyDown", "keyUp"] {
            let event =
                json!({"type": kind, "key": key, "windowsVirtualKeyCode": code, "modifiers": 2});
            self.ask("Input.dispatchKeyEvent", event);
        }
    }

    /// Sets what the media query `feature` finds.
    pub(crate) fn emulate(&mut self, feature: &str, value: &str) {
        let features = json!({"features": [{"name": feature, "value": value}]});
        self.ask("Emulation.setEmulatedMedia", features);
    }

    /// Goes to another page.
    pub(crate) fn go(&mut self, url: &str) {
        self.value("window.left = true");
        self.ask("Page.navigate", json!({"url": url}));
        self.wait_for("!window.left && document.readyState === 'complete'");
    }

    /// Gives the window a size in CSS pixels.
    pub(crate) fn resize(&mut self, width: u32, height: u32) {
        let size = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
        });
        self.ask("Emulation.setDeviceMetricsOverride", size);
    }

    /// Emulates several media features at once.
    pub(crate) fn emulate_all(&mut self, features: &[(&str, &str)]) {
        let features = features.iter().map(|(name, value)| json!({"name": name, "value": value}));
        let features: Vec<Value> = features.collect();
        self.ask("Emulation.setEmulatedMedia", json!({"features": features}));
    }

    /// Shows the page as `media` (`print`, or the screen where it is empty).
    pub(crate) fn show_as(&mut self, media: &str) {
        self.ask("Emulation.setEmulatedMedia", json!({"media": media}));
    }

    /// Runs no script of pages that are loaded from here on; questions are still answered.
    pub(crate) fn without_script(&mut self) {
        self.ask("Emulation.setScriptExecutionDisabled", json!({"value": true}));
    }

    /// Returns the page as it would be printed, as the text of base64.
    pub(crate) fn pdf(&mut self) -> String {
        let answer = self.ask("Page.printToPDF", json!({"printBackground": true}));
        answer["result"]["data"].as_str().unwrap_or_default().to_owned()
    }

    /// Scrolls to an element, and returns the middle of its first box once that has come to
    /// rest: what scrolls by under the pointer is pointed at, too.
    fn middle_of(&mut self, element: &str) -> (f64, f64) {
        self.value(&format!(
            "{element}.scrollIntoView({{ block: 'center', behavior: 'instant' }})"
        ));
        let middle = format!(
            "(() => {{ const r = {element}.getClientRects()[0]; \
             return [r.x + r.width / 2, r.y + r.height / 2]; }})()"
        );
        let until = Instant::now() + PATIENCE;
        let mut last = self.value(&middle);
        loop {
            std::thread::sleep(Duration::from_millis(150));
            let place = self.value(&middle);
            if place == last || Instant::now() > until {
                return (place[0].as_f64().unwrap(), place[1].as_f64().unwrap());
            }
            last = place;
        }
    }

    /// Moves the pointer to the middle of the first box of an element.
    pub(crate) fn point_at(&mut self, element: &str) -> (f64, f64) {
        let at = self.middle_of(element);
        self.mouse("mouseMoved", at);
        at
    }

    /// Clicks on an element, as a pointer does.
    pub(crate) fn click(&mut self, element: &str) {
        let at = self.point_at(element);
        self.mouse("mousePressed", at);
        self.mouse("mouseReleased", at);
    }

    /// Lets the device be one that is touched and has no pointer.
    pub(crate) fn touch_only(&mut self) {
        self.ask(
            "Emulation.setTouchEmulationEnabled",
            json!({"enabled": true, "maxTouchPoints": 1}),
        );
    }

    /// Touches an element with a finger, shortly or until something opens.
    pub(crate) fn tap(&mut self, element: &str) {
        let (x, y) = self.middle_of(element);
        // A touch while the page scrolls, or soon after another, is another gesture.
        std::thread::sleep(Duration::from_millis(300));
        let points = [json!([{"x": x, "y": y}]), json!([])];
        for (what, points) in ["touchStart", "touchEnd"].into_iter().zip(points) {
            self.ask("Input.dispatchTouchEvent", json!({"type": what, "touchPoints": points}));
        }
    }

    /// Moves the pointer to a place in the window, or presses there.
    pub(crate) fn mouse(&mut self, what: &str, (x, y): (f64, f64)) {
        let button = if what == "mouseMoved" { "none" } else { "left" };
        let event = json!({"type": what, "x": x, "y": y, "button": button, "clickCount": 1});
        self.ask("Input.dispatchMouseEvent", event);
    }

    /// Presses a key, named as in `KeyboardEvent.key`.
    pub(crate) fn press(&mut self, key: &str) {
        let (code, text) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            "Escape" => (27, ""),
            "ArrowRight" => (39, ""),
            "End" => (35, ""),
            "ArrowUp" => (38, ""),
            "ArrowDown" => (40, ""),
            letter if letter.chars().count() == 1 => (0, letter),
            _ => panic!("which number has the key {key}?"),
        };
        for kind in ["keyDown", "keyUp"] {
            let event = json!({
                "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code,
                "text": if kind == "keyDown" { text } else { "" },
            });
            self.ask("Input.dispatchKeyEvent", event);
        }
    }
}
