use super::*;

#[test]
fn similar_documents_are_found_and_their_renditions_kept() {
    let mut world = World::new();
    let print = |seed: u32, same: usize| -> [u32; 64] {
        std::array::from_fn(|at| {
            if at < same {
                at as u32
            } else {
                seed * 1000 + at as u32
            }
        })
    };
    let ids: Vec<DocumentId> = world.write(|tx| {
        let root = tx.root("/f", None)?;
        (0..4)
            .map(|number| {
                let (_, id) = take_in(tx, root, &number.to_string(), number)?;
                tx.put_fingerprint(
                    id,
                    &print(number as u32 + 1, [64, 60, 32, 0][number as usize]),
                )?;
                Ok(id)
            })
            .collect::<Result<_, StoreError>>()
    });
    let similar = world.ledger.similar(&print(9, 64)).unwrap();
    let found: Vec<_> = similar
        .iter()
        .map(|r| (r.document, (r.similarity * 64.0) as u32))
        .collect();
    assert_eq!(found, [(ids[0], 64), (ids[1], 60), (ids[2], 32)]);

    world.write(|tx| {
        tx.put_rendition(ids[1], ids[0], 0.9)?;
        tx.put_rendition(ids[0], ids[2], 0.5)?;
        // A new fingerprint takes the place of the old one.
        tx.put_fingerprint(ids[2], &print(7, 0))
    });
    let renditions = world.ledger.renditions(ids[0]).unwrap();
    assert_eq!(
        renditions.iter().map(|r| r.document).collect::<Vec<_>>(),
        [ids[1], ids[2]]
    );
    assert_eq!(world.ledger.renditions(ids[1]).unwrap()[0].document, ids[0]);
    assert_eq!(world.ledger.similar(&print(9, 64)).unwrap().len(), 2);
    world.write(|tx| tx.delete_document(ids[1]));
    assert_eq!(world.ledger.renditions(ids[0]).unwrap().len(), 1);
    assert_eq!(world.ledger.similar(&print(9, 64)).unwrap().len(), 1);
}
