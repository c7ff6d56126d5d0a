//! Sentences with the numbers that a careful reader marks in them.

use super::scan;
use crate::Context;
use crate::mention::{Value, date};
use crate::text::Text;

/// Every number as `span = kind low..high best unit`, parts that are open left out.
fn numbers(raw: &str) -> Vec<String> {
    let text = Text::new(raw, &[]);
    let mut found = Vec::new();
    date::scan(&text, &Context::default(), &mut found);
    scan(&text, &mut found);
    let mut found = crate::mention::settle(found);
    found.retain(|c| matches!(c.value, Value::Number(_)));
    found
        .iter()
        .map(|candidate| {
            let Value::Number(number) = &candidate.value else {
                return String::new();
            };
            let show = |n: Option<f64>| n.map_or(String::new(), |n| n.to_string());
            let bounds = match number.kind {
                casefile::statement::QuantityKind::Exact => show(number.best),
                _ => format!(
                    "{}..{}{}",
                    show(number.low),
                    show(number.high),
                    number.best.map_or(String::new(), |n| format!(" ~{n}"))
                ),
            };
            let unit = number.unit.map_or(String::new(), |unit| format!(" {unit}"));
            format!(
                "{} = {} {bounds}{unit}",
                text.slice(candidate.bytes.clone()),
                number.kind.as_str()
            )
        })
        .collect()
}

