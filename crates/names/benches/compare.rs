//! How many names are compared a second: each with each of a few dozen, prepared once, as a list is screened.

use names::{Prepared, compare, log_odds, prepare};

fn main() {
    divan::main();
}

const COMPANIES: &[&str] = &[
    "Meridian Shipping Ltd",
    "Kessler Maschinenbau GmbH",
    "Banco del Pacífico S.A.",
    "OOO Severnaya Ryba",
    "Northgate Textiles Pvt Ltd",
    "Dalian Hailong Aquatic Foods Co., Ltd.",
    "Korea Ryonbong General Corporation",
    "Golden Star Trading LLC",
    "Pacific Andes International Holdings Limited",
    "Ministry of State Security",
    "Ocean Harvest Fisheries Inc",
    "Blackstone Capital Partners VII L.P.",
    "Grupo Alvarado S.A. de C.V.",
    "Vandermeer Transport BV",
    "JSC Uralmash",
    "Bluewater Marine Sdn. Bhd.",
];
const ACROSS: &[&str] = &[
    "大连海龙水产食品有限公司",
    "丹东鸿祥实业发展有限公司",
    "조선련봉총회사",
    "조선광업개발무역회사",
    "Dandong Hongxiang Industrial Development Co., Ltd.",
    "Korea Mining Development Trading Corporation",
    "高丽航空",
    "Air Koryo",
    "ПАО «Газпром»",
    "Gazprom PJSC",
];
const VESSELS: &[&str] = &[
    "M/V WISE HONEST",
    "OCEAN SERENITY",
    "SNOW GOOSE 3",
    "MT PACIFIC DAWN",
    "GOLDEN LARK (ex BLUE MARLIN)",
    "PETREL 8",
    "NORTHERN LIGHT",
    "SEA HARVESTER",
];

const PERSONS: &[&str] = &[
    "Vladimir Petrov",
    "PETROV, Vladimir Ivanovich",
    "Muhammad bin Yusuf al-Masri",
    "Maria Garcia Lopez",
    "Friedrich Buchenberg",
    "Katherine O'Neill",
    "John F. Carter",
    "Aleksandar Jovanovic",
];
const PERSONS_ACROSS: &[&str] = &[
    "박영호",
    "Pak Yong Ho",
    "金哲浩",
    "Kim Chol-ho",
    "Jin Zhehao",
    "Ким Чхоль Хо",
    "張偉",
    "Chang Wei",
];

fn prepared(schema: &str, names: &[&str]) -> Vec<Prepared> {
    names.iter().map(|name| prepare(schema, name)).collect()
}

fn each(names: &[Prepared], with: impl Fn(&Prepared, &Prepared) -> f32) -> f32 {
    names
        .iter()
        .flat_map(|a| names.iter().map(move |b| (a, b)))
        .map(|(a, b)| with(a, b))
        .sum()
}

macro_rules! measures {
    ($name:ident, $schema:literal, $names:ident) => {
        mod $name {
            use super::*;

            #[divan::bench]
            fn odds(bencher: divan::Bencher) {
                let names = prepared($schema, $names);
                bencher
                    .counter(divan::counter::ItemsCount::new(names.len() * names.len()))
                    .bench(|| each(&names, log_odds));
            }

            #[divan::bench]
            fn with_reasons(bencher: divan::Bencher) {
                let names = prepared($schema, $names);
                bencher
                    .counter(divan::counter::ItemsCount::new(names.len() * names.len()))
                    .bench(|| each(&names, |a, b| compare(a, b).score));
            }

            #[divan::bench]
            fn parsing(bencher: divan::Bencher) {
                bencher
                    .counter(divan::counter::ItemsCount::new($names.len()))
                    .bench(|| prepared($schema, $names));
            }
        }
    };
}

measures!(companies, "Company", COMPANIES);
measures!(across_scripts, "Company", ACROSS);
measures!(vessels, "Vessel", VESSELS);
measures!(persons, "Person", PERSONS);
measures!(persons_across, "Person", PERSONS_ACROSS);
