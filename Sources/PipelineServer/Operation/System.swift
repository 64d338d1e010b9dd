import Glibc

/// The machine.
enum System {
    /// One event loop for every two cores: loops take turns at the engine's lock, and the log, the
    /// passwords and the kernel need cores as well.
    static var usualLoopCount: Int { max(1, coreCount / 2) }

    /// Cores that the process may use.
    private static var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
