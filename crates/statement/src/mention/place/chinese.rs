//! Where a Chinese name of a place ends, and whether the characters are one at all.

use std::ops::Range;

use super::gazetteer::{Known, Sort, Trust};
use super::wide::{Chain, after, before};
use crate::text::is_han;

/// Sorts of places that go on a Chinese name.
const CHINESE_SORTS: &[(&str, Sort)] = &[
    ("朝鲜族自治州", Sort::Division),
    ("自治区", Sort::Division),
    ("自治州", Sort::Division),
    ("朝鲜族自治县", Sort::District),
    ("自治县", Sort::District),
    ("省", Sort::Division),
    ("州", Sort::Division),
    ("市", Sort::City),
    ("县", Sort::District),
    ("縣", Sort::District),
    ("区", Sort::District),
    ("區", Sort::District),
    ("郡", Sort::District),
    ("镇", Sort::District),
    ("鎮", Sort::District),
    ("乡", Sort::District),
    ("村", Sort::District),
    ("道", Sort::Division),
    ("地区", Sort::District),
    ("口岸", Sort::Site),
    ("海关口岸", Sort::Site),
    ("港", Sort::Site),
    ("机场", Sort::Site),
    ("国际机场", Sort::Site),
    ("火车站", Sort::Site),
    ("监狱", Sort::Site),
    ("女子监狱", Sort::Site),
    ("看守所", Sort::Site),
    ("拘留所", Sort::Site),
    ("边境拘留所", Sort::Site),
    ("拘留中心", Sort::Site),
    ("教养所", Sort::Site),
    ("收容所", Sort::Site),
    ("集中营", Sort::Site),
    ("政治犯集中营", Sort::Site),
    ("劳教所", Sort::Site),
    ("教化所", Sort::Site),
    ("管理所", Sort::Site),
    ("戒毒所", Sort::Site),
    ("江", Sort::Water),
    ("河", Sort::Water),
    ("半岛", Sort::Region),
    ("岛", Sort::Site),
    ("大桥", Sort::Site),
    ("开发区", Sort::Site),
    ("经济特区", Sort::Site),
    ("工业园区", Sort::Site),
    ("工业园", Sort::Site),
];

