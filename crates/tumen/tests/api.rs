//! The API over real HTTP: the same values as the command line, as `openapi.json` describes them,
//! and no change that the token, the origin and the session do not all vouch for.

mod served;

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};
use served::Served;

struct Client<'a> {
    served: &'a Served,
    cookie: String,
}

/// Status, head and body of an answer.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }
}

fn ask(home: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let address = home.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("it listens");
    let mut request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    write!(stream, "{request}\r\n{body}").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).expect("a status");
    Answer {
        status: status.parse().expect("a number"),
        head: head.to_owned(),
        body: unchunked(head, body),
    }
}

/// The body without the marks of a chunked transfer.
fn unchunked(head: &str, body: &str) -> String {
    if !head
        .to_ascii_lowercase()
        .contains("transfer-encoding: chunked")
    {
        return body.to_owned();
    }
    let (mut whole, mut rest) = (String::new(), body);
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).expect("a size");
        whole += &after[..size];
        rest = after[size..].trim_start_matches("\r\n");
    }
    whole
}

impl<'a> Client<'a> {
    fn enter(served: &'a Served) -> Self {
        let path = served.link.trim_start_matches(&served.home);
        let answer = ask(&served.home, "GET", path, &[], "");
        let cookie = answer
            .head
            .lines()
            .find_map(|line| line.strip_prefix("set-cookie: "))
            .and_then(|cookie| cookie.split(';').next())
            .expect("a cookie")
            .to_owned();
        Self { served, cookie }
    }

    fn get(&self, path: &str) -> Answer {
        ask(
            &self.served.home,
            "GET",
            path,
            &[("Cookie", &self.cookie)],
            "",
        )
    }

    fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut all = vec![("Cookie", self.cookie.as_str())];
        all.extend(headers);
        ask(&self.served.home, "POST", path, &all, body)
    }
}

/// Whether `value` has exactly the fields that a schema requires, and so its parts.
fn check_fits(description: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let named = &description["components"]["schemas"][name.rsplit('/').next().expect("a name")];
        assert!(named.is_object(), "{name} is described");
        return check_fits(description, named, value, at);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let null = choices.iter().any(|one| one["type"] == "null");
        if value.is_null() && null {
            return;
        }
        return check_fits(description, &choices[0], value, at);
    }
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        for (n, one) in values.iter().enumerate() {
            check_fits(description, items, one, &format!("{at}[{n}]"));
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        assert!(words.contains(value), "{at}: {value}");
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let fits = kinds.is_empty()
        || kinds.contains(&kind)
        || (kind == "integer" && kinds.contains(&"number"));
    assert!(fits, "{at} is {kind}, not one of {kinds:?}");
    let (Some(required), Some(object)) = (schema["required"].as_array(), value.as_object()) else {
        return;
    };
    let mut wanted: Vec<&str> = required.iter().filter_map(Value::as_str).collect();
    let mut there: Vec<&str> = object.keys().map(String::as_str).collect();
    wanted.sort_unstable();
    there.sort_unstable();
    assert_eq!(wanted, there, "{at}");
    for (name, part) in object {
        if let Some(schema) = schema["properties"].get(name) {
            check_fits(description, schema, part, &format!("{at}.{name}"));
        }
    }
}

fn check_described(description: &Value, client: &Client<'_>, path: &str) -> Value {
    let bare = path.split('?').next().expect("a path");
    let schema = &description["paths"][bare]["get"]["responses"]["200"]["content"]["application/json"]
        ["schema"];
    assert!(schema.is_object(), "{bare} is described");
    let answer = client.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    let value = answer.json();
    check_fits(description, schema, &value, bare);
    value
}

