use std::net::SocketAddr;

use axum::http::{HeaderMap, HeaderValue, header};

use super::{api, gate::Gate, pages};

#[test]
fn snippets_mark_and_escape() {
    let html = pages::marked("a <b> «held» in «Tumen»").into_string();
    assert_eq!(html, "a &lt;b&gt; <mark>held</mark> in <mark>Tumen</mark>");
}

#[test]
fn only_this_address_is_answered() {
    let address: SocketAddr = ([127, 0, 0, 1], 4242).into();
    let (gate, _) = Gate::new(address).expect("random bytes");
    for own in ["127.0.0.1:4242", "localhost:4242"] {
        assert!(gate.is_own_host(own), "{own}");
    }
    for foreign in [
        "example.org",
        "127.0.0.1",
        "127.0.0.1:4243",
        "127.0.0.1:4242.example.org",
    ] {
        assert!(!gate.is_own_host(foreign), "{foreign}");
    }
    let mut headers = HeaderMap::new();
    headers.insert(header::COOKIE, HeaderValue::from_static("tumen-4242=guess"));
    assert!(!gate.knows(&headers));
}

#[test]
fn the_description_lists_every_route_of_the_api() {
    let described: serde_json::Value = serde_json::from_str(api::DESCRIPTION).expect("JSON");
    let source = include_str!("mod.rs");
    let routed = source
        .split(".route(\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    let mut routed: Vec<_> = routed.filter(|path| path.starts_with("/api/")).collect();
    let mut listed: Vec<_> = described["paths"]
        .as_object()
        .expect("paths")
        .keys()
        .map(String::as_str)
        .collect();
    routed.sort_unstable();
    listed.sort_unstable();
    assert_eq!(routed, listed);
}
