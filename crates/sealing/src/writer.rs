//! Writing a sealed file.

use std::fmt;
use std::io::{self, Write};

use crate::chunk::{CHUNK, ChunkOpener, Head, SEALED_CHUNK};
use crate::{StreamKey, random};

/// Seals what is written to it, chunk by chunk.
///
/// [`SealedWriter::finish`] must be called: without it the last chunk is missing, and readers say
/// so. `flush` passes on full chunks only, since a chunk is sealed once.
pub struct SealedWriter<W: Write> {
    to: W,
    opener: ChunkOpener,
    /// Content of the chunk that is being filled; has room for the tag.
    buffer: Vec<u8>,
    chunk: u64,
    failed: bool,
}

impl<W: Write> fmt::Debug for SealedWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedWriter")
            .field("chunk", &self.chunk)
            .finish_non_exhaustive()
    }
}

impl<W: Write> SealedWriter<W> {
    pub(crate) fn begin(mut to: W, key: &StreamKey) -> io::Result<Self> {
        let head = Head {
            cipher: key.cipher(),
            salt: random::bytes()?,
        };
        let bytes = head.to_bytes();
        to.write_all(&bytes)?;
        Ok(Self {
            to,
            opener: ChunkOpener::new(&key.file_key(&head.salt), bytes)?,
            buffer: Vec::new(),
            chunk: 0,
            failed: false,
        })
    }

    /// Bytes of content so far.
    #[must_use]
    pub fn len(&self) -> u64 {
        let full = self.chunk.saturating_mul(CHUNK as u64);
        full.saturating_add(self.buffer.len() as u64)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What is written to.
    pub const fn get_ref(&self) -> &W {
        &self.to
    }

    fn seal_chunk(&mut self, last: bool) -> io::Result<()> {
        // After a failed write the file is of no use: part of a chunk may be out already.
        if std::mem::replace(&mut self.failed, true) {
            return Err(io::Error::other("an earlier write to a sealed file failed"));
        }
        let tag = self.opener.seal(self.chunk, last, &mut self.buffer)?;
        self.buffer.extend_from_slice(&tag);
        self.to.write_all(&self.buffer)?;
        self.buffer.clear();
        self.chunk = self.chunk.saturating_add(1);
        self.failed = false;
        Ok(())
    }

    /// Seals the last chunk and gives back what was written to.
    ///
    /// # Errors
    /// The last chunk cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.seal_chunk(true)?;
        self.to.flush()?;
        Ok(self.to)
    }
}

impl<W: Write> Write for SealedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        // A full chunk waits until more comes, for it might be the last.
        if self.buffer.len() >= CHUNK {
            self.seal_chunk(false)?;
        }
        let room = CHUNK.saturating_sub(self.buffer.len());
        let (now, _) = bytes.split_at(room.min(bytes.len()));
        if self.buffer.capacity() < SEALED_CHUNK && self.buffer.len() + now.len() > CHUNK / 8 {
            let missing = SEALED_CHUNK.saturating_sub(self.buffer.len());
            self.buffer.reserve_exact(missing);
        }
        self.buffer.extend_from_slice(now);
        Ok(now.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
