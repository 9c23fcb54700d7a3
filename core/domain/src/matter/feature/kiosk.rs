//! 志愿服务岗亭 (15): what a kiosk has to lend. Its stock is a sum over what came in and what is out: two tablets that lend
//! the last pump without a network both did, and the shortage shows.

use super::STREET;
use crate::matter::{
    ActForm, Amount, Feature, FieldForm, Figure, Header, Home, MatterRecord, Need, State, Telling, Told, sum,
};
use crate::rights::ScopeClass;

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "kiosk",
    class: ScopeClass::Work,
    home: Home::Place,
    header: Header::PLAIN.point(Need::May),
    open: ActForm::opening(STREET, &[FieldForm::text("title", 200)]),
    acts: &[
        ActForm::new("stock", STREET, &[FieldForm::text("item", 60), FieldForm::count("number", 1, 10_000)]),
        ActForm::new(
            "write-off",
            STREET,
            &[
                FieldForm::text("item", 60),
                FieldForm::count("number", 1, 10_000),
                FieldForm::text("reason", 300),
            ],
        ),
        ActForm::new("finish", super::OFFICE, &[FieldForm::text("reason", 500)]),
    ],
    closed: &["finished"],
    schedule: None,
    fold,
    gather: Some(gather),
    counting: None,
};

fn fold(told: &Telling<'_>) -> Told {
    let moved = told.acts().filter_map(|event| {
        let sign = match event.act.name.as_str() {
            "stock" => 1,
            "write-off" => -1,
            _ => return None,
        };
        Some(Figure::of("owned", sign * event.act.count("number")).labelled(event.act.text("item").trim()))
    });
    let step = if told.has("finish") { "finished" } else { "open" };
    Told::at(step, told.opening.act.text("title")).figures(sum(moved))
}

fn gather(state: &State, belonging: &[(MatterRecord, State)]) -> (Vec<Figure>, Vec<&'static str>) {
    let out =
        belonging.iter().filter(|(record, _)| record.feature == "loan").flat_map(|(_, loan)| &loan.figures);
    let out: Vec<Figure> = out.filter(|figure| figure.name == "out").cloned().collect();
    let less = out.iter().map(|figure| match figure.amount {
        Amount::Count(count) => Figure::of("in-stock", -count).labelled(&figure.label),
        _ => figure.clone(),
    });
    let owned = state.figures.iter().map(|figure| Figure { name: "in-stock".to_owned(), ..figure.clone() });
    let stock = sum(owned.chain(less));
    let short = stock.iter().any(|figure| matches!(figure.amount, Amount::Count(count) if count < 0));
    let mut figures = stock;
    figures.extend(sum(out.iter().map(|figure| Figure { label: String::new(), ..figure.clone() })));
    (figures, if short { vec!["short"] } else { Vec::new() })
}

#[cfg(test)]
mod tests {
    use crate::fixture::{GRID, SOUTH_GATE, VOLUNTEER};
    use crate::matter::story::Tale;
    use crate::matter::{Amount, Figure, gather};

    fn kiosk() -> Tale {
        let mut kiosk =
            Tale::of("kiosk").point(SOUTH_GATE).text("title", "弘仁里小区志愿服务岗亭").opened_by(GRID);
        for (item, number) in [("打气筒", 1), ("工具箱", 2), ("小型拖车器", 1)] {
            let fields = kiosk.with().text("item", item).count("number", number);
            kiosk.tell(GRID, "stock", fields);
        }
        kiosk
    }

    fn loan(kiosk: &Tale, by: &str) -> Tale {
        Tale::of("loan")
            .about(kiosk.id())
            .text("item", "打气筒")
            .count("number", 1)
            .text("to", "3号楼业主")
            .day_in("until", 20)
            .opened_by(by)
    }

    fn stock(kiosk: &Tale, loans: &[&Tale]) -> (Vec<Figure>, Vec<&'static str>) {
        let belonging: Vec<_> = loans.iter().map(|loan| (loan.record.clone(), loan.state())).collect();
        gather(&kiosk.record, &kiosk.state(), &belonging)
    }

    fn of(figures: &[Figure], item: &str) -> Amount {
        figures.iter().find(|figure| figure.name == "in-stock" && figure.label == item).unwrap().amount
    }

    #[test]
    fn pump_toolbox_and_tow_cart_are_lent_free_and_come_back() {
        let (kiosk, mut pump) = (kiosk(), loan(&kiosk(), GRID));
        assert_eq!(of(&stock(&kiosk, &[&pump]).0, "打气筒"), Amount::Count(0));
        assert_eq!(of(&stock(&kiosk, &[&pump]).0, "工具箱"), Amount::Count(2));
        let back = pump.with().count("number", 1);
        pump.tell(VOLUNTEER, "give-back", back);
        assert!(pump.state().closed);
        assert_eq!(of(&stock(&kiosk, &[&pump]).0, "打气筒"), Amount::Count(1));
    }

    #[test]
    fn the_last_pump_lent_twice_offline_is_two_loans_and_a_shortage() {
        let kiosk = kiosk();
        let (one, other) = (loan(&kiosk, GRID), loan(&kiosk, VOLUNTEER));
        let (figures, remarks) = stock(&kiosk, &[&one, &other]);
        assert_eq!(of(&figures, "打气筒"), Amount::Count(-1));
        assert_eq!(remarks, ["short"]);
        assert!(!one.state().closed && !other.state().closed, "both stand");
    }
}
