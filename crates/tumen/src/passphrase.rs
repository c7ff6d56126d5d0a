//! Where a secret comes from: a file that is named, or a prompt. Never an argument.

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use investigation::{Case, Failure, Unlock, Whose};

use crate::cli::Cli;
use crate::output::say;

/// No line that anybody types is longer.
const FAR: usize = 64 << 10;

/// The first line of a file, without its line end.
pub(crate) fn first_line(file: &Path) -> Result<String, Failure> {
    let unreadable = |error: std::io::Error| {
        let message = format!("`{}` cannot be read: {error}", file.display());
        Failure::new(Whose::You, "passphrase-file", message)
    };
    // Read in one piece and cut where it is: no copy is left behind when the secret is wiped.
    let mut line = String::with_capacity(FAR);
    std::fs::File::open(file)
        .and_then(|file| file.take(FAR as u64).read_to_string(&mut line))
        .map_err(unreadable)?;
    line.truncate(line.find(['\r', '\n']).unwrap_or(line.len()));
    if line.is_empty() {
        let message = format!("the first line of `{}` is empty", file.display());
        return Err(Failure::new(Whose::You, "passphrase-file", message));
    }
    Ok(line)
}

/// A file of identities, as far as one can be long.
fn identities(file: &Path) -> Result<String, Failure> {
    let mut content = Vec::with_capacity(FAR);
    std::fs::File::open(file)
        .and_then(|file| file.take(FAR as u64).read_to_end(&mut content))
        .map_err(|error| {
            let message = format!("`{}` cannot be read: {error}", file.display());
            Failure::new(Whose::You, "identity-file", message)
        })?;
    // One that is encrypted holds bytes that are no text, and shall be told as what it is.
    Ok(String::from_utf8(content)
        .unwrap_or_else(|binary| String::from_utf8_lossy(binary.as_bytes()).into_owned()))
}

fn named(given: Option<&Path>) -> Option<PathBuf> {
    given
        .map(Path::to_owned)
        .or_else(|| std::env::var_os("TUMEN_PASSPHRASE_FILE").map(PathBuf::from))
}

fn prompt(question: &str) -> Result<String, Failure> {
    let none = || {
        Failure::new(
            Whose::Locked,
            "no-passphrase",
            "a passphrase is needed and nobody can be asked",
        )
        .hint("name a file that holds it: `--passphrase-file FILE` or TUMEN_PASSPHRASE_FILE")
    };
    if !std::io::stdin().is_terminal() {
        return Err(none());
    }
    rpassword::prompt_password(format!("{question}: ")).map_err(|_| none())
}

/// What opens the case in `dir`.
pub(crate) fn unlock(cli: &Cli, dir: &Path) -> Result<Unlock, Failure> {
    if Case::is_plain_folder(dir)? {
        return Ok(Unlock::Plain);
    }
    if let Some(file) = &cli.recovery_file {
        return Ok(Unlock::Recovery(first_line(file)?.into()));
    }
    // What is typed goes before what the environment has.
    let identity = cli.identity.clone().or_else(|| {
        std::env::var_os("TUMEN_IDENTITY_FILE")
            .filter(|_| cli.passphrase_file.is_none())
            .map(PathBuf::from)
    });
    if let Some(file) = identity {
        return Ok(Unlock::Identities(identities(&file)?.into()));
    }
    match named(cli.passphrase_file.as_deref()) {
        Some(file) => Ok(Unlock::Passphrase(first_line(&file)?.into())),
        None if !Case::takes_passphrase(dir)? => {
            let message = "this case has no passphrase";
            Err(Failure::new(Whose::Locked, "no-identity", message)
                .hint("name what opens it: `--identity FILE`, TUMEN_IDENTITY_FILE or `--recovery-file FILE`"))
        }
        None => Ok(Unlock::Passphrase(prompt("Passphrase of the case")?.into())),
    }
}

/// A passphrase that is to be set: from `file`, else asked for twice.
pub(crate) fn new(file: Option<&Path>) -> Result<String, Failure> {
    let passphrase = match file {
        Some(file) => first_line(file)?,
        None => {
            let first = prompt("New passphrase")?;
            if prompt("Once more")? != first {
                let message = "the two passphrases differ; nothing was changed";
                return Err(Failure::new(Whose::You, "passphrases-differ", message));
            }
            first
        }
    };
    if passphrase.chars().count() < 10 {
        say!(
            "warning: this passphrase is short; four or five unrelated words are easy to keep and hard to guess"
        );
    }
    Ok(passphrase)
}

/// As [`for_new_case`], for a case that something else opens already: nobody is asked.
pub(crate) fn named_for_new_case(cli: &Cli) -> Result<Option<String>, Failure> {
    named(cli.passphrase_file.as_deref())
        .map(|file| new(Some(&file)))
        .transpose()
}

/// As [`new`], from the file that `new` takes: `--passphrase-file` or the environment.
pub(crate) fn for_new_case(cli: &Cli) -> Result<String, Failure> {
    new(named(cli.passphrase_file.as_deref()).as_deref())
}
