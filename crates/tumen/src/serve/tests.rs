use std::net::SocketAddr;

use axum::http::{HeaderMap, HeaderValue, header};

use super::{gate::Gate, pages};

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
fn the_description_lists_every_route() {
    let made = super::description::written();
    expect_test::expect_file!["../../openapi.json"].assert_eq(&made);
    let described: serde_json::Value = serde_json::from_str(&made).expect("JSON");
    let source: String = include_str!("mod.rs").split_whitespace().collect();
    let mut routed: Vec<String> = source
        .split(".route(\"")
        .skip(1)
        .flat_map(|rest| {
            let (path, rest) = rest.split_once('"').expect("a path");
            let handler = rest.split(".route(").next().unwrap_or_default();
            let both = [("get", ",get("), ("post", "post(")];
            both.into_iter()
                .filter(|(_, call)| handler.contains(call))
                .map(|(method, _)| format!("{method} {path}"))
                .collect::<Vec<_>>()
        })
        .collect();
    let mut listed: Vec<String> = described["paths"]
        .as_object()
        .expect("paths")
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().expect("methods");
            methods.keys().map(move |method| format!("{method} {path}"))
        })
        .collect();
    routed.sort_unstable();
    listed.sort_unstable();
    assert_eq!(routed, listed);
    // What an answer refers to is there.
    for name in made.split("#/components/schemas/").skip(1) {
        let name = name.split('"').next().unwrap_or_default();
        assert!(
            described["components"]["schemas"][name].is_object(),
            "{name}"
        );
    }
}
