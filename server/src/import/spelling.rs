//! How an office writes codes, days, numbers and time limits, and what it means by them.
//!
//! Full-width digits and letters come from a Chinese input method, `2026/3/1` from a spreadsheet that
//! takes a day for a number. What cannot be anything else is understood; the rest is refused.

use chrono::{NaiveDate, NaiveTime};
use sanben_domain::reference::{AppliesTo, TimeLimit};

/// Codes are no longer than this many characters.
const LONGEST_CODE: usize = 64;

/// The text with full-width forms of ASCII (U+FF01 to U+FF5E) as ASCII, trimmed.
pub(super) fn half_width(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    };
    text.trim().chars().map(narrow).collect()
}

/// A code; `None` if it could not name a row: keys join codes with `/`, scopes with `:`.
pub(super) fn code(text: &str) -> Option<String> {
    let code = half_width(text);
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let good = !code.is_empty() && code.chars().count() <= LONGEST_CODE && code.chars().all(fits);
    good.then_some(code)
}

/// A day: `2026-03-20`, `2026/3/20`, `2026.3.20`, `2026年3月20日`, also with a midnight behind it.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    let text = half_width(text);
    let day = match text.split_once(' ') {
        Some((day, midnight)) if midnight.chars().all(|c| matches!(c, '0' | ':')) => day,
        Some(_) => return None,
        None => text.as_str(),
    };
    let day = day.strip_suffix('日').unwrap_or(day);
    let mut parts = day.split(['-', '/', '.', '年', '月']).map(digits);
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || !(1900..=2200).contains(&year) {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// The day that a spreadsheet keeps as a bare number: days since the end of 1899 or, on an old Mac, 1904.
pub(super) fn day_of_serial(text: &str, from_1904: bool) -> Option<NaiveDate> {
    let days = digits(&half_width(text)).filter(|days| (20_000..=80_000).contains(days))?;
    let (year, month, day) = if from_1904 { (1904, 1, 1) } else { (1899, 12, 30) };
    NaiveDate::from_ymd_opt(year, month, day)?.checked_add_days(chrono::Days::new(u64::from(days)))
}

/// A number of at most nine digits.
fn digits(text: &str) -> Option<u32> {
    let plain = (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

/// A time of day: `07:00`, `7:00`, `07:00:00`.
pub(super) fn time(text: &str) -> Option<NaiveTime> {
    let text = half_width(text);
    NaiveTime::parse_from_str(&text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(&text, "%H:%M:%S")).ok()
}

/// Plain decimal degrees; no exponent, no degree sign.
pub(super) fn degrees(text: &str) -> Option<f64> {
    let text = half_width(text);
    let unsigned = text.strip_prefix('-').unwrap_or(&text);
    let plain = unsigned.len() <= 24
        && unsigned.bytes().any(|b| b.is_ascii_digit())
        && unsigned.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    plain.then(|| text.parse().ok())?
}

/// A time limit: `当日`, `4工作小时`, `1工作日`, `7日`, or `same day`, `4 working hours`, `1 working day`, `7 days`.
pub(super) fn limit(text: &str) -> Option<TimeLimit> {
    let text = half_width(text).to_lowercase().replace(' ', "");
    if matches!(text.as_str(), "当日" | "当天" | "sameday" | "same-day") {
        return Some(TimeLimit::SameDay);
    }
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let (amount, unit) = text.split_at_checked(end)?;
    let amount = u16::try_from(digits(amount)?).ok().filter(|n| (1..=999).contains(n))?;
    match unit.strip_prefix('个').unwrap_or(unit) {
        "工作小时" | "workinghour" | "workinghours" => Some(TimeLimit::WorkingHours(amount)),
        "工作日" | "workingday" | "workingdays" => Some(TimeLimit::WorkingDays(amount)),
        "日" | "天" | "day" | "days" => Some(TimeLimit::Days(amount)),
        _ => None,
    }
}

/// Kinds of points joined by 、 or a comma, or `全部` (`all`).
pub(super) fn applies_to(text: &str) -> AppliesTo {
    let mut kinds: Vec<String> = Vec::new();
    for kind in text.split(['、', '，', ',', '；', ';']).map(str::trim).filter(|kind| !kind.is_empty()) {
        if !kinds.iter().any(|known| known == kind) {
            kinds.push(kind.to_owned());
        }
    }
    match kinds.as_slice() {
        [one] if one == "全部" || one.eq_ignore_ascii_case("all") => AppliesTo::All,
        _ => AppliesTo::Kinds(kinds),
    }
}

/// Words that stand for a value: in Chinese, in English, and what is meant.
pub(super) type Words<T> = &'static [(&'static str, &'static str, T)];

/// What a word stands for.
pub(super) fn word<T: Copy>(text: &str, words: Words<T>) -> Option<T> {
    let text = half_width(text).to_lowercase().replace([' ', '_'], "-");
    words.iter().find(|(zh, en, _)| text == *zh || text == *en).map(|(_, _, meant)| *meant)
}
