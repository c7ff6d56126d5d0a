use crate::Context;
use crate::mention::find;
use crate::text::Text;
use casefile::statement::MentionKind;

fn check_persons(raw: &str, wanted: &[&str]) {
    let text = Text::new(raw, &[]);
    let got: Vec<&str> = find(&text, &Context::default())
        .iter()
        .filter(|m| m.kind == MentionKind::Person)
        .map(|m| text.slice(m.bytes.clone()))
        .collect();
    assert_eq!(got, wanted, "{raw}");
}

#[test]
fn titles_stay_outside() {
    check_persons("President Xi Jinping met Mr. Kim.", &["Xi Jinping", "Kim"]);
    check_persons(
        "Chairman SMITH. The hearing will come to order.",
        &["SMITH"],
    );
    check_persons("Mr. Scarlatoiu. Thank you, Mr. Chairman.", &["Scarlatoiu"]);
    check_persons("Dear Secretary Mayorkas: We write again.", &["Mayorkas"]);
}

#[test]
fn east_asian_names_are_whole() {
    check_persons(
        "Kim Jong-un saw Ri Sol Ju and Choe Ryong-hae.",
        &["Kim Jong-un", "Ri Sol Ju", "Choe Ryong-hae"],
    );
    check_persons("Hyeon-soo Lim was freed.", &["Hyeon-soo Lim"]);
    check_persons("Spokesman Wang Wenbin denied it.", &["Wang Wenbin"]);
    check_persons("A woman surnamed Lee was sold.", &["Lee"]);
}

#[test]
fn a_surname_alone_follows_its_full_name() {
    check_persons(
        "Peter Jung spoke. Jung said that Kim Il Sung University was closed.",
        &["Peter Jung", "Jung"],
    );
}

#[test]
fn headings_and_notices_are_read_with_care() {
    check_persons(
        "Smith, Merkley Lead Letter on Forced Labor\n\nChris Smith and Jeff Merkley wrote to the department on Monday about the seafood.",
        &["Smith", "Merkley", "Chris Smith", "Jeff Merkley"],
    );
    check_persons(
        "RI, Chang Dae (Korean: 리창대), Pyongyang; DOB 1966.",
        &["RI, Chang Dae"],
    );
}

#[test]
fn names_in_han_and_hangul_stand_beside_offices() {
    check_persons("外交部发言人汪文斌12日否认。", &["汪文斌"]);
    check_persons("沃尔克·蒂尔克呼吁中国停止遣返。", &["沃尔克·蒂尔克"]);
    check_persons("구병삼 대변인은 김철호 씨를 만났다.", &["구병삼", "김철호"]);
}
