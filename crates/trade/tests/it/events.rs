//! EPCIS with GDST fields.

use super::{codes, hops, joined, read, table};

const EVENTS: &str = r#"{"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],"type":"EPCISDocument","schemaVersion":"2.0",
"epcisHeader":{"epcisMasterData":{"vocabularyList":[{"type":"urn:epcglobal:epcis:vtype:Location","vocabularyElementList":[
 {"id":"urn:loc:carrier","attributes":[{"id":"urn:epcglobal:cbv:mda#name","attribute":"MV Ice Queen"}]},
 {"id":"urn:loc:plant","attributes":[{"id":"urn:epcglobal:cbv:mda#name","attribute":"Dalian Plant X"},{"id":"urn:epcglobal:cbv:mda#countryCode","attribute":"CN"}]},
 {"id":"urn:loc:importer","attributes":[{"id":"urn:epcglobal:cbv:mda#name","attribute":"Harbor Foods"},{"id":"urn:epcglobal:cbv:mda#countryCode","attribute":"US"}]}]}]}},
"epcisBody":{"eventList":[
 {"type":"ObjectEvent","eventTime":"2023-02-20T00:00:00Z","action":"ADD","bizStep":"urn:gdst:bizStep:fishingEvent",
  "quantityList":[{"epcClass":"urn:lot:catch1","quantity":30000,"uom":"KGM"}],
  "ilmd":{"cbvmda:harvestStartDate":"2023-02-01","cbvmda:harvestEndDate":"2023-02-20","cbvmda:speciesForFisheryStatisticsPurposesName":"Illex argentinus",
   "cbvmda:vesselCatchInformationList":{"cbvmda:vesselCatchInformation":[{"cbvmda:vesselName":"HAI YANG 8","cbvmda:imoNumber":"IMO9074729","cbvmda:vesselFlagState":"CN"}]}}},
 {"type":"ObjectEvent","eventTime":"2023-03-01T00:00:00Z","action":"OBSERVE","bizStep":"urn:gdst:bizStep:transshipment",
  "quantityList":[{"epcClass":"urn:lot:catch1","quantity":30000,"uom":"KGM"}],
  "destinationList":[{"type":"urn:epcglobal:cbv:sdt:location","destination":"urn:loc:carrier"}]},
 {"type":"ObjectEvent","eventTime":"2023-03-20T00:00:00Z","action":"OBSERVE","bizStep":"urn:epcglobal:cbv:bizstep:shipping",
  "quantityList":[{"epcClass":"urn:lot:catch1","quantity":30000,"uom":"KGM"}],
  "sourceList":[{"type":"urn:epcglobal:cbv:sdt:location","source":"urn:loc:carrier"}],
  "destinationList":[{"type":"urn:epcglobal:cbv:sdt:location","destination":"urn:loc:plant"}]},
 {"type":"ObjectEvent","eventTime":"2023-03-21T00:00:00Z","action":"OBSERVE","bizStep":"receiving","bizLocation":{"id":"urn:loc:plant"},
  "quantityList":[{"epcClass":"urn:lot:catch1","quantity":30000,"uom":"KGM"}]},
 {"type":"TransformationEvent","eventTime":"2023-04-01T00:00:00Z","bizStep":"urn:epcglobal:cbv:bizstep:commissioning","bizLocation":{"id":"urn:loc:plant"},
  "inputQuantityList":[{"epcClass":"urn:lot:catch1","quantity":30000,"uom":"KGM"}],
  "outputQuantityList":[{"epcClass":"urn:lot:rings1","quantity":GAIN,"uom":"KGM"}]},
 {"type":"ObjectEvent","eventTime":"2023-04-05T00:00:00Z","action":"OBSERVE","bizStep":"https://ref.gs1.org/cbv/BizStep-shipping",
  "quantityList":[{"epcClass":"urn:lot:rings1","quantity":12000,"uom":"KGM"}],
  "sourceList":[{"type":"urn:epcglobal:cbv:sdt:possessing_party","source":"urn:loc:plant"}],
  "destinationList":[{"type":"urn:epcglobal:cbv:sdt:possessing_party","destination":"urn:loc:importer"}]},
 {"type":"ObjectEvent","eventTime":"2023-05-10T00:00:00Z","action":"OBSERVE","bizStep":"receiving","bizLocation":{"id":"urn:loc:importer"},
  "quantityList":[{"epcClass":"urn:lot:rings1","quantity":12000,"uom":"KGM"}]}
]}}"#;

#[test]
fn events_give_the_same_hops_as_a_table() {
    let text = EVENTS.replace("GAIN", "12000");
    assert_eq!(codes(&read(&text)), []);
    let from_events = joined(&[&text]);
    let bills = table(&[
        &[
            "From",
            "To",
            "Vessel",
            "IMO",
            "Departed",
            "Arrived",
            "Net weight (kg)",
            "Lot",
        ],
        &[
            "HAI YANG 8",
            "MV Ice Queen",
            "HAI YANG 8",
            "9074729",
            "2023-03-01",
            "2023-03-01",
            "30000",
            "urn:lot:catch1",
        ],
        &[
            "MV Ice Queen",
            "Dalian Plant X",
            "",
            "",
            "2023-03-20",
            "2023-03-21",
            "30000",
            "urn:lot:catch1",
        ],
        &[
            "Dalian Plant X",
            "Harbor Foods",
            "",
            "",
            "2023-04-05",
            "2023-05-10",
            "12000",
            "urn:lot:rings1",
        ],
    ]);
    let from_table = joined(&[&bills]);
    assert_eq!(hops(&from_events), hops(&from_table));
    assert_eq!(
        from_events.network.holders[0].key,
        from_table.network.holders[0].key
    );
    // What the plant made of what is known as well.
    let last = &from_events.network.hops[2];
    assert_eq!(last.inputs.len(), 1);
    assert_eq!(trade::day::written(last.made.unwrap()), "2023-04-01");
}

#[test]
fn more_out_than_in_is_named() {
    let text = EVENTS.replace("GAIN", "31000");
    assert_eq!(codes(&read(&text)), [(5, "mass-gain")]);
    let text = EVENTS.replace("GAIN", "11000");
    assert_eq!(
        codes(&read(&text)),
        [(6, "mass-gain")],
        "more was shipped than was made"
    );
}

#[test]
fn an_event_keeps_the_words_it_stands_in() {
    let text = EVENTS.replace("GAIN", "31000");
    let read = read(&text);
    let place = read.problems[0].at.unwrap();
    let words = place.span.of(&text).unwrap();
    assert!(
        words.starts_with("{\"type\":\"TransformationEvent\"") && words.ends_with('}'),
        "{words}"
    );
}

#[test]
fn broken_events_leave_the_others() {
    let text = r#"{"type":"EPCISDocument","epcisBody":{"eventList":[{"type":"ObjectEvent","eventTime":"never","bizStep":"shipping"},{"type":"Nonsense","eventTime":"2023-01-01T00:00:00Z"},{"type":"ObjectEvent","eventTime":"2023-01-01T00:00:00Z","bizStep":"shipping","quantityList":[{"epcClass":"l","quantity":-4,"uom":"KGM"}]}]}}"#;
    assert_eq!(
        codes(&read(text)),
        [
            (2, "event-unknown"),
            (3, "zero-weight"),
            (3, "no-parties"),
            (1, "date-unreadable")
        ]
    );
}
