//! What hops and claims stand on: rows, documents, first tellers.

use supply::{Basis, Claim, ClaimId, Document, DocumentId, Evidence, Locus, Origin, OriginId};

use super::{Build, Source};
use crate::bill::number_key;
use crate::file::Content;
use crate::shipment::RowAt;
use crate::table::Place;

/// What a row says of its own document and first teller, and where it stands.
struct Told {
    place: Place,
    document: Option<String>,
    first_teller: Option<String>,
}

fn told(source: &Source, at: RowAt) -> Option<Told> {
    let (document, first_teller) = match &source.read.content {
        Content::Bills(rows) => {
            let row = rows.get(at.row)?;
            (row.document.clone(), row.first_teller.clone())
        }
        Content::Claims(rows) => {
            let row = rows.get(at.row)?;
            (row.document.clone(), row.first_teller.clone())
        }
        _ => (None, None),
    };
    Some(Told {
        place: source.read.place(at.row)?,
        document,
        first_teller,
    })
}

impl Build<'_> {
    pub(super) fn document(&mut self, key: &str, title: &str) -> DocumentId {
        if let Some(known) = self.documents.get(key) {
            return *known;
        }
        let new = DocumentId::of(self.out.network.documents.len());
        self.out.network.documents.push(Document {
            key: key.into(),
            title: title.into(),
        });
        self.documents.insert(key.to_owned(), new);
        new
    }

    pub(super) fn origin(&mut self, key: &str, name: &str) -> OriginId {
        if let Some(known) = self.origins.get(key) {
            return *known;
        }
        let new = OriginId::of(self.out.network.origins.len());
        self.out.network.origins.push(Origin {
            key: key.into(),
            name: name.into(),
        });
        self.origins.insert(key.to_owned(), new);
        new
    }

    /// The claim of one row. Its origin is the first teller it names, else the bill, else the document.
    pub(super) fn claim(&mut self, at: RowAt, basis: Basis, bill: Option<&str>) -> Option<ClaimId> {
        let sources = self.sources;
        let source = sources.get(at.file)?;
        let told = told(source, at)?;
        let document = match &told.document {
            Some(named) => self.document(named, named),
            None => self.document(&source.key, &source.title),
        };
        let origin = match (&told.first_teller, bill, &told.document) {
            (Some(teller), _, _) => self.origin(&format!("teller {teller}"), teller),
            (None, _, Some(named)) => self.origin(&format!("document {named}"), named),
            (None, Some(bill), None) => self.origin(
                &format!("bill {}", number_key(bill)),
                &format!("bill {bill}"),
            ),
            (None, None, None) => self.origin(&format!("document {}", source.key), &source.title),
        };
        let id = ClaimId::of(self.out.network.claims.len());
        self.out.network.claims.push(Claim {
            document,
            origin,
            basis,
            at: Locus::Row(told.place.row),
        });
        self.out.claim_rows.push((at, told.place));
        Some(id)
    }

    /// Any source is enough; of one source all rows are needed.
    pub(super) fn evidence(
        &mut self,
        sources: &[Vec<RowAt>],
        basis: Basis,
        bill: Option<&str>,
    ) -> Evidence {
        let mut any = Vec::new();
        for rows in sources {
            let mut all = Vec::new();
            // Ten thousand rows of one bill are one claim on their first.
            for at in rows.iter().take(16) {
                all.extend(self.claim(*at, basis, bill).map(Evidence::Claim));
            }
            any.push(match all.as_slice() {
                [one] => one.clone(),
                _ => Evidence::All(all.into()),
            });
        }
        match any.as_slice() {
            [one] => one.clone(),
            _ => Evidence::Any(any.into()),
        }
    }
}
