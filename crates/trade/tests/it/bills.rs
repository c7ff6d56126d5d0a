//! Bills of lading.

use trade::columns::Field;
use trade::file::{self, Kind, Options, ReadError};
use trade::shipment::Use;

use super::{bills_of, codes, hops, joined, read, table};

/// A house and its master, goods to order over two rows, pounds and decimal commas.
const MESSY: &[&[&str]] = &[
    &[
        "B/L No.",
        "Master B/L",
        "Shipper Name",
        "Consignee",
        "Notify Party",
        "Arrival Date",
        "Gross Weight",
        "Unit",
        "Container",
        "HS Code",
        "Goods Description",
    ],
    &[
        "HBL-001",
        "MAEU7001",
        "Qingshan Seafood Co., Ltd.",
        "Harbor Foods LLC",
        "",
        "14/02/2023",
        "18.450,75",
        "KG",
        "AAAU1",
        "0307.43",
        "FROZEN SQUID RINGS",
    ],
    &[
        "MAEU7001",
        "",
        "Blue Anchor Logistics",
        "Blue Anchor Logistics USA",
        "",
        "14/02/2023",
        "18.450,75",
        "KG",
        "AAAU1",
        "",
        "SAID TO CONTAIN SEAFOOD",
    ],
    &[
        "SQ-77",
        "",
        "Qingshan Seafood Co., Ltd.",
        "TO ORDER OF SHIPPER",
        "Lakeside Imports Inc",
        "2023-03-02",
        "22,046.23",
        "LBS",
        "BBBU1",
        "",
        "FROZEN SQUID",
    ],
    &[
        "SQ-77",
        "",
        "Qingshan Seafood Co., Ltd.",
        "TO ORDER OF SHIPPER",
        "Lakeside Imports Inc",
        "2023-03-02",
        "11,023.11",
        "LBS",
        "BBBU2",
        "",
        "FROZEN SQUID",
    ],
    &[
        "ZX900",
        "",
        "Donghai Trading",
        "Pier 9 Fish Co",
        "",
        "28/03/2023",
        "20000",
        "KG",
        "CCCU1",
        "0304.75",
        "POLLOCK FILLETS",
    ],
];

#[test]
fn messy_bills_are_three_shipments_and_one_double() {
    let joined = joined(&[&table(MESSY)]);
    let shipments = &joined.shipments.shipments;
    assert_eq!(shipments.len(), 3);
    let uses: Vec<Use> = joined.shipments.uses[0].iter().map(|(to, _)| *to).collect();
    assert_eq!(
        uses,
        [
            Use::Shipment,
            Use::Master,
            Use::Shipment,
            Use::Part,
            Use::Shipment
        ]
    );
    let kg: Vec<f64> = shipments
        .iter()
        .map(|s| (s.kg.unwrap().high * 100.0).round() / 100.0)
        .collect();
    assert_eq!(kg, [18450.75, 15000.0, 20000.0]);
    let arrived: Vec<String> = shipments
        .iter()
        .map(|s| trade::day::written(s.arrived.unwrap()))
        .collect();
    assert_eq!(arrived, ["2023-02-14", "2023-03-02", "2023-03-28"]);
    let importers: Vec<(String, bool)> = shipments
        .iter()
        .map(|s| {
            s.importer
                .clone()
                .map(|i| (i.party.name, i.stated))
                .unwrap()
        })
        .collect();
    assert_eq!(
        importers,
        [
            ("Harbor Foods LLC".into(), true),
            ("Lakeside Imports Inc".into(), false),
            ("Pier 9 Fish Co".into(), true)
        ]
    );
    assert!(shipments[1].items.iter().all(|item| item.hs.is_empty()));
    assert_eq!(shipments[0].items[0].hs, ["030743"]);
}

#[test]
fn a_house_bill_may_name_its_master_by_its_number() {
    let joined = joined(&[&table(&[
        &[
            "Bill No",
            "House/Master",
            "Date",
            "Shipper",
            "Consignee",
            "Weight",
            "Unit",
        ],
        &[
            "BL-7",
            "M",
            "2023-04-03",
            "X",
            "TO ORDER",
            "24.500,00",
            "KG",
        ],
        &["BL-7-A", "H", "2023-04-03", "X", "Northbay", "54013", "LB"],
        &["BL-9", "M", "2023-05-17", "X", "Northbay", "48.020,5", "KG"],
    ])]);
    assert_eq!(hops(&joined).len(), 2);
    assert_eq!(joined.shipments.uses[0][0].0, Use::Master);
}

