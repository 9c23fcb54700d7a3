//! 借用 (15): something of a kiosk is lent to a resident, free of charge, and comes back. To whom is said without a number: a
//! house is enough at a kiosk.

use super::STREET;
use crate::matter::{ActForm, Feature, FieldForm, Figure, Header, Home, Open, Shape, Telling, Told};
use crate::rights::ScopeClass;

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "loan",
    class: ScopeClass::Work,
    home: Home::Place,
    header: Header::PLAIN.part_of("kiosk"),
    open: ActForm::opening(
        STREET,
        &[
            FieldForm::text("item", 60),
            FieldForm::count("number", 1, 100),
            FieldForm::new("to", Shape::Anonymous { max: 60 }),
            FieldForm::due("until"),
        ],
    )
    .on_its_day(),
    acts: &[
        ActForm::new(
            "give-back",
            STREET,
            &[
                FieldForm::count("number", 1, 100),
                FieldForm::text("words", 300).optional(),
                FieldForm::photos("photos"),
            ],
        ),
        ActForm::new("lost", STREET, &[FieldForm::count("number", 1, 100), FieldForm::text("reason", 300)]),
    ],
    closed: &["returned", "lost"],
    schedule: None,
    fold,
    gather: None,
    counting: None,
};

fn fold(told: &Telling<'_>) -> Told {
    let lent = &told.opening.act;
    let item = lent.text("item").trim();
    let sum = |name| told.each(name).map(|event| event.act.count("number")).sum::<i64>();
    let (back, lost) = (sum("give-back"), sum("lost"));
    let left = (lent.count("number") - back - lost).max(0);
    let step = match (left, lost) {
        (0, 0) => "returned",
        (0, _) => "lost",
        _ => "lent",
    };
    // What is lost does not come back: it stays out until the kiosk writes it off and strikes the loan.
    Told::at(step, item)
        .figures(vec![
            Figure::of("lent", lent.count("number")).labelled(item),
            Figure::of("out", left + lost).labelled(item),
        ])
        .remark("too-many-back", back + lost > lent.count("number"))
        .open(Open { what: item.to_owned(), ..told.waits(lent.day("until")) })
}

#[cfg(test)]
mod tests {
    use crate::fixture::{GRID, VOLUNTEER, march20};
    use crate::matter::story::{Tale, figure};
    use crate::matter::{Amount, Flaw};

    fn loan(to: &str) -> Tale {
        Tale::of("loan")
            .about_number(9)
            .text("item", "小型拖车器")
            .count("number", 2)
            .text("to", to)
            .day_in("until", 20)
    }

    #[test]
    fn it_is_due_and_comes_back_in_parts_counted_once_each() {
        let mut loan = loan("3号楼业主").opened_by(VOLUNTEER);
        assert_eq!(loan.state().due, Some(march20(18, 0)));
        let one = loan.with().count("number", 1);
        loan.tell(GRID, "give-back", one.clone());
        assert_eq!(figure(&loan.state(), "out"), Amount::Count(1));
        loan.tell(VOLUNTEER, "give-back", one);
        let state = loan.state();
        assert_eq!((state.step, state.due), ("returned", None));
    }

    #[test]
    fn no_resident_leaves_a_number_at_the_kiosk() {
        assert_eq!(loan("周女士 13800000042").refused_by(VOLUNTEER).why, Flaw::Numbered);
    }

    #[test]
    fn one_thing_given_back_at_two_tablets_does_not_grow_the_stock() {
        let mut loan = loan("3号楼业主").opened_by(VOLUNTEER);
        let both = loan.with().count("number", 2);
        loan.apart((GRID, "give-back", both.clone()), (VOLUNTEER, "give-back", both));
        let state = loan.state();
        assert_eq!(figure(&state, "out"), Amount::Count(0));
        assert_eq!(state.remarks, ["too-many-back"]);
    }
}
