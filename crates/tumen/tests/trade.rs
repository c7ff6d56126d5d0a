//! Trade records and traces, through the program: the acceptance scenarios on supply chains.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

struct World {
    folder: tempfile::TempDir,
}

impl World {
    fn new(files: &[(&str, &str)]) -> Self {
        let world = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        for (name, content) in files {
            std::fs::write(world.at(name), content).expect("written");
        }
        world
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tumen"))
            .current_dir(self.folder.path())
            .env_remove("TUMEN_CASE")
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .expect("the program runs")
    }

    fn text(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let mut all = vec!["--json", "--quiet"];
        all.extend(arguments);
        let parse =
            |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        self.text(&all).lines().map(parse).collect()
    }
}

fn of_kind<'a>(lines: &'a [Value], kind: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["kind"] == kind).collect()
}

fn texts(values: &[&Value], path: &[&str]) -> Vec<String> {
    let at = |value: &&Value| {
        path.iter()
            .fold((*value).clone(), |value, key| value[*key].clone())
    };
    values
        .iter()
        .map(|value| match at(value) {
            Value::String(text) => text,
            other => other.to_string(),
        })
        .collect()
}

/// Scenario 15.
#[test]
fn messy_bills_become_three_shipments_and_one_double() {
    let world = World::new(&[(
        "bills.csv",
        "B/L No.;Master B/L;Shipper Name;Consignee;Notify Party;Arrival Date;Gross Weight;Unit;Container;HS Code;Goods Description\n\
         HBL-001;MAEU7001;Qingshan Seafood Co., Ltd.;Harbor Foods LLC;;14/02/2023;18.450,75;KG;AAAU1;0307.43;FROZEN SQUID RINGS\n\
         MAEU7001;;Blue Anchor Logistics;Blue Anchor Logistics USA;;14/02/2023;18.450,75;KG;AAAU1;;SAID TO CONTAIN SEAFOOD\n\
         SQ-77;;Qingshan Seafood Co., Ltd.;TO ORDER OF SHIPPER;Lakeside Imports Inc;2023-03-02;22,046.23;LBS;BBBU1;;FROZEN SQUID\n\
         SQ-77;;Qingshan Seafood Co., Ltd.;TO ORDER OF SHIPPER;Lakeside Imports Inc;2023-03-02;11,023.11;LBS;BBBU2;;FROZEN SQUID\n\
         ZX900;;Donghai Trading;Pier 9 Fish Co;;28/03/2023;20000;KG;CCCU1;0304.75;POLLOCK FILLETS\n",
    )]);
    let lines = world.json(&["trade", "import", "bills.csv"]);
    let shipments = of_kind(&lines, "shipment");
    assert_eq!(shipments.len(), 3);
    let summary = &lines.last().expect("a summary")["summary"];
    assert_eq!(
        (
            summary["shipments"].as_u64(),
            summary["duplicates"].as_u64()
        ),
        (Some(3), Some(1))
    );
    assert_eq!(
        texts(&shipments, &["arrived"]),
        ["2023-02-14", "2023-03-02", "2023-03-28"]
    );
    let kg: Vec<f64> = shipments
        .iter()
        .map(|s| s["kg"]["high"].as_f64().expect("a mass").round())
        .collect();
    assert_eq!(kg, [18_451.0, 15_000.0, 20_000.0]);
    assert_eq!(
        texts(&shipments, &["importer", "party", "name"]),
        ["Harbor Foods LLC", "Lakeside Imports Inc", "Pier 9 Fish Co"]
    );
    assert_eq!(
        texts(&shipments, &["importer", "stated"]),
        ["true", "false", "true"]
    );
    assert_eq!(shipments[1]["items"][0]["hs"], serde_json::json!([]));
    let rows = of_kind(&lines, "row");
    assert_eq!(
        texts(&rows, &["use"]),
        ["shipment", "master", "shipment", "part", "shipment"]
    );
    // For people, and with what was understood of the columns to be corrected.
    let text = world.text(&[
        "trade",
        "import",
        "bills.csv",
        "--save-columns",
        "columns.json",
    ]);
    assert!(text.contains("possibly Lakeside Imports Inc"), "{text}");
    assert!(
        world
            .json(&["trade", "import", "bills.csv", "--columns", "columns.json"])
            .len()
            > 5
    );
}

