use super::*;
use crate::mention::settle;

fn check_roles(raw: &str, wanted: &[&str]) {
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
fn titles_before_and_after_names() {
    check_roles(
        "Representative Chris Smith (R-NJ) and Senator Jeff Merkley",
        &["Representative", "Senator"],
    );
    check_roles(
        "Thea Lee, the Deputy Undersecretary for International Affairs at the Department",
        &["Deputy Undersecretary for International Affairs"],
    );
    check_roles(
        "letter to United Nations High Commissioner for Human Rights Volker Türk and the High Commissioner for Refugees Filippo Grandi",
        &[
            "United Nations High Commissioner for Human Rights",
            "High Commissioner for Refugees",
        ],
    );
    check_roles(
        "Party General Secretary and President Xi Jinping and North Korean leader Kim Jong-un",
        &["General Secretary and President", "North Korean leader"],
    );
    check_roles("The CECC’s Chairs met five members.", &[]);
    check_roles(
        "Lina Yoon, senior Korea researcher at Human Rights Watch, said",
        &["senior Korea researcher"],
    );
    check_roles("韩国统一部发言人具炳杉说", &["发言人"]);
    check_roles(
        "구병삼 통일부 대변인은 윤석열 대통령이",
        &["대변인", "대통령"],
    );
}
