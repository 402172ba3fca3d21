//! What is in memory stays there.
//!
//! In: nothing. Out: a process of which the system writes no core dump. Must not: be trusted alone; whoever is the
//! machine's administrator reads any memory.

use std::io;

/// From now on no core dump of this process is written, neither as a file nor to a program that collects them: the
/// server's key and opened customers' data would be in it. On Linux other processes of the same user cannot read its
/// memory either. Elsewhere than on Unix it does nothing.
///
/// # Errors
/// When the system does not let it.
pub fn keep_out_of_dumps() -> io::Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        setrlimit(Resource::Core, none)?;
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    }
    Ok(())
}
