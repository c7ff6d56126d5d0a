//! Sentences with the dates that a careful reader marks in them.

use super::scan;
use crate::Context;
use crate::mention::Value;
use crate::text::Text;

/// Every date as `span = from..to precision`, with `*` where it is relative.
fn dates(raw: &str, published: &str) -> Vec<String> {
    let text = Text::new(raw, &[]);
    let mut found = Vec::new();
    let context = Context {
        published: published.parse().ok(),
        blocks: &[],
    };
    scan(&text, &context, &mut found);
    found
        .iter()
        .map(|candidate| {
            let Value::Date(date) = &candidate.value else {
                return String::new();
            };
            let span = text.slice(candidate.bytes.clone());
            let (from, to) = (
                date.from.as_deref().unwrap_or(""),
                date.to.as_deref().unwrap_or(""),
            );
            let days = if from == to {
                from.to_owned()
            } else {
                format!("{from}..{to}")
            };
            let star = if date.relative { "*" } else { "" };
            format!("{span} = {days} {}{star}", date.precision)
        })
        .collect()
}

#[test]
fn a_text_that_dates_itself_at_its_head_is_of_that_day() {
    for (raw, wanted) in [
        (
            "Washington, May 7, 2024\n\nPolice arrested nine people in 2021.\n\nOn November 3 they were released.",
            "2023-11-03",
        ),
        (
            "FOR IMMEDIATE RELEASE: 7 May 2024\nThe nine were arrested in 2021.\n\nThey were released on November 3.",
            "2023-11-03",
        ),
        (
            "SEOUL, May 7, 2024 — The nine were arrested in 2021.\n\nThey were released on November 3.",
            "2023-11-03",
        ),
        (
            "(7 May 2024) – The nine were arrested in 2021.\n\nThey were released on November 3.",
            "2023-11-03",
        ),
        (
            "2024年5月7日\n\n他们2021年被捕。\n\n11月3日获释。",
            "2023-11-03",
        ),
        // A list of people, a story that begins with a day, a birth.
        (
            "Kim Chol Ho, born May 7, 1962\nHe was arrested in 2021.\n\nThey were released on November 3.",
            "2021-11-03",
        ),
        (
            "On May 7, 2020 police arrested nine people. In 2021 a trial began.\n\nOn November 3 they were released.",
            "2021-11-03",
        ),
    ] {
        let got = dates(raw, "");
        let last = got.last().map(String::as_str).unwrap_or_default();
        assert!(last.contains(wanted), "{raw}: {got:?}");
    }
}

