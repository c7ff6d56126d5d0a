//! What a column holds, by its heading and by its cells.

use names::fold;
use serde::{Deserialize, Serialize};

use super::sheet::Column;
use super::written::{self, Order};

/// What the cells of a column are, which decides how they are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Full names of persons, in any script.
    Name,
    Surname,
    GivenName,
    Date,
    /// A year alone.
    Year,
    /// Years of age.
    Age,
    /// A name of a place.
    Place,
    /// Latitude and longitude in degrees, `41.7, 129.2`.
    Position,
    /// A number that somebody gave to a person.
    Identifier,
    /// A short code that many share: a postcode, a house number, a state.
    Code,
    Sex,
    /// Any other words.
    Text,
    /// What this list calls its record; says nothing of who it is and is not compared.
    Record,
}

impl Kind {
    /// For people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Surname => "surname",
            Self::GivenName => "given name",
            Self::Date => "date",
            Self::Year => "year",
            Self::Age => "age",
            Self::Place => "place",
            Self::Position => "position",
            Self::Identifier => "identifier",
            Self::Code => "code",
            Self::Sex => "sex",
            Self::Text => "text",
            Self::Record => "record number",
        }
    }
}

/// Headings that are known, without case, spaces and marks: what the column holds, its common name, the headings.
const HEADINGS: &[(Kind, &str, &str)] = &[
    (
        Kind::Record,
        "record",
        "id recid recordid record no nr number rownumber row uid uuid entityid caseid serial serialno 번호 연번 일련번호 序号 编号 編號",
    ),
    (
        Kind::Name,
        "name",
        "name fullname personname victim victimname names namefull nameofvictim nameofperson 이름 성명 성함 姓名 名字 氏名 имя фио nom nomcomplet nombre",
    ),
    (
        Kind::Surname,
        "surname",
        "surname lastname familyname familienname apellido secondname nomdefamille namelast lname 성 姓 姓氏 фамилия",
    ),
    (
        Kind::GivenName,
        "given_name",
        "givenname firstname forename forenames givennames christianname prenom namefirst fname 명 名",
    ),
    (
        Kind::Date,
        "birth_date",
        "birthdate dateofbirth dob born birthday geburtsdatum bdate 생년월일 생일 출생일 出生日期 出生年月日 生日 датарождения fechadenacimiento datedenaissance",
    ),
    (
        Kind::Date,
        "death_date",
        "deathdate dateofdeath dod died 사망일 사망일자 死亡日期",
    ),
    (
        Kind::Date,
        "event_date",
        "date eventdate incidentdate arrestdate dateofarrest detentiondate dateofdetention detained arrested repatriationdate dateofrepatriation returned disappeared lastseen dateofdisappearance killed 체포일 구금일 송환일 실종일 발생일 날짜 일자 日期 被捕日期 拘留日期 遣返日期",
    ),
    (
        Kind::Year,
        "birth_year",
        "birthyear yearofbirth yob byear 출생년도 출생연도 생년 出生年 出生年份",
    ),
    (Kind::Year, "year", "year eventyear 연도 년도 年份 年"),
    (
        Kind::Age,
        "age",
        "age ageyears 나이 연령 만나이 年龄 年齡 возраст edad",
    ),
    (
        Kind::Sex,
        "sex",
        "sex gender geschlecht 성별 性别 性別 пол sexe sexo",
    ),
    (
        Kind::Place,
        "birth_place",
        "birthplace placeofbirth pob hometown origin 출생지 고향 본적 出生地 籍贯 籍貫",
    ),
    (
        Kind::Place,
        "place",
        "place location city town village county province district region residence suburb municipality 장소 지역 거주지 주소지 도시 地点 地點 城市 省 县",
    ),
    (
        Kind::Text,
        "address",
        "address address1 address2 street streetname streetaddress 주소 住址 地址 住所",
    ),
    (
        Kind::Identifier,
        "identifier",
        "socsecid ssn socialsecuritynumber nationalid idnumber idno idcard passport passportnumber passportno taxid personalnumber insurancenumber phone phonenumber telephone mobile email 주민등록번호 여권번호 전화번호 身份证 身份证号 身份證號 护照 护照号 电话",
    ),
    (
        Kind::Code,
        "postcode",
        "postcode zip zipcode postalcode plz 우편번호 邮编 郵編",
    ),
    (
        Kind::Code,
        "state",
        "state country nationality citizenship 국적 국가 国籍 国家",
    ),
    (
        Kind::Code,
        "house_number",
        "streetnumber housenumber housenum streetno",
    ),
    (
        Kind::Position,
        "position",
        "position coordinates coordinate latlon latlong latitudelongitude gps 좌표 坐标",
    ),
];

