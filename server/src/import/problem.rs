//! What can be wrong with a file of reference data, in words that say what to do about it.

use super::remark::InWords;
use serde::Serialize;

/// Why a folder is not imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// A file that an import needs is not in the folder.
    MissingFile,
    /// The file cannot be read; what the system says.
    Unreadable(String),
    /// The file is larger than an import takes.
    TooLarge {
        /// The most it takes, in MiB.
        limit_mib: u64,
    },
    /// The bytes are not UTF-8, nor GB18030 where that is read.
    NotUtf8,
    /// The file is no workbook; what the reader says.
    NotAWorkbook(String),
    /// A sheet is larger than any table.
    TooManyCells {
        /// The most cells it takes.
        cells: usize,
        /// The most columns.
        columns: u32,
    },
    /// A workbook's cells together are more than any tables.
    TooMuchText {
        /// The most they take, in MiB.
        limit_mib: usize,
    },
    /// Several bear the name that stands where a code should.
    SameName {
        /// Their codes.
        codes: Vec<String>,
    },
    /// The text is not CSV, TOML or JSON from here on; what the parser says.
    Syntax(String),
    /// A quotation mark opens a cell and none closes it.
    OpenQuote,
    /// A column or a key that is needed is not there.
    Missing,
    /// Two columns bear the same name.
    ColumnTwice,
    /// The row stops before a column that has to be filled.
    ShortRow {
        /// How many cells it has.
        cells: usize,
        /// How many columns the header has.
        columns: usize,
    },
    /// The row has more cells than the header has columns.
    LongRow {
        /// How many cells it has.
        cells: usize,
        /// How many columns the header has.
        columns: usize,
    },
    /// A cell that has to be filled is empty.
    Empty,
    /// A code holds something else than letters, digits, `-`, `_` and `.`, or is too long.
    BadCode,
    /// The code is in no row of the file that should hold it.
    Unknown {
        /// That file.
        file: &'static str,
    },
    /// The unit is no community.
    NotACommunity,
    /// None of the words that may stand here.
    UnknownWord {
        /// The words, in Chinese and in English.
        words: Vec<(&'static str, &'static str)>,
    },
    /// The kind (类别) of no point.
    UnknownPointKind,
    /// The same was already said.
    Duplicate {
        /// On this row or line.
        row: usize,
    },
    /// The same was already said in another file.
    DuplicateIn {
        /// That file.
        file: String,
    },
    /// Not a decimal number.
    NotANumber,
    /// A number out of range.
    OutOfRange {
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// Not a time limit.
    BadLimit,
    /// No such day, or not written as a day.
    BadDay,
    /// No such time of day, or not written as one.
    BadTime,
    /// Times that have to follow each other do not.
    OutOfOrder,
    /// A unit lies below itself.
    Cycle {
        /// The codes on the way round, from the unit back to it.
        way: Vec<String>,
    },
    /// The tenant has no unit of its own code at the top of the grid.
    NoRoot,
    /// The tenant's own unit lies below another one.
    RootBelow,
    /// A unit beside the root has no unit above it.
    SecondRoot {
        /// The code of the root.
        root: String,
    },
    /// The last day does not come after the first one.
    EndsBeforeItBegins,
    /// Two people answer for the same point at the same time.
    TwoHeads {
        /// The row of the other one; `None` when it is not in the file but holds already.
        row: Option<usize>,
    },
    /// An amount of score points that is not exact.
    NotExact,
    /// A whole of which shares are taken is nothing or less.
    NotPositive,
    /// The amounts cannot be added exactly.
    NoSum,
    /// The parts of a base do not make it up.
    PartsNotBase {
        /// What they make together.
        sum: String,
    },
    /// Not the event of a line of a sheet.
    NotALine,
    /// A measure where nothing is measured.
    NothingMeasured,
    /// A part that the rule set does not have.
    UnknownPart,
    /// A value of another type than the one that has to stand here.
    WrongType {
        /// What has to stand here, as TOML or JSON calls it.
        wanted: &'static str,
    },
    /// The last position of a ring is not its first.
    OpenRing,
    /// A ring of fewer than three corners.
    FewCorners,
    /// Not one polygon of one ring.
    NotOneRing,
}