#[track_caller]
fn check_all(cases: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (raw, wanted) in cases {
        let got = numbers(raw);
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
fn english_counts_and_bounds() {
    check_all(&[
        (
            "more than 2,75,000 people, 1,80,000 of them in 12,45,000 homes",
            &[
                "more than 2,75,000 = min 275001..",
                "1,80,000 = exact 180000",
                "12,45,000 = exact 1245000",
            ],
        ),
        (
            "Close to 2000 North Korean refugees are held.",
            &["Close to 2000 = approx_below ..2000 ~2000"],
        ),
        (
            "The CECC includes five Executive Branch members.",
            &["five = exact 5"],
        ),
        (
            "there are reportedly thousands of asylum-seekers",
            &["thousands = vague 2000..9999"],
        ),
        (
            "not to repatriate dozens of North Korean refugees",
            &["dozens = vague 24..99"],
        ),
        (
            "China sent back about 60 North Koreans",
            &["about 60 = approx .. ~60"],
        ),
        ("the return of over 500 people", &["over 500 = min 501.."]),
        (
            "at least 92 North Koreans had been apprehended",
            &["at least 92 = min 92.."],
        ),
        (
            "between 600 and 2,000 people are held",
            &["between 600 and 2,000 = range 600..2000"],
        ),
        (
            "an estimated 2,000 people",
            &["an estimated 2,000 = approx .. ~2000"],
        ),
        (
            "as many as 200,000 prisoners",
            &["as many as 200,000 = max ..200000"],
        ),
        (
            "30,000-50,000 women live there",
            &["30,000-50,000 = range 30000..50000"],
        ),
        (
            "some 200 women and nearly 40 children",
            &[
                "some 200 = approx .. ~200",
                "nearly 40 = approx_below ..40 ~40",
            ],
        ),
        (
            "hundreds of thousands of people in tens of thousands of homes",
            &[
                "hundreds of thousands = vague 200000..999999",
                "tens of thousands = vague 20000..99999",
            ],
        ),
        (
            "twenty-three men, two hundred and five women",
            &[
                "twenty-three = exact 23",
                "two hundred and five = exact 205",
            ],
        ),
        (
            "a dozen brokers and half a million dollars",
            &[
                "a dozen = exact 12",
                "half a million dollars = exact 500000 USD",
            ],
        ),
        (
            "about two dozen families",
            &["about two dozen = approx .. ~24"],
        ),
        (
            "more than a dozen companies",
            &["more than a dozen = min 13.."],
        ),
        ("1.2 million people", &["1.2 million = exact 1200000"]),
        (
            "2 to 3 million people",
            &["2 to 3 million = range 2000000..3000000"],
        ),
        (
            "at least 50 but no more than 80 workers",
            &["at least 50 but no more than 80 = range 50..80"],
        ),
        (
            "fewer than 50 arrived; no fewer than 12 died",
            &["fewer than 50 = max ..49", "no fewer than 12 = min 12.."],
        ),
        (
            "up to an estimated 2,000 persons",
            &["up to an estimated 2,000 = max ..2000"],
        ),
        ("500 or more people", &["500 or more = min 500.."]),
        ("200 or so detainees", &["200 or so = approx .. ~200"]),
        (
            "two or three guards beat her",
            &["two or three = range 2..3"],
        ),
        (
            "several hundred women",
            &["several hundred = vague 200..999"],
        ),
        ("a few dozen men", &["a few dozen = vague 24..99"]),
        (
            "from 50 to 60 people crossed",
            &["from 50 to 60 = range 50..60"],
        ),
        (
            "The share rose from 40 percent to 60 percent.",
            &[
                "40 percent = exact 40 percent",
                "60 percent = exact 60 percent",
            ],
        ),
        (
            "over 70 percent were women",
            &["over 70 percent = min 70.. percent"],
        ),
        (
            "between 70 and 80 per cent",
            &["between 70 and 80 per cent = range 70..80 percent"],
        ),
        (
            "one in five girls; two-thirds of them",
            &[
                "one in five = exact 0.2",
                "two-thirds = exact 0.6666666666666666",
            ],
        ),
        (
            "more than half of the workers, a third of the women",
            &[
                "more than half = min 0.5..",
                "a third = exact 0.3333333333333333",
            ],
        ),
        (
            "3,732 + 1,077 cases",
            &["3,732 = exact 3732", "1,077 = exact 1077"],
        ),
        (
            "Fifty-one people and 12 of the 15 children",
            &["Fifty-one = exact 51", "12 = exact 12", "15 = exact 15"],
        ),
        (
            "Two women were shot. One woman testified.",
            &["Two = exact 2", "One = exact 1"],
        ),
        ("10-odd people", &["10-odd = min_approx 10.. ~10"]),
        ("500+ arrests", &["500+ = min 500.."]),
        (
            "just over 100 people, just under 300",
            &[
                "just over 100 = min 101..",
                "just under 300 = approx_below ..300 ~300",
            ],
        ),
        ("The total exceeded 500.", &["exceeded 500 = min 501.."]),
        (
            "hundreds or even thousands of detainees",
            &["hundreds or even thousands = vague 200..9999"],
        ),
        (
            "a hundred and twenty prisoners in a camp for 5,000",
            &["a hundred and twenty = exact 120", "5,000 = exact 5000"],
        ),
        (
            "not more than 3 persons, not less than 2",
            &["not more than 3 = max ..3", "not less than 2 = min 2.."],
        ),
        (
            "three to five interrogators",
            &["three to five = range 3..5"],
        ),
        (
            "1,127 North Korean workers (including 40 women)",
            &["1,127 = exact 1127", "40 = exact 40"],
        ),
        ("about 600\nwomen", &["about 600 = approx .. ~600"]),
        (
            "in excess of 2.5 million cases",
            &["in excess of 2.5 million = min 2500001.."],
        ),
        (
            "an additional 14 entities and another 3 vessels",
            &["14 = exact 14", "3 = exact 3"],
        ),
        ("20–30 persons a day", &["20–30 = range 20..30"]),
        (
            "nine out of ten defectors",
            &["nine out of ten = exact 0.9"],
        ),
        (
            "well over a thousand people",
            &["well over a thousand = min 1001.."],
        ),
    ]);
}

#[test]
fn english_money_and_measures() {
    check_all(&[
        ("fined $1.5 million", &["$1.5 million = exact 1500000 USD"]),
        (
            "more than US$300,000",
            &["more than US$300,000 = min 300000.. USD"],
        ),
        (
            "paid 2,000 yuan (about $280)",
            &[
                "2,000 yuan = exact 2000 CNY",
                "about $280 = approx .. ~280 USD",
            ],
        ),
        (
            "€5bn and £20,000",
            &["€5bn = exact 5000000000 EUR", "£20,000 = exact 20000 GBP"],
        ),
        (
            "RMB 10,000 or 30,000 won",
            &[
                "RMB 10,000 = exact 10000 CNY",
                "30,000 won = exact 30000 KRW",
            ],
        ),
        (
            "$10-15 million a year",
            &["$10-15 million = range 10000000..15000000 USD"],
        ),
        (
            "between $10 and $20",
            &["between $10 and $20 = range 10..20 USD"],
        ),
        (
            "600 tons of seafood and 5 kg of rice",
            &["600 = exact 600 ton", "5 = exact 5 kg"],
        ),
        (
            "sentenced to three years in prison",
            &["three = exact 3 year"],
        ),
        (
            "a 12-year-old girl, aged 14, for six months",
            &[
                "12 = exact 12 year",
                "14 = exact 14 year",
                "six = exact 6 month",
            ],
        ),
        ("30km from the border", &["30km = exact 30 km"]),
        ("1,400 kilometers of border", &["1,400 = exact 1400 km"]),
        ("worked 16 hours a day", &["16 = exact 16 hour"]),
        (
            "two-year sentence for 15 metric tons",
            &["two = exact 2 year", "15 = exact 15 ton"],
        ),
    ]);
}

#[test]
fn english_what_is_no_number() {
    check_all(&[
        ("They were returned.12 The group said so.", &[]),
        ("under Section 7, Article 33 and Resolution 2397.", &[]),
        ("No. 12 of H.R. 4 on Tier 3, see p. 12 and [3].", &[]),
        ("resolutions 1718 (2006) and 2397 (2017).", &[]),
        ("Articles 3 and 7 of the Convention.", &[]),
        ("22 U.S.C. 7101 and 19 CFR 12.", &[]),
        ("COVID-19 closed the border.", &[]),
        (
            "the 75th anniversary, the 21st meeting, the first time",
            &[],
        ),
        ("call +1 (202) 226-3777 or 02-1234-5678.", &[]),
        ("at 10:30 or 5 p.m. and 24/7.", &[]),
        ("no one was told; one another; the one who fled.", &[]),
        ("one of the largest exporters.", &[]),
        ("IMO 9074729 and HS 0304.", &[]),
        ("Bureau 39 and Room 39 of the Party; Camp 15 in Yodok.", &[]),
        ("on October 9, 2023 in the 1990s.", &[]),
        ("https://www.example.org/2023/10/report-12.html?id=5.", &[]),
        ("1. The Commission finds\n\n2. The Chair reports.", &[]),
        ("Six-Party Talks and the Two Sessions.", &[]),
        ("to a third country through a third party.", &[]),
        ("a one-party state with a one-child policy.", &[]),
        ("E.O. 13722 and Executive Order 13810.", &[]),
        ("reports about two women.", &["two = exact 2"]),
        ("Public Law 115-198.", &[]),
        ("UNSCR 2375.", &[]),
    ]);
}

#[test]
fn chinese_numbers() {
    check_all(&[
        (
            "首尔一家民间团体称，中国把六百多名脱北者遣送回朝鲜，途经五个口岸。",
            &[
                "一家 = exact 1",
                "六百多名 = min 601.. person",
                "五个 = exact 5",
            ],
        ),
        (
            "被遣返者超过500人，其中大多数是妇女。",
            &["超过500人 = min 501.. person"],
        ),
        (
            "约两千人仍被关押在边境附近",
            &["约两千人 = approx .. ~2000 person"],
        ),
        (
            "共有3万3981名脱北者抵达韩国",
            &["3万3981名 = exact 33981 person"],
        ),
        ("近百名脱北者", &["近百名 = approx_below ..100 ~100 person"]),
        (
            "至少九十二名朝鲜人被捕",
            &["至少九十二名 = min 92.. person"],
        ),
        ("最多600人", &["最多600人 = max ..600 person"]),
        ("不到五十人", &["不到五十人 = max ..49 person"]),
        (
            "数百名妇女和数十名儿童",
            &[
                "数百名 = vague 200..999 person",
                "数十名 = vague 20..99 person",
            ],
        ),
        ("几十名工人", &["几十名 = vague 20..99 person"]),
        ("上百人被捕", &["上百人 = min 100.. person"]),
        ("成千上万的难民", &["成千上万 = vague 2000..99999"]),
        ("百分之三十的女性", &["百分之三十 = exact 30 percent"]),
        ("三分之一以上", &["三分之一以上 = min 0.3333333333333333.."]),
        ("两三百人", &["两三百人 = range 200..300 person"]),
        ("600至2000人", &["600至2000人 = range 600..2000 person"]),
        ("3至5万名", &["3至5万名 = range 30000..50000 person"]),
        ("70%以上是女性", &["70%以上 = min 70.. percent"]),
        ("约300万美元", &["约300万美元 = approx .. ~3000000 USD"]),
        ("罚款五千元人民币", &["五千元人民币 = exact 5000 CNY"]),
        ("600名左右", &["600名左右 = approx .. ~600 person"]),
        ("十几名男子", &["十几名 = vague 11..19 person"]),
        ("三十多万人", &["三十多万人 = min 300001.. person"]),
        ("逾千名工人", &["逾千名 = min 1001.. person"]),
        ("500余名", &["500余名 = min 501.. person"]),
        (
            "两艘船只、3起案件、12例",
            &[
                "两艘 = exact 2 vessel",
                "3起 = exact 3 case",
                "12例 = exact 12 case",
            ],
        ),
        (
            "韓國政府說，約六百餘名脫北者被遣返",
            &["約六百餘名 = min 601.. person"],
        ),
        ("判处三年有期徒刑", &[]),
        ("一百二十三名", &["一百二十三名 = exact 123 person"]),
        ("多达20万人", &["多达20万人 = max ..200000 person"]),
        ("1.5亿元", &["1.5亿元 = exact 150000000 CNY"]),
        ("七成以上是女性", &["七成以上 = min 70.. percent"]),
        ("14岁的女孩", &[]),
        ("至少有40名妇女", &["至少有40名 = min 40.. person"]),
        ("大约 600 名难民", &["大约 600 名 = approx .. ~600 person"]),
        ("６００名", &["６００名 = exact 600 person"]),
        (
            "3,732人和1,077人",
            &["3,732人 = exact 3732 person", "1,077人 = exact 1077 person"],
        ),
    ]);
}

#[test]
fn chinese_what_is_no_number() {
    check_all(&[
        ("统一部发言人说，一些人一直反对", &[]),
        ("安理会第2397号决议第七条", &[]),
        ("《难民公约》第33条", &[]),
        ("一带一路、四川、三星、两江道", &[]),
        ("2023年10月9日", &[]),
        ("二〇二三年", &[]),
        ("第一个国家", &[]),
        ("进一步说，统一的立场", &[]),
        ("他们一起逃走", &[]),
        ("电话13812345678", &[]),
        ("双方、各方、六方会谈", &[]),
        ("75周年", &[]),
        ("新冠肺炎COVID-19", &[]),
    ]);
}

#[test]
fn korean_numbers() {
    check_all(&[
        (
            "탈북민 2천600여 명이 북송됐다",
            &["2천600여 명 = min_approx 2600.. ~2600 person"],
        ),
        (
            "국내 입국 탈북민은 3만3천981명이다",
            &["3만3천981명 = exact 33981 person"],
        ),
        ("최소 406명이 강제 북송", &["최소 406명 = min 406.. person"]),
        ("약 600명", &["약 600명 = approx .. ~600 person"]),
        (
            "600여 명의 탈북민",
            &["600여 명 = min_approx 600.. ~600 person"],
        ),
        ("수십 명이 체포", &["수십 명 = vague 20..99 person"]),
        ("수백명의 여성", &["수백명 = vague 200..999 person"]),
        ("600~2000명", &["600~2000명 = range 600..2000 person"]),
        (
            "2,600여 명",
            &["2,600여 명 = min_approx 2600.. ~2600 person"],
        ),
        (
            "백여 명이 숨졌다",
            &["백여 명 = min_approx 100.. ~100 person"],
        ),
        (
            "열두 명과 두 명",
            &["열두 명 = exact 12 person", "두 명 = exact 2 person"],
        ),
        ("한 명이 말했다", &["한 명 = exact 1 person"]),
        ("최대 2000명", &["최대 2000명 = max ..2000 person"]),
        ("600명 이상이 송환", &["600명 이상 = min 600.. person"]),
        (
            "50명 미만, 100명 이하, 70% 초과",
            &[
                "50명 미만 = max ..49 person",
                "100명 이하 = max ..100 person",
                "70% 초과 = min 70.. percent",
            ],
        ),
        (
            "300명가량, 40명 정도",
            &[
                "300명가량 = approx .. ~300 person",
                "40명 정도 = approx .. ~40 person",
            ],
        ),
        (
            "500명 가까이",
            &["500명 가까이 = approx_below ..500 ~500 person"],
        ),
        ("600명이 넘는 탈북민", &["600명이 넘는 = min 601.. person"]),
        (
            "100만 원과 500달러",
            &["100만 원 = exact 1000000 KRW", "500달러 = exact 500 USD"],
        ),
        (
            "약 1억2천만 원",
            &["약 1억2천만 원 = approx .. ~120000000 KRW"],
        ),
        (
            "선박 3척, 사건 12건, 5톤",
            &[
                "3척 = exact 3 vessel",
                "12건 = exact 12 case",
                "5톤 = exact 5 ton",
            ],
        ),
        ("수만 명", &["수만 명 = vague 20000..99999 person"]),
        ("여성 70%가 피해", &["70% = exact 70 percent"]),
        ("징역 3년을 선고", &[]),
        ("14살 소녀", &[]),
        ("서너 명", &["서너 명 = range 3..4 person"]),
        ("5개 단체와 6개국", &["5개 = exact 5", "6개국 = exact 6"]),
        (
            "20여만 명",
            &["20여만 명 = min_approx 200000.. ~200000 person"],
        ),
        ("2~3만 명", &["2~3만 명 = range 20000..30000 person"]),
        (
            "적게는 600명에서 많게는 2000명",
            &["적게는 600명에서 많게는 2000명 = range 600..2000 person"],
        ),
        ("3분의 1", &["3분의 1 = exact 0.3333333333333333"]),
        ("절반 이상이 여성", &["절반 이상 = min 0.5.."]),
        ("이천육백 명", &["이천육백 명 = exact 2600 person"]),
        ("탈북민 수백 명", &["수백 명 = vague 200..999 person"]),
    ]);
}

#[test]
fn korean_what_is_no_number() {
    check_all(&[
        ("유엔 안보리 결의 2397호 제33조", &[]),
        ("2023년 10월 9일", &[]),
        ("한국 정부와 두만강", &[]),
        ("제3국으로 갔다", &[]),
        ("이 사람은 만주에서 왔다", &[]),
        ("6자회담과 6·25 전쟁", &[]),
        ("30대 여성", &[]),
        ("천명했다", &[]),
        ("제14호 관리소", &[]),
        ("세 번째 회의", &[]),
        ("오전 10시 30분", &[]),
    ]);
}

#[test]
fn hostile_figures_end_in_silence() {
    let long = "9".repeat(400);
    assert_eq!(numbers(&format!("{long} people")), Vec::<String>::new());
    assert_eq!(numbers(&format!("{long}명")), Vec::<String>::new());
    assert_eq!(numbers(&format!("{long}人")), Vec::<String>::new());
    let _ = numbers(&"一".repeat(5000));
    let _ = numbers(&"百零".repeat(5000));
    let _ = numbers(&"1至".repeat(5000));
    let _ = numbers(&"1-".repeat(5000));
    let _ = numbers(&"about ".repeat(5000));
    let _ = numbers(&"수".repeat(5000));
    let _ = numbers(&"two hundred and ".repeat(3000));
}

proptest::proptest! {
    #[test]
    fn every_candidate_lies_on_characters_of_the_text(raw in "[ \\n0-9,.%$€～~\\-–()a-z약여명수십백천만억조한두세네약최소대 几数百千万亿两三一人名个多余约近至分之上下年月日号第]{0,60}") {
        let text = Text::new(&raw, &[]);
        let mut found = Vec::new();
        date::scan(&text, &Context { published: "2023-10-13".parse().ok(), blocks: &[] }, &mut found);
        scan(&text, &mut found);
        for candidate in found {
            let words = raw.get(candidate.bytes.start as usize..candidate.bytes.end as usize);
            proptest::prop_assert!(words.is_some_and(|w| !w.is_empty()), "{:?}", candidate);
            if let Value::Number(number) = candidate.value
                && let Some(bound) = number.bound
            {
                proptest::prop_assert!(raw.get(bound.start as usize..bound.end as usize).is_some());
            }
        }
    }

    #[test]
    fn english_words_in_any_order_break_nothing(words in proptest::collection::vec(proptest::sample::select(vec![
        "about", "two", "hundred", "and", "thousand", "of", "half", "a", "dozen", "to", "or", "more", "than", "between", "from", "5", "2,000", "$", "%", "-", "one", "in", "several", "million", "but", "no", "October", "9", ",", "2023", "the", "since", "last", "year", "years", "ago", "Section", "(", ")", ".", "hundreds", "third", "thirds", "May",
    ]), 0..24)) {
        let raw = words.join(" ");
        let text = Text::new(&raw, &[]);
        let mut found = Vec::new();
        date::scan(&text, &Context { published: "2023-10-13".parse().ok(), blocks: &[] }, &mut found);
        scan(&text, &mut found);
        for candidate in found {
            proptest::prop_assert!(raw.get(candidate.bytes.start as usize..candidate.bytes.end as usize).is_some_and(|w| !w.is_empty()));
        }
    }
}

/// `cargo test --release -p statement speed_of -- --ignored --nocapture`
#[test]
#[ignore = "a measure, not a check"]
fn speed_of_dates_and_numbers() {
    let measure = |name: &str, raw: &str| {
        let text = Text::new(raw, &[]);
        let clock = std::time::Instant::now();
        let mut found = Vec::new();
        let context = Context {
            published: "2023-10-13".parse().ok(),
            blocks: &[],
        };
        date::scan(&text, &context, &mut found);
        let dates = clock.elapsed();
        scan(&text, &mut found);
        println!(
            "{name}: {} bytes, dates {dates:?}, numbers {:?}, {} found",
            raw.len(),
            clock.elapsed().saturating_sub(dates),
            found.len()
        );
    };
    let repeated = |sentence: &str| sentence.repeat(3_000_000 / sentence.len());
    measure(
        "English",
        &repeated(
            "China sent back about 60 North Koreans on April 26, Human Rights Watch said, citing a missionary who uses the name Stephen Kim. The group had earlier verified the return of over 500 people on October 9, 2023. Nobody has been able to establish how many of the women were pregnant.\n\n",
        ),
    );
    measure(
        "Chinese",
        &repeated(
            "首尔一家民间团体称，10月9日晚间，中国把关押在吉林省和辽宁省的六百多名脱北者遣送回朝鲜，途经珲春、图们、南坪、长白和丹东五个口岸。韩国统一部发言人具炳杉13日说，有关消息似乎属实，但未透露具体人数。",
        ),
    );
    measure(
        "Korean",
        &repeated(
            "통일부는 지난달 9일 중국에서 탈북민 600여 명이 강제 북송됐다고 밝혔다. 이 단체는 최소 406명이 추가로 북송됐다고 주장했다. ",
        ),
    );
    for hostile in [
        "9",
        "1,111,",
        "1-",
        "1至",
        "百零",
        "一",
        "about ",
        "two hundred and ",
        "from 5 to ",
        "2023-",
        "2023년 ",
        "Articles 3 and ",
        "between ",
        "年",
        "자",
        "x",
        "(",
        "1.",
        "1 ",
        "10月",
        "since ",
        "最近",
        "\"",
        "\n",
        "a",
        "수",
        "두",
    ] {
        measure(hostile, &hostile.repeat(1_000_000 / hostile.len()));
    }
}

mod east;
