//! Pictures and embedded objects: bytes in hexadecimal or binary, which become members.

use super::*;

impl Parser<'_, '_, '_> {
    pub(super) fn picture(&mut self, blob: Blob) -> Result<(), Stop> {
        if blob.bytes.is_empty() || self.html.is_some() {
            return Ok(());
        }
        self.numbered += 1;
        let bytes = if blob.bitmap {
            ole::bitmap_file(blob.bytes)
        } else {
            blob.bytes
        };
        let extension = match extension(&bytes) {
            "bin" if !blob.extension.is_empty() => blob.extension,
            known => known,
        };
        if blob.over {
            self.sink.problem(
                "object-cut",
                "a picture is larger than 256 MiB; its beginning was kept",
            );
        }
        self.sink
            .embedded(&format!("picture-{}.{extension}", self.numbered), &bytes)
    }

    pub(super) fn object(&mut self, blob: Blob) -> Result<(), Stop> {
        if blob.bytes.is_empty() || self.html.is_some() {
            return Ok(());
        }
        self.numbered += 1;
        if blob.over {
            self.sink.problem(
                "object-cut",
                "an object is larger than 256 MiB; its beginning was kept",
            );
        }
        let class = std::mem::take(&mut self.object_class);
        let Some(object) = ole::ole1(&blob.bytes) else {
            return self
                .sink
                .embedded(&format!("object-{}.bin", self.numbered), &blob.bytes);
        };
        if let Some(link) = object.linked {
            self.note(Field::Other, &link, "linked object");
        }
        let class = if object.class.is_empty() {
            class
        } else {
            object.class
        };
        for (name, bytes) in ole::unwrap(&class, object.data, self.numbered) {
            self.sink.embedded(&name, &bytes)?;
        }
        Ok(())
    }

    // ---- text ----

    pub(super) fn binary(&mut self, data: &[u8]) {
        if self.state.dest == Dest::Data
            && let Some(blob) = self.blobs.last_mut()
        {
            let room = OBJECT.saturating_sub(blob.bytes.len());
            blob.over |= data.len() > room;
            blob.bytes
                .extend_from_slice(data.get(..room).unwrap_or(data));
        }
        self.skip = self.skip.saturating_sub(1);
    }

    pub(super) fn begin_data(&mut self, closing: Closing) {
        self.flush();
        if self.blobs.len() < FLOWS && matches!(self.state.closing, Closing::Nothing) {
            self.blobs.push(Blob::default());
            self.state.dest = Dest::Data;
            self.state.closing = closing;
        } else {
            self.state.dest = Dest::Skip;
        }
    }

    pub(super) fn blob_extension(&mut self, extension: &'static str) {
        if let Some(blob) = self.blobs.last_mut() {
            blob.extension = extension;
        }
    }
}
