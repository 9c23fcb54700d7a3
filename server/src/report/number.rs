//! 发文字号: what a paper is filed under. GB/T 9704 asks for the issuer's short name, the year in hexagonal brackets and a
//! running number without zeros in front of it or 第 before it: 公创〔2026〕3号. Which number is the next one is the
//! office's register to say.

use serde::Serialize;
use std::fmt;

/// A document number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentNumber(String);

impl DocumentNumber {
    /// Reads one; other brackets around the year become the right ones. `None` for what is no document number.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let open = text.find(['〔', '[', '［', '(', '（', '【'])?;
        let (issuer, rest) = text.split_at(open);
        let rest = rest.get(rest.chars().next()?.len_utf8()..)?;
        let close = rest.find(['〕', ']', '］', ')', '）', '】'])?;
        let (year, rest) = rest.split_at(close);
        let rest = rest.get(rest.chars().next()?.len_utf8()..)?;
        let number = rest.strip_suffix('号')?;
        let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
        let named = (1..=20).contains(&issuer.chars().count()) && !issuer.contains(char::is_whitespace);
        let fits = named && year.len() == 4 && digits(year) && digits(number);
        (fits && number.len() <= 5 && !number.starts_with('0'))
            .then(|| Self(format!("{issuer}〔{year}〕{number}号")))
    }
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_as_the_standard_asks_whatever_brackets_were_typed() {
        for typed in ["公创〔2026〕3号", "公创[2026]3号", " 公创（2026）3号 ", "公创【2026】3号"]
        {
            assert_eq!(DocumentNumber::read(typed).unwrap().to_string(), "公创〔2026〕3号");
        }
    }

    #[test]
    fn zeros_in_front_and_anything_else_are_refused() {
        for typed in
            ["公创〔2026〕03号", "公创〔2026〕第3号", "公创〔26〕3号", "〔2026〕3号", "公创2026-3", ""]
        {
            assert_eq!(DocumentNumber::read(typed), None, "{typed}");
        }
    }
}
