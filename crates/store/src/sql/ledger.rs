//! Opening the ledger, and transactions.

use std::collections::HashMap;
use std::io::Read;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use zeroize::Zeroizing;

use super::{journal, schema};
use crate::error::{StoreError, While};
use crate::log::Edge;
use crate::rows::{Act, Running};

/// The key of a ledger that keeps nothing secret: 32 letters that anybody may read. Its pages are
/// authenticated like those of any other, so a flipped bit is found wherever it is. Other
/// programs that know SQLCipher 4 open it with `PRAGMA key = "x'…'"` (these letters in
/// hexadecimal) and `PRAGMA cipher_page_size = 8192`.
pub const OPEN_KEY: [u8; 32] = *b"tumen: nothing here is secret. 1";

/// Bytes of a page: larger ones mean fewer authentication codes for the same data.
const PAGE: i64 = 8192;

/// A case's database: one connection.
///
/// Reading is done here; writing goes through [`Ledger::transaction`]. One process writes; others
/// (and other threads, each with its own `Ledger`) may read at the same time.
pub struct Ledger {
    pub(super) sql: Connection,
    pub(super) path: PathBuf,
    /// The right edge of the log's tree, as of the last transaction of this connection.
    pub(super) edge: Edge,
    pub(super) salt: [u8; 32],
    pub(super) formats: HashMap<String, i64>,
    /// Making one costs more than packing a short text, so it is kept.
    pub(super) packer: Option<zstd::bulk::Compressor<'static>>,
    stale: bool,
    /// What is wrong with the write-ahead log that was found on opening.
    pub(super) journal: Option<String>,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ledger")
            .field("log", &self.edge.size())
            .finish_non_exhaustive()
    }
}

/// A transaction in progress: everything that it writes is committed together, or not at all.
/// It reads, too, and sees what it has written.
pub struct Transaction<'a> {
    pub(super) ledger: &'a mut Ledger,
    pub(super) at: i64,
    pub(super) actor: i64,
    pub(super) who: [u8; 32],
    pub(super) change: u64,
}

impl Deref for Transaction<'_> {
    type Target = Ledger;
    fn deref(&self) -> &Ledger {
        self.ledger
    }
}

fn set_key(sql: &Connection, key: &[u8; 32]) -> Result<(), StoreError> {
    use std::fmt::Write;
    // SQLCipher reports failures to the caller; it need not also write to the terminal.
    sql.execute_batch("PRAGMA cipher_log_level = NONE")
        .during("giving the key")?;
    let mut statement = Zeroizing::new(String::with_capacity(100));
    statement.push_str("PRAGMA key = \"x'");
    for byte in key {
        // Writing to a string does not fail.
        let _ = write!(statement, "{byte:02x}");
    }
    statement.push_str("'\"");
    sql.execute_batch(&statement).during("giving the key")?;
    sql.execute_batch(&format!("PRAGMA cipher_page_size = {PAGE}"))
        .during("giving the key")
}

pub(super) fn connect(
    path: &Path,
    key: &[u8; 32],
    flags: OpenFlags,
) -> Result<Connection, StoreError> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let sql = Connection::open_with_flags(path, flags).during("opening the ledger")?;
    set_key(&sql, key)?;
    sql.busy_timeout(std::time::Duration::from_secs(10))
        .during("opening the ledger")?;
    sql.set_prepared_statement_cache_capacity(128);
    Ok(sql)
}

/// What is wrong with the write-ahead log beside the ledger.
fn journal_of(path: &Path) -> Result<Option<String>, StoreError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push("-wal");
    journal::examine(Path::new(&beside)).map_err(|error| StoreError::Disk {
        doing: "opening the ledger",
        detail: error.to_string(),
    })
}

fn configure(sql: &Connection) -> Result<(), StoreError> {
    sql.execute_batch(
        "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA mmap_size = 0;
         PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;",
    )
    .during("opening the ledger")?;
    // Without it SQLite plans a prepared statement anew whenever a value is bound that might
    // change the plan; our plans are right for all values, and planning costs more than they do.
    let option = rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG;
    sql.set_db_config(option, true)
        .map(drop)
        .during("opening the ledger")
}