/// A heading without case, accents, spaces and marks.
pub(super) fn bare(heading: &str) -> String {
    let mut out = fold::plain(heading);
    out.retain(char::is_alphanumeric);
    out
}

/// What a known heading says: the kind and the name that the column has in every list. Names of one kind in several
/// scripts (`name_ko`, `English name`, `이름(한자)`) are one name.
pub(super) fn by_heading(heading: &str) -> Option<(Kind, &'static str)> {
    const SCRIPTS: &[&str] = &[
        "korean",
        "hangul",
        "hangeul",
        "hanja",
        "chinese",
        "english",
        "latin",
        "roman",
        "romanized",
        "romanised",
        "original",
        "native",
        "ko",
        "kr",
        "zh",
        "cn",
        "en",
        "ru",
        "한글",
        "한자",
        "한문",
        "영문",
        "영어",
        "중문",
        "중국어",
        "韩文",
        "韓文",
        "中文",
        "英文",
        "汉字",
        "漢字",
        "拼音",
        "pinyin",
    ];
    let plain = bare(heading);
    let known = |word: &str| {
        HEADINGS
            .iter()
            .find(|(_, _, words)| words.split(' ').any(|w| w == word))
            .map(|(kind, name, _)| (*kind, *name))
    };
    known(&plain).or_else(|| {
        let names = |word: &str| {
            known(word)
                .filter(|(kind, _)| matches!(kind, Kind::Name | Kind::Surname | Kind::GivenName))
        };
        SCRIPTS.iter().find_map(|script| {
            let cut = plain
                .strip_suffix(script)
                .or_else(|| plain.strip_prefix(script))?;
            names(cut)
        })
    })
}

/// Cells that say that nothing is known.
const NOTHING: &[&str] = &[
    "-",
    "--",
    "—",
    ".",
    "?",
    "??",
    "n/a",
    "na",
    "n.a.",
    "nan",
    "null",
    "none",
    "nil",
    "unknown",
    "unk",
    "not known",
    "not available",
    "미상",
    "불명",
    "모름",
    "없음",
    "알수없음",
    "알 수 없음",
    "不详",
    "不詳",
    "不明",
    "未知",
    "无",
    "無",
    "неизвестно",
    "нет",
];

/// Whether a cell says nothing.
pub(super) fn is_missing(cell: &str) -> bool {
    let cell = cell.trim();
    cell.is_empty() || (cell.len() <= 24 && NOTHING.contains(&fold::plain(cell).as_str()))
}

/// Male or female, as `m` and `f`.
pub(super) fn sex(cell: &str) -> Option<&'static str> {
    match fold::plain(cell).trim_end_matches('.') {
        "m" | "male" | "man" | "boy" | "masculino" | "masculin" | "homme" | "남" | "남자"
        | "남성" | "男" | "男性" | "м" | "муж" | "мужской" => Some("m"),
        "f" | "female" | "woman" | "girl" | "w" | "femenino" | "feminin" | "femme" | "여"
        | "여자" | "여성" | "女" | "女性" | "ж" | "жен" | "женский" => Some("f"),
        _ => None,
    }
}

/// Latitude and longitude in degrees.
pub(super) fn position(cell: &str) -> Option<(f64, f64)> {
    let mut parts = cell
        .split(|c: char| c == ',' || c == ';' || c.is_whitespace())
        .filter(|part| !part.is_empty());
    let (latitude, longitude) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let fits = |degrees: f64, most: f64| degrees.is_finite() && degrees.abs() <= most;
    (parts.next().is_none() && fits(latitude, 90.0) && fits(longitude, 180.0))
        .then_some((latitude, longitude))
}

/// Cells that are looked at to say what a column is.
const LOOKED_AT: usize = 2_000;

