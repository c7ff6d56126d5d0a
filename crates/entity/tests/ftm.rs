//! The embedded model beside the package it came from, and records as they come.

use entity::{
    Entity, Kind, Trouble, caption, columns, edges, from_row, model, project, read_line, to_row,
    write_line,
};
use proptest::prelude::*;

#[test]
fn the_model_is_whole() {
    let model = model();
    assert_eq!(model.version, "4.11.2");
    assert_eq!(model.schemata.len() - model.own().count(), 71);
    for schema in model.schemata.values() {
        for parent in &schema.extends {
            assert!(
                model.get(parent).is_some(),
                "{} extends {parent}",
                schema.name
            );
        }
        for name in schema
            .featured
            .iter()
            .chain(&schema.required)
            .chain(&schema.caption)
        {
            assert!(
                schema.properties.contains_key(name),
                "{}: {name}",
                schema.name
            );
        }
        if let Some(edge) = &schema.edge {
            assert!(
                schema.properties.contains_key(&edge.source),
                "{}",
                schema.name
            );
            assert!(
                schema.properties.contains_key(&edge.target),
                "{}",
                schema.name
            );
        }
        for property in schema.properties.values() {
            if let Some(range) = &property.range {
                assert!(model.get(range).is_some(), "{}: {range}", property.name);
            }
            assert_eq!(
                property.kind == Kind::Entity,
                property.range.is_some(),
                "{}",
                property.name
            );
        }
    }
    let vessel = model.get("Vessel").expect("a schema");
    assert!(vessel.is_a("Asset") && vessel.is_a("Thing") && !vessel.is_a("LegalEntity"));
    let company = model.get("Company").expect("a schema");
    let legal = model.get("LegalEntity").expect("a schema");
    let person = model.get("Person").expect("a schema");
    assert!(company.can_match(legal) && !company.can_match(person) && person.can_match(legal));
    assert_eq!(
        legal.common(company).map(|s| s.name.as_str()),
        Some("Company")
    );
    assert_eq!(model.label(Kind::Country, "kp"), Some("North Korea"));
    assert_eq!(model.group(Kind::Name), Some("names"));
}

#[test]
fn our_schemata_have_a_projection_that_exists() {
    for schema in model().own() {
        let projection = schema.projection.as_ref().expect("a projection");
        let theirs = model()
            .get(&projection.schema)
            .expect("a schema of FollowTheMoney");
        assert!(theirs.projection.is_none());
        for (ours, to) in &projection.properties {
            assert!(
                schema.properties.contains_key(ours),
                "{}: {ours}",
                schema.name
            );
            assert!(theirs.properties.contains_key(to), "{}: {to}", theirs.name);
        }
    }
}

#[test]
fn nothing_of_a_record_is_lost() {
    let line = r#"{"id":"NK-1","schema":"Vessel","caption":"x","datasets":["a"],"properties":{"name":["HAO FAN 2"," HAO FAN 2"],"imoNumber":["8747604","IMO 1234568"],"flag":["North Korea"],"colour":["red"],"buildDate":[1998]}}"#;
    let mut entity = read_line(line).expect("an entity");
    let troubles = entity.normalise();
    assert!(troubles.contains(&Trouble::UnknownProperty {
        property: "colour".into()
    }));
    assert!(
        troubles
            .iter()
            .any(|t| matches!(t, Trouble::BadValue { value, .. } if value == "IMO 1234568")),
        "{troubles:?}"
    );
    assert_eq!(troubles.len(), 2, "{troubles:?}");
    let written = write_line(&entity);
    assert_eq!(
        written,
        r#"{"id":"NK-1","schema":"Vessel","properties":{"buildDate":["1998"],"colour":["red"],"flag":["kp"],"imoNumber":["IMO8747604","IMO 1234568"],"name":["HAO FAN 2"]},"caption":"x","datasets":["a"]}"#
    );
    let mut again = read_line(&written).expect("an entity");
    again.normalise();
    assert_eq!(write_line(&again), written);
    assert_eq!(caption(&entity), "HAO FAN 2");
}

