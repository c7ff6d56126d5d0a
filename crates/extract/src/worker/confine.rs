//! The walls around a process that reads strangers' files.
//!
//! Three kinds, each by itself enough for most attacks, so that a kernel without one still has
//! the others: resource limits (memory, CPU, no core dumps, no file growth), Landlock (no file, no
//! TCP port, no signal or abstract socket outside) and seccomp (an allow list of system calls; all
//! others fail with `EPERM`). The only file such a process can read is the one that was handed to
//! it as an open descriptor.

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreatedAttr, RulesetStatus, Scope,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch,
};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Address space of a worker, in bytes.
pub const MEMORY: u64 = 1 << 30;

/// Which walls stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walls {
    /// Caps on memory, open files, file growth and core dumps.
    pub limits: bool,
    /// Landlock is enforced (fully or as far as the kernel knows it).
    pub landlock: bool,
    /// The system-call filter is in place.
    pub seccomp: bool,
}

fn cap(resource: Resource, most: u64) -> bool {
    setrlimit(
        resource,
        Rlimit {
            current: Some(most),
            maximum: Some(most),
        },
    )
    .is_ok()
}

fn limits(memory: u64) -> bool {
    let all = [
        cap(Resource::As, memory),
        cap(Resource::Core, 0),
        cap(Resource::Fsize, 0),
        cap(Resource::Nofile, 64),
    ];
    all.into_iter().all(|done| done)
}

/// Landlock without any right but to read and execute below `readable`.
fn landlock(readable: &[&Path]) -> bool {
    let abi = ABI::V6;
    let build = || {
        let ruleset = Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(abi))?
            .handle_access(AccessNet::from_all(abi))?
            .scope(Scope::from_all(abi))?;
        let mut ruleset = ruleset.create()?;
        for path in readable {
            if let Ok(open) = PathFd::new(path) {
                ruleset = ruleset.add_rule(PathBeneath::new(open, AccessFs::from_read(abi)))?;
            }
        }
        ruleset.restrict_self()
    };
    let status: Result<_, landlock::RulesetError> = build();
    status.is_ok_and(|status| status.ruleset != RulesetStatus::NotEnforced)
}

fn filter(
    default: SeccompAction,
    listed: SeccompAction,
    calls: Vec<(i64, Vec<SeccompRule>)>,
) -> Option<BpfProgram> {
    let arch: TargetArch = std::env::consts::ARCH.try_into().ok()?;
    let filter = SeccompFilter::new(calls.into_iter().collect(), default, listed, arch).ok()?;
    filter.try_into().ok()
}

/// What a reader needs: memory, its own descriptors, time, randomness for hash tables, and to end.
fn reading_calls() -> Vec<(i64, Vec<SeccompRule>)> {
    let mut calls: Vec<(i64, Vec<SeccompRule>)> = [
        libc::SYS_read,
        libc::SYS_readv,
        libc::SYS_pread64,
        libc::SYS_write,
        libc::SYS_writev,
        libc::SYS_recvmsg,
        libc::SYS_recvfrom,
        libc::SYS_sendto,
        libc::SYS_sendmsg,
        libc::SYS_lseek,
        libc::SYS_close,
        libc::SYS_fstat,
        libc::SYS_mmap,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_madvise,
        libc::SYS_brk,
        libc::SYS_futex,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sigaltstack,
        libc::SYS_getrandom,
        libc::SYS_clock_gettime,
        libc::SYS_clock_nanosleep,
        libc::SYS_nanosleep,
        libc::SYS_sched_yield,
        libc::SYS_getpid,
        libc::SYS_getppid,
        libc::SYS_gettid,
        libc::SYS_exit,
        libc::SYS_exit_group,
        libc::SYS_restart_syscall,
        // What a thread does as it begins.
        libc::SYS_rseq,
        libc::SYS_set_robust_list,
        libc::SYS_sched_getaffinity,
    ]
    .into_iter()
    .map(|call| (call, Vec::new()))
    .collect();
    // Memory may change its protection but never become executable; a process may signal itself
    // (that is how `abort` ends), which `tgkill` to another process is kept from by Landlock.
    if let Ok(not_executable) = SeccompCondition::new(
        2,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::MaskedEq(libc::PROT_EXEC.unsigned_abs().into()),
        0,
    ) && let Ok(rule) = SeccompRule::new(vec![not_executable])
    {
        calls.push((libc::SYS_mprotect, vec![rule]));
    }
    let own = u64::from(std::process::id());
    if let Ok(itself) = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, own)
        && let Ok(rule) = SeccompRule::new(vec![itself])
    {
        calls.push((libc::SYS_tgkill, vec![rule]));
    }
    calls
}

/// First half, before the worker has threads: limits, and Landlock without any file.
pub(crate) fn before_threads() -> Walls {
    // A process whose memory other processes of the user may not read.
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    let limits = limits(MEMORY);
    Walls {
        limits,
        landlock: landlock(&[]),
        seccomp: false,
    }
}

/// Second half, for all threads: the system-call filter.
pub(crate) fn after_threads(walls: Walls) -> Walls {
    let refuse = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let program = filter(refuse, SeccompAction::Allow, reading_calls());
    let seccomp =
        program.is_some_and(|program| seccompiler::apply_filter_all_threads(&program).is_ok());
    Walls { seccomp, ..walls }
}

/// Walls around a program that is about to be started in place of this one (a text recogniser):
/// it may read system folders and `readable`, write nothing, and reach no network.
pub(crate) fn around_program(readable: &[&Path], memory: u64, cpu_seconds: u64) -> Walls {
    let limits = limits(memory) && cap(Resource::Cpu, cpu_seconds);
    let mut paths: Vec<&Path> = [
        "/usr",
        "/lib",
        "/lib64",
        "/bin",
        "/etc/ld.so.cache",
        "/etc/alternatives",
        "/nix",
        "/opt",
    ]
    .into_iter()
    .map(Path::new)
    .collect();
    paths.extend(readable);
    let landlock = landlock(&paths);
    let refuse = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let calls = [
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_connect,
        libc::SYS_bind,
        libc::SYS_listen,
        libc::SYS_accept4,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_bpf,
        libc::SYS_perf_event_open,
        libc::SYS_userfaultfd,
        libc::SYS_keyctl,
        libc::SYS_add_key,
        libc::SYS_mount,
        libc::SYS_unshare,
        libc::SYS_setns,
        libc::SYS_io_uring_setup,
        libc::SYS_kill,
    ];
    let calls = calls.into_iter().map(|call| (call, Vec::new())).collect();
    let program = filter(SeccompAction::Allow, refuse, calls);
    let seccomp =
        program.is_some_and(|program| seccompiler::apply_filter_all_threads(&program).is_ok());
    Walls {
        limits,
        landlock,
        seccomp,
    }
}