const HOPS: &str = "From,To,Departed,Arrived,kg,Goods,Lot\n\
    F/V Ocean 8,Dalian Plant X,2022-12-20,2022-12-22,30000,frozen squid whole,\n\
    Dalian Plant X,Bohai Export,2023-01-10,2023-01-11,12000,squid rings,\n\
    Bohai Export,Harbor Foods,2023-01-20,2023-02-20,12000,squid rings,\n";

/// Scenario 16.
#[test]
fn goods_that_left_before_a_claim_holds_are_not_tainted() {
    let claims = |from: &str| {
        format!(
            "Plant,Claim,Valid from,Valid to,Certainty,Document\nDalian Plant X,North Korean workers,{from},2023-06,observed,interview-7\n"
        )
    };
    let exact = claims("2023-02");
    let early = claims("early 2023");
    let world = World::new(&[
        ("hops.csv", HOPS),
        ("exact.csv", &exact),
        ("early.csv", &early),
    ]);
    let touches = |file: &str| {
        let lines = world.json(&[
            "trace",
            "hops.csv",
            file,
            "--from",
            "Dalian Plant X",
            "--to",
            "Harbor Foods",
        ]);
        texts(&of_kind(&lines, "chain"), &["taints"]).join(" ")
    };
    assert!(
        touches("exact.csv").contains("\"touches\":\"no\""),
        "{}",
        touches("exact.csv")
    );
    assert!(
        touches("early.csv").contains("\"touches\":\"possible\""),
        "{}",
        touches("early.csv")
    );
    // From the claim itself nothing is reached.
    let lines = world.json(&["trace", "hops.csv", "exact.csv"]);
    assert_eq!(of_kind(&lines, "chain").len(), 0);
}

/// Scenario 17: the worked example.
#[test]
fn a_cold_store_has_bounds_for_each_and_jointly() {
    let hops = "From;To;Date;Tonnes;Goods\n\
        Plant T;Cold Store;2023-03-01;30;squid\n\
        Clean Co;Cold Store;2023-03-02;50;squid\n\
        Cold Store;A;2023-03-05;40;squid\n\
        unknown;Cold Store;2023-03-08;20;squid\n\
        Cold Store;B;2023-03-10;40;squid\n";
    let claims = "Plant;Claim;Valid from;Valid to\nPlant T;forced labour;2023-01;2023-06\nClean Co;clean;;\n";
    let world = World::new(&[("hops.csv", hops), ("claims.csv", claims)]);
    let lines = world.json(&[
        "trace",
        "hops.csv",
        "claims.csv",
        "--from",
        "Plant T",
        "--bounds",
    ]);
    let amounts = of_kind(&lines, "amount");
    let of = |names: &str| {
        amounts
            .iter()
            .map(|line| &line["amount"])
            .filter(|amount| amount["masses"] == "stated")
            .find(|amount| {
                texts(
                    &amount["of"]
                        .as_array()
                        .expect("a list")
                        .iter()
                        .collect::<Vec<_>>(),
                    &["name"],
                )
                .join(" ")
                    == names
            })
            .unwrap_or_else(|| panic!("{names}: {amounts:?}"))
    };
    let bounds = |names: &str, which: &str| {
        let kg = &of(names)[which];
        (
            kg["low"].as_f64().expect("kg"),
            kg["high"].as_f64().expect("kg"),
        )
    };
    assert_eq!(bounds("A", "known"), (0.0, 30_000.0));
    assert_eq!(bounds("B", "known"), (0.0, 30_000.0));
    assert_eq!(bounds("A B", "known"), (10_000.0, 30_000.0));
    assert_eq!(bounds("A B", "with_unknown"), (30_000.0, 50_000.0));
    let convention = |name: &str| {
        let of = of("A B");
        let all = of["conventions"].as_array().expect("a list");
        all.iter()
            .find(|one| one["convention"] == name)
            .unwrap_or_else(|| panic!("{all:?}"))["kg"]
            .clone()
    };
    assert_eq!(
        convention("first_in_first_out"),
        serde_json::json!([["A", 30_000.0], ["B", 0.0]])
    );
    assert_eq!(
        convention("pro_rata"),
        serde_json::json!([["A", 15_000.0], ["B", 10_000.0]])
    );
    assert_eq!(
        convention("last_in_first_out"),
        serde_json::json!([["A", 0.0], ["B", 10_000.0]])
    );
    // Scenario 23: the claim is against the plant, so tainted volume is not shown.
    assert!(of("A B")["measure"] == "exposed");
    assert_eq!(
        lines.last().expect("a summary")["summary"]["tainted_volume_shown"],
        false
    );
    let text = world.text(&[
        "trace",
        "hops.csv",
        "claims.csv",
        "--from",
        "Plant T",
        "--bounds",
    ]);
    assert!(
        text.contains("A and B together: 10,000 to 30,000 kg of 80,000 kg"),
        "{text}"
    );
    assert!(text.contains("tainted volume is not shown"), "{text}");
}

