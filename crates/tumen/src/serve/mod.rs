//! The interface: pages made here, whole without JavaScript, for this machine only.
//!
//! Never: content of a document as anything but escaped text, inline script or style, anything
//! from another host, an answer to who has not come through the one-time link, a change that our
//! own page did not send.

mod api;
mod chart;
mod counting;
#[cfg(test)]
mod description;
mod edit;
mod entities;
mod figures;
mod gate;
mod marking;
mod pages;
mod panel;
mod reader;
mod reconcile;
mod review;
mod screening;
mod statements;
mod trace;
mod words;

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::output::say;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use investigation::{Case, Failure, Registry, Whose};

/// What every request sees.
pub(crate) struct Site {
    pub(crate) case: Case,
    pub(crate) gate: gate::Gate,
    /// The lists in memory.
    pub(crate) registry: Arc<Registry>,
    /// Lists as they were linked last.
    pub(crate) linkages: counting::Linkages,
    /// Who decides, if another than the account's name was given.
    person: Mutex<String>,
    /// Statements are those of this version's extractor.
    fresh: AtomicBool,
}

impl Site {
    fn new(case: Case, gate: gate::Gate) -> Self {
        Self {
            case,
            gate,
            registry: Arc::default(),
            linkages: counting::Linkages::default(),
            person: Mutex::new(investigation::who()),
            fresh: AtomicBool::new(false),
        }
    }

    /// Who decides, as the log will have it.
    pub(crate) fn person(&self) -> String {
        self.person
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// From now on decisions are those of `name`; of the account if it is empty.
    pub(crate) fn decide_as(&self, name: &str) {
        let name: String = name.chars().filter(|c| !c.is_control()).take(120).collect();
        let name = match name.trim() {
            "" => investigation::who(),
            name => name.to_owned(),
        };
        *self.person.lock().unwrap_or_else(PoisonError::into_inner) = name;
    }

    /// Says so while statements are still being made.
    pub(crate) fn freshness(&self) -> maud::Markup {
        let fresh = self.fresh.load(Ordering::Relaxed);
        maud::html! { @if !fresh { p.note role="status" {
            "Statements of some documents are missing or older: they are being made, or another command is at work on the case."
        } } }
    }
}

type Shared = State<Arc<Site>>;

/// Serves the case until the program is interrupted.
///
/// # Errors
/// The address is not this machine's alone, or is taken.
pub(crate) fn run(
    case: Case,
    listen: SocketAddr,
    open: bool,
    programs: bool,
) -> Result<ExitCode, Failure> {
    if !listen.ip().is_loopback() {
        return Err(Failure::new(
            Whose::You,
            "not-loopback",
            format!("{listen} can be reached from other machines; the interface was not started"),
        )
        .hint("use 127.0.0.1:PORT; for colleagues, give each a copy by `tumen backup`"));
    }
    let machine = |error: std::io::Error| {
        Failure::new(
            Whose::Machine,
            "listen",
            format!("{listen} cannot be listened on: {error}"),
        )
        .hint("name another port, or none: `--listen 127.0.0.1:0`")
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(8)
        .enable_all()
        .build()
        .map_err(machine)?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen)
            .await
            .map_err(machine)?;
        let address = listener.local_addr().map_err(machine)?;
        let (gate, token) = gate::Gate::new(address).map_err(machine)?;
        let link = format!("http://{address}/enter/{token}");
        let mut out = std::io::stdout();
        let _ = writeln!(
            out,
            "Open this link; it works once:\n\n    {link}\n\nCtrl-C ends."
        );
        if programs {
            let _ = writeln!(
                out,
                "\nPrograms send this with each request: `Authorization: Bearer TOKEN`.\n\n    {token}\n\n\
                 OpenRefine takes it in the address of the service:\n\n    \
                 http://{address}/reconcile/default?api_key={token}",
                token = gate.program_token()
            );
        }
        let _ = out.flush();
        if open {
            let browser = std::process::Command::new("xdg-open")
                .arg(&link)
                .stdin(std::process::Stdio::null())
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .spawn();
            if browser.is_err() {
                say!("hint: no browser could be opened from here; open the link by hand");
            }
        }
        let site = Arc::new(Site::new(case, gate));
        let derived = site.clone();
        tokio::task::spawn_blocking(move || {
            // Lists first: a program may ask at once. What is wrong with them is told when somebody asks.
            let _ = derived.registry.current(&derived.case);
            let done = derived.case.refresh_statements(&mut |_| ());
            derived
                .fresh
                .store(done.unwrap_or(false), Ordering::Relaxed);
        });
        axum::serve(listener, routes(site))
            .with_graceful_shutdown(async {
                let _ = tokio::signal::ctrl_c().await;
            })
            .await
            .map_err(machine)?;
        Ok(ExitCode::SUCCESS)
    })
}

