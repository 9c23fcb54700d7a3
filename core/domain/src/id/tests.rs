use super::*;

#[test]
fn a_hash_is_64_hexadecimal_digits() {
    let text = "00ff10".repeat(10) + "abcd";
    let hash: PhotoHash = text.parse().unwrap();
    assert_eq!(hash.to_string(), text);
    assert_eq!((hash.0[1], hash.0[31]), (0xff, 0xcd));
    for bad in
        ["", &text[1..], &text[2..], &(text.clone() + "00"), &text.replace('a', "g"), &text.replace('a', "ä")]
    {
        assert_eq!(bad.parse::<PhotoHash>(), Err(BadHash), "{bad}");
    }
}

#[test]
fn random_ids_are_version_4_and_written_as_uuids() {
    let id = EventId::from_random([0xff; 16]);
    assert_eq!(id.to_string(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    assert_eq!(id.to_string().parse(), Ok(id));
    assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{id}\""));
}

#[test]
fn a_draft_becomes_the_case_of_the_same_id() {
    let draft = DraftId::from_random([7; 16]);
    assert_eq!(draft.case().0, draft.0);
}