fn number(sql: &Connection, question: &str) -> Result<i64, StoreError> {
    sql.query_row(question, [], |row| row.get(0))
        .during("opening the ledger")
}

impl Ledger {
    /// Makes the ledger of a new case. `key` is the raw key: there is no ledger without one, since
    /// it is the key that lets every page vouch for itself. A case that keeps nothing secret uses
    /// [`crate::OPEN_KEY`].
    ///
    /// # Errors
    /// There is a file already, or the disk refuses.
    pub fn create(path: &Path, key: &[u8; 32]) -> Result<Self, StoreError> {
        if path.exists() {
            return Err(StoreError::Exists(path.to_owned()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let sql = connect(path, key, flags)?;
        let doing = "making the ledger";
        sql.execute_batch(&format!("PRAGMA page_size = {PAGE}"))
            .during(doing)?;
        configure(&sql)?;
        sql.execute_batch("PRAGMA journal_mode = WAL; BEGIN IMMEDIATE")
            .during(doing)?;
        sql.execute_batch(schema::GROUND).during(doing)?;
        sql.execute_batch(schema::DECISIONS).during(doing)?;
        sql.execute_batch(schema::DERIVED).during(doing)?;
        sql.execute(
            "INSERT INTO setting(name, value) VALUES('salt', randomblob(32)), ('derived form', ?1)",
            params![schema::DERIVED_FORM],
        )
        .during(doing)?;
        sql.execute(
            "INSERT INTO log_head VALUES(0, 0, ?1)",
            params![crate::log::EMPTY_ROOT],
        )
        .during(doing)?;
        sql.execute_batch(&format!(
            "PRAGMA application_id = {}; PRAGMA user_version = {}; COMMIT",
            schema::APPLICATION,
            schema::FORM
        ))
        .during(doing)?;
        Self::ready(sql, path)
    }

    /// Opens the ledger for reading and writing; the caller holds the case's lock. What a killed
    /// run left in the write-ahead log is folded in, unless the log is damaged: then
    /// [`Ledger::verify`] tells so, as often as it is asked, until something is written.
    ///
    /// # Errors
    /// No such file, a wrong key, a newer form, or the disk refuses.
    pub fn open(path: &Path, key: &[u8; 32]) -> Result<Self, StoreError> {
        let journal = journal_of(path)?;
        let mut ledger = Self::open_as(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        if journal.is_some() {
            ledger.leave_journal()?;
        } else {
            // Leftovers of a transaction that was cut off would stand behind the frames of the
            // next one and look like damage. A reader in the way costs nothing but that.
            let _ = ledger.settle();
        }
        ledger.journal = journal;
        ledger.renew_derived()?;
        Ok(ledger)
    }

    /// Opens the ledger for reading, beside whoever writes.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub fn open_read_only(path: &Path, key: &[u8; 32]) -> Result<Self, StoreError> {
        // While somebody writes this may see half of a frame. It only decides what closing does.
        let journal = journal_of(path)?;
        // Read-only by pragma and not by flag: a reader of a WAL must be able to make its index.
        let ledger = Self::open_as(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        ledger
            .sql
            .execute_batch("PRAGMA query_only = ON")
            .during("opening the ledger")?;
        if journal.is_some() {
            ledger.leave_journal()?;
        }
        Ok(ledger)
    }

    /// Closing does not fold the write-ahead log into the file: of a damaged one that would take
    /// away the proof.
    fn leave_journal(&self) -> Result<(), StoreError> {
        let option = rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
        self.sql
            .set_db_config(option, true)
            .map(drop)
            .during("opening the ledger")
    }

    fn open_as(path: &Path, key: &[u8; 32], flags: OpenFlags) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing(path.to_owned()));
        }
        let mut head = [0; 16];
        let mut file = std::fs::File::open(path).map_err(|error| StoreError::Disk {
            doing: "opening the ledger",
            detail: error.to_string(),
        })?;
        let plain = file.read_exact(&mut head).is_ok() && head == *b"SQLite format 3\0";
        drop(file);
        if plain {
            return Err(StoreError::NotSealed);
        }
        let sql = connect(path, key, flags)?;
        match sql.query_row("SELECT count(*) FROM sqlite_schema", [], |row| {
            row.get::<_, i64>(0)
        }) {
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
                return Err(StoreError::WrongKey);
            }
            other => other.during("opening the ledger")?,
        };
        configure(&sql)?;
        if number(&sql, "PRAGMA application_id")? != schema::APPLICATION {
            return Err(StoreError::NotALedger);
        }
        let found = number(&sql, "PRAGMA user_version")?;
        if found > schema::FORM {
            return Err(StoreError::Newer {
                found,
                known: schema::FORM,
            });
        }
        if found < schema::FORM {
            // Form 2 added what people decide; nothing of form 1 changed.
            sql.execute_batch(&format!(
                "BEGIN IMMEDIATE; {} PRAGMA user_version = {}; COMMIT",
                schema::DECISIONS,
                schema::FORM
            ))
            .during("bringing the ledger to its new form")?;
        }
        Self::ready(sql, path)
    }

