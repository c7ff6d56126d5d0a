//! Reading a sealed file at any place.

use std::fmt;
use std::io::{self, BufRead, Read, Seek, SeekFrom};

use crate::chunk::{CHUNK, ChunkOpener, HEAD, Layout, SealError, read_head};
use crate::keys::FileKey;

/// The content of a sealed file, for reading at any place. One opened chunk is held.
///
/// Opening checks the head, the length and the last chunk, so [`SealedReader::len`] is authentic.
/// Damage elsewhere is told when it is reached: [`io::ErrorKind::InvalidData`] with a
/// [`SealError`] inside, never wrong bytes.
pub struct SealedReader<R> {
    from: R,
    opener: ChunkOpener,
    layout: Layout,
    /// The opened chunk, its tag after it.
    buffer: Vec<u8>,
    /// Which chunk the buffer holds, and how many bytes of content.
    held: Option<(u64, usize)>,
    /// Where the next byte is read, in the content.
    at: u64,
}

impl<R> fmt::Debug for SealedReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedReader")
            .field("len", &self.layout.plain_len())
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl<R: Read + Seek> SealedReader<R> {
    /// Opens a sealed file, whatever place `from` stands at, with the key of that file.
    ///
    /// # Errors
    /// The file cannot be read; or, with a [`SealError`] inside, it is not sealed, was cut off,
    /// or its last chunk does not open with this key.
    pub fn open(mut from: R, key: &FileKey) -> io::Result<Self> {
        let sealed = from.seek(SeekFrom::End(0))?;
        from.rewind()?;
        let head: [u8; HEAD] = read_head(&mut from)?.to_bytes();
        let layout = Layout::of_sealed(sealed)?;
        let mut reader = Self {
            from,
            opener: ChunkOpener::new(key, head)?,
            layout,
            buffer: Vec::new(),
            held: None,
            at: 0,
        };
        reader.hold(layout.chunks().saturating_sub(1))?;
        Ok(reader)
    }

    /// Bytes of the content.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.layout.plain_len()
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn into_inner(self) -> R {
        self.from
    }

    /// The content of a chunk, read and opened unless it is held already.
    fn hold(&mut self, chunk: u64) -> io::Result<&[u8]> {
        let held = match self.held {
            Some((held, len)) if held == chunk => len,
            _ => self.fetch(chunk)?,
        };
        Ok(self.buffer.get(..held).unwrap_or_default())
    }

    fn fetch(&mut self, chunk: u64) -> io::Result<usize> {
        let (place, sealed_len) = self.layout.place(chunk);
        let follows = self
            .held
            .is_some_and(|(held, _)| held.checked_add(1) == Some(chunk));
        self.held = None;
        // After the chunk before, the file stands at the right place already.
        if !follows {
            self.from.seek(SeekFrom::Start(place))?;
        }
        self.buffer.resize(sealed_len, 0);
        self.from.read_exact(&mut self.buffer).map_err(|error| {
            if error.kind() == io::ErrorKind::UnexpectedEof {
                SealError::TooShort.into()
            } else {
                error
            }
        })?;
        let last = self.layout.is_last(chunk);
        let len = self.opener.open(chunk, last, &mut self.buffer)?.len();
        self.held = Some((chunk, len));
        Ok(len)
    }
}

impl<R: Read + Seek> BufRead for SealedReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.len() {
            return Ok(&[]);
        }
        let (chunk, within) = (self.at / CHUNK as u64, (self.at % CHUNK as u64) as usize);
        let content = self.hold(chunk)?;
        Ok(content.get(within..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at = self.at.saturating_add(amount as u64);
    }
}

impl<R: Read + Seek> Read for SealedReader<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if to.is_empty() {
            return Ok(0);
        }
        let mut content = self.fill_buf()?;
        let count = content.read(to)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read + Seek> Seek for SealedReader<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.len().checked_add_signed(by),
        };
        self.at = target.ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, "a place before the beginning")
        })?;
        Ok(self.at)
    }
}
