use super::*;
use crate::mention::settle;

fn check_places(raw: &str, wanted: &[&str]) {
    check(raw, MentionKind::Place, wanted);
}

fn check_peoples(raw: &str, wanted: &[&str]) {
    check(raw, MentionKind::Nationality, wanted);
}

fn check(raw: &str, kind: MentionKind, wanted: &[&str]) {
    let text = Text::new(raw, &[]);
    let mut found = Vec::new();
    scan(&text, &mut found);
    let got: Vec<&str> = settle(found)
        .into_iter()
        .filter(|c| c.kind == kind)
        .map(|c| text.slice(c.bytes))
        .collect();
    assert_eq!(got, wanted, "{raw}");
}

#[test]
fn countries_under_all_their_names() {
    check_places(
        "the People's Republic of China (PRC) and the DPRK",
        &["People's Republic of China", "PRC", "DPRK"],
    );
    check_places(
        "Seoul-based groups in China’s northeast",
        &["Seoul", "China"],
    );
    check_places(
        "Rep. Smith (R-NJ) and Sen. Merkley (D-Ore.)",
        &["NJ", "Ore."],
    );
    check_places(
        "on the North Korea-PRC border near Tumen",
        &["North Korea-PRC border", "Tumen"],
    );
    check_peoples("Chinese and North Koreans", &["Chinese", "North Koreans"]);
}
