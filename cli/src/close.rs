//! Codes that are close to one that was mistyped: the message names them, so that nobody has to look for a list.

use sanben_domain::reference::Reference;

/// So many are named at most.
const NAMED: usize = 5;

/// The known codes of this kind of thing that are close to what was typed, closest first.
#[must_use]
pub(crate) fn close(reference: &Reference, what: &str, typed: &str) -> Vec<String> {
    let codes: Vec<String> = match what {
        "point" => reference.points.keys().map(ToString::to_string).collect(),
        "standard" => reference.standards.keys().map(ToString::to_string).collect(),
        "community" | "unit" => reference.units.keys().map(ToString::to_string).collect(),
        "team" => reference.teams.keys().map(ToString::to_string).collect(),
        "person" => reference.people.keys().map(ToString::to_string).collect(),
        _ => Vec::new(),
    };
    let typed = typed.trim().to_lowercase();
    // A third of it may be wrong, and one letter always.
    let far = (typed.chars().count() / 3).max(1);
    let mut near: Vec<(usize, String)> = codes
        .into_iter()
        .map(|code| (distance(&code.to_lowercase(), &typed), code))
        .filter(|(apart, _)| *apart <= far)
        .collect();
    near.sort();
    near.into_iter().take(NAMED).map(|(_, code)| code).collect()
}

/// How many letters have to be put in, taken out or replaced to make one of the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, to) in row.iter_mut().skip(1).zip(&b) {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = *cell;
            *cell = replaced.min(*cell + 1).min(left + 1);
            left = *cell;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_books() {
        for (a, b, apart) in
            [("kitten", "sitting", 3), ("", "abc", 3), ("p011", "p011", 0), ("p011", "p0l1", 1)]
        {
            assert_eq!((distance(a, b), distance(b, a)), (apart, apart), "{a} {b}");
        }
    }
}
