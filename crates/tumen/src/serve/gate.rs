//! Who may come in: the browser that opened the one-time link, from this machine, to this address.

use std::io::Read;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::{Shared, Site, pages};

pub(crate) struct Gate {
    address: SocketAddr,
    token: String,
    used: AtomicBool,
    session: String,
}

fn random() -> std::io::Result<String> {
    let mut bytes = [0; 32];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Without telling by its duration how much of it was right.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len()
        && a.bytes()
            .zip(b.bytes())
            .fold(0, |sum, (a, b)| sum | (a ^ b))
            == 0
}

impl Gate {
    /// The gate, and the token of its one-time link.
    pub(crate) fn new(address: SocketAddr) -> std::io::Result<(Self, String)> {
        let token = random()?;
        let gate = Self {
            address,
            token: token.clone(),
            used: AtomicBool::new(false),
            session: random()?,
        };
        Ok((gate, token))
    }

    fn cookie(&self) -> String {
        format!("tumen-{}", self.address.port())
    }

    /// A page elsewhere may make a browser send requests here under another host's name.
    pub(crate) fn is_own_host(&self, host: &str) -> bool {
        let port = self.address.port();
        [
            self.address.to_string(),
            format!("localhost:{port}"),
            format!("127.0.0.1:{port}"),
        ]
        .iter()
        .any(|own| own == host)
    }

    pub(crate) fn knows(&self, headers: &HeaderMap) -> bool {
        let name = self.cookie();
        let cookies = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok());
        cookies
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .any(|(key, value)| key == name && same(value, &self.session))
    }
}

/// Why a request is refused before anything else is looked at.
fn refused(gate: &Gate, request: &Request) -> Option<(StatusCode, &'static str)> {
    let header = |name| {
        request
            .headers()
            .get(name)
            .and_then(|v: &HeaderValue| v.to_str().ok())
    };
    if !header(header::HOST).is_some_and(|host| gate.is_own_host(host)) {
        return Some((
            StatusCode::MISDIRECTED_REQUEST,
            "this address is not served here",
        ));
    }
    let own = |origin: &str| {
        origin
            .strip_prefix("http://")
            .is_some_and(|host| gate.is_own_host(host))
    };
    let foreign = header(header::ORIGIN).is_some_and(|origin| !own(origin));
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    (foreign || changes).then_some((StatusCode::FORBIDDEN, "not from another page"))
}

/// Only this address, and only from its own pages.
pub(crate) async fn host(State(site): Shared, request: Request, next: Next) -> Response {
    match refused(&site.gate, &request) {
        Some(refusal) => refusal.into_response(),
        None => next.run(request).await,
    }
}

/// Only who has come through the link.
pub(crate) async fn pass(State(site): Shared, request: Request, next: Next) -> Response {
    if site.gate.knows(request.headers()) {
        return next.run(request).await;
    }
    let page =
        pages::closed("This browser has not come through the link that `tumen serve` printed.");
    (StatusCode::FORBIDDEN, page).into_response()
}

/// The one-time link.
pub(crate) async fn enter(
    State(site): State<Arc<Site>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    if site.gate.knows(&headers) {
        return Redirect::to("/").into_response();
    }
    if !same(&token, &site.gate.token) || site.gate.used.swap(true, Ordering::SeqCst) {
        let page = pages::closed("This link was used before, or is not the one that was printed.");
        return (StatusCode::FORBIDDEN, page).into_response();
    }
    let cookie = format!(
        "{}={}; HttpOnly; SameSite=Strict; Path=/",
        site.gate.cookie(),
        site.gate.session
    );
    ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response()
}
