use super::*;
use crate::mention::settle;

fn check_laws(raw: &str, wanted: &[&str]) {
    let text = Text::new(raw, &[]);
    let mut found = Vec::new();
    scan(&text, &mut found);
    let got: Vec<&str> = settle(found)
        .into_iter()
        .map(|c| text.slice(c.bytes))
        .collect();
    assert_eq!(got, wanted, "{raw}");
}

#[test]
fn acts_and_treaties() {
    check_laws(
        "the North Korean Human Rights Act of 2004 (NKHRA) and",
        &["North Korean Human Rights Act of 2004", "NKHRA"],
    );
    check_laws(
        "Section 307 of the Tariff Act of 1930 bans it.",
        &["Section 307 of the Tariff Act of 1930"],
    );
    check_laws(
        "under the Countering America's Adversaries Through Sanctions Act (CAATSA).",
        &[
            "Countering America's Adversaries Through Sanctions Act",
            "CAATSA",
        ],
    );
    check_laws(
        "the 1951 Convention Relating to the Status of Refugees and its 1967 Protocol",
        &[
            "1951 Convention Relating to the Status of Refugees",
            "1967 Protocol",
        ],
    );
    check_laws(
        "the Convention against Torture, which",
        &["Convention against Torture"],
    );
    check_laws(
        "UN Security Council Resolution 2397 required",
        &["UN Security Council Resolution 2397"],
    );
    check_laws(
        "Executive Order 13687 and H.R. 4768 and S. Res. 123 and Public Law 117-78",
        &[
            "Executive Order 13687",
            "H.R. 4768",
            "S. Res. 123",
            "Public Law 117-78",
        ],
    );
    check_laws("the 1951 Refugee Convention.", &["1951 Refugee Convention"]);
    check_laws(
        "under China's Criminal Law and international law",
        &["Criminal Law"],
    );
    check_laws(
        "违反1951年《难民公约》和《禁止酷刑公约》",
        &["1951年《难民公约》", "《禁止酷刑公约》"],
    );
    check_laws(
        "유엔 안보리 결의 2397호를 위반",
        &["유엔 안보리 결의 2397호"],
    );
    check_laws(
        "1951년 난민협약과 북한인권법은 방법",
        &["1951년 난민협약", "북한인권법"],
    );
}
