use super::*;
use expect_test::{Expect, expect};
use proptest::prelude::*;

#[track_caller]
fn check_parse(name: &str, expected: Expect) {
    expected.assert_eq(&crate::organisation::spelled_out(&parse(name).readings));
}

#[test]
fn parts() {
    check_parse(
        "M/V WISE HONEST",
        expect!["Form ship, Brand wise, Brand honest"],
    );
    check_parse("와이즈 어니스트호", expect!["Brand 와이즈, Brand 어니스트"]);
    check_parse("鲁荣远渔558", expect!["Brand 鲁荣远渔, Number 558"]);
    check_parse(
        "LU RONG YUAN YU 588",
        expect!["Brand lu, Brand rong, Brand yuan, Brand yu, Number 588"],
    );
    check_parse("례성강1호", expect!["Brand 례성강, Number 1"]);
    check_parse("대성 제3호", expect!["Brand 대성, Number 3"]);
    check_parse("新光三号", expect!["Brand 新光, Number 三"]);
    check_parse(
        "Snow Storm III",
        expect!["Brand snow, Brand storm, Number iii"],
    );
    check_parse(
        "ORION STAR NO. 7 (ex RICHOCEAN)",
        expect!["Brand orion, Brand star, Number 7 // Brand richocean"],
    );
    check_parse("MV", expect!["Brand mv"]);
    check_parse("P-552", expect!["Brand p, Number 552"]);
    check_parse("", expect![[""]]);
}

proptest! {
    #[test]
    fn any_two(left in "\\PC{0,40}|[A-Z0-9 ./()]{0,30}|[渔鲁三第号호례성강1-9 ]{0,12}", right in "\\PC{0,40}|[A-C0-9 ]{0,20}|[渔鲁三第号호례성강1-9 ]{0,12}") {
        let (a, b) = (parse(&left), parse(&right));
        let (there, back) = (compare(&a, &b), compare(&b, &a));
        prop_assert_eq!(there.score, back.score);
        prop_assert!((there.score - 1.0 / (1.0 + (-log_odds(&a, &b)).exp())).abs() < 1e-5);
    }
}
