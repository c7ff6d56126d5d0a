//! Stands in for the crate `openssl-src` when `openssl-sys` asks for a vendored OpenSSL.
//!
//! SQLCipher needs `libcrypto`. Building OpenSSL takes minutes; most machines of developers have
//! it. The published crates offer one or the other, chosen by a feature. This one looks first:
//! OpenSSL 3 or newer of the system where its headers and library are installed, else the
//! published `openssl-src` builds it with a C compiler, perl and make.
//!
//! `TUMEN_VENDORED_OPENSSL=1` skips the search (release builds that must not depend on the
//! system). A build for another machine than this one never takes this machine's library.
//! See `docs/decisions/0002-openssl.md`.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is to be built; only what `openssl-sys` uses of the published crate.
#[derive(Default)]
pub struct Build {
    config_dir: Option<PathBuf>,
}

/// Where headers and libraries are.
pub struct Artifacts {
    include_dir: PathBuf,
    lib_dir: PathBuf,
}

impl Build {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Where a built OpenSSL looks for its configuration; no matter to the system's own.
    pub fn openssl_dir<P: AsRef<Path>>(&mut self, path: P) -> &mut Self {
        self.config_dir = Some(path.as_ref().to_owned());
        self
    }

    /// Finds or builds OpenSSL.
    ///
    /// # Panics
    /// The build from source fails, as the published crate does.
    pub fn build(&mut self) -> Artifacts {
        for name in ["TUMEN_VENDORED_OPENSSL", "PKG_CONFIG_PATH"] {
            println!("cargo:rerun-if-env-changed={name}");
        }
        let forced = env::var_os("TUMEN_VENDORED_OPENSSL").is_some_and(|value| value != "0");
        let native = env::var_os("TARGET") == env::var_os("HOST");
        if native
            && !forced
            && let Some(found) = from_pkg_config().or_else(from_usual_places)
        {
            return found;
        }
        let mut build = real::Build::new();
        if let Some(dir) = &self.config_dir {
            build.openssl_dir(dir);
        }
        let built = build.build();
        Artifacts {
            include_dir: built.include_dir().to_owned(),
            lib_dir: built.lib_dir().to_owned(),
        }
    }
}

impl Artifacts {
    #[must_use]
    pub fn include_dir(&self) -> &Path {
        &self.include_dir
    }

    #[must_use]
    pub fn lib_dir(&self) -> &Path {
        &self.lib_dir
    }
}

fn from_pkg_config() -> Option<Artifacts> {
    let ask = |question: &str| {
        let answer = Command::new("pkg-config").args([question, "libcrypto"]).output().ok()?;
        let text = String::from_utf8(answer.stdout).ok()?;
        answer.status.success().then(|| PathBuf::from(text.trim()))
    };
    ask("--atleast-version=3.0.0")?;
    checked(ask("--variable=includedir")?, ask("--variable=libdir")?)
}

fn from_usual_places() -> Option<Artifacts> {
    let arch = env::var("CARGO_CFG_TARGET_ARCH").unwrap_or_default();
    ["/usr", "/opt/homebrew/opt/openssl@3", "/usr/local/opt/openssl@3", "/usr/local"]
        .into_iter()
        .map(Path::new)
        .flat_map(|root| {
            let libs = [format!("lib/{arch}-linux-gnu"), "lib64".to_owned(), "lib".to_owned()];
            libs.map(|lib| (root.join("include"), root.join(lib)))
        })
        .find_map(|(include, lib)| checked(include, lib))
}

/// Headers of OpenSSL 3 or newer and a library to link, or nothing.
fn checked(include_dir: PathBuf, lib_dir: PathBuf) -> Option<Artifacts> {
    let version = std::fs::read_to_string(include_dir.join("openssl/opensslv.h")).ok()?;
    let major = version.lines().find_map(|line| {
        let rest = line.split_once("OPENSSL_VERSION_MAJOR")?.1;
        rest.split_whitespace().next()?.parse::<u32>().ok()
    })?;
    let names = ["libcrypto.so", "libcrypto.dylib", "libcrypto.a"];
    let linkable = names.iter().any(|name| lib_dir.join(OsStr::new(name)).exists());
    (major >= 3 && linkable && lib_dir.parent().is_some())
        .then_some(Artifacts { include_dir, lib_dir })
}