#[test]
fn a_row_keeps_the_words_it_stands_in() {
    let text = table(MESSY);
    let read = read(&text);
    for row in bills_of(&read) {
        let words = row.place.span.of(&text).unwrap();
        assert!(words.starts_with(row.bill.as_deref().unwrap()), "{words}");
    }
    assert_eq!(bills_of(&read)[0].place.row, 2);
}

#[test]
fn headings_of_vendors_are_known() {
    for (heading, fields) in [
        (
            "Bill of Lading Number,Arrival Date,Consignee,Consignee Address,Shipper,Shipper Address,Notify Party,Port of Lading,Port of Unlading,Goods Shipped,Weight (kg),Volume (TEU),HS Code,Master Bill of Lading Number,Vessel,Voyage",
            vec![
                Field::Bill,
                Field::Arrived,
                Field::Consignee,
                Field::Shipper,
                Field::Notify,
                Field::Weight,
                Field::Hs,
                Field::Master,
                Field::Vessel,
            ],
        ),
        (
            "House Bill of Lading,Master Bill of Lading,Bill Type,Estimated Arrival Date,Shipper Name,Consignee Name,Notify Party Name,Gross Weight,Weight Unit,Product Description,Container Number,Vessel Name",
            vec![
                Field::House,
                Field::Master,
                Field::BillType,
                Field::Arrived,
                Field::Shipper,
                Field::Consignee,
                Field::Notify,
                Field::Gross,
                Field::Unit,
                Field::Product,
                Field::Container,
            ],
        ),
        (
            "BOL NBR,Master BOL Nbr,Date,Shipper Declared,Consignee Declared,Notify Name,Metric Tons,Commodity,Country of Origin",
            vec![
                Field::Bill,
                Field::Master,
                Field::Date,
                Field::Shipper,
                Field::Consignee,
                Field::Notify,
                Field::Weight,
                Field::Product,
                Field::Origin,
            ],
        ),
        (
            "선하증권번호,입항일자,수출자,수입자,통지처,품명,HS코드,순중량(kg),총중량(kg)",
            vec![
                Field::Bill,
                Field::Arrived,
                Field::Shipper,
                Field::Consignee,
                Field::Notify,
                Field::Product,
                Field::Hs,
                Field::Net,
                Field::Gross,
            ],
        ),
        (
            "提单号,到港日期,发货人,收货人,通知人,货物描述,海关编码,毛重（公斤）,集装箱号",
            vec![
                Field::Bill,
                Field::Arrived,
                Field::Shipper,
                Field::Consignee,
                Field::Notify,
                Field::Product,
                Field::Hs,
                Field::Gross,
                Field::Container,
            ],
        ),
    ] {
        let text = heading.replace(',', "\t") + "\nx\n";
        let read = read(&text);
        let columns = read.columns.unwrap().columns;
        for field in fields {
            assert!(
                columns.contains_key(&field),
                "{field:?} in {heading}: {columns:?}"
            );
        }
    }
}

#[test]
fn units_in_headings_hold_for_their_column() {
    let text = table(&[
        &[
            "Bill of Lading",
            "Shipper",
            "Consignee",
            "Date",
            "Quantity",
            "Quantity Unit",
            "Weight (t)",
        ],
        &["A1", "X", "Y", "2023-01-05", "1200", "CTN", "24.5"],
    ]);
    let read = read(&text);
    assert_eq!(bills_of(&read)[0].kg.unwrap().high, 24_500.0);
    assert_eq!(codes(&read), []);
}

#[test]
fn bad_cells_are_named_and_left_empty() {
    let text = table(&[
        &[
            "Bill",
            "Shipper",
            "Consignee",
            "Shipped",
            "Arrived",
            "Weight",
            "Unit",
            "HS",
        ],
        &[
            "B1",
            "X",
            "Y",
            "2023-01-05",
            "2203-02-01",
            "-500",
            "KG",
            "03ABCD",
        ],
        &[
            "B2",
            "X",
            "Y",
            "2023-03-05",
            "2023-02-01",
            "0",
            "KG",
            "30743",
        ],
        &["B3", "X", "Y", "2023-01-05", "", "12", "CTN", ""],
        &["B4", "X", "Y", "2023-01-05", "", "12", "CBM", ""],
        &["B5", "X", "Y", "2023-01-05", "", "1000", "", ""],
    ]);
    let read = read(&text);
    assert_eq!(
        codes(&read),
        [
            (2, "date-impossible"),
            (2, "negative-weight"),
            (2, "hs-not-a-code"),
            (3, "arrives-before-departing"),
            (3, "zero-weight"),
            (3, "hs-digit-missing"),
            (4, "unit-unknown"),
            (5, "volume-no-mass"),
            (6, "unit-missing"),
        ]
    );
    let rows = bills_of(&read);
    assert!(rows[..4].iter().all(|row| row.kg.is_none()));
    assert!((rows[4].kg.unwrap().low - 453.592_37).abs() < 1e-6);
    // What has no date makes no hop.
    assert_eq!(hops(&joined(&[&text])).len(), 4);
}