/// Scenario 18.
#[test]
fn an_estimate_that_is_withdrawn_takes_what_needs_it() {
    let estimate =
        "From,To,Date,kg,Goods,Certainty\nDalian Plant X,Trader,2023-03-01,8000,squid,estimate\n";
    let bills = "Bill,Shipper,Consignee,Departed,Arrived,kg,Goods\n\
        B1,Trader,Harbor Foods,2023-03-10,2023-04-10,4000,squid\n\
        B2,Trader,Pier 9,2023-03-12,2023-04-12,3000,squid\n\
        B3,Dalian Plant X,Pier 9,2023-03-02,2023-04-02,900,squid\n";
    let world = World::new(&[("estimate.csv", estimate), ("bills.csv", bills)]);
    let lines = world.json(&[
        "trace",
        "estimate.csv",
        "bills.csv",
        "--from",
        "Dalian Plant X",
        "--without",
        "estimate.csv",
        "--critical",
    ]);
    let fallen = &of_kind(&lines, "withdrawn")[0]["withdrawn"];
    assert_eq!(fallen["falls"][0]["name"], "Harbor Foods");
    assert_eq!(fallen["stands"][0]["name"], "Pier 9");
    let lines = world.json(&[
        "trace",
        "estimate.csv",
        "bills.csv",
        "--from",
        "Dalian Plant X",
        "--critical",
    ]);
    let titles = texts(&of_kind(&lines, "critical"), &["critical", "title"]);
    assert_eq!(
        titles,
        ["bills.csv", "estimate.csv"],
        "without the bills both fall, without the estimate one"
    );
    let chains = of_kind(&lines, "chain");
    assert_eq!(
        texts(&chains, &["word"])
            .iter()
            .filter(|word| *word == "alleged")
            .count(),
        2
    );
    let wrong = world.run(&[
        "trace",
        "bills.csv",
        "--from",
        "Dalian",
        "--without",
        "nothing.pdf",
    ]);
    assert_eq!(wrong.status.code(), Some(2));
}

/// Scenario 19.
#[test]
fn a_renamed_vessel_is_one_and_two_hulls_are_two() {
    let world = World::new(&[(
        "landings.csv",
        "From,To,Vessel,IMO,Flag,Date,kg\n\
         OCEAN STAR 8,Plant,OCEAN STAR 8,9074729,PA,2022-01-05,1000\n\
         LUCKY 16,Plant,LUCKY 16,IMO 9074729,CM,2023-05-05,1000\n",
    )]);
    let lines = world.json(&["trade", "import", "landings.csv"]);
    assert_eq!(
        texts(&of_kind(&lines, "hop"), &["from", "id"]),
        ["imo:9074729", "imo:9074729"]
    );
}