/// Where a Chinese name ends, if it is one here.
pub(super) fn name(
    raw: &str,
    bytes: &Range<usize>,
    known: &Known,
    chain: Option<&Chain>,
) -> Option<(usize, Sort)> {
    let name = raw.get(bytes.clone())?;
    let head = before(raw, bytes.start);
    let tail = after(raw, bytes.end);
    let refused = match name {
        // 其中国家, 南美国家, 今日本
        "中国" | "中國" => head == Some('其') && matches!(tail, Some('家' | '企' | '有')),
        "美国" | "美國" => {
            matches!(head, Some('南' | '北' | '拉' | '欧')) && tail == Some('家')
        }
        "日本" => head.is_some_and(|c| {
            c.is_numeric() || matches!(c, '今' | '昨' | '次' | '当' | '近' | '即' | '月')
        }),
        "集安" => {
            matches!(tail, Some('全' | '置')) || matches!(head, Some('聚' | '收' | '募' | '征'))
        }
        "海城市" => head == Some('沿'),
        "北美" | "南美" => tail == Some('国'),
        "海南" => matches!(head, Some('黄' | '上' | '东' | '渤' | '珠')),
        "南海" | "东海" => matches!(head, Some('山' | '河')),
        "朝鲜人" | "中国人" | "韩国人" | "美国人" | "日本人" | "北朝鲜人" => {
            matches!(
                tail,
                Some(
                    '权' | '權'
                        | '民'
                        | '士'
                        | '员'
                        | '員'
                        | '口'
                        | '数'
                        | '工'
                        | '质'
                        | '类'
                        | '才'
                        | '道'
                        | '物'
                        | '群'
                        | '体'
                        | '均'
                        | '间'
                        | '事'
                        | '大'
                )
            )
        }
        "长春" => tail == Some('花'),
        "大连" => head == Some('强'),
        "和龙" => matches!(tail, Some('虎' | '头')),
        "安图" => head == Some('不'),
        "上海" => head == Some('海'),
        "维族" => head == Some('思'),
        _ => false,
    };
    if refused {
        // 朝鲜人权: the country is named, not its people.
        if let ("朝鲜人" | "中国人" | "韩国人" | "美国人" | "日本人" | "北朝鲜人", Some(end)) =
            (name, name.len().checked_sub(3))
        {
            return Some((bytes.start + end, Sort::Country));
        }
        return None;
    }
    let rest = raw.get(bytes.end..).unwrap_or("");
    let mut sort = known.sort;
    let mut end = bytes.end;
    if known.sort > Sort::Country {
        if let Some((word, kind)) = CHINESE_SORTS
            .iter()
            .filter(|(word, _)| rest.starts_with(word))
            .max_by_key(|(word, _)| word.len())
            && !refused_sort(rest, word, known)
        {
            end += word.len();
            sort = (*kind).max(known.sort);
        } else if let Some(more) = unknown_part(rest) {
            // 吉林省 + 大安县: a part that the tables do not know, by its last character.
            if sort < Sort::District && known.sort == Sort::Division {
                end += more;
                sort = Sort::District;
            }
        }
    }
    if known.trust == Trust::Weak && end == bytes.end {
        let local = matches!(
            head,
            Some(
                '在' | '从'
                    | '到'
                    | '至'
                    | '往'
                    | '赴'
                    | '抵'
                    | '经'
                    | '于'
                    | '、'
                    | '自'
                    | '達'
                    | '达'
            )
        );
        let joined = chain.is_some_and(|c| c.end == bytes.start);
        if !local && !joined {
            return None;
        }
    }
    // Two characters of a smaller city inside a longer word cannot be told apart: a mark, a
    // preposition or another place must stand beside it.
    if known.trust == Trust::Plain && bytes.len() <= 6 && end == bytes.end {
        let local = head.is_none_or(|c| {
            !is_han(c)
                || matches!(
                    c,
                    '在' | '从'
                        | '到'
                        | '至'
                        | '往'
                        | '赴'
                        | '抵'
                        | '经'
                        | '于'
                        | '、'
                        | '自'
                        | '和'
                        | '与'
                        | '省'
                        | '国'
                        | '由'
                        | '及'
                        | '的'
                )
        });
        let joined = chain.is_some_and(|c| c.end == bytes.start);
        let tail_free = tail.is_none_or(|c| {
            !is_han(c)
                || matches!(
                    c,
                    '的' | '等'
                        | '和'
                        | '与'
                        | '及'
                        | '在'
                        | '一'
                        | '当'
                        | '警'
                        | '公'
                        | '举'
                        | '地'
                        | '北'
                        | '南'
                        | '东'
                        | '西'
                        | '、'
                        | '附'
                        | '街'
                        | '被'
                        | '是'
                        | '有'
                )
        });
        if !(joined || local && tail_free) {
            return None;
        }
    }
    Some((end, sort))
}

/// 图们江 is its own entry; 延边州 and 区 are sorts, but 地区领导 or 中国村民 go on differently.
fn refused_sort(rest: &str, word: &str, known: &Known) -> bool {
    let next = rest.get(word.len()..).and_then(|r| r.chars().next());
    match word {
        "区" | "區" => matches!(next, Some('域' | '别' | '分' | '间')),
        "道" => {
            known.country != *b"KP" && known.country != *b"KR"
                || matches!(next, Some('路' | '理' | '歉'))
        }
        "市" => matches!(next, Some('场' | '場' | '民' | '委' | '长' | '面' | '值')),
        "州" => matches!(next, Some('长')) || known.sort == Sort::City,
        "村" => matches!(next, Some('民' | '庄')),
        "省" => matches!(next, Some('委' | '长' | '级' | '略')),
        "县" => matches!(next, Some('委' | '长' | '级')),
        "港" => matches!(next, Some('口' | '元' | '币')),
        "江" | "河" | "岛" | "镇" | "乡" => {
            matches!(next, Some('泽' | '流' | '长' | '压' | '亲'))
        }
        _ => false,
    }
}

/// Bytes of a part like 大安县 at the start of `rest`: two or three characters and a sort.
fn unknown_part(rest: &str) -> Option<usize> {
    const NO_PART: &str =
        "的在和与及等到从被了是有将把向对于为并就也都不当该这那某一两三几多各全本另其他";
    let mut length = 0;
    for (n, c) in rest.chars().take(5).enumerate() {
        if !is_han(c) || NO_PART.contains(c) {
            return None;
        }
        length += c.len_utf8();
        if n >= 1 && matches!(c, '县' | '镇' | '乡' | '郡') {
            return Some(length);
        }
    }
    None
}
