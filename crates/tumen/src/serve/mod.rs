//! The interface: pages made here, whole without JavaScript, for this machine only.
//!
//! Never: content of a document as anything but escaped text, inline script or style, anything
//! from another host, an answer to who has not come through the one-time link.

mod api;
mod gate;
mod pages;

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use investigation::{Case, Failure, Whose};

/// What every request sees.
pub(crate) struct Site {
    pub(crate) case: Case,
    pub(crate) gate: gate::Gate,
}

type Shared = State<Arc<Site>>;

/// Serves the case until the program is interrupted.
///
/// # Errors
/// The address is not this machine's alone, or is taken.
pub(crate) fn run(case: Case, listen: SocketAddr, open: bool) -> Result<ExitCode, Failure> {
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
        let _ = out.flush();
        if open {
            let browser = std::process::Command::new("xdg-open")
                .arg(&link)
                .stdin(std::process::Stdio::null())
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .spawn();
            if browser.is_err() {
                eprintln!("hint: no browser could be opened from here; open the link by hand");
            }
        }
        let site = Arc::new(Site { case, gate });
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
        .route("/d/{id}", get(pages::document))
        .route("/d/{id}/page/{file}", get(pages::page_image))
        .route("/d/{id}/original", get(pages::original))
        .route("/ledger", get(pages::ledger))
        .route("/help", get(pages::help))
        .route("/api/search", get(api::search))
        .route("/api/documents/{id}", get(api::document))
        .route("/api/ledger", get(api::ledger))
        .route("/api/openapi.json", get(api::description))
        .layer(middleware::from_fn_with_state(site.clone(), gate::pass))
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
    set("referrer-policy", "no-referrer");
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