/// Scenario 20, in an open case: proposed with a score, joined by a person, parted again.
#[test]
fn a_judgement_joins_a_trace_and_undoing_it_parts_it() {
    let world = World::new(&[
        (
            "landings.csv",
            "From,To,Date,kg,Goods\nF/V Ocean 8,大连海山冷库有限公司,2023-01-05,30000,squid\n",
        ),
        (
            "bills.csv",
            "Bill,Shipper,Consignee,Departed,Arrived,kg,Goods\nB1,\"Haishan Cold Storage (Dalian) Co., Ltd\",Harbor Foods,2023-02-01,2023-03-01,9000,squid\n",
        ),
    ]);
    assert!(world.run(&["new", "case", "--plain"]).status.success());
    let case = |arguments: &[&str]| {
        let mut all = vec!["--case", "case"];
        all.extend(arguments);
        world.json(&all)
    };
    case(&["trade", "import", "landings.csv"]);
    let imported = case(&["trade", "import", "bills.csv"]);
    assert!(
        imported[0]["document"]
            .as_str()
            .is_some_and(|id| id.starts_with("d_"))
    );
    let chains = |case: &dyn Fn(&[&str]) -> Vec<Value>| {
        let lines = case(&["trace", "--from", "Ocean 8", "--to", "Harbor Foods"]);
        of_kind(&lines, "chain").len()
    };
    assert_eq!(chains(&case), 0);
    let candidates = case(&["entities", "--candidates"]);
    let pair = candidates
        .iter()
        .find(|pair| {
            pair["left"].as_str().is_some_and(|id| id.contains("海山"))
                || pair["right"].as_str().is_some_and(|id| id.contains("海山"))
        })
        .unwrap_or_else(|| panic!("{candidates:?}"));
    assert!(
        pair["score"].as_f64().is_some_and(|score| score > 0.5)
            && pair["because"]
                .as_array()
                .is_some_and(|why| !why.is_empty())
    );
    let (left, right) = (
        pair["left"].as_str().expect("an id"),
        pair["right"].as_str().expect("an id"),
    );
    let decided = case(&[
        "review",
        "same",
        left,
        right,
        "--reason",
        "same address on the register",
    ]);
    assert_eq!(chains(&case), 1);
    case(&[
        "review",
        "undo",
        &decided[0]["decision"].to_string(),
        "--reason",
        "taken back",
    ]);
    assert_eq!(chains(&case), 0);
    // Imported again, nothing changes; derived again, everything is there.
    let again = case(&["trade", "import", "bills.csv"]);
    assert_eq!(again[0]["decision"], imported[0]["decision"]);
    assert!(
        world
            .run(&["--case", "case", "--quiet", "rebuild"])
            .status
            .success()
    );
    assert_eq!(
        case(&["trace", "--from", "Haishan"])
            .iter()
            .filter(|line| line["kind"] == "chain")
            .count(),
        1
    );
    assert!(
        world
            .run(&["--case", "case", "--quiet", "verify"])
            .status
            .success()
    );
}

/// Scenario 21.
#[test]
fn a_new_name_at_the_address_of_a_listed_plant_is_a_lead() {
    let world = World::new(&[
        (
            "register.csv",
            "Name,Address,Phone,Scheme,Number,Valid from\nOld Foods,\"1 Harbour Road, Dalian\",+86 411 8888 1234,GACC,2100/1,2020-01-01\n",
        ),
        (
            "bills.csv",
            "Bill,Shipper,Shipper Address,Shipper Phone,Consignee,Date,kg\nB1,New Dawn Trading,1 HARBOUR ROAD DALIAN,0411-88881234,Shop,2023-08-01,1000\n",
        ),
        (
            "listing.csv",
            "Company,Claim,Valid from\nOld Foods,listed: Entity List,2023-06-12\n",
        ),
    ]);
    let lines = world.json(&[
        "trace",
        "register.csv",
        "bills.csv",
        "listing.csv",
        "--leads",
    ]);
    let leads = of_kind(&lines, "lead");
    assert_eq!(texts(&leads, &["lead", "mark"]), ["address", "phone"]);
    assert_eq!(leads[0]["lead"]["other"], "New Dawn Trading");
    assert_eq!(leads[0]["lead"]["proof"].as_array().map(Vec::len), Some(3));
    let text = world.text(&[
        "trace",
        "register.csv",
        "bills.csv",
        "listing.csv",
        "--leads",
    ]);
    assert!(text.contains("no claim of guilt"), "{text}");
}

