//! The day: something fixed on the spot, something nobody takes care of, and the after-photo.

use super::stage::{Failure, Stage};
use super::{
    COLLEAGUE, Cases, DORMITORY, ENTRANCE_HEAD, INSPECTOR, MARKET, MARKET_HEAD, STREET, STREET_HEAD, must,
};
use crate::language::say;

/// Fixed in front of the inspector: half the deduction.
pub(super) fn on_the_spot(stage: &Stage, cases: &mut Cases) -> Result<(), Failure> {
    let language = stage.language;
    stage.scene(9, 5, &say!(language, "demo-spot"));
    stage.tell(&say!(
        language,
        "demo-spot-text",
        inspector = stage.name(COLLEAGUE)?,
        head = stage.name(STREET_HEAD)?,
    ));
    let recorded = stage.field(
        COLLEAGUE,
        &["record", "--point", STREET, "--standard", "S11", "柳林街非机动车乱停,占了盲道"],
    )?;
    recorded.text_at("/case")?.clone_into(&mut cases.bicycles);
    stage.clock.set(9, 12);
    stage.field(COLLEAGUE, &["rectify", &cases.bicycles, "--on-the-spot", "已现场摆放整齐"])?;
    // Who would be charged cannot say that it was fixed on the spot.
    stage.field_quietly(COLLEAGUE, &["sync"])?;
    stage.field_quietly(STREET_HEAD, &["sync"])?;
    must(status(stage, STREET_HEAD, &cases.bicycles)? == "rectified", "the head sees what was noted")?;
    must(status(stage, COLLEAGUE, &cases.rubbish)? == "acknowledged", "the inspector sees the answer")?;
    let store = stage.store(STREET_HEAD);
    let claimed = ["field", "--store", &store, "rectify", &cases.bicycles, "--on-the-spot", "已摆好"];
    must(stage.try_run(&claimed).is_err(), "a head cannot halve the own deduction")
}

/// An open bin that nobody closes today.
pub(super) fn left_alone(stage: &Stage, cases: &mut Cases) -> Result<(), Failure> {
    let language = stage.language;
    stage.scene(9, 40, &say!(language, "demo-bin"));
    stage.tell(&say!(language, "demo-bin-text", inspector = stage.name(COLLEAGUE)?));
    let photo = stage.photo("open-bin-upright.jpg");
    let recorded = stage.field(
        COLLEAGUE,
        &["record", "--point", DORMITORY, "--standard", "S02", "--photo", &photo, "垃圾桶敞着口,桶身脏污"],
    )?;
    recorded.text_at("/case")?.clone_into(&mut cases.bin);
    stage.field(COLLEAGUE, &["sync"])?;
    stage.field_quietly(STREET_HEAD, &["sync"])?;
    must(status(stage, STREET_HEAD, &cases.bin)? == "dispatched", "the head knows of the bin all day")
}

/// Bicycles at the market gate, put right in the afternoon.
pub(super) fn market(stage: &Stage, cases: &mut Cases) -> Result<(), Failure> {
    let language = stage.language;
    stage.scene(10, 15, &say!(language, "demo-market"));
    stage.tell(&say!(
        language,
        "demo-market-text",
        inspector = stage.name(INSPECTOR)?,
        head = stage.name(MARKET_HEAD)?,
    ));
    let photo = stage.photo("market-bicycles-disorder.jpg");
    let recorded = stage.field(
        INSPECTOR,
        &["record", "--point", MARKET, "--standard", "S11", "--photo", &photo, "早市门口自行车乱停"],
    )?;
    recorded.text_at("/case")?.clone_into(&mut cases.market);
    stage.field_quietly(INSPECTOR, &["sync"])?;
    stage.clock.set(15, 5);
    stage.field_quietly(MARKET_HEAD, &["sync"])?;
    stage.field(MARKET_HEAD, &["rectify", &cases.market, "已安排专人摆放"])?;
    stage.field_quietly(MARKET_HEAD, &["sync"])?;
    Ok(())
}

/// The rubbish is gone: after-photo, delivered with a receipt.
pub(super) fn rectify(stage: &Stage, cases: &Cases) -> Result<(), Failure> {
    let language = stage.language;
    stage.scene(15, 30, &say!(language, "demo-rectify"));
    stage.tell(&say!(language, "demo-rectify-text", name = stage.name(ENTRANCE_HEAD)?));
    let photo = stage.photo("south-entrance-clean-after.jpg");
    stage.field(ENTRANCE_HEAD, &["rectify", &cases.rubbish, "--photo", &photo, "垃圾已全部清运"])?;
    stage.field(ENTRANCE_HEAD, &["sync"])?;
    let shown = stage.field_quietly(ENTRANCE_HEAD, &["show", &cases.rubbish])?;
    must(
        shown.number_at("/delivery/photos_delivered")? == 1 && shown.number_at("/delivery/pending")? == 0,
        "the after-photo has its receipt",
    )
}

/// How far a case has come on somebody's device.
pub(super) fn status(stage: &Stage, person: &str, case: &str) -> Result<String, Failure> {
    Ok(stage.field_quietly(person, &["show", case])?.text_at("/status")?.to_owned())
}