#[test]
fn faults_are_told_with_their_place() {
    assert!(
        read_line("{\"id\":\"a\",")
            .unwrap_err()
            .to_string()
            .contains("column")
    );
    assert_eq!(
        read_line("{\"schema\":\"Person\"}")
            .unwrap_err()
            .to_string(),
        "the record has no `id`"
    );
    assert_eq!(
        read_line("{\"id\":\"a\"}").unwrap_err().to_string(),
        "the record has no `schema`"
    );
    assert!(read_line("[1]").is_err());
    let deep = format!(
        "{{\"id\":\"a\",\"schema\":\"Person\",\"properties\":{{\"name\":{}1{}}}}}",
        "[".repeat(5000),
        "]".repeat(5000)
    );
    assert!(read_line(&deep).is_err());
    let mut odd =
        read_line(r#"{"id":"a","schema":"Martian","properties":{"name":null}}"#).expect("kept");
    assert_eq!(
        odd.normalise(),
        [Trouble::UnknownSchema {
            schema: "Martian".into()
        }]
    );
}

#[test]
fn links_of_entities() {
    let owns = read_line(r#"{"id":"o","schema":"Ownership","properties":{"owner":["a"],"asset":["b","c"],"proof":["d"]}}"#).expect("one");
    let found: Vec<_> = edges(&owns)
        .into_iter()
        .map(|e| format!("{} {} {}", e.source, e.label, e.target))
        .collect();
    assert_eq!(found, ["a owns b", "a owns c", "o Source document d"]);
}

#[test]
fn shipments_in_plain_followthemoney() {
    let ours = read_line(r#"{"id":"s","schema":"Shipment","properties":{"shipper":["a"],"consignee":["b"],"billNumber":["COSU1"],"netWeight":["24000"],"product":["frozen squid"],"date":["2023-03"]}}"#).expect("one");
    insta(&write_line(&project(&ours)));
}

fn insta(line: &str) {
    expect_test::expect![[r#"{"id":"s","schema":"UnknownLink","properties":{"date":["2023-03"],"object":["b"],"recordId":["COSU1"],"role":["Product as written: frozen squid"],"subject":["a"],"summary":["Net weight (kg): 24000"]}}"#]].assert_eq(line);
}

/// The embedded data is what the package at that version gives. `TUMEN_PYTHON` names a Python that has it.
#[test]
fn the_data_is_that_of_the_package() {
    let python = std::env::var("TUMEN_PYTHON").unwrap_or_else(|_| "python3".into());
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let out = std::env::temp_dir().join(format!("tumen-model-{}", std::process::id()));
    std::fs::create_dir_all(&out).expect("a folder");
    let run = std::process::Command::new(&python)
        .arg(folder.join("make.py"))
        .arg(&out)
        .output();
    let made = |name: &str| std::fs::read_to_string(out.join(name));
    match run {
        Ok(run) if run.status.success() => {
            let theirs: serde_json::Value =
                serde_json::from_str(&made("model.json").expect("made")).expect("JSON");
            if theirs["followthemoney"] == model().version.as_str() {
                for name in ["model.json", "territories.tsv"] {
                    let ours = std::fs::read_to_string(folder.join(name)).expect("data");
                    assert!(
                        made(name).expect("made") == ours,
                        "{name} differs from what the package gives"
                    );
                }
            } else {
                eprintln!(
                    "NOT COMPARED: another version of followthemoney is installed: {}",
                    theirs["followthemoney"]
                );
            }
        }
        _ => eprintln!("NOT COMPARED: {python} has no followthemoney"),
    }
    let _ = std::fs::remove_dir_all(&out);
}

proptest! {
    #[test]
    fn rows_read_back(values in proptest::collection::vec("[^\\s].{0,12}[^\\s]", 1..4)) {
        let mut entity = Entity { id: "a".into(), schema: "Person".into(), ..Entity::default() };
        for value in values {
            entity.add("name", value);
        }
        let columns = columns([&entity]);
        let row = to_row(&entity, &columns);
        let row: Vec<&str> = row.iter().map(String::as_str).collect();
        prop_assert_eq!(from_row(&columns, &row, None).expect("a row"), entity);
    }

    #[test]
    fn lines_read_back(id in "[a-z]{1,4}", name in ".{0,30}", other in ".{0,10}") {
        let mut entity = Entity { id, schema: "Company".into(), ..Entity::default() };
        entity.add("name", name);
        entity.add(&other, "x");
        let line = write_line(&entity);
        let mut again = read_line(&line).expect("a line");
        prop_assert_eq!(&again, &entity);
        again.normalise();
        let line = write_line(&again);
        let mut third = read_line(&line).expect("a line");
        third.normalise();
        prop_assert_eq!(write_line(&third), line);
    }
}