/// What a column is by its cells, for a heading that is not known.
pub(super) fn by_cells(column: &Column) -> Kind {
    let mut seen = [0usize; 8];
    let mut all = 0;
    let mut letters = 0;
    let texts = &column.texts;
    let step = (column.cells.len() / LOOKED_AT).max(1);
    for number in column.cells.iter().step_by(step) {
        let cell = texts.get(*number).trim();
        if is_missing(cell) {
            continue;
        }
        all += 1;
        letters += cell.chars().count();
        let whole: Option<u32> = (cell.len() <= 4).then(|| cell.parse().ok()).flatten();
        let tests = [
            sex(cell).is_some(),
            whole.is_some_and(|n| (1850..=2100).contains(&n) && cell.len() == 4),
            cell.len() >= 6 && written::date(cell, Order::DayFirst).is_some(),
            position(cell).is_some() && cell.contains('.'),
            cell.chars().any(|c| c.is_ascii_digit()) && cell.chars().all(|c| !c.is_whitespace()),
            is_eastern_name(cell),
            !cell.chars().any(|c| c.is_ascii_digit())
                && cell.split_whitespace().count() >= 2
                && cell.len() < 40,
            whole.is_some_and(|n| n <= 110),
        ];
        for (count, test) in seen.iter_mut().zip(tests) {
            *count += usize::from(test);
        }
    }
    let most = |count: usize| all > 0 && count * 10 >= all * 8;
    let distinct = texts.len().saturating_sub(1);
    let shared = distinct * 2 < column.cells.len();
    let [sexes, years, dates, positions, coded, eastern, ..] = seen;
    match () {
        () if most(sexes) => Kind::Sex,
        () if most(years) => Kind::Year,
        () if most(dates) => Kind::Date,
        () if most(positions) => Kind::Position,
        () if most(coded) && !shared && letters >= all * 5 => Kind::Identifier,
        () if most(coded) && letters < all * 12 => Kind::Code,
        () if most(eastern) && !shared => Kind::Name,
        () => Kind::Text,
    }
}

/// Two to four characters of Hangul or Han.
fn is_eastern_name(cell: &str) -> bool {
    let count = cell.chars().filter(|c| !c.is_whitespace()).count();
    (2..=4).contains(&count)
        && matches!(
            fold::main_script(cell),
            Some(fold::Script::Han | fold::Script::Hangul)
        )
}

#[cfg(test)]
mod tests {
    use super::super::Sheet;
    use super::*;

    #[test]
    fn headings_in_three_languages() {
        for (heading, expected) in [
            ("Date of Birth", Some((Kind::Date, "birth_date"))),
            ("생년월일", Some((Kind::Date, "birth_date"))),
            ("姓名", Some((Kind::Name, "name"))),
            ("Name (Hangul)", Some((Kind::Name, "name"))),
            ("name_en", Some((Kind::Name, "name"))),
            ("한글 성명", Some((Kind::Name, "name"))),
            ("First-Name", Some((Kind::GivenName, "given_name"))),
            ("성별", Some((Kind::Sex, "sex"))),
            ("soc_sec_id", Some((Kind::Identifier, "identifier"))),
            ("colour of eyes", None),
        ] {
            assert_eq!(by_heading(heading), expected, "{heading}");
        }
    }

    fn check(cells: &[&str], expected: Kind) {
        let mut sheet = Sheet::new("list", ["?"]);
        for cell in cells {
            assert!(sheet.push([*cell]));
        }
        assert_eq!(by_cells(&sheet.columns[0]), expected, "{cells:?}");
    }

    #[test]
    fn cells_tell_what_they_are() {
        check(&["m", "F", "남", "女", ""], Kind::Sex);
        check(&["1970", "1981", "unknown", "1990"], Kind::Year);
        check(
            &["1970-01-01", "3/4/1980", "19700203", "1 May 1970"],
            Kind::Date,
        );
        check(&["41.7, 129.2", "39.0 125.7"], Kind::Position);
        check(&["A1234567", "B7654321", "C5555555"], Kind::Identifier);
        check(&["김철호", "박영희", "金哲浩"], Kind::Name);
        check(
            &["seen near the river", "no more is known of her"],
            Kind::Text,
        );
    }

    #[test]
    fn what_says_nothing_is_missing() {
        for cell in ["", " ", "N/A", "미상", "不详", "Unknown"] {
            assert!(is_missing(cell), "{cell}");
        }
        assert!(!is_missing("Na Young"));
    }
}
