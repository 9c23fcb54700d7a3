//! What people write about a street: sentences put together from word lists by a seeded generator, so that
//! no two cases read alike and every run reads the same.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// A word that few cases hold: one in [`RARE_IN`].
pub(crate) const RARE: &str = "马蜂";
/// See [`RARE`].
pub(crate) const RARE_IN: usize = 2_000;

const WHERE: [&str; 40] = [
    "南门",
    "北门",
    "东入口",
    "西侧围墙下",
    "地下车库出入口",
    "三号楼",
    "七号楼二单元",
    "十二号楼东侧",
    "便民市场门口",
    "快递柜旁",
    "健身广场",
    "儿童滑梯边",
    "公交站台",
    "人行道",
    "盲道上",
    "绿化带内",
    "配电房后",
    "自行车棚",
    "垃圾分类亭",
    "楼道二层",
    "楼道拐角",
    "沿街门面前",
    "早餐摊位",
    "水果店门前",
    "学校门口",
    "卫生服务站",
    "河道护栏",
    "公厕门前",
    "停车场入口",
    "物业办公室外",
    "宣传栏",
    "小广场东北角",
    "消防通道",
    "天桥下",
    "路口西南角",
    "工地围挡外",
    "凉亭",
    "排水沟",
    "电梯间",
    "顶层平台",
];
const WHAT: [&str; 36] = [
    "有大片垃圾",
    "生活垃圾堆积",
    "垃圾桶满溢",
    "桶盖没有盖好",
    "建筑垃圾未清运",
    "烟头纸屑较多",
    "污水外溢",
    "有异味",
    "非机动车乱停乱放",
    "电动车占用通道",
    "机动车压占盲道",
    "车辆堵住出入口",
    "共享单车倒伏",
    "占道经营",
    "店外堆放货物",
    "流动摊贩聚集",
    "小广告未清除",
    "公益广告破损",
    "展板倾斜",
    "宣传内容过期",
    "路面破损",
    "井盖松动",
    "路灯不亮",
    "护栏缺失",
    "座椅断裂",
    "线缆垂落",
    "飞线充电",
    "杂物堆放",
    "旧家具长期存放",
    "消防栓被遮挡",
    "绿地被踩踏",
    "树枝遮挡路灯",
    "犬只粪便",
    "晾晒衣物",
    "墙面污损",
    "积水未排",
];
const HOW: [&str; 24] = [
    "，群众反映多次",
    "，影响通行",
    "，面积约两平方米",
    "，约有十余辆",
    "，需当日处理",
    "，上周刚整治过又反弹",
    "，物业未及时巡查",
    "，现场无人值守",
    "，已现场劝导",
    "，夜间更明显",
    "，雨后加重",
    "，老人出行不便",
    "，紧邻幼儿园",
    "，存在安全隐患",
    "，涉及三家商户",
    "，请责任单位尽快落实",
    "，附现场照片",
    "，与昨日同一位置",
    "，范围扩大到路边",
    "，约占半幅路面",
    "，业主表示愿意配合",
    "，请物业补齐设施",
    "",
    "",
];
const ANSWERS: [&str; 10] = [
    "收到，马上落实！",
    "收到，保洁员已出发",
    "已通知物业，半小时内到场",
    "收到，下午前清完",
    "正在协调环卫车辆",
    "已联系商户整改",
    "收到，安排志愿者劝导",
    "明白，先设警示再维修",
    "收到，已转市政班组",
    "好的，现场核实后处理",
];
const FIXED: [&str; 10] = [
    "已清理完毕",
    "已全部清运，地面冲洗干净",
    "车辆已归位，划线重描",
    "桶盖已更换",
    "已修复并撤除警示",
    "小广告已铲除",
    "摊位已规范入市",
    "线缆已捆扎",
    "通道已恢复畅通",
    "展板已扶正加固",
];
const SEEN_AGAIN: [&str; 8] = [
    "回头看，现场整洁",
    "复查合格",
    "问题已解决，照片为证",
    "仍有少量残留",
    "复查未通过，请继续整改",
    "较早上明显改善",
    "保持较好",
    "反弹，需加派人手",
];

/// Somebody who describes what they see.
pub(crate) struct Writer(ChaCha8Rng);

impl Writer {
    /// The same seed writes the same.
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let drawn = self.0.next_u64() % u64::try_from(end.max(1)).unwrap_or(1);
        usize::try_from(drawn).unwrap_or_default()
    }

    /// One of these; `None` of nothing.
    pub(crate) fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }

    /// Random bytes, for ids.
    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    fn say(&mut self, words: &[&'static str]) -> &'static str {
        self.one(words).copied().unwrap_or_default()
    }

    /// A problem, one or two sentences.
    pub(crate) fn problem(&mut self) -> String {
        let mut text = format!("{}{}{}", self.say(&WHERE), self.say(&WHAT), self.say(&HOW));
        if self.below(3) == 0 {
            text += &format!("；{}{}", self.say(&WHERE), self.say(&WHAT));
        }
        if self.below(4) == 0 {
            text += &format!("（第{}网格，{}号门牌）", self.below(60) + 1, self.below(300) + 1);
        }
        if self.below(RARE_IN) == 0 {
            text += &format!("，树上有{RARE}窝");
        }
        text
    }

    /// The point head's answer.
    pub(crate) fn answer(&mut self) -> String {
        self.say(&ANSWERS).to_owned()
    }

    /// What was done about it.
    pub(crate) fn fixed(&mut self) -> String {
        format!("{}{}", self.say(&WHERE), self.say(&FIXED))
    }

    /// What somebody found who went back.
    pub(crate) fn seen_again(&mut self) -> String {
        self.say(&SEEN_AGAIN).to_owned()
    }

    /// What somebody writes about a problem whose day matters: said nowhere else.
    pub(crate) fn entry(&mut self) -> String {
        let (place, what, how, answer) =
            (self.say(&WHERE), self.say(&WHAT), self.say(&HOW), self.say(&ANSWERS));
        let (cell, door, minute) = (self.below(60) + 1, self.below(300) + 1, self.below(720));
        format!(
            "{place}{what}{how}，{answer}（第{cell}网格{door}号，{}时{}分）",
            6 + minute / 60,
            minute % 60
        )
    }

    /// A remark in the thread.
    pub(crate) fn remark(&mut self) -> String {
        format!("{}{}，{}", self.say(&WHERE), self.say(&WHAT), self.say(&ANSWERS))
    }
}