    fn ready(sql: Connection, path: &Path) -> Result<Self, StoreError> {
        let doing = "opening the ledger";
        let salt = sql
            .query_row("SELECT value FROM setting WHERE name = 'salt'", [], |row| {
                row.get(0)
            })
            .during(doing)?;
        let form = number(
            &sql,
            "SELECT value FROM setting WHERE name = 'derived form'",
        )?;
        Ok(Self {
            sql,
            path: path.to_owned(),
            edge: Edge::default(),
            salt,
            formats: HashMap::new(),
            packer: None,
            stale: form != schema::DERIVED_FORM,
            journal: None,
        })
    }

    /// Derived tables of another form are dropped: `rebuild` fills them again.
    fn renew_derived(&mut self) -> Result<(), StoreError> {
        if self.stale {
            self.drop_derived()?;
        }
        Ok(())
    }

    fn drop_derived(&mut self) -> Result<(), StoreError> {
        let doing = "renewing the derived tables";
        let renew = format!(
            "BEGIN IMMEDIATE; {} {} UPDATE setting SET value = {} WHERE name = 'derived form';
             INSERT INTO counter VALUES('rebuild', 1) ON CONFLICT DO UPDATE SET value = 1; COMMIT",
            schema::DROP_DERIVED,
            schema::DERIVED,
            schema::DERIVED_FORM
        );
        let done = self.sql.execute_batch(&renew);
        if done.is_err() && !self.sql.is_autocommit() {
            self.sql.execute_batch("ROLLBACK").during(doing)?;
        }
        done.during(doing)?;
        self.stale = false;
        Ok(())
    }

