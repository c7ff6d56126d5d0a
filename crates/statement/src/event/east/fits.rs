//! Whether a word that may name an event does so where it stands.

use std::ops::Range;

use casefile::statement::Event;

use super::Line;

impl Line<'_, '_> {
    pub(super) fn fits(&self, at: &Range<usize>, event: Event, needs: &str) -> bool {
        let after = self.after(at.end);
        let before = self.before(at.start);
        let clause = self.clause(at);
        let around = self.words.get(clause).unwrap_or("");
        let any = |words: &[&str]| words.iter().any(|w| around.contains(w));
        let people = || {
            any(&[
                "人",
                "者",
                "名",
                "妇女",
                "女性",
                "儿童",
                "民",
                "工人",
                "劳工",
                "员",
                "명",
                "주민",
                "여성",
                "아동",
                "근로자",
                "노동자",
                "그는",
                "그녀",
                "가족",
                "她",
                "他",
            ])
        };
        // What is named by the act is not the act: 拘留所, 수용소, 监狱.
        let names_place = [
            "所", "中心", "营", "设施", "场所", "地点", "地", "소", "시설", "센터", "장",
        ]
        .iter()
        .any(|w| {
            after.starts_with(w)
                || after
                    .strip_prefix(' ')
                    .is_some_and(|a| a.starts_with(w) && self.korean)
        });
        if names_place
            && matches!(event, Event::Detention | Event::Repatriation)
            && !before.ends_with("被")
            && !after.starts_with("地区")
            && !after.starts_with("地位")
        {
            return false;
        }
        if event == Event::Execution && after.starts_with('刑') {
            return false;
        }
        let trigger = self.words.get(at.clone()).unwrap_or("");
        // 수감자, 억류자 are people; 非法入境 and 海外劳工… are what one is.
        if event == Event::Detention && after.starts_with('자') && trigger != "투옥"
            || event == Event::Arrival && before.ends_with("非法")
        {
            return false;
        }
        // The name of an offence, a principle or a matter is no event.
        if after.starts_with(['罪', '죄']) && event != Event::CrimeAgainstHumanity {
            return false;
        }
        if matches!(
            event,
            Event::Repatriation | Event::Prohibition | Event::Deportation
        ) {
            let near = after.char_indices().nth(10).map_or(after.len(), |(b, _)| b);
            let near = after.get(..near).unwrap_or(after);
            let near = near.split(['，', ',', '。']).next().unwrap_or("");
            if near.contains("원칙") && (near.contains("금지") || trigger.ends_with("금지"))
                || (before.ends_with('不') || before.ends_with("禁止"))
                    && (near.starts_with("原则") || near.starts_with("义务"))
                || trigger == "禁止" && near.contains("原则")
            {
                return false;
            }
        }
        if event == Event::Sanction
            && [
                "委员会",
                "决议",
                "制度",
                "机制",
                "体系",
                "压力",
                "政策",
                " 위반",
                " 이행",
                " 결의",
                " 체제",
                " 회피",
                " 완화",
                " 전문가",
                " 위원회",
                "위원회",
                " 해제",
                " 국면",
                " 압박",
                " 제도",
                "관",
            ]
            .iter()
            .any(|w| after.starts_with(w))
        {
            return false;
        }
        // "列入制裁名单", "제재 대상으로 지정": one sanction, not a listing besides.
        if event == Event::Designation {
            let near = before.char_indices().nth_back(9).map_or(0, |(b, _)| b);
            if before.get(near..).unwrap_or("").contains("제재")
                || after.chars().take(6).collect::<String>().contains("制裁")
            {
                return false;
            }
        }
        // "就中国遣返朝鲜难民问题听取证词": what it is about.
        if !self.korean {
            let start = self.clause(at).start;
            let lead = self.words.get(start..at.start).unwrap_or("");
            let head = lead.trim_start_matches(['并', '曾', '还', '将']);
            let topic = ["就", "围绕", "针对", "关于"]
                .iter()
                .any(|w| head.starts_with(w));
            let near: String = after
                .chars()
                .take(12)
                .take_while(|c| !matches!(c, '，' | '。'))
                .collect();
            if topic
                && (near.contains("问题")
                    || near.contains("议题")
                    || near.contains("一事")
                    || near.contains("等课题"))
            {
                return false;
            }
        }
        match needs {
            "" => true,
            "not_place" => !names_place,
            // "被迫在监视下工作": what they are made to do comes later in the clause.
            "made_to_work" => {
                let near: String = after
                    .chars()
                    .take(16)
                    .take_while(|c| !matches!(c, '，' | '。' | '；'))
                    .collect();
                ["工作", "劳动", "干活", "做工", "作业", "加班", "劳作"]
                    .iter()
                    .any(|w| near.contains(w))
                    && !["放弃", "离开", "停止", "辞", "失去", "寻找"]
                        .iter()
                        .any(|w| near.contains(w))
            }
            "at_work" => {
                any(&["工人", "劳工", "劳动者"])
                    && around.contains('在')
                    && ![
                        "人员", "组", "报告", "会议", "计划", "时间", "条件", "环境", "签证",
                        "许可", "单位", "坊", "场所", "量", "者",
                    ]
                    .iter()
                    .any(|w| after.starts_with(w))
            }
            "people"
                if event == Event::Arrival
                    && ["韩国", "南韩", "第三国", "泰国", "首尔", "仁川", "美国"]
                        .iter()
                        .any(|w| after.starts_with(w)) =>
            {
                !any(&["货物", "货轮", "集装箱", "渔船"])
            }
            "people" => people() && !any(&["货物", "货轮", "集装箱", "渔船"]),
            "not_noun" => ![
                "者",
                "民",
                "人",
                "女",
                "家",
                "青",
                "学",
                "學",
                "자",
                "민",
                "여성",
                "청소년",
                "브로커",
                "단체",
                "가족",
                "아동",
                "남성",
                " 여성",
                " 청소년",
                " 브로커",
                " 단체",
            ]
            .iter()
            .any(|w| after.starts_with(w)),
            "held" => any(&["举行", "召开", "举办", "开", "열", "개최", "진행"]),
            "goods" => !after.starts_with("处") && !before.ends_with("的"),
            "list" => any(&["名单", "清单", "黑名单", "实体", "制裁"]),
            "workers" => any(&["工人", "劳工", "劳动者", "노동자", "근로자", "인력"]),
            "assets" => any(&["资产", "财产", "账户", "资金"]),
            "owns" => any(&["股", "公司", "企业"]),
            "law" => any(&[
                "法案", "决议", "法律", "法》", "법안", "결의", "법이", "법을",
            ]),
            "agreement" => any(&["协议", "条约", "协定", "备忘录", "议定书"]),
            "event" => any(&["会", "听证", "活动"]),
            "not_under" => !before.ends_with("受"),
            "not_import" => {
                !after.starts_with("进口")
                    && !before.trim_end().ends_with("수입")
                    && !before.trim_end().ends_with("수입을")
            }
            "not_sexual" => !before.ends_with('성'),
            // 고문 is "torture" and "adviser".
            "torture" => {
                let adviser = [
                    "은 ",
                    "는 ",
                    "이 ",
                    "가 ",
                    "단",
                    "관",
                    "으로 임명",
                    "으로 위촉",
                    "직",
                ]
                .iter()
                .any(|w| after.starts_with(w))
                    && !any(&["당", "받", "구타", "가해", "처형", "학대"]);
                !adviser
            }
            "sent" => any(&["보내", "보냈", "발송", "전달", "제출", "송부", "썼", "공개"]),
            "import" => {
                [
                    "하", "한", "해", "된", "되", "됐", "량", "을", "품", "산", " 금", "국", "이",
                ]
                .iter()
                .any(|w| after.starts_with(w))
                    && !any(&["월수입", "수입이 없", "소득"])
            }
            // Words that name a harm only where somebody was made to.
            "forced" => {
                let near = before.char_indices().nth_back(23).map_or(0, |(b, _)| b);
                let near = before.get(near..).unwrap_or("");
                let near = near
                    .rsplit(['，', '。', '；', ',', ' '])
                    .next()
                    .unwrap_or("");
                let made = ["强迫", "被迫", "逼迫", "逼", "强制", "强行"]
                    .iter()
                    .any(|w| near.contains(w))
                    || self.korean
                        && before
                            .char_indices()
                            .nth_back(11)
                            .map_or(before, |(b, _)| before.get(b..).unwrap_or(""))
                            .contains("강제로");
                made && !["力", "者", "法", "部", "合同", "改造", "报酬", "条件", "营"]
                    .iter()
                    .any(|w| after.starts_with(w))
            }
            "carried" => after.contains("조선") || around.contains("北") || around.contains("朝鲜"),
            _ => false,
        }
    }
}
