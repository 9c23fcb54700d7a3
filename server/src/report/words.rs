//! Amounts, days and steps as a Chinese paper writes them.

use chrono::{Datelike, NaiveDate};
use sanben_domain::case::{Source, Status};
use sanben_domain::score::{Period, ScorePoints};
use sanben_domain::time::{Timestamp, Zone};

/// An amount as people write it: whole, or with as many decimals as it takes, two at most, half up.
pub(super) fn amount(points: ScorePoints) -> String {
    let whole = |many: i64| (points.0 * many).is_integer();
    match () {
        () if whole(1) => points.to_string(),
        () if whole(10) => decimal(points).trim_end_matches('0').to_owned(),
        () => decimal(points),
    }
}

/// Two decimals, half up.
pub(super) fn decimal(points: ScorePoints) -> String {
    let (numerator, denominator) = (i128::from(*points.0.numer()), i128::from(*points.0.denom()));
    let hundredths = (numerator * 200 + denominator).div_euclid(2 * denominator);
    let (sign, hundredths) = (if hundredths < 0 { "-" } else { "" }, hundredths.unsigned_abs());
    format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100)
}

pub(super) fn in_words(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// A term in a paper of a year: the year itself is said where it is another one.
pub(super) fn term(at: Timestamp, zone: Zone, year: i32) -> String {
    let local = zone.local(at);
    let day = local.date();
    let day = if day.year() == year { format!("{}月{}日", day.month(), day.day()) } else { in_words(day) };
    format!("{day}{}", local.time().format("%H:%M"))
}

/// Some days as a paper writes them: what the last shares with the first is not said again.
pub(super) fn span(period: Period) -> String {
    let (first, last) = (period.from, period.until.pred_opt().unwrap_or(period.until));
    let until = match () {
        () if last <= first => return in_words(first),
        () if (first.year(), first.month()) == (last.year(), last.month()) => format!("{}日", last.day()),
        () if first.year() == last.year() => format!("{}月{}日", last.month(), last.day()),
        () => in_words(last),
    };
    format!("{}至{until}", in_words(first))
}

/// The number of a heading, up to ninety-nine.
pub(super) fn numeral(number: usize) -> String {
    let one = |digit: usize| "零一二三四五六七八九".chars().nth(digit).map(String::from).unwrap_or_default();
    let rest = |digit: usize| if digit == 0 { String::new() } else { one(digit) };
    match (number / 10, number % 10) {
        (0, ones) => one(ones),
        (1, ones) => format!("十{}", rest(ones)),
        (tens, ones) => format!("{}十{}", one(tens), rest(ones)),
    }
}

pub(super) fn source(source: Source) -> &'static str {
    match source {
        Source::Own => "自查",
        Source::Subdistrict => "街道督导",
        Source::District => "区检查",
        Source::City => "市检查",
        Source::DigitalCity => "数字城管",
    }
}

pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Reported => "已上报",
        Status::Confirmed => "已核实",
        Status::Filed => "已立案",
        Status::Dispatched => "已派遣",
        Status::Acknowledged => "已签收",
        Status::Rectified => "已处置",
        Status::Rework => "返工",
        Status::OnAccount => "挂账",
        Status::Verified => "核查通过",
        Status::Closed => "已结案",
        Status::Voided => "已作废",
        Status::Merged => "已并案",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn what_the_last_day_shares_with_the_first_is_said_once() {
        let of = |from, until| span(Period { from, until });
        assert_eq!(of(day(2026, 3, 16), day(2026, 3, 23)), "2026年3月16日至22日");
        assert_eq!(of(day(2026, 3, 30), day(2026, 4, 6)), "2026年3月30日至4月5日");
        assert_eq!(of(day(2026, 12, 28), day(2027, 1, 4)), "2026年12月28日至2027年1月3日");
        assert_eq!(of(day(2026, 3, 20), day(2026, 3, 21)), "2026年3月20日");
    }

    #[test]
    fn headings_are_counted_on_after_ten() {
        assert_eq!([1, 10, 11, 20, 32].map(numeral), ["一", "十", "十一", "二十", "三十二"]);
    }

    #[test]
    fn an_amount_has_the_decimals_it_takes_and_two_at_most() {
        let of = |text: &str| amount(text.parse().unwrap());
        let amounts = ["1000", "1999/2", "3999/4", "2975/3", "-10/3", "-1/3", "-1/2"].map(of);
        assert_eq!(amounts, ["1000", "999.5", "999.75", "991.67", "-3.33", "-0.33", "-0.5"]);
    }
}