    /// Whether the derived tables were emptied and wait for `rebuild`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn needs_rebuild(&self) -> Result<bool, StoreError> {
        let waits = self
            .sql
            .query_row(
                "SELECT value FROM counter WHERE name = 'rebuild'",
                [],
                |row| row.get::<_, i64>(0),
            )
            .optional()
            .during("looking whether a rebuild is due")?;
        Ok(self.stale || waits.is_some_and(|value| value != 0))
    }

    /// Throws away everything derived (documents, texts, fingerprints); [`Ledger::needs_rebuild`]
    /// holds until [`Transaction::rebuilt`]. Search indexes must begin anew: the feed tells of no
    /// deletion.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn clear_derived(&mut self) -> Result<(), StoreError> {
        self.drop_derived()
    }

    /// Asks several questions of the ledger as it is at one moment, and sooner than one by one.
    ///
    /// # Errors
    /// Those of `ask`, or the database cannot be read.
    pub fn at_once<T, E: From<StoreError>>(
        &self,
        ask: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let doing = "reading the ledger";
        let run = |statement: &str| {
            let done = self.sql.prepare_cached(statement);
            done.and_then(|mut run| run.execute([])).during(doing)
        };
        run("BEGIN DEFERRED")?;
        let asked = ask();
        // Nothing was written: ending is all that it does.
        run("COMMIT")?;
        asked
    }

    /// Runs `work` in one transaction, with its log entries. If it fails nothing is kept.
    ///
    /// # Errors
    /// Those of `work`; another process writes; the disk is full or fails.
    pub fn transaction<T, E: From<StoreError>>(
        &mut self,
        act: &Act<'_>,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut tx = self.begin(act)?;
        let done = work(&mut tx).and_then(|value| tx.finish().map(|()| value).map_err(E::from));
        if done.is_err() {
            self.abandon();
        }
        done
    }

    fn begin(&mut self, act: &Act<'_>) -> Result<Transaction<'_>, StoreError> {
        let doing = "beginning a transaction";
        self.sql.execute_batch("BEGIN IMMEDIATE").during(doing)?;
        match self.begun(act) {
            Ok((actor, who, change)) => Ok(Transaction {
                ledger: self,
                at: act.at,
                actor,
                who,
                change,
            }),
            Err(error) => {
                self.abandon();
                Err(error)
            }
        }
    }

    fn begun(&mut self, act: &Act<'_>) -> Result<(i64, [u8; 32], u64), StoreError> {
        let doing = "beginning a transaction";
        self.load_edge()?;
        self.sql
            .prepare_cached("INSERT INTO actor(name) VALUES(?1) ON CONFLICT DO NOTHING")
            .and_then(|mut insert| insert.execute([act.who]))
            .during(doing)?;
        let actor: i64 = self
            .sql
            .prepare_cached("SELECT id FROM actor WHERE name = ?1")
            .and_then(|mut find| find.query_row([act.who], |row| row.get(0)))
            .during(doing)?;
        let change: i64 = self
            .sql
            .prepare_cached("SELECT value FROM counter WHERE name = 'change'")
            .and_then(|mut read| read.query_row([], |row| row.get(0)))
            .during(doing)?;
        Ok((actor, self.who(actor, act.who), change.cast_unsigned()))
    }

    /// Rolls back, and forgets what was remembered of the transaction.
    fn abandon(&mut self) {
        if !self.sql.is_autocommit() {
            // Where rolling back fails SQLite has done it already, or closing does it.
            let _ = self.sql.execute_batch("ROLLBACK");
            // A large transaction has spilled frames already. Behind those of the next one they
            // would look like damage to `journal::examine`.
            let _ = self.settle();
        }
        self.edge = Edge::default();
        self.formats.clear();
    }

    /// The number of a media type, given one if it is new.
    pub(super) fn format_number(&mut self, name: &str) -> Result<i64, StoreError> {
        if let Some(number) = self.formats.get(name) {
            return Ok(*number);
        }
        let doing = "noting a format";
        self.sql
            .execute(
                "INSERT INTO format(name) VALUES(?1) ON CONFLICT DO NOTHING",
                [name],
            )
            .during(doing)?;
        let number = self
            .sql
            .query_row("SELECT id FROM format WHERE name = ?1", [name], |row| {
                row.get(0)
            })
            .during(doing)?;
        if self.formats.len() < 10_000 {
            self.formats.insert(name.to_owned(), number);
        }
        Ok(number)
    }

    /// Folds the write-ahead log into the database file, so that the file alone is the ledger.
    /// Closing does the same if no one else has it open.
    ///
    /// # Errors
    /// A reader is in the way, or the disk fails.
    pub fn settle(&self) -> Result<(), StoreError> {
        let doing = "folding the write-ahead log into the ledger";
        let busy: i64 = self
            .sql
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
            .during(doing)?;
        if busy == 0 {
            Ok(())
        } else {
            Err(StoreError::Busy { doing })
        }
    }

    /// A consistent copy in one file, encrypted with `key` (that of this ledger), taken while
    /// others may read and write.
    ///
    /// # Errors
    /// `to` exists, the key is not this ledger's, or the disk refuses; `to` is then removed.
    pub fn backup(&self, to: &Path, key: &[u8; 32]) -> Result<(), StoreError> {
        if to.exists() {
            return Err(StoreError::Exists(to.to_owned()));
        }
        let copied = self.copy_to(to, key);
        if copied.is_err() {
            // The half-made copy is worth nothing; the ledger is untouched.
            let _ = std::fs::remove_file(to);
        }
        copied
    }

    fn copy_to(&self, to: &Path, key: &[u8; 32]) -> Result<(), StoreError> {
        use rusqlite::backup::{Backup, StepResult};
        let doing = "copying the ledger";
        // A wrong key would make a copy that no one can open.
        drop(Self::open_as(
            &self.path,
            key,
            OpenFlags::SQLITE_OPEN_READ_WRITE,
        )?);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let mut copy = connect(to, key, flags)?;
        {
            let backup = Backup::new(&self.sql, &mut copy).during(doing)?;
            match backup.step(-1).during(doing)? {
                StepResult::Done => {}
                _ => return Err(StoreError::Busy { doing }),
            }
        }
        // The copy must be whole without a file beside it.
        copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
            .during(doing)?;
        copy.execute_batch("PRAGMA synchronous = FULL")
            .during(doing)?;
        drop(copy);
        let sync = std::fs::File::open(to).and_then(|file| file.sync_all());
        sync.map_err(|error| StoreError::Disk {
            doing,
            detail: error.to_string(),
        })
    }

    /// The value of a setting.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let doing = "reading a setting";
        let value = self
            .sql
            .prepare_cached("SELECT value FROM setting WHERE name = 'case ' || ?1")
            .and_then(|mut read| {
                read.query_row([name], |row| row.get::<_, String>(0))
                    .optional()
            });
        value.during(doing)
    }

    /// How far the run that writes is, or the last one was when it was cut off.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn running(&self) -> Result<Option<Running>, StoreError> {
        let rows: HashMap<String, i64> = self
            .sql
            .prepare_cached("SELECT substr(name, 5), value FROM counter WHERE name LIKE 'run %'")
            .and_then(|mut read| {
                read.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                    .collect()
            })
            .during("reading how far the run is")?;
        let count = |name| rows.get(name).copied().unwrap_or(0).cast_unsigned();
        Ok(rows.get("begun").map(|begun| Running {
            begun: *begun,
            at: rows.get("at").copied().unwrap_or(*begun),
            files: (count("files"), count("of files")),
            bytes: (count("bytes"), count("of bytes")),
        }))
    }

    #[cfg(test)]
    pub(crate) fn raw(&self) -> &Connection {
        &self.sql
    }
}