impl InWords for Problem {
    fn en(&self) -> String {
        let fixed = match self {
            Self::Unreadable(why) => {
                return format!("cannot be read ({why}): check the file and its permissions");
            }
            Self::TooLarge { limit_mib } => {
                return format!("is larger than {limit_mib} MiB: split the tenant");
            }
            Self::NotAWorkbook(why) => {
                return format!("is no .xlsx workbook ({why}): open it and save it as .xlsx again");
            }
            Self::TooManyCells { cells, columns } => {
                return format!(
                    "is larger than {cells} cells or {columns} columns: delete what is not the table"
                );
            }
            Self::TooMuchText { limit_mib } => {
                return format!(
                    "holds more than {limit_mib} MiB when every cell is written out: delete what is not the table"
                );
            }
            Self::SameName { codes } => {
                return format!("is the name of several ({}): write the code", codes.join(", "));
            }
            Self::Syntax(why) => {
                return format!("does not follow its format ({why}): correct it from this line on");
            }
            Self::ShortRow { cells, columns } => {
                return format!(
                    "is missing, the row stops after {cells} of {columns} cells: fill in the rest"
                );
            }
            Self::LongRow { cells, columns } => {
                return format!(
                    "has {cells} cells under {columns} columns: put a text with a comma in quotation marks"
                );
            }
            Self::Unknown { file } => {
                return format!("is in no row of {file}: add it there or correct it here");
            }
            Self::UnknownWord { words } => {
                let words =
                    words.iter().map(|(zh, en)| format!("{zh} ({en})")).collect::<Vec<_>>().join(", ");
                return format!("is none of the words for this: write one of {words}");
            }
            Self::Duplicate { row } => return format!("is already used in row {row}: give each its own"),
            Self::DuplicateIn { file } => return format!("is already used in {file}: give each its own"),
            Self::OutOfRange { least, most } => {
                return format!("is out of range: it must lie between {least} and {most}");
            }
            Self::Cycle { way } => {
                return format!("makes a unit lie below itself ({}): correct one of them", way.join(" → "));
            }
            Self::SecondRoot { root } => {
                return format!("is empty: every unit but {root} needs the unit above it");
            }
            Self::TwoHeads { row: Some(row) } => {
                return format!(
                    "overlaps row {row}, the point has two heads at once: end one before the other begins"
                );
            }
            Self::WrongType { wanted } => return format!("is not what belongs here: write {wanted}"),
            Self::PartsNotBase { sum } => {
                return format!("make {sum} together and not the base: correct one of them");
            }
            Self::NotALine => "is not the event of a line: copy it from `sanben score --json`",
            Self::NothingMeasured => "measures nothing here: only a rule with when = \"assessed\" has it",
            Self::UnknownPart => "is no part of this rule set: add a [[part]] with this id or correct it",
            Self::MissingFile => "is not in the folder: add the file",
            Self::NotUtf8 => "is not UTF-8: save the file as \"CSV UTF-8\" and import again",
            Self::OpenQuote => "opens a quotation mark that is never closed: close it or take it out",
            Self::Missing => "is missing: add it",
            Self::ColumnTwice => "names two columns: take one out",
            Self::Empty => "is empty: fill it in",
            Self::BadCode => "is not a code: use at most 64 letters, digits, - _ and .",
            Self::NotACommunity => "is no community: write the code of a unit of that kind",
            Self::UnknownPointKind => "is the kind of no point in points.csv: correct it here or there",
            Self::NotANumber => "is not a decimal number: write degrees such as 38.308752",
            Self::BadLimit => "is not a time limit: write 当日, 4工作小时, 1工作日 or 7日",
            Self::BadDay => "is not a day of the calendar: write it as 2026-03-20",
            Self::BadTime => "is not a time of day: write it as 07:00",
            Self::OutOfOrder => "does not come after the time before it: put the times in order",
            Self::NoRoot => "is no unit yet: give the tenant's own unit the tenant's code",
            Self::RootBelow => {
                "stands above the tenant's own unit: leave the cell empty, that unit is the top"
            }
            Self::EndsBeforeItBegins => {
                "is not after the first day: write the first day on which it no longer holds"
            }
            Self::TwoHeads { row: None } => {
                "overlaps an assignment that holds already, the point has two heads at once: end that one first"
            }
            Self::NotExact => "is not an exact amount: write a text such as \"-1\" or \"1/2\"",
            Self::NotPositive => "is no whole to take shares of: write an amount above 0",
            Self::NoSum => "cannot be added up exactly: write whole numbers or simple fractions",
            Self::OpenRing => "is not closed: the last position of the ring must repeat its first",
            Self::FewCorners => "has fewer than three corners: draw the area again",
            Self::NotOneRing => "is not one polygon of one ring: split it into one area each, without holes",
        };
        fixed.to_owned()
    }