#[track_caller]
fn check_all(published: &str, cases: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (raw, wanted) in cases {
        let got = dates(raw, published);
        if got != *wanted {
            wrong.push(format!("{raw}\n   got    {got:?}\n   wanted {wanted:?}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn english_days_months_years() {
    check_all(
        "2024-05-07",
        &[
            (
                "SEOUL, May 7, 2024 - China sent back about 60 people on April 26, it said.",
                &["May 7, 2024 = 2024-05-07 day", "April 26 = 2024-04-26 day*"],
            ),
            (
                "the return of 500 people on October 9, 2023, 40 on September 18, 80 on August 29 and around 50 in July 2021.",
                &[
                    "October 9, 2023 = 2023-10-09 day",
                    "September 18 = 2023-09-18 day*",
                    "August 29 = 2023-08-29 day*",
                    "July 2021 = 2021-07-01..2021-07-31 month",
                ],
            ),
            (
                "A tally puts the October figure at 600.",
                &["October = 2023-10-01..2023-10-31 month*"],
            ),
            (
                "On 9 October 2023 and on 9th of October, they met.",
                &[
                    "9 October 2023 = 2023-10-09 day",
                    "9th of October = 2023-10-09 day*",
                ],
            ),
            (
                "It is dated 2023-10-09, or 2023/10/09, or 9.10.2023.",
                &[
                    "2023-10-09 = 2023-10-09 day",
                    "2023/10/09 = 2023-10-09 day",
                    "9.10.2023 = 2023-10-09 day",
                ],
            ),
            (
                "Born 25/12/1976 and listed on 03/04/2020.",
                &["25/12/1976 = 1976-12-25 day", "03/04/2020 = 2020-04-03 day"],
            ),
            (
                "Listed on 03/04/2020.",
                &["03/04/2020 = 2020-03-04..2020-04-03 vague"],
            ),
            (
                "DOB 12 Mar 1976; DOB Oct. 9, 1980; 12-Mar-1976.",
                &[
                    "12 Mar 1976 = 1976-03-12 day",
                    "Oct. 9, 1980 = 1980-10-09 day",
                    "12-Mar-1976 = 1976-03-12 day",
                ],
            ),
            (
                "In 2019 she fled; the 2023 report said so.",
                &[
                    "2019 = 2019-01-01..2019-12-31 year",
                    "2023 = 2023-01-01..2023-12-31 year",
                ],
            ),
            (
                "2024 marked the 75th anniversary.",
                &["2024 = 2024-01-01..2024-12-31 year"],
            ),
            (
                "The famine of the 1990s and the mid-1990s.",
                &[
                    "1990s = 1990-01-01..1999-12-31 decade",
                    "mid-1990s = 1994-01-01..1996-12-31 vague",
                ],
            ),
            (
                "on the night of October 9, 2023",
                &["night of October 9, 2023 = 2023-10-09 day"],
            ),
            (
                "in mid-October and early 2023, late October 2023",
                &[
                    "mid-October = 2023-10-11..2023-10-20 vague*",
                    "early 2023 = 2023-01-01..2023-03-31 vague",
                    "late October 2023 = 2023-10-21..2023-10-31 vague",
                ],
            ),
            (
                "the first half of 2024, Q3 2022, spring 2021",
                &[
                    "first half of 2024 = 2024-01-01..2024-06-30 range",
                    "Q3 2022 = 2022-07-01..2022-09-30 range",
                    "spring 2021 = 2021-03-01..2021-05-31 season",
                ],
            ),
            (
                "Monday, October 9, 2023",
                &["Monday, October 9, 2023 = 2023-10-09 day"],
            ),
            ("Close to 2000 North Korean refugees are held.", &[]),
            (
                "They may march in May; Theresa May spoke.",
                &["May = 2024-05-01..2024-05-31 month*"],
            ),
            (
                "In October 12 women were returned.",
                &["October = 2023-10-01..2023-10-31 month*"],
            ),
            (
                "Resolution 2397 (2017) and No. 2023 of the law",
                &["2017 = 2017-01-01..2017-12-31 year"],
            ),
            (
                "fiscal year 2023 and Juche 112",
                &[
                    "fiscal year 2023 = 2023-01-01..2023-12-31 year",
                    "Juche 112 = 2023-01-01..2023-12-31 year",
                ],
            ),
            (
                "October 9-13, 2023 and 9–13 October 2023",
                &[
                    "October 9-13, 2023 = 2023-10-09..2023-10-13 range",
                    "9–13 October 2023 = 2023-10-09..2023-10-13 range",
                ],
            ),
        ],
    );
}

#[test]
fn english_intervals() {
    check_all(
        "2024-05-07",
        &[
            (
                "92 people were held since January.",
                &["since January = 2024-01-01..2024-05-07 since*"],
            ),
            (
                "between 2017 and 2020",
                &["between 2017 and 2020 = 2017-01-01..2020-12-31 range"],
            ),
            (
                "from March to June 2023",
                &["from March to June 2023 = 2023-03-01..2023-06-30 range"],
            ),
            (
                "2009-2012, 2009–12, 2009 to 2012",
                &[
                    "2009-2012 = 2009-01-01..2012-12-31 range",
                    "2009–12 = 2009-01-01..2012-12-31 range",
                    "2009 to 2012 = 2009-01-01..2012-12-31 range",
                ],
            ),
            ("until June 2024", &["until June 2024 = ..2024-06-30 until"]),
            (
                "by the end of 2023",
                &["by the end of 2023 = ..2023-12-31 until"],
            ),
            (
                "as of 13 June 2023",
                &["as of 13 June 2023 = ..2023-06-13 until"],
            ),
            (
                "before 2019 and after 2019",
                &[
                    "before 2019 = ..2018-12-31 until",
                    "after 2019 = 2020-01-01.. since",
                ],
            ),
            (
                "since 2016, since the 1990s",
                &[
                    "since 2016 = 2016-01-01..2024-05-07 since*",
                    "since the 1990s = 1990-01-01..2024-05-07 since*",
                ],
            ),
            (
                "from November 2022 to February 2023",
                &["from November 2022 to February 2023 = 2022-11-01..2023-02-28 range"],
            ),
            (
                "between November and February 2023",
                &["between November and February 2023 = 2022-11-01..2023-02-28 range"],
            ),
            (
                "between 9 and 13 October 2023",
                &["between 9 and 13 October 2023 = 2023-10-09..2023-10-13 range"],
            ),
            (
                "from 2018 onwards",
                &["from 2018 onwards = 2018-01-01..2024-05-07 since*"],
            ),
            (
                "from 2020 to the present",
                &["from 2020 to the present = 2020-01-01..2024-05-07 range*"],
            ),
            (
                "January through March 2024",
                &["January through March 2024 = 2024-01-01..2024-03-31 range"],
            ),
        ],
    );
}

#[test]
fn english_relative_words() {
    check_all(
        "2024-05-07",
        &[
            (
                "They were deported last month.",
                &["last month = 2024-04-01..2024-04-30 month*"],
            ),
            (
                "held a hearing today; yesterday she spoke",
                &["today = 2024-05-07 day*", "yesterday = 2024-05-06 day*"],
            ),
            (
                "last year, this week, next month",
                &[
                    "last year = 2023-01-01..2023-12-31 year*",
                    "this week = 2024-05-06..2024-05-12 range*",
                    "next month = 2024-06-01..2024-06-30 month*",
                ],
            ),
            (
                "two years ago and 10 days ago, a week ago",
                &[
                    "two years ago = 2022-01-01..2022-12-31 year*",
                    "10 days ago = 2024-04-27 day*",
                    "a week ago = 2024-04-29..2024-05-05 range*",
                ],
            ),
            (
                "over the past five years",
                &["past five years = 2019-05-07..2024-05-07 range*"],
            ),
            (
                "earlier this year",
                &["earlier this year = 2024-01-01..2024-05-07 vague*"],
            ),
            (
                "on Monday and last Friday",
                &["Monday = 2024-05-06 day*", "last Friday = 2024-05-03 day*"],
            ),
            ("There is now concern", &["now = 2024-05-07 vague*"]),
            (
                "In October last year and in March of this year",
                &[
                    "October last year = 2023-10-01..2023-10-31 month*",
                    "March of this year = 2024-03-01..2024-03-31 month*",
                ],
            ),
            (
                "On October 9, 2023 they left; the following day they were gone. That year ended.",
                &[
                    "October 9, 2023 = 2023-10-09 day",
                    "following day = 2023-10-10 day*",
                    "That year = 2023-01-01..2023-12-31 year*",
                ],
            ),
            (
                "The hearing will be held on June 13.",
                &["June 13 = 2024-06-13 day*"],
            ),
            (
                "last summer",
                &["last summer = 2023-06-01..2023-08-31 season*"],
            ),
            ("one woman said now that she left", &[]),
        ],
    );
    check_all(
        "2012-03-05",
        &[(
            "In recent weeks, advocates have called.",
            &["In recent weeks = 2012-01-23..2012-03-05 vague*"],
        )],
    );
}

#[test]
fn without_a_date_of_the_document() {
    check_all(
        "",
        &[
            (
                "She spoke today and last year.",
                &["today =  day*", "last year =  year*"],
            ),
            (
                "In June 2012 they fled. On July 3 they were caught.",
                &[
                    "June 2012 = 2012-06-01..2012-06-30 month",
                    "July 3 = 2012-07-03 day*",
                ],
            ),
            ("since January", &["since January =  since*"]),
        ],
    );
}

#[test]
fn a_story_of_long_ago_stays_in_its_year() {
    check_all(
        "2024-05-07",
        &[(
            "In January 2012 she was sold. In March she fled.",
            &[
                "January 2012 = 2012-01-01..2012-01-31 month",
                "March = 2012-03-01..2012-03-31 month*",
            ],
        )],
    );
}

#[test]
fn chinese_dates() {
    check_all(
        "2023-10-13",
        &[
            ("10月9日晚间，中国遣返", &["10月9日晚间 = 2023-10-09 day*"]),
            ("发言人具炳杉13日说", &["13日 = 2023-10-13 day*"]),
            ("汪文斌12日否认", &["12日 = 2023-10-12 day*"]),
            (
                "截至今年6月，共有3万3981名",
                &["截至今年6月 = ..2023-06-30 until*"],
            ),
            ("2023年10月9日", &["2023年10月9日 = 2023-10-09 day"]),
            (
                "去年，上月，本月",
                &[
                    "去年 = 2022-01-01..2022-12-31 year*",
                    "上月 = 2023-09-01..2023-09-30 month*",
                    "本月 = 2023-10-01..2023-10-31 month*",
                ],
            ),
            (
                "自2020年以来",
                &["自2020年以来 = 2020-01-01..2023-10-13 since*"],
            ),
            (
                "二〇二三年十月九日",
                &["二〇二三年十月九日 = 2023-10-09 day"],
            ),
            (
                "2017年至2020年间，2009-2012年",
                &[
                    "2017年至2020年间 = 2017-01-01..2020-12-31 range",
                    "2009-2012年 = 2009-01-01..2012-12-31 range",
                ],
            ),
            ("2021年7月", &["2021年7月 = 2021-07-01..2021-07-31 month"]),
            ("28日被捕", &["28日 = 2023-09-28 day*"]),
            (
                "今年上半年，2023年底，10月上旬",
                &[
                    "今年上半年 = 2023-01-01..2023-06-30 range*",
                    "2023年底 = 2023-12-01..2023-12-31 vague",
                    "10月上旬 = 2023-10-01..2023-10-10 vague*",
                ],
            ),
            (
                "近日，近年来，过去五年",
                &[
                    "近日 = 2023-10-06..2023-10-13 vague*",
                    "近年来 = 2018-10-13..2023-10-13 vague*",
                    "过去五年 = 2018-10-13..2023-10-13 range*",
                ],
            ),
            (
                "三年前，两周前",
                &[
                    "三年前 = 2020-01-01..2020-12-31 year*",
                    "两周前 = 2023-09-25..2023-10-01 range*",
                ],
            ),
            (
                "上周五，本周，周一",
                &[
                    "上周五 = 2023-10-06 day*",
                    "本周 = 2023-10-09..2023-10-15 range*",
                    "周一 = 2023-10-09 day*",
                ],
            ),
            (
                "20世纪90年代，1990年代",
                &[
                    "20世纪90年代 = 1990-01-01..1999-12-31 decade",
                    "1990年代 = 1990-01-01..1999-12-31 decade",
                ],
            ),
            (
                "2019年以前，2020年后",
                &[
                    "2019年以前 = ..2018-12-31 until",
                    "2020年后 = 2021-01-01.. since",
                ],
            ),
            (
                "10月9日至13日",
                &["10月9日至13日 = 2023-10-09..2023-10-13 range*"],
            ),
            ("目前仍被关押", &["目前 = 2023-10-13 vague*"]),
            (
                "民国112年和主体112年",
                &[
                    "民国112年 = 2023-01-01..2023-12-31 year",
                    "主体112年 = 2023-01-01..2023-12-31 year",
                ],
            ),
            (
                "今天上午，昨天，当天",
                &[
                    "今天上午 = 2023-10-13 day*",
                    "昨天 = 2023-10-12 day*",
                    "当天 = 2023-10-12 day*",
                ],
            ),
            ("去年10月9日凌晨", &["去年10月9日凌晨 = 2022-10-09 day*"]),
            ("直到2024年6月", &["直到2024年6月 = ..2024-06-30 until"]),
            ("三年有期徒刑、五个月、第二天", &["第二天 =  day*"]),
            ("统一部发言人说，一些人当前往中国", &[]),
        ],
    );
}

#[test]
fn korean_dates() {
    check_all(
        "2023-10-13",
        &[
            (
                "2023년 10월 9일 밤 북송됐다",
                &["2023년 10월 9일 밤 = 2023-10-09 day"],
            ),
            (
                "지난해 10월, 올해 6월",
                &[
                    "지난해 10월 = 2022-10-01..2022-10-31 month*",
                    "올해 6월 = 2023-06-01..2023-06-30 month*",
                ],
            ),
            (
                "작년에 왔다. 지난달 28일 체포됐다.",
                &[
                    "작년 = 2022-01-01..2022-12-31 year*",
                    "지난달 28일 = 2023-09-28 day*",
                ],
            ),
            (
                "이달 초와 지난달",
                &[
                    "이달 초 = 2023-10-01..2023-10-10 vague*",
                    "지난달 = 2023-09-01..2023-09-30 month*",
                ],
            ),
            ("13일(현지시간) 밝혔다", &["13일 = 2023-10-13 day*"]),
            (
                "2020년부터 2023년까지",
                &["2020년부터 2023년까지 = 2020-01-01..2023-12-31 range"],
            ),
            (
                "2020년 이후, 2020년부터",
                &[
                    "2020년 이후 = 2020-01-01..2023-10-13 since*",
                    "2020년부터 = 2020-01-01..2023-10-13 since*",
                ],
            ),
            ("올해 6월까지", &["올해 6월까지 = ..2023-06-30 until*"]),
            ("2023년 6월 기준", &["2023년 6월 기준 = ..2023-06-30 until"]),
            ("최근 탈북민이", &["최근 = 2023-09-13..2023-10-13 vague*"]),
            ("지난 9일 통일부는", &["지난 9일 = 2023-10-09 day*"]),
            (
                "지난 5년간, 3년 전, 두 달 전",
                &[
                    "지난 5년간 = 2018-10-13..2023-10-13 range*",
                    "3년 전 = 2020-01-01..2020-12-31 year*",
                    "두 달 전 = 2023-08-01..2023-08-31 month*",
                ],
            ),
            (
                "1990년대 중반, 90년대",
                &[
                    "1990년대 중반 = 1994-01-01..1996-12-31 vague",
                    "90년대 = 1990-01-01..1999-12-31 decade",
                ],
            ),
            (
                "지난주 월요일, 오늘, 어제",
                &[
                    "지난주 월요일 = 2023-10-09 day*",
                    "오늘 = 2023-10-13 day*",
                    "어제 = 2023-10-12 day*",
                ],
            ),
            ("2023. 10. 9. 보도", &["2023. 10. 9 = 2023-10-09 day"]),
            (
                "9~13일, 2020~2023년",
                &[
                    "9~13일 = 2023-10-09..2023-10-13 range*",
                    "2020~2023년 = 2020-01-01..2023-12-31 range",
                ],
            ),
            (
                "주체112(2023)년, 주체112년",
                &[
                    "주체112(2023)년 = 2023-01-01..2023-12-31 year",
                    "주체112년 = 2023-01-01..2023-12-31 year",
                ],
            ),
            (
                "올해 상반기와 지난해 말",
                &[
                    "올해 상반기 = 2023-01-01..2023-06-30 range*",
                    "지난해 말 = 2022-12-01..2022-12-31 vague*",
                ],
            ),
            ("지난 10월 9일 밤", &["지난 10월 9일 밤 = 2023-10-09 day*"]),
            ("징역 3년을 선고, 30년 동안", &[]),
            ("오는 17일 열릴 예정이다", &["오는 17일 = 2023-10-17 day*"]),
            ("김일성 생일에", &[]),
        ],
    );
}

proptest::proptest! {
    #[test]
    fn every_date_lies_on_characters_of_the_text(raw in "[ \\n0-9,./\\-–()年月日号今去上下本前后自从截至以来近过周一二三十世纪代년월일지난해올이달부터까지전후주체간~'A-Za-z]{0,50}", published in proptest::option::of("20[0-2][0-9]-0[1-9]")) {
        let text = Text::new(&raw, &[]);
        let mut found = Vec::new();
        let published = published.and_then(|p| p.parse().ok());
        scan(&text, &Context { published, blocks: &[] }, &mut found);
        let mut end = 0;
        for candidate in found {
            proptest::prop_assert!(raw.get(candidate.bytes.start as usize..candidate.bytes.end as usize).is_some_and(|w| !w.is_empty()));
            proptest::prop_assert!(candidate.bytes.start >= end);
            end = candidate.bytes.end;
        }
    }

    #[test]
    fn english_words_in_any_order_break_nothing(words in proptest::collection::vec(proptest::sample::select(vec![
        "October", "May", "9", "31", "2023", "2000", ",", "-", "–", "to", "from", "between", "and", "since", "until", "by", "the", "end", "of", "last", "next", "year", "years", "ago", "two", "1990s", "early", "mid", "Monday", "night", "recent", "in", "first", "half", "Q", "3", "/", ".", "this", "same", "day", "winter", "later",
    ]), 0..24), published in proptest::bool::ANY) {
        let raw = words.join(" ").replace(" - ", "-").replace(" / ", "/");
        let text = Text::new(&raw, &[]);
        let mut found = Vec::new();
        let published = if published { "2024-02-29".parse().ok() } else { None };
        scan(&text, &Context { published, blocks: &[] }, &mut found);
        let mut end = 0;
        for candidate in found {
            proptest::prop_assert!(raw.get(candidate.bytes.start as usize..candidate.bytes.end as usize).is_some_and(|w| !w.is_empty()));
            proptest::prop_assert!(candidate.bytes.start >= end);
            end = candidate.bytes.end;
        }
    }
}

mod east;