/// All routes; `openapi.json` lists those of the API and a test compares the two.
fn routes(site: Arc<Site>) -> Router {
    Router::new()
        .route("/", get(pages::search))
        .route("/d/{id}", get(reader::document))
        .route("/d/{id}/page/{file}", get(reader::page_image))
        .route("/d/{id}/original", get(reader::original))
        .route("/s/{id}", get(reader::statement))
        .route("/statements", get(statements::list))
        .route("/figures", get(figures::list_page))
        .route("/figures/{key}", get(figures::page))
        .route("/trace", get(trace::page))
        .route("/holder", get(trace::dossier::holder))
        .route("/replies", get(trace::dossier::replies))
        .route("/review", get(review::page).post(review::decide))
        .route("/review/log", get(review::log))
        .route("/entities", get(entities::list))
        .route("/matching", get(entities::queue).post(entities::judge))
        .route("/lists", get(entities::lists))
        .route(
            "/screening",
            get(entities::screening).post(entities::screen),
        )
        .route("/linking", get(counting::linking::page))
        .route(
            "/estimate",
            get(counting::estimate::page).post(counting::estimate::ask),
        )
        .route("/ledger", get(pages::ledger))
        .route("/help", get(pages::help))
        .route("/api/search", get(api::search))
        .route("/api/documents/{id}", get(api::document))
        .route("/api/ledger", get(api::ledger))
        .route("/api/statements", get(api::statements))
        .route("/api/figures", get(api::figures))
        .route("/api/review", get(api::review).post(api::decide))
        .route("/api/openapi.json", get(api::description))
        .layer(middleware::from_fn_with_state(site.clone(), gate::pass))
        .merge(for_programs(&site))
        .route("/enter/{token}", get(gate::enter))
        .route(
            "/assets/style.css",
            get(|| asset("text/css", include_str!("../../assets/style.css"))),
        )
        .route(
            "/assets/keys.js",
            get(|| asset("text/javascript", include_str!("../../assets/keys.js"))),
        )
        .layer(middleware::from_fn_with_state(site.clone(), gate::host))
        .layer(middleware::map_response(guarded))
        .with_state(site)
}

/// What programs may ask as well, with the token that `serve --api-token` prints.
fn for_programs(site: &Arc<Site>) -> Router<Arc<Site>> {
    Router::new()
        .route("/match/{dataset}", post(screening::matching))
        .route("/search/{dataset}", get(screening::search))
        .route("/entities/{id}", get(entities::entity))
        .route("/entities/{id}/adjacent", get(screening::adjacent))
        .route(
            "/entities/{id}/adjacent/{property}",
            get(screening::adjacent_by),
        )
        .route(
            "/reconcile/{dataset}",
            get(reconcile::get).post(reconcile::post),
        )
        .route(
            "/reconcile/{dataset}/suggest/entity",
            get(reconcile::suggest_entity),
        )
        .route(
            "/reconcile/{dataset}/suggest/type",
            get(reconcile::suggest_type),
        )
        .route(
            "/reconcile/{dataset}/suggest/property",
            get(reconcile::suggest_property),
        )
        .route(
            "/reconcile/{dataset}/extend/property",
            get(reconcile::propose),
        )
        .route("/reconcile/{dataset}/preview", get(reconcile::preview))
        .route("/algorithms", get(screening::algorithms))
        .route("/catalog", get(screening::catalog))
        .route("/manifest", get(screening::catalog))
        .route("/healthz", get(screening::healthz))
        .route("/readyz", get(screening::readyz))
        .layer(middleware::from_fn_with_state(
            site.clone(),
            gate::pass_program,
        ))
}

async fn asset(media_type: &'static str, text: &'static str) -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, format!("{media_type}; charset=utf-8"))],
        text,
    )
}

/// What every answer carries.
async fn guarded(mut response: Response) -> Response {
    const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; \
        form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let headers: &mut HeaderMap = response.headers_mut();
    let mut set = |name: &'static str, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    set("content-security-policy", CSP);
    set("x-content-type-options", "nosniff");
    // Nothing leaves for another host; our own forms say where they come from, as the gate asks.
    set("referrer-policy", "same-origin");
    set("cache-control", "no-store");
    set("cross-origin-opener-policy", "same-origin");
    set("cross-origin-resource-policy", "same-origin");
    response
}

/// Runs a call that blocks away from the threads that answer.
async fn blocking<T: Send + 'static>(
    site: &Arc<Site>,
    call: impl FnOnce(&Case) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let site = site.clone();
    tokio::task::spawn_blocking(move || call(&site.case))
        .await
        .unwrap_or_else(|_| {
            Err(Failure::new(
                Whose::Bug,
                "fault",
                "an internal fault; the case is safe",
            ))
        })
}

fn status(failure: &Failure) -> StatusCode {
    StatusCode::from_u16(failure.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

#[cfg(test)]
mod tests;