    fn zh(&self) -> String {
        let fixed = match self {
            Self::Unreadable(why) => return format!("读不了（{why}），请检查文件和权限"),
            Self::TooLarge { limit_mib } => return format!("超过 {limit_mib} MiB，请按辖区拆开"),
            Self::NotAWorkbook(why) => {
                return format!("不是 .xlsx 工作簿（{why}），请打开后另存为 .xlsx");
            }
            Self::TooManyCells { cells, columns } => {
                return format!("超过 {cells} 格或 {columns} 列，请删去表格以外的内容");
            }
            Self::TooMuchText { limit_mib } => {
                return format!("各格内容合计超过 {limit_mib} MiB，请删去表格以外的内容");
            }
            Self::SameName { codes } => {
                return format!("有同名的（{}），请改写编号", codes.join("、"));
            }
            Self::Syntax(why) => return format!("格式不对（{why}），请从这一行起改正"),
            Self::ShortRow { cells, columns } => {
                return format!("缺失：这一行应有 {columns} 格，只有 {cells} 格，请补齐");
            }
            Self::LongRow { cells, columns } => {
                return format!("这一行有 {cells} 格，表头只有 {columns} 列；文字里有英文逗号的要加引号");
            }
            Self::Unknown { file } => return format!("在 {file} 里没有，请在那里补上，或改正这里"),
            Self::UnknownWord { words } => {
                let words = words.iter().map(|(zh, _)| *zh).collect::<Vec<_>>().join("、");
                return format!("不是规定的写法，应为：{words}");
            }
            Self::Duplicate { row } => return format!("与第 {row} 行重复，请各用各的"),
            Self::DuplicateIn { file } => return format!("与 {file} 重复，请各用各的"),
            Self::OutOfRange { least, most } => return format!("超出范围，应在 {least} 到 {most} 之间"),
            Self::Cycle { way } => return format!("上下级成了圈（{}），请改正其中一处", way.join(" → ")),
            Self::SecondRoot { root } => return format!("为空：除 {root} 外都要写上级"),
            Self::TwoHeads { row: Some(row) } => {
                return format!("同一点位同时有两个点位负责人，见第 {row} 行，请先止后起");
            }
            Self::WrongType { wanted } => return format!("类型不对，应为 {wanted}"),
            Self::PartsNotBase { sum } => return format!("各部分合计 {sum}，与基础分不等，请改正"),
            Self::NotALine => "不是计分条目的事件编号，请从 sanben score --json 里复制",
            Self::NothingMeasured => "在这里没有可计量的，只有 when = \"assessed\" 的规则可以写",
            Self::UnknownPart => "不是本办法的部分，请补一个 [[part]]，或改正这里",
            Self::MissingFile => "文件夹里没有这个文件，请补上",
            Self::NotUtf8 => "不是 UTF-8 编码，请另存为“CSV UTF-8”后再导入",
            Self::OpenQuote => "引号开了没有合上，请补上或删掉",
            Self::Missing => "缺少这一项，请补上",
            Self::ColumnTwice => "有两列同名，请删掉一列",
            Self::Empty => "为空，请填写",
            Self::BadCode => "不能作编号：只用文字、数字、- _ 和 .，不超过 64 个字",
            Self::NotACommunity => "不是社区，请写社区的编号",
            Self::UnknownPointKind => "不是 points.csv 里任何点位的类别，请改正其中一处",
            Self::NotANumber => "不是小数，请写成 38.308752 这样的度数",
            Self::BadLimit => "不是时限，应写成 当日、4工作小时、1工作日 或 7日",
            Self::BadDay => "没有这一天，或写法不对，应写成 2026-03-20",
            Self::BadTime => "不是时刻，应写成 07:00",
            Self::OutOfOrder => "不晚于前一个时刻，请按先后写",
            Self::NoRoot => "还不是单位：请给本辖区一行，编号与 tenant.toml 相同",
            Self::RootBelow => "写在了本辖区的上级里：本辖区在最上，请留空",
            Self::EndsBeforeItBegins => "不晚于起日：应写不再负责的第一天",
            Self::TwoHeads { row: None } => "这时该点位已有点位负责人，请先写上前一任的止日",
            Self::NotExact => "不是准确的分值，应写成 \"-1\" 或 \"1/2\" 这样的字符串",
            Self::NotPositive => "应大于 0",
            Self::NoSum => "合计无法准确算出，请改用整数或简单的分数",
            Self::OpenRing => "边界没有闭合：最后一点应与第一点相同",
            Self::FewCorners => "边界不足三个角，请重画",
            Self::NotOneRing => "不是一块没有洞的面，请拆成一块一条",
        };
        fixed.to_owned()
    }
}

/// What is imported all the same, and may be a mistake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// The point lies outside the polygon of its community.
    OutsideCommunity {
        /// The code of the community.
        community: String,
    },
    /// The point's unit lies in no community, so no sheet counts it.
    NoCommunity,
    /// A table or a settings file of a name that no import reads.
    UnknownFile,
    /// A column or a key that no import reads.
    UnknownColumn,
}

impl InWords for Doubt {
    fn en(&self) -> String {
        let fixed = match self {
            Self::OutsideCommunity { community } => {
                return format!(
                    "lies outside the polygon of {community}: check the unit, and that it is WGS-84"
                );
            }
            Self::NoCommunity => "lies in no community: no sheet will count this point",
            Self::UnknownFile => "is not read: check the name of the file",
            Self::UnknownColumn => "is not read: check its name",
        };
        fixed.to_owned()
    }

    fn zh(&self) -> String {
        let fixed = match self {
            Self::OutsideCommunity { community } => {
                return format!("不在社区 {community} 的边界内，请核对所属，以及坐标是否为 WGS-84");
            }
            Self::NoCommunity => "不属于任何社区，这个点位不计入任何社区的得分",
            Self::UnknownFile => "没有读取，请核对文件名",
            Self::UnknownColumn => "没有读取，请核对名称",
        };
        fixed.to_owned()
    }
}
