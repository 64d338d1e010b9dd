import Glibc

/// The life of `serve`: listen, then follow the signals to the end (O-3).
public enum Daemon {
    /// Runs until it is told to stop; never returns.
    ///
    /// - Parameter reread: the configuration as it stands now, for SIGHUP.
    public static func run(
        _ configuration: Configuration, configFile: String, acceptDataLossAfter: UInt64?,
        reread: @escaping @Sendable () throws(ConfigurationError) -> Configuration
    ) throws(OperationError) -> Never {
        ServerLog.configure(level: configuration.logLevel, format: configuration.logFormat)
        for name in configuration.strangers {
            ServerLog.logger.warning("unknown variable ignored", metadata: ["name": "\(name)"])
        }
        var signals = Signals()
        let server = try Server.start(
            configuration, configFile: configFile, acceptDataLossAfter: acceptDataLossAfter)
        print(server.greeting)
        fflush(nil)
        while signals.next() == .reload { reload(server, configuration, reread) }
        NamedThread.start("stop") {
            server.stop()
            exit(ExitCode.success.rawValue)
        }
        while signals.next() == .reload {}
        _exit(ExitCode.forced.rawValue)
    }

    /// Takes over what may change while running; on any error everything stays as it was.
    private static func reload(
        _ server: Server, _ running: Configuration,
        _ reread: () throws(ConfigurationError) -> Configuration
    ) {
        do throws(ConfigurationError) {
            let configuration = try reread()
            ServerLog.configure(level: configuration.logLevel, format: configuration.logFormat)
            server.reloadCertificate(configuration.tls)
            for setting in configuration.awaitingRestart(since: running) {
                ServerLog.logger.warning(
                    "a setting changed that is taken up at the next start",
                    metadata: ["setting": "\(setting.rawValue)"])
            }
        } catch {
            ServerLog.logger.error(
                "the old configuration stays", metadata: ["error": "\(error)"])
        }
    }
}
