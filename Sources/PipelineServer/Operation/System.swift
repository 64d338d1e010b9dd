import Glibc

/// The machine.
enum System {
    /// Cores that the process may use.
    static var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
