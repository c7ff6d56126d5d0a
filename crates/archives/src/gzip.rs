//! GZIP (RFC 1952): many members one after another, broken ones passed over.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// What the first member's header says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Header {
    pub(crate) name: Option<Vec<u8>>,
    pub(crate) modified: Option<String>,
}

enum State<R> {
    /// Between members.
    Idle(R),
    Member(Box<GzDecoder<R>>),
    Gone,
}

/// Reads the members of a gzip file as one stream. A broken member is told with one error;
/// reading on goes to the next one that can be found.
pub(crate) struct Members<R> {
    state: State<R>,
    /// Members begun so far.
    pub(crate) begun: u64,
    /// Other bytes stand after the last member.
    pub(crate) trailing: bool,
    pub(crate) header: Header,
    /// Look for the next member after a broken one.
    searching: bool,
}

impl<R: BufRead> Members<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self {
            state: State::Idle(inner),
            begun: 0,
            trailing: false,
            header: Header::default(),
            searching: false,
        }
    }

    /// Steps to the next member; `None` at the end.
    fn begin(&mut self, mut inner: R) -> io::Result<Option<GzDecoder<R>>> {
        loop {
            let near = inner.fill_buf()?;
            if near.is_empty() {
                self.state = State::Idle(inner);
                return Ok(None);
            }
            // A buffer may end inside the magic number: the decoder then says what is wrong.
            let magic = [0x1f, 0x8b, 0x08];
            let most = near.len().min(3);
            if near.get(..most) == magic.get(..most) {
                self.searching = false;
                self.begun += 1;
                return Ok(Some(GzDecoder::new(inner)));
            }
            if self.searching {
                let next = near.iter().skip(1).position(|&b| b == 0x1f);
                let passed = next.map_or(near.len(), |at| at + 1);
                inner.consume(passed);
                continue;
            }
            // Noughts pad tapes and blocks; anything else is not gzip.
            let noughts = near.iter().take_while(|&&b| b == 0).count();
            if noughts == 0 {
                self.trailing = true;
                self.searching = true;
                continue;
            }
            inner.consume(noughts);
        }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        loop {
            match std::mem::replace(&mut self.state, State::Gone) {
                State::Gone => return Ok(0),
                State::Idle(inner) => match self.begin(inner)? {
                    None => return Ok(0),
                    Some(member) => self.state = State::Member(Box::new(member)),
                },
                State::Member(mut member) => match member.read(into) {
                    Ok(done) => {
                        if self.begun == 1
                            && let Some(header) = member.header()
                        {
                            self.header = Header {
                                name: header.filename().map(<[u8]>::to_vec),
                                modified: crate::time::from_unix(i64::from(header.mtime())),
                            };
                        }
                        if done > 0 {
                            self.state = State::Member(member);
                            return Ok(done);
                        }
                        self.state = State::Idle(member.into_inner());
                    }
                    Err(error) => {
                        self.searching = true;
                        let mut inner = member.into_inner();
                        // Not to find the same member again.
                        let here = inner.fill_buf().map(<[u8]>::len).unwrap_or(0);
                        inner.consume(here.min(1));
                        self.state = State::Idle(inner);
                        return Err(error);
                    }
                },
            }
        }
    }
}
