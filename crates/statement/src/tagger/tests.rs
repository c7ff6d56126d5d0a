use super::*;

#[test]
fn weights_are_whole_and_find_names() {
    let text = Text::new("Ada Lovelace wrote to Charles Babbage in London.", &[]);
    let found: Vec<(Tag, &str)> = tag(&text)
        .iter()
        .map(|t| (t.tag, text.slice(t.bytes.clone())))
        .collect();
    assert_eq!(
        found,
        [
            (Tag::Person, "Ada Lovelace"),
            (Tag::Person, "Charles Babbage"),
            (Tag::Place, "London"),
        ]
    );
}

#[test]
fn broken_weights_find_nothing() {
    let mut found = Vec::new();
    for file in [&b""[..], b"TMT1", b"TMT1\xFF\0\0\0\0", &[0; 5000]] {
        Model::read(file).decode(
            std::slice::from_ref(&(0..1)),
            &mut |_, sink| sink(1),
            &mut found,
        );
    }
    assert!(found.is_empty());
}

#[test]
fn labels_follow_each_other_as_names_are_built() {
    // Begin needs an end; nothing goes on that did not begin.
    assert!(model::may_follow(0, 2) && model::may_follow(2, 4) && model::may_follow(4, 0));
    assert!(!model::may_follow(0, 4) && !model::may_follow(2, 0) && !model::may_follow(2, 8));
}
