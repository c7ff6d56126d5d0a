//! Who may come in: the browser that opened the one-time link, from this machine, to this address.

use std::io::Read;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{Form, FromRequest, Json, Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::{Shared, Site, pages};

pub(crate) struct Gate {
    address: SocketAddr,
    token: String,
    used: AtomicBool,
    session: String,
    /// In every form of the pages; a page from elsewhere cannot read it.
    form: String,
    /// What programs send instead of a session; they can ask, not decide.
    program: String,
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
            form: random()?,
            program: random()?,
        };
        Ok((gate, token))
    }

    /// What a request that changes anything has to carry.
    pub(crate) fn form_token(&self) -> &str {
        &self.form
    }

    pub(crate) fn program_token(&self) -> &str {
        &self.program
    }

    /// Whether a program sent its token: `Authorization: Bearer …`, or `Apikey …` as clients of yente do. OpenRefine
    /// can send no header, so the addresses of reconciliation may carry it as `api_key`.
    fn knows_program(&self, headers: &HeaderMap, address: &Uri) -> bool {
        let in_address = address.path().starts_with("/reconcile/")
            && address.query().is_some_and(|query| {
                query
                    .split('&')
                    .filter_map(|pair| pair.strip_prefix("api_key="))
                    .any(|token| same(token, &self.program))
            });
        in_address || self.knows_program_by(headers)
    }

    fn knows_program_by(&self, headers: &HeaderMap) -> bool {
        headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(kind, _)| {
                kind.eq_ignore_ascii_case("bearer") || kind.eq_ignore_ascii_case("apikey")
            })
            .is_some_and(|(_, token)| same(token.trim(), &self.program))
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
    let origin = header(header::ORIGIN);
    let elsewhere = header(HeaderName::from_static("sec-fetch-site"))
        .is_some_and(|site| !matches!(site, "same-origin" | "none"));
    let refused = match *request.method() {
        Method::GET | Method::HEAD => origin.is_some_and(|origin| !own(origin)),
        // No page can send a program's token, so it need not say where it comes from.
        Method::POST
            if origin.is_none() && gate.knows_program(request.headers(), request.uri()) =>
        {
            elsewhere
        }
        // A change has to say where it comes from.
        Method::POST => elsewhere || !origin.is_some_and(own),
        _ => true,
    };
    refused.then_some((StatusCode::FORBIDDEN, "not from another page"))
}

/// The fields of a form that our own page sent: what carries no token of ours does not come into
/// being.
pub(crate) struct Sent(pub(crate) Vec<(String, String)>);

impl FromRequest<Arc<Site>> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Self, Response> {
        let Form(fields) = Form::<Vec<(String, String)>>::from_request(request, site)
            .await
            .map_err(IntoResponse::into_response)?;
        let token = fields.iter().find(|(name, _)| name == "token");
        if !token.is_some_and(|(_, token)| same(token, &site.gate.form)) {
            return Err(untrusted());
        }
        Ok(Self(fields))
    }
}

/// The same for programs: JSON, with the token in the header `x-tumen-token`.
pub(crate) struct SentJson(pub(crate) serde_json::Value);

impl FromRequest<Arc<Site>> for SentJson {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Self, Response> {
        let token = request.headers().get("x-tumen-token");
        let known = token
            .and_then(|token| token.to_str().ok())
            .is_some_and(|token| same(token, &site.gate.form));
        if !known {
            return Err(untrusted());
        }
        let Json(value) = Json::from_request(request, site)
            .await
            .map_err(IntoResponse::into_response)?;
        Ok(Self(value))
    }
}

fn untrusted() -> Response {
    let page = pages::closed(
        "This form is not of the interface that runs now. Nothing was changed: go back, load the \
         page again, and repeat it.",
    );
    (StatusCode::FORBIDDEN, page).into_response()
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

/// Who has come through the link, and programs with their token.
pub(crate) async fn pass_program(State(site): Shared, request: Request, next: Next) -> Response {
    if site.gate.knows_program(request.headers(), request.uri()) {
        return next.run(request).await;
    }
    pass(State(site), request, next).await
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
