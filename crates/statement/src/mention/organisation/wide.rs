//! Chinese and Korean bodies take the country or region before them: 美国财政部, 중국 외교부.

use std::ops::Range;

use crate::text::{Text, is_han, is_hangul};

const HAN: &str = "中国 韩国 朝鲜 北韩 南韩 北朝鲜 美国 日本 英国 俄罗斯 德国 法国 台湾 香港 加拿大 澳大利亚 泰国 越南 \
    老挝 蒙古 缅甸 马来西亚 新加坡 荷兰 意大利 印度 中华民国 吉林省 辽宁省 黑龙江省 山东省 北京市 上海市 丹东市 延吉市 \
    图们市 珲春市 新疆 中國 韓國 朝鮮 美國 英國 德國 法國 臺灣 泰國 首尔 首爾";
const HANGUL: &str = "중국 한국 북한 대한민국 미국 일본 영국 러시아 독일 프랑스 대만 홍콩 캐나다 호주 태국 베트남 라오스 몽골 \
    미얀마 말레이시아 싱가포르 네덜란드 이탈리아 지린성 길림성 랴오닝성 요녕성 헤이룽장성 산둥성 미 중 서울";
/// Endings of bodies of a state: others keep to themselves (한국 국제앰네스티).
const STATE_HANGUL: &str = "부 청 성 국 원 회 군 경찰 대사관 영사관 법원 의회 국회 상원 하원";

/// Moves the start of a body before the country that stands directly before it.
pub(super) fn with_country(text: &Text<'_>, body: &mut Range<u32>) {
    let name = text.slice(body.clone());
    let Some(first) = name.chars().next() else {
        return;
    };
    let before = text.raw.get(..body.start as usize).unwrap_or("");
    let country = if is_han(first) {
        HAN.split_whitespace()
            .find(|country| before.ends_with(country))
            .map(str::len)
    } else if is_hangul(first) {
        before
            .strip_suffix(' ')
            .filter(|_| {
                STATE_HANGUL
                    .split_whitespace()
                    .any(|end| name.ends_with(end))
            })
            .and_then(|before| {
                HANGUL.split_whitespace().find(|country| {
                    before
                        .strip_suffix(country)
                        .is_some_and(|rest| !rest.chars().next_back().is_some_and(is_hangul))
                })
            })
            .map(|country| country.len() + 1)
    } else {
        None
    };
    if let Some(bytes) = country.and_then(|bytes| u32::try_from(bytes).ok()) {
        body.start -= bytes;
    }
}