#[test]
fn who_ships_to_itself_makes_no_hop() {
    let joined = joined(&[&table(&[
        &["Bill", "Shipper", "Consignee", "Date", "kg"],
        &[
            "B1",
            "Haixing Co., Ltd",
            "HAIXING CO LTD",
            "2023-01-05",
            "1000",
        ],
    ])]);
    assert_eq!(joined.network.hops.len(), 0);
    assert!(
        joined
            .problems
            .iter()
            .any(|(_, p)| p.code == "ships-to-itself")
    );
}

#[test]
fn one_bill_from_two_vendors_is_one_shipment_with_two_sources() {
    let first = table(&[
        &[
            "Bill of Lading Number",
            "Arrival Date",
            "Shipper",
            "Consignee",
            "Weight (kg)",
        ],
        &[
            "MAEU123456789",
            "2023-04-05",
            "Qingshan Seafood",
            "Harbor Foods LLC",
            "20000",
        ],
    ]);
    let second = table(&[
        &[
            "BOL Nbr",
            "Arrival Date",
            "Shipper Declared",
            "Consignee Declared",
            "Gross Weight",
            "Weight Unit",
        ],
        &[
            "123456789",
            "05-Apr-2023",
            "QINGSHAN SEAFOOD",
            "HARBOR FOODS, LLC.",
            "44,092.45",
            "LB",
        ],
    ]);
    let joined = joined(&[&first, &second]);
    assert_eq!(joined.shipments.shipments.len(), 1);
    assert_eq!(joined.shipments.shipments[0].sources.len(), 2);
    assert_eq!(joined.shipments.uses[1][0].0, Use::SecondSource);
    // Two documents, one origin: both resell one bill.
    assert_eq!(joined.network.documents.len(), 2);
    assert_eq!(joined.network.origins.len(), 1);
    assert!(matches!(
        joined.network.hops[0].evidence,
        supply::Evidence::Any(_)
    ));
}

#[test]
fn repeated_weights_and_rows_are_not_added_blindly() {
    let heading: &[&str] = &["Bill", "Shipper", "Consignee", "Date", "kg", "Container"];
    // The same row twice counts once; one weight on different containers is unclear.
    let twice = joined(&[&table(&[
        heading,
        &["B1", "X", "Y", "2023-01-05", "900", "C1"],
        &["B1", "X", "Y", "2023-01-05", "900", "C1"],
    ])]);
    assert_eq!(hops(&twice), ["X → Y, 2023-01-05 to 2023-01-05, 900"]);
    let unclear = joined(&[&table(&[
        heading,
        &["B1", "X", "Y", "2023-01-05", "900", "C1"],
        &["B1", "X", "Y", "2023-01-05", "900", "C2"],
    ])]);
    assert_eq!(
        hops(&unclear),
        ["X → Y, 2023-01-05 to 2023-01-05, 900-1800"]
    );
    assert!(
        unclear
            .problems
            .iter()
            .any(|(_, p)| p.code == "weight-repeated")
    );
}

#[test]
fn ten_thousand_rows_on_one_bill_are_named_and_added() {
    let mut text = "Bill\tShipper\tConsignee\tDate\tkg\tContainer\n".to_owned();
    for number in 1..=10_000 {
        text += &format!("B1\tX\tY\t2023-01-05\t{number}\tC{number}\n");
    }
    let joined = joined(&[&text]);
    assert_eq!(hops(&joined), ["X → Y, 2023-01-05 to 2023-01-05, 50005000"]);
    assert!(joined.problems.iter().any(|(_, p)| p.code == "many-rows"));
}

