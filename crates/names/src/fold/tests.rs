use super::*;
use expect_test::{Expect, expect};
use proptest::prelude::*;

#[track_caller]
fn check(text: &str, expected: Expect) {
    expected.assert_eq(&format!(
        "{} | {}",
        plain(text),
        spellings(text).join(" | ")
    ));
}

#[test]
fn one_writing() {
    check(
        "Ｄａｌｉａｎ\u{200b} \u{202e}Foods ①",
        expect!["dalian foods 1 | dalian foods 1"],
    );
    check("GАZPRОM", expect!["gazprom | gazprom"]);
    check("Газпрoм", expect!["газпром | gazprom | hazprom"]);
    check(
        "Müller Straße Øster",
        expect!["muller strasse oster | muller strasse oster | mueller strasse oester"],
    );
    check(
        "Ёлкин Щербаков",
        expect!["елкин щербаков | yelkin shcherbakov | elkyn shterbakov | elkin scerbakov"],
    );
    check(
        "Київ Зеленський",
        expect!["київ зеленський | kiiv zelenskiy | kyiv zelenskyi | kiiv zelenskij"],
    );
    check(
        "Ђоковић Хрватска",
        expect!["ђоковић хрватска | djokovic khrvatska | djokovyc khrvatska | djokovic hrvatska"],
    );
    check(
        "Μπάμπης Παπανδρέου Ευάγγελος",
        expect![
            "μπαμπησ παπανδρεου ευαγγελοσ | bampis papandreou evangelos | mpampes papandreou euangelos | mpampis papandreou evangelos"
        ],
    );
    check(
        "شرکت کشتیرانی والفجر",
        expect!["شركت كشتيراني والفجر | shrkt kshtirani walfjr | shrkt kshtirani valfjr"],
    );
    check(
        "Հայաստան Երևան",
        expect!["հայաստան երեւան | hayastan yerevan"],
    );
    check("საქართველო", expect!["საქართველო | sakartvelo"]);
    check(
        "トヨタ じゃっぷ しゅっぱん キョウト",
        expect!["トヨタ じゃっぷ しゅっぱん キョウト | toyota jappu shuppan kyouto"],
    );
    check("नरेन्द्र मोदी", expect!["नरेन्द्र मोदी | narendr modi"]);
    check("শেখ হাসিনা", expect!["শেখ হাসিনা | shekh hasina"]);
    check("ስላሴ አዲስ", expect!["ስላሴ አዲስ | slase adis"]);
    check("สมชาย", expect!["สมชาย | smchay"]);
    check("ប៉ុល ពត", expect!["ប៉ុល ពត | bul pt"]);
    check("大连 다롄", expect!["大连 다롄 | 大连 다롄"]);
}

#[test]
fn sounds_and_skeletons() {
    for (left, right) in [
        ("khrushchev", "hruscev"),
        ("wagner", "vagner"),
        ("philipp", "filip"),
        ("yuri", "iuri"),
    ] {
        assert_eq!(sound(left), sound(right), "{left} {right}");
    }
    for (left, right) in [
        ("muhammad", "mhmd"),
        ("qadhafi", "kadafi"),
        ("valfajr", "walfjr"),
    ] {
        assert_eq!(skeleton(left), skeleton(right), "{left} {right}");
    }
}

#[test]
fn very_long_names_are_cut() {
    assert!(clean(&"ﷺ".repeat(20_000)).chars().count() <= MAX_CHARS);
    assert!(plain(&"a\u{301}".repeat(50_000)).chars().count() <= MAX_CHARS);
}

proptest! {
    #[test]
    fn any_text(text in "\\PC{0,60}|.{0,60}|[а-яА-ЯёЁ a-zA-Zα-ω]{0,40}") {
        let folded = plain(&text);
        prop_assert!(!folded.chars().any(is_invisible));
        for spelling in spellings(&text) {
            let _ = (sound(&spelling), skeleton(&spelling));
        }
        prop_assert!(!spellings(&text).is_empty());
    }
}