#[test]
fn the_api_says_what_the_command_line_says_and_changes_nothing_for_strangers() {
    let served = Served::start(|documents| testkit::write_sample(documents).expect("the sample"));
    let client = Client::enter(&served);
    let description = client.get("/api/openapi.json").json();

    // The same lines as the command line prints.
    let answer = check_described(
        &description,
        &client,
        "/api/statements?event=detention&limit=1000",
    );
    let printed = served.printed(&["statements", "--event", "detention", "--limit", "1000"]);
    assert!(printed.len() > 3, "{}", printed.len());
    assert!(answer["statements"] == json!(printed), "other lines");
    assert_eq!(answer["total"], printed.len());
    // 구금 names the event of English statements too.
    let korean = client
        .get("/api/statements?q=%EA%B5%AC%EA%B8%88&limit=1000")
        .json();
    let quotes: Vec<&str> = korean["statements"]
        .as_array()
        .expect("statements")
        .iter()
        .filter_map(|one| one["quote"].as_str())
        .collect();
    assert!(
        quotes
            .iter()
            .any(|quote| quote.starts_with("Close to 2000")),
        "{quotes:?}"
    );
    let faulty = client.get("/api/statements?event=party");
    assert_eq!(faulty.status, 400);
    assert!(
        faulty.json()["error"]["hints"][0]
            .as_str()
            .is_some_and(|hint| hint.contains("detention"))
    );

    let figures = check_described(&description, &client, "/api/figures?limit=1000");
    let printed = served.printed(&["figures"]);
    assert!(!printed.is_empty());
    assert!(figures["series"] == json!(printed), "other series");

    let review = check_described(
        &description,
        &client,
        "/api/review?order=least_sure&limit=5",
    );
    let token = review["token"].as_str().expect("a token").to_owned();
    let id = review["queue"][0]["id"].as_str().expect("an id").to_owned();
    let left = review["left"].as_u64().expect("a number");
    let body = json!({ "accept": id }).to_string();
    let json_type = ("Content-Type", "application/json");
    let (origin, own) = (
        ("Origin", served.home.as_str()),
        ("x-tumen-token", token.as_str()),
    );

    // Each of the three must be there, and the method must be known.
    let foreign = ("Origin", "http://example.org");
    let elsewhere = ("Sec-Fetch-Site", "cross-site");
    for (headers, why) in [
        (vec![json_type, own], "no origin"),
        (vec![json_type, own, foreign], "a foreign origin"),
        (vec![json_type, own, ("Origin", "null")], "an opaque origin"),
        (vec![json_type, own, origin, elsewhere], "from another site"),
        (vec![json_type, origin], "no token"),
        (
            vec![json_type, origin, ("x-tumen-token", "guess")],
            "a wrong token",
        ),
    ] {
        let answer = client.post("/api/review", &headers, &body);
        assert_eq!(answer.status, 403, "{why}: {}", answer.body);
    }
    let stranger = Client {
        served: &served,
        cookie: "tumen=guess".to_owned(),
    };
    assert_eq!(
        stranger
            .post("/api/review", &[json_type, origin, own], &body)
            .status,
        403
    );
    assert_eq!(
        ask(
            &served.home,
            "PUT",
            "/api/review",
            &[("Cookie", &client.cookie), origin, own],
            &body
        )
        .status,
        403
    );
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let fields = format!("act=accept&statement={id}&back=/review");
    assert_eq!(client.post("/review", &[form, origin], &fields).status, 403);
    assert_eq!(
        client.get("/api/review").json()["left"],
        left,
        "nothing was changed"
    );

    // With all three: accept, find it, undo it.
    let answer = client.post("/api/review", &[json_type, origin, own], &body);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let number = answer.json()["decision"].as_u64().expect("a number");
    let accepted = check_described(&description, &client, "/api/statements?state=accepted");
    assert_eq!(accepted["statements"][0]["id"], json!(id));
    let log = check_described(&description, &client, "/api/review")["decisions"].clone();
    assert!(
        log == json!(served.printed(&["review", "log"])),
        "other lines"
    );
    let undo = json!({ "undo": number }).to_string();
    assert_eq!(
        client
            .post("/api/review", &[json_type, origin, own], &undo)
            .status,
        200
    );
    assert_eq!(client.get("/api/review").json()["left"], left);

    // To prefer a figure asks for a reason; it is the series that the figure stands in.
    let figure = &figures["series"][0]["figures"][0]["id"];
    let headers = [json_type, origin, own];
    let plain = json!({ "prefer": figure }).to_string();
    assert_eq!(client.post("/api/review", &headers, &plain).status, 400);
    let reasoned = json!({ "prefer": figure, "reason": "counted on the spot", "by": "J. Moreau" });
    let answer = client.post("/api/review", &headers, &reasoned.to_string());
    assert_eq!(answer.status, 200, "{}", answer.body);
    let first = |client: &Client<'_>| {
        check_described(&description, client, "/api/figures")["series"][0]["preferred"].clone()
    };
    let preferred = first(&client);
    assert_eq!(&preferred["statement"], figure);
    assert_eq!(preferred["by"], "J. Moreau");
    let undo = json!({ "undo": preferred["number"] }).to_string();
    assert_eq!(client.post("/api/review", &headers, &undo).status, 200);
    assert!(first(&client).is_null());

    // A rejection and an edit ask for a reason; an edit cannot quote what is not there.
    for body in [
        json!({ "reject": id }),
        json!({ "edit": id, "set": { "modality": "risk" }, "reason": " " }),
        json!({ "edit": id, "set": { "quote": "nobody was held" }, "reason": "r" }),
        json!({ "edit": id, "set": { "event": "party" }, "reason": "r" }),
        json!({ "accept": "s_nonsense" }),
        json!({ "accept": id, "undo": 1 }),
        json!([1, 2]),
        json!({}),
    ] {
        let answer = client.post("/api/review", &[json_type, origin, own], &body.to_string());
        assert_eq!(answer.status, 400, "{body}: {}", answer.body);
    }

    // The form leads back to our own pages only, and says what was decided.
    for (back, to) in [
        ("/d/x%3Fs=1%23t-1", "/d/x?s=1&done="),
        ("//example.org/", "/review?done="),
        ("https://example.org/", "/review?done="),
    ] {
        let fields = format!("token={token}&act=accept&statement={id}&back={back}");
        let answer = client.post("/review", &[form, origin], &fields);
        assert_eq!(answer.status, 303, "{}", answer.body);
        let place = answer
            .head
            .lines()
            .find_map(|line| line.strip_prefix("location: "));
        assert!(place.expect("a place").starts_with(to), "{place:?}");
    }
    // Words are looked up in the text: what does not stand there is refused.
    let edit = |fields: &str| {
        let fields =
            format!("token={token}&act=edit&statement={id}&back=/review&reason=r&{fields}");
        client.post("/review", &[form, origin], &fields)
    };
    assert_eq!(edit("place=Atlantis").status, 400);
    assert_eq!(
        edit("quantity_text=").status,
        400,
        "nothing was changed by it"
    );
    assert_eq!(edit("modality=risk").status, 303);
    let edited = client.get("/api/statements?state=edited").json();
    assert_eq!(edited["statements"][0]["modality"], "risk");
    assert!(edited["statements"][0]["proposal"].is_object());
}