impl Transaction<'_> {
    /// Gives a setting of the case a value; the log has the name and a commitment to the value.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        let leaf = self.witness_setting(name, value)?;
        self.sql
            .prepare_cached(
                "INSERT INTO setting VALUES('case ' || ?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET value = ?2, leaf = ?3",
            )
            .and_then(|mut put| put.execute(params![name, value, leaf]))
            .during("writing a setting")?;
        Ok(())
    }

    /// The derived tables are full again.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn rebuilt(&mut self) -> Result<(), StoreError> {
        self.sql
            .execute("DELETE FROM counter WHERE name = 'rebuild'", [])
            .during("noting the rebuild")?;
        Ok(())
    }

    /// Notes how far a run is, for whoever looks on; with the transaction, so that it never tells
    /// of more than is committed. `None` when the run has ended.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn note_run(&mut self, run: Option<Running>) -> Result<(), StoreError> {
        let doing = "noting how far the run is";
        let Some(run) = run else {
            self.sql
                .execute("DELETE FROM counter WHERE name LIKE 'run %'", [])
                .during(doing)?;
            return Ok(());
        };
        let mut put = self
            .sql
            .prepare_cached(
                "INSERT INTO counter VALUES('run ' || ?1, ?2) ON CONFLICT DO UPDATE SET value = ?2",
            )
            .during(doing)?;
        for (name, value) in [
            ("begun", run.begun),
            ("at", run.at),
            ("files", run.files.0.cast_signed()),
            ("of files", run.files.1.cast_signed()),
            ("bytes", run.bytes.0.cast_signed()),
            ("of bytes", run.bytes.1.cast_signed()),
        ] {
            put.execute(params![name, value]).during(doing)?;
        }
        Ok(())
    }

    pub(super) fn next_change(&mut self) -> i64 {
        self.change += 1;
        self.change.cast_signed()
    }

    fn finish(&mut self) -> Result<(), StoreError> {
        self.store_edge()?;
        self.sql
            .prepare_cached("UPDATE counter SET value = ?1 WHERE name = 'change'")
            .and_then(|mut put| put.execute([self.change.cast_signed()]))
            .during("committing")?;
        self.sql.execute_batch("COMMIT").during("committing")
    }
}
