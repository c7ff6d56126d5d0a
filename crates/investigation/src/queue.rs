//! Work that is shared among threads: files from a walk, and members that reading finds.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Files wait here while all threads are busy; more would only cost memory.
const WAITING: usize = 64;

pub(crate) struct Queue<F, M> {
    state: Mutex<State<F, M>>,
    changed: Condvar,
}

struct State<F, M> {
    files: VecDeque<F>,
    members: Vec<M>,
    feeding: bool,
    busy: usize,
    stopped: bool,
}

pub(crate) enum Work<F, M> {
    File(F),
    Member(M),
}

impl<F, M> Queue<F, M> {
    pub(crate) fn new() -> Self {
        let state = State {
            files: VecDeque::new(),
            members: Vec::new(),
            feeding: true,
            busy: 0,
            stopped: false,
        };
        Self {
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<F, M>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for room. False if all work has been called off.
    pub(crate) fn feed(&self, file: F) -> bool {
        let mut state = self.lock();
        while state.files.len() >= WAITING && !state.stopped {
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        if state.stopped {
            return false;
        }
        state.files.push_back(file);
        self.changed.notify_all();
        true
    }

    pub(crate) fn fed(&self) {
        self.lock().feeding = false;
        self.changed.notify_all();
    }

    /// Members go before files, the last found first: what is open stays small.
    pub(crate) fn add_members(&self, members: impl DoubleEndedIterator<Item = M>) {
        self.lock().members.extend(members.rev());
        self.changed.notify_all();
    }

    pub(crate) fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    /// The next piece of work; `None` when there will be no more.
    pub(crate) fn take(&self) -> Option<Work<F, M>> {
        let mut state = self.lock();
        loop {
            if state.stopped {
                return None;
            }
            let work = match state.members.pop() {
                Some(member) => Some(Work::Member(member)),
                None => state.files.pop_front().map(Work::File),
            };
            if let Some(work) = work {
                state.busy += 1;
                self.changed.notify_all();
                return Some(work);
            }
            if !state.feeding && state.busy == 0 {
                return None;
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    pub(crate) fn done(&self) {
        self.lock().busy -= 1;
        self.changed.notify_all();
    }
}

/// Room for what waits to be written, in bytes.
pub(crate) struct Room {
    most: usize,
    /// Bytes that wait; `None` when nobody is kept out any more.
    used: Mutex<Option<usize>>,
    freed: Condvar,
}

impl Room {
    pub(crate) const fn new(most: usize) -> Self {
        Self {
            most,
            used: Mutex::new(Some(0)),
            freed: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<usize>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the bytes fit in; more than all the room fits in when it is empty.
    pub(crate) fn enter(&self, bytes: usize) {
        let mut used = self.lock();
        while let Some(now) = *used {
            let after = now.saturating_add(bytes);
            if now == 0 || bytes == 0 || after <= self.most {
                *used = Some(after);
                return;
            }
            used = self
                .freed
                .wait(used)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    pub(crate) fn leave(&self, bytes: usize) {
        let mut used = self.lock();
        *used = used.map(|now| now.saturating_sub(bytes));
        drop(used);
        self.freed.notify_all();
    }

    /// Lets everybody in: what waits is thrown away.
    pub(crate) fn open(&self) {
        *self.lock() = None;
        self.freed.notify_all();
    }
}
