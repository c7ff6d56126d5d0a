use super::*;
use expect_test::{Expect, expect};
use proptest::prelude::*;

#[track_caller]
fn check_parse(name: &str, expected: Expect) {
    expected.assert_eq(&spelled_out(&parse(name).readings));
}

#[test]
fn parts() {
    check_parse(
        "大连海龙水产食品有限公司",
        expect!["Place 大连, Brand 海龙, Industry 水产, Industry 食品, Form 有限公司"],
    );
    check_parse(
        "丹东鸿祥实业发展有限公司",
        expect!["Place 丹东, Brand 鸿祥, Industry 实业, Industry 发展, Form 有限公司"],
    );
    check_parse(
        "Dandong Hongxiang Industrial Development Co., Ltd.",
        expect![
            "Place dandong, Brand hongxiang, Industry industrial, Industry development, Form co ltd"
        ],
    );
    check_parse(
        "조선련봉총회사",
        expect!["Place 조선, Brand 련봉, Form 총회사"],
    );
    check_parse(
        "(주)대성무역 제3공장",
        expect!["Form 주, Brand 대성, Industry 무역, Number 3, Industry 공장"],
    );
    check_parse(
        "ООО \"Рога и Копыта\"",
        expect!["Form ооо, Brand рога, Stop и, Brand копыта"],
    );
    check_parse(
        "Volkswagen Bank G.m.b.H.",
        expect!["Brand volkswagen, Industry bank, Form gmbh"],
    );
    check_parse(
        "J.P. Morgan & Co.",
        expect!["Brand jp, Brand morgan, Stop and, Form co"],
    );
    check_parse(
        "H&M Hennes & Mauritz AB",
        expect!["Brand h, Stop and, Brand m, Brand hennes, Stop and, Brand mauritz, Form ab"],
    );
    check_parse(
        "Blackstone Capital Partners VII L.P.",
        expect!["Brand blackstone, Industry capital, Industry partners, Number vii, Form lp"],
    );
    check_parse(
        "Mendez, Denmark A/S",
        expect!["Brand mendez, Place denmark, Form as"],
    );
    check_parse(
        "Brigade Forty-Four",
        expect!["Industry brigade, Number forty"],
    );
    check_parse(
        "Al-Qa'ida/Islamic Army",
        expect!["Brand al qaida // Brand islamic, Industry army"],
    );
    check_parse(
        "Korea Mining Development Trading Corporation (KOMID)",
        expect![
            "Place korea, Industry mining, Industry development, Industry trading, Form corporation, Stop komid"
        ],
    );
    check_parse(
        "FABERLIC EUROPE Sp. z o.o.",
        expect!["Brand faberlic, Place europe, Form sp z oo"],
    );
    check_parse(
        "山东省荣成市第一水产加工厂",
        expect!["Place 山东省, Place 荣成市, Number 第一, Industry 水产, Industry 加工厂"],
    );
    check_parse(
        "Deutsche Bank's AG",
        expect!["Place deutsche, Industry bank, Form ag"],
    );
    check_parse("Company Limited", expect!["Brand company limited"]);
    check_parse("", expect![[""]]);
}

proptest! {
    #[test]
    fn any_two(left in "\\PC{0,40}|[A-Za-z ./&'()]{0,40}|[가-힣 大连水产有限公司第一]{0,12}", right in "\\PC{0,40}|[A-Z]{2,5}|[a-c ]{0,20}|[가-힣 大连水产有限公司第一]{0,12}") {
        let (a, b) = (parse(&left), parse(&right));
        let (there, back) = (compare(&a, &b), compare(&b, &a));
        prop_assert_eq!(there.score, back.score);
        prop_assert!((there.score - 1.0 / (1.0 + (-log_odds(&a, &b)).exp())).abs() < 1e-5);
        prop_assert!((0.0..=1.0).contains(&there.score));
    }
}

#[test]
fn classes_of_faults() {
    for (left, right, same) in [
        // Legal forms that are misspelt, cut off or glued to the name.
        ("Weltmar Aktiengeselschaft", "Weltmar AG", true),
        ("Weltmar Holdings Limitted", "Weltmar Holdings Ltd", true),
        (
            "Orsova Metals Joint Stock Compan",
            "Orsova Metals JSC",
            true,
        ),
        ("WeltmarGmbH", "Weltmar GmbH", true),
        ("Tessaly & Co. L.L.C.", "Tessaly & Co. LLC", true),
        // Another kind of body is another body; a common form tells nothing.
        ("Stiftung Morgenrot", "Morgenrot GmbH", false),
        ("ANO Novy Dom", "OOO Novy Dom", false),
        // Sisters: another product, another country, the first of several funds.
        ("Mirdas Oil Company", "Mirdas Gas Company", false),
        ("Caixa Lumen S.A.", "Caixa Lumen Peru S.A.", false),
        ("Weltmar (Austria) AG", "Weltmar AG", true),
        ("Tessaly Growth Fund I LP", "Tessaly Growth Fund LP", false),
        (
            "Orsova Missiles Corporation",
            "Orsova Missives Corporation",
            false,
        ),
        ("Orsova Construction", "Orsova Constructors", false),
        ("Orsova Shpping Lines", "Orsova Shipping Lines", true),
        ("Puertos del Norte S.A.", "Puertos del Sur S.A.", false),
        ("Weltmar Grain Corp", "Weltmar Brain Corp", false),
        ("Bank of Sulandia", "Central Bank of Sulandia", false),
        ("Bank of Sulandia", "Bank of Sulandia JSC", true),
        // Trades and forms of other languages.
        ("Fjordland Sjømat AS", "Fjordland Seafood AS", true),
        ("شركة الفجر للتأمين", "Al Fajr Insurance Company", true),
        ("Galeb dioničko društvo", "Galeb d.d.", true),
        // Numbers in words and digits.
        ("Brigade Thirty 2", "32 Brigade", true),
        ("Brigade Thirty 2", "Brigade 33", false),
        ("5%ers League", "Five Percenters League", true),
    ] {
        let found = compare(&parse(left), &parse(right));
        assert_eq!(found.score >= 0.7, same, "{left} / {right}: {found:#?}");
    }
}