#[test]
fn forwarders_are_not_taken_for_importers() {
    let joined = joined(&[&table(&[
        &["Bill", "Shipper", "Consignee", "Notify", "Date", "kg"],
        &[
            "B1",
            "X",
            "Expeditors International",
            "Lakeside Imports",
            "2023-01-05",
            "1",
        ],
        &[
            "B2",
            "X",
            "To the order of Shinhan Bank",
            "",
            "2023-01-05",
            "1",
        ],
        &["B3", "X", "凭指示", "Harbor Foods", "2023-01-05", "1"],
        &["B4", "X", "Orderly Foods", "Other", "2023-01-05", "1"],
    ])]);
    let importers: Vec<Option<(String, bool)>> = joined
        .shipments
        .shipments
        .iter()
        .map(|s| s.importer.clone().map(|i| (i.party.name, i.stated)))
        .collect();
    assert_eq!(
        importers,
        [
            Some(("Lakeside Imports".into(), false)),
            None,
            Some(("Harbor Foods".into(), false)),
            Some(("Orderly Foods".into(), true)),
        ]
    );
}

#[test]
fn columns_are_shown_saved_and_corrected() {
    let text = table(&[
        &["No", "Who", "Whom", "Day", "How much"],
        &["B1", "X", "Y", "03/04/2023", "12.500"],
    ]);
    assert!(matches!(
        file::read(0, &text, &Options::default()),
        Err(ReadError::Unknown(_))
    ));
    let columns = r#"{"columns":{"bill":"No","shipper":"Who","consignee":"Whom","departed":"Day","net":"How much"},"unit":"kilogram","date_order":"day_first","decimal":","}"#;
    let options = Options {
        kind: Some(Kind::Bills),
        columns: Some(serde_json::from_str(columns).unwrap()),
    };
    let read = file::read(0, &text, &options).unwrap();
    let row = &bills_of(&read)[0];
    assert_eq!(row.kg.unwrap().high, 12_500.0);
    assert_eq!(trade::day::written(row.departed.unwrap()), "2023-04-03");
    assert_eq!(codes(&read), []);
    // What was understood can be given again.
    let saved = serde_json::to_string(&read.columns.unwrap()).unwrap();
    let again = Options {
        kind: Some(Kind::Bills),
        columns: Some(serde_json::from_str(&saved).unwrap()),
    };
    assert!(file::read(0, &text, &again).is_ok());
    let wrong = Options {
        kind: None,
        columns: Some(serde_json::from_str(r#"{"columns":{"bill":"Nr"}}"#).unwrap()),
    };
    assert!(matches!(
        file::read(0, &text, &wrong),
        Err(ReadError::Heading(..))
    ));
}

#[test]
fn one_name_in_two_countries_is_not_joined() {
    let joined = joined(&[&table(&[
        &[
            "Bill",
            "Shipper",
            "Shipper Country",
            "Consignee",
            "Consignee Country",
            "Date",
            "kg",
        ],
        &[
            "B1",
            "Plant",
            "China",
            "Ocean Trading",
            "KR",
            "2023-01-05",
            "1",
        ],
        &[
            "B2",
            "Ocean Trading",
            "Peru",
            "Shop",
            "US",
            "2023-02-05",
            "1",
        ],
    ])]);
    let names = joined
        .network
        .holders
        .iter()
        .filter(|h| &*h.name == "Ocean Trading")
        .count();
    assert_eq!(names, 2);
    assert!(
        joined
            .problems
            .iter()
            .any(|(_, p)| p.code == "one-name-two-countries")
    );
}

proptest::proptest! {
    /// Whatever stands in a table, every row has exactly one use and nothing panics.
    #[test]
    fn every_row_has_one_use(rows in proptest::collection::vec(proptest::collection::vec("[A-C0-9 ,.KGto/-]{0,8}", 8), 0..20)) {
        let mut text = "Bill\tMaster Bill\tShipper\tConsignee\tNotify\tDate\tWeight\tUnit\n".to_owned();
        for row in &rows {
            text += &(row.join("\t") + "\n");
        }
        if let Ok(read) = file::read(0, &text, &Options::default()) {
            let count = bills_of(&read).len();
            let joined = joined(&[&text]);
            assert_eq!(joined.shipments.uses[0].len(), count);
            for shipment in &joined.shipments.shipments {
                assert!(shipment.kg.is_none_or(|kg| kg.low <= kg.high && kg.low > 0.0));
            }
        }
    }
}