/// Scenario 22.
#[test]
fn a_sheet_says_how_each_element_stands_and_never_what_is_illegal() {
    let claims = "Plant,Claim,Valid from,Valid to,Certainty,Document,Informant\n\
        Dalian Plant X,workers from North Korea,2022-11,2023-06,observed,statement 1,worker A\n\
        Dalian Plant X,workers from North Korea,2022-11,2023-06,observed,statement 2,worker B\n";
    let world = World::new(&[("hops.csv", HOPS), ("claims.csv", claims)]);
    let states = |files: &[&str]| {
        let mut all = vec!["trace"];
        all.extend(files);
        all.extend([
            "--from",
            "Dalian Plant X",
            "--to",
            "Harbor Foods",
            "--sheet",
        ]);
        let lines = world.json(&all);
        let sheet = of_kind(&lines, "sheet")
            .into_iter()
            .find(|line| line["regime"]["key"] == "caatsa-321")
            .expect("a sheet")
            .clone();
        sheet["regime"]["elements"]
            .as_array()
            .expect("elements")
            .iter()
            .map(|one| {
                format!(
                    "{} {}",
                    one["key"].as_str().unwrap_or(""),
                    one["state"].as_str().unwrap_or("")
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(
        states(&["hops.csv", "claims.csv"]),
        [
            "workers shown",
            "part-in-making shown",
            "importation shown",
            "coerced-labour presumed"
        ]
    );
    let text = world.text(&[
        "trace",
        "hops.csv",
        "claims.csv",
        "--from",
        "Dalian Plant X",
        "--sheet",
    ]);
    assert!(!text.to_lowercase().contains("illegal"), "{text}");
    std::fs::write(
        world.at("denial.csv"),
        "Plant,Claim,Document\nDalian Plant X,denied,letter 9\n",
    )
    .expect("written");
    assert_eq!(
        states(&["hops.csv", "claims.csv", "denial.csv"])[0],
        "workers contested"
    );
}

/// Scenario 24.
#[test]
fn a_denial_contests_a_hop_and_changes_no_score() {
    let denial = "From,To,Claim,Document,Informant\nBohai Export,Harbor Foods,denied by the importer,letter-3,Harbor Foods\n";
    let world = World::new(&[("hops.csv", HOPS), ("denial.csv", denial)]);
    let last = |files: &[&str]| {
        let mut all = vec!["trace"];
        all.extend(files);
        all.extend(["--from", "Bohai Export", "--to", "Harbor Foods"]);
        of_kind(&world.json(&all), "chain")[0]["hops"][0].clone()
    };
    let (before, after) = (last(&["hops.csv"]), last(&["hops.csv", "denial.csv"]));
    assert_eq!(
        (before["word"].as_str(), after["word"].as_str()),
        (Some("shown"), Some("contested"))
    );
    assert_eq!(
        (&after["undenied"], &after["origins"]),
        (&before["word"], &before["origins"])
    );
    for format in ["csv", "graphml", "ftm"] {
        let text = world.text(&[
            "trace",
            "hops.csv",
            "denial.csv",
            "--from",
            "Bohai Export",
            "--to",
            "Harbor Foods",
            "--format",
            format,
        ]);
        assert!(
            text.contains("contested") && text.contains("Harbor Foods"),
            "{format}: {text}"
        );
        assert!(
            format == "csv" && text.contains(",Harbor Foods,") || text.contains("denied"),
            "{format}: {text}"
        );
    }
}

/// A denied hop, a claim that is denied and another that is withdrawn, an end that falls.
fn contested() -> World {
    World::new(&[
        (
            "hops.csv",
            "From,To,Departed,Arrived,kg,Goods,Lot\n\
             Dalian Plant X,Bohai Export,2023-03-10,2023-03-11,12000,squid rings,\n\
             Bohai Export,\"Harbor & <Foods>\",early 2023,2023-04-20,12000,\"squid; \"\"rings\"\"\",\n",
        ),
        (
            "estimate.csv",
            "From,To,Departed,Arrived,kg,Goods,Certainty\nDalian Plant X,Pier 9,2023-03-01,2023-04-01,8000,squid,estimate\n",
        ),
        (
            "claims.csv",
            "Plant,Claim,Valid from,Valid to,Certainty,Document,Informant\n\
             Dalian Plant X,workers could not leave,2022-11,2023-06,observed,interview-7,worker A\n\
             Dalian Plant X,denied,,,,letter 9,the plant\n",
        ),
        (
            "denial.csv",
            "From,To,Claim,Document,Informant\nBohai Export,\"Harbor & <Foods>\",denied by the importer,letter-3,the importer\n",
        ),
    ])
}

const CONTESTED: [&str; 9] = [
    "trace",
    "hops.csv",
    "estimate.csv",
    "claims.csv",
    "denial.csv",
    "--from",
    "Dalian Plant X",
    "--without=interview-7",
    "--without=estimate.csv",
];

#[test]
fn every_export_has_claims_denials_and_what_was_withdrawn() {
    let world = contested();
    for format in ["csv", "graphml", "ftm"] {
        let mut all = CONTESTED.to_vec();
        all.extend(["--format", format]);
        let text = world.text(&all);
        for said in [
            "workers could not leave at Dalian Plant X",
            "contested, denied by",
            "interview-7 row 2 (withdrawn)",
            "the importer",
            "Pier 9",
            "estimate.csv",
        ] {
            assert!(text.contains(said), "{format} without `{said}`: {text}");
        }
    }
    // In the table a line tells whether its chain stands.
    let mut all = CONTESTED.to_vec();
    all.extend(["--format", "csv"]);
    let table = world.text(&all);
    let line = |name: &str| {
        let of = |line: &&str| line.contains(&format!(",{name},"));
        table.lines().find(of).unwrap_or_else(|| panic!("{table}"))
    };
    assert!(line("Pier 9").ends_with("estimate.csv,false"), "{table}");
    assert!(line("Bohai Export").ends_with(",true"), "{table}");
    let chains = of_kind(&world.json(&CONTESTED), "chain").len();
    assert_eq!(chains, 1);
    let people = world.text(&CONTESTED);
    assert!(
        people.contains("it is withdrawn for this answer"),
        "{people}"
    );
}

#[test]
fn follow_the_money_lines_hold_to_its_own_model() {
    let world = contested();
    let mut all = CONTESTED.to_vec();
    all.extend(["--format", "ftm"]);
    let text = world.text(&all);
    let entities: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let ids: BTreeSet<&str> = entities
        .iter()
        .filter_map(|one| one["id"].as_str())
        .collect();
    assert_eq!(ids.len(), entities.len(), "each once: {text}");
    let model = investigation::model();
    for entity in &entities {
        let name = entity["schema"].as_str().expect("a schema");
        assert!(model.own().all(|own| own.name != name), "{entity}");
        let schema = model.get(name).unwrap_or_else(|| panic!("{entity}"));
        let properties = entity["properties"].as_object().expect("properties");
        for required in &schema.required {
            assert!(
                properties.contains_key(required),
                "{entity} has no {required}"
            );
        }
        for (property, values) in properties {
            let known = schema.properties.get(property);
            let known = known.unwrap_or_else(|| panic!("{name} has no {property}: {entity}"));
            for value in values.as_array().expect("values") {
                let value = value.as_str().expect("a text");
                let refers = known.kind == investigation::Kind::Entity;
                // The form in which its own reader takes an id that is referred to.
                let form = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
                assert!(!refers || value.chars().all(form), "{entity}: {value}");
                assert!(
                    !refers || ids.contains(value),
                    "{entity}: nobody is {value}"
                );
            }
        }
    }
    // "early 2023" is no first of January.
    let link = entities
        .iter()
        .find(|one| one["schema"] == "UnknownLink" && one["properties"]["status"][0] == "contested")
        .unwrap_or_else(|| panic!("{text}"));
    assert_eq!(link["properties"]["startDate"][0], "2023");
}

/// Scenario 28.
#[test]
fn positions_give_encounters_and_dark_intervals_and_no_inventions() {
    let mut text = "mmsi,timestamp,lat,lon\n".to_owned();
    for quarter in 0..48 {
        let (hour, minute) = (quarter / 4, quarter % 4 * 15);
        let away = if (16..=28).contains(&quarter) {
            0.0
        } else {
            0.2
        };
        text += &format!("412000001,2023-03-01T{hour:02}:{minute:02}:00Z,-45.0,-60.5\n");
        text += &format!(
            "412000002,2023-03-01T{hour:02}:{minute:02}:00Z,{},-60.5\n",
            -45.0027 - away
        );
    }
    text += "412000002,2023-03-02T17:45:00Z,-45.0,-60.5\n";
    let world = World::new(&[("ais.csv", &text)]);
    let lines = world.json(&["trade", "import", "ais.csv"]);
    let events = of_kind(&lines, "row");
    assert_eq!(events.len(), 2, "{events:?}");
    assert!(
        events[0]["rule"]
            .as_str()
            .is_some_and(|rule| rule.contains("500 m for 3.0 hours")),
        "{events:?}"
    );
    assert!(
        events[1]["rule"]
            .as_str()
            .is_some_and(|rule| rule.contains("no position for 30 hours")),
        "{events:?}"
    );
    assert_eq!(
        of_kind(&lines, "hop").len(),
        2,
        "both directions of the one encounter"
    );
}

#[test]
fn a_missing_record_is_named() {
    let world = World::new(&[
        ("hops.csv", HOPS),
        (
            "more.csv",
            "From,To,Departed,Arrived,kg,Goods\nPacific Trading,Pier 9,2023-04-01,2023-05-01,900,squid rings\n",
        ),
    ]);
    let lines = world.json(&[
        "trace",
        "hops.csv",
        "more.csv",
        "--from",
        "Dalian Plant X",
        "--to",
        "Pier 9",
    ]);
    let gaps = of_kind(&lines, "gap");
    assert!(
        !gaps.is_empty()
            && texts(&gaps, &["gap", "to", "name"])
                .iter()
                .any(|name| name == "Pacific Trading"),
        "{lines:?}"
    );
}

/// Scenario 27: events and a table give the same hops.
#[test]
fn events_make_hops_and_a_gain_of_mass_is_named() {
    let event = |kind: &str, time: &str, step: &str, rest: &str| {
        format!(
            r#"{{"type":"{kind}","eventTime":"{time}T00:00:00Z","action":"OBSERVE","bizStep":"{step}",{rest}}}"#
        )
    };
    let lot =
        |lot: &str, kg: u32| format!(r#"[{{"epcClass":"{lot}","quantity":{kg},"uom":"KGM"}}]"#);
    let events = [
        event(
            "TransformationEvent",
            "2023-04-01",
            "commissioning",
            &format!(
                r#""bizLocation":{{"id":"Plant"}},"inputQuantityList":{},"outputQuantityList":{}"#,
                lot("raw", 1000),
                lot("rings", 1200)
            ),
        ),
        event(
            "ObjectEvent",
            "2023-04-05",
            "shipping",
            &format!(
                r#""quantityList":{},"sourceList":[{{"type":"location","source":"Plant"}}],"destinationList":[{{"type":"location","destination":"Shop"}}]"#,
                lot("rings", 1200)
            ),
        ),
        event(
            "ObjectEvent",
            "2023-05-05",
            "receiving",
            &format!(
                r#""quantityList":{},"bizLocation":{{"id":"Shop"}}"#,
                lot("rings", 1200)
            ),
        ),
    ];
    let file = format!(
        r#"{{"type":"EPCISDocument","epcisBody":{{"eventList":[{}]}}}}"#,
        events.join(",")
    );
    let world = World::new(&[("events.jsonld", &file)]);
    let lines = world.json(&["trade", "import", "events.jsonld"]);
    let hops = of_kind(&lines, "hop");
    assert_eq!(texts(&hops, &["departed"]), ["2023-04-05"]);
    assert_eq!(texts(&hops, &["arrived"]), ["2023-05-05"]);
    assert_eq!(texts(&of_kind(&lines, "problem"), &["code"]), ["mass-gain"]);
}

/// Questions that make no sense are told as such, and rows that make no hop are named.
#[test]
fn odd_questions_and_rows_are_named() {
    let world = World::new(&[(
        "odd.csv",
        "From,To,Departed,Arrived,kg,Goods\n\
         P,X,2023-02-01,2023-02-03,500,squid\n\
         X,P,2023-02-05,2023-02-06,400,squid\n\
         P,P,2023-02-07,2023-02-08,100,squid\n\
         ,W,2023-03-07,2023-03-08,50,squid\n\
         P,Y,2023-02,2023-03-15,70,squid\n",
    )]);
    let lines = world.json(&["trade", "import", "odd.csv"]);
    let named: Vec<(u64, &str)> = of_kind(&lines, "row")
        .iter()
        .flat_map(|row| {
            let problems = row["problems"].as_array().expect("a list");
            problems.iter().map(|problem| {
                (
                    row["row"].as_u64().expect("a number"),
                    problem["code"].as_str().expect("a code"),
                )
            })
        })
        .collect();
    assert!(
        named.contains(&(4, "ships-to-itself")) && named.contains(&(5, "no-shipper")),
        "{named:?}"
    );
    for (asked, told) in [
        (["--between", "2024..2023"], "ends before it begins"),
        (["--between", "2023-13"], "is no date"),
        (["--holding", "-1"], "-1 is not in 0..=36500"),
        (["--most", "0"], "0 is not in 1..=1000"),
        (["--most", "100000000000"], "is not in 1..=1000"),
    ] {
        let output = world.run(&["trace", "odd.csv", "--from", "P", asked[0], asked[1]]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{asked:?}: {said}");
        assert!(said.contains(told), "{asked:?}: {said}");
    }
    // As many explanations as one may ask for, of which there is one: it comes to an end.
    let chains = |more: &[&str]| {
        let mut all = vec!["trace", "odd.csv", "--from", "P", "--to", "Y"];
        all.extend(more);
        let lines = world.json(&all);
        texts(&of_kind(&lines, "chain"), &["dates"])
    };
    assert_eq!(chains(&["--most", "1000"]).len(), 1);
    // It left on some day of February: on the 10th it may have, and for certain had not.
    assert_eq!(chains(&["--as-of", "2023-02-10", "--most", "1"]).len(), 1);
    assert!(chains(&["--as-of", "2023-02-10", "--certain"]).is_empty());
    // What may have fallen out of the days asked about is not certain to lie in them.
    assert_eq!(
        chains(&["--between", "2023-02-10..2023-03", "--most", "1"]),
        ["possible"]
    );
}

#[test]
fn what_is_no_trade_record_is_refused_with_a_way_on() {
    let world = World::new(&[
        ("list.csv", "a,b\n1,2\n"),
        ("empty.csv", ""),
        ("broken.json", "{\"eventList\":[{]}"),
    ]);
    for file in ["list.csv", "empty.csv", "broken.json", "missing.csv"] {
        let output = world.run(&["trade", "import", file]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{file}: {said}");
        assert!(said.starts_with("error: "), "{said}");
    }
    let said =
        String::from_utf8_lossy(&world.run(&["trade", "import", "list.csv"]).stderr).into_owned();
    assert!(
        said.contains("hint: ") && said.contains("--columns"),
        "{said}"
    );
}
