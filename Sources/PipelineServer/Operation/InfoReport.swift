import PipelineProtocol

/// `INFO`: Redis 7.0's sections and field names, and one section of ours (P-4).
struct InfoReport {
    let facts: ServerFacts
    let counters: Counters.Snapshot
    let sequence: UInt64
    let durable: UInt64
    let isWritable: Bool
    /// Reminders and deadlines to come, and those that failed (N-5).
    let dues: (known: Int, setAside: Int)

    /// In Redis's order.
    private enum Section: String, CaseIterable {
        case server, clients, memory, persistence, stats, replication, cpu, modules, errorstats
        case cluster, keyspace, pipelined

        var title: String {
            switch self {
            case .cpu: "CPU"
            default: rawValue.prefix(1).uppercased() + rawValue.dropFirst()
            }
        }
    }

    /// The sections asked for, all if none is named; unknown ones say nothing.
    func text(_ request: Request) -> String {
        let everything: [StaticString] = ["all", "default", "everything"]
        let asksForAll =
            request.count == 1
            || (1..<request.count).contains { index in
                everything.contains { request.matches(index, $0) }
            }
        let wanted = Section.allCases.filter { section in
            asksForAll
                || (1..<request.count).contains { request.matches($0, section.rawValue) }
        }
        return wanted.map { section in
            "# \(section.title)\r\n" + lines(section).map { "\($0):\($1)\r\n" }.joined()
        }.joined(separator: "\r\n")
    }

    private func lines(_ section: Section) -> [(String, String)] {
        switch section {
        case .server: server
        case .clients: clients
        case .memory: memory
        case .persistence: persistence
        case .stats: stats
        case .replication: replication
        case .cpu: processor
        case .modules, .errorstats, .keyspace: []
        case .cluster: [("cluster_enabled", "0")]
        case .pipelined: pipelined
        }
    }

    private var uptimeSeconds: Int {
        Int(Clock.monotonicMilliseconds - facts.startedAt) / 1000
    }

    private var server: [(String, String)] {
        [
            ("redis_version", ServerIdentity.redisVersion), ("redis_git_sha1", "00000000"),
            ("redis_git_dirty", "0"), ("redis_build_id", "0"), ("redis_mode", "standalone"),
            ("os", ServerFacts.operatingSystem), ("arch_bits", "64"),
            ("monotonic_clock", "POSIX clock_gettime"), ("multiplexing_api", "epoll"),
            ("process_id", "\(ProcessIdentity.number)"), ("process_supervised", "no"),
            ("run_id", facts.runID), ("tcp_port", "\(facts.port)"),
            ("server_time_usec", "\(Clock.microseconds)"),
            ("uptime_in_seconds", "\(uptimeSeconds)"),
            ("uptime_in_days", "\(uptimeSeconds / 86400)"), ("hz", "10"),
            ("configured_hz", "10"), ("executable", ProcessIdentity.executable),
            ("config_file", facts.configFile), ("io_threads_active", "0"),
        ]
    }

    private var clients: [(String, String)] {
        [
            ("connected_clients", "\(counters.connections)"), ("cluster_connections", "0"),
            ("maxclients", "\(facts.maxClients)"), ("blocked_clients", "0"),
            ("tracking_clients", "0"), ("clients_in_timeout_table", "0"),
        ]
    }

    private var memory: [(String, String)] {
        let (resident, peak) = ServerFacts.memory
        let total = ServerFacts.totalMemory
        let percent = peak == 0 ? 0 : Double(resident) * 100 / Double(peak)
        return [
            ("used_memory", "\(resident)"), ("used_memory_human", Self.human(resident)),
            ("used_memory_rss", "\(resident)"), ("used_memory_rss_human", Self.human(resident)),
            ("used_memory_peak", "\(peak)"), ("used_memory_peak_human", Self.human(peak)),
            ("used_memory_peak_perc", "\(Self.decimal(percent, 2))%"),
            ("total_system_memory", "\(total)"),
            ("total_system_memory_human", Self.human(total)), ("maxmemory", "0"),
            ("maxmemory_human", "0B"), ("maxmemory_policy", "noeviction"),
            ("mem_fragmentation_ratio", "1.00"), ("mem_allocator", "libc"),
        ]
    }

    private var persistence: [(String, String)] {
        [
            ("loading", "0"), ("async_loading", "0"), ("rdb_changes_since_last_save", "0"),
            ("rdb_bgsave_in_progress", "0"), ("rdb_last_save_time", "\(facts.startedAtSeconds)"),
            ("rdb_last_bgsave_status", "ok"), ("rdb_last_bgsave_time_sec", "-1"),
            ("rdb_current_bgsave_time_sec", "-1"), ("aof_enabled", "1"),
            ("aof_rewrite_in_progress", "0"), ("aof_rewrite_scheduled", "0"),
            ("aof_last_rewrite_time_sec", "-1"), ("aof_current_rewrite_time_sec", "-1"),
            ("aof_last_bgrewrite_status", "ok"),
            ("aof_last_write_status", isWritable ? "ok" : "err"),
        ]
    }

    private var stats: [(String, String)] {
        [
            ("total_connections_received", "\(counters.connectionsEver)"),
            ("total_commands_processed", "\(counters.commands)"),
            ("total_net_input_bytes", "\(counters.bytesReceived)"),
            ("total_net_output_bytes", "\(counters.bytesSent)"),
            ("rejected_connections", "\(counters.connectionsRejected)"),
            ("expired_keys", "0"), ("evicted_keys", "0"),
            ("client_output_buffer_limit_disconnections", "\(counters.subscribersCutOff)"),
            ("total_error_replies", "\(counters.errors)"),
        ]
    }

    private var replication: [(String, String)] {
        [
            ("role", "master"), ("connected_slaves", "0"),
            ("master_failover_state", "no-failover"), ("master_replid", facts.runID),
            ("master_replid2", String(repeating: "0", count: 40)),
            ("master_repl_offset", "\(durable)"), ("second_repl_offset", "-1"),
            ("repl_backlog_active", "0"), ("repl_backlog_size", "0"),
            ("repl_backlog_first_byte_offset", "0"), ("repl_backlog_histlen", "0"),
        ]
    }

    private var processor: [(String, String)] {
        let (system, user) = ServerFacts.processorTime
        return [
            ("used_cpu_sys", Self.decimal(system, 6)), ("used_cpu_user", Self.decimal(user, 6)),
            ("used_cpu_sys_children", "0.000000"), ("used_cpu_user_children", "0.000000"),
        ]
    }

    private var pipelined: [(String, String)] {
        [
            ("pipelined_version", ServerIdentity.version), ("seq", "\(sequence)"),
            ("durable", "\(durable)"), ("writable", isWritable ? "1" : "0"),
            ("event_loops", "\(facts.eventLoops)"), ("recovered_records", "\(facts.recovered)"),
            ("due_times", "\(dues.known)"), ("due_set_aside", "\(dues.setAside)"),
        ]
    }

    // MARK: Numbers

    /// As Redis writes sizes: `1.66M`.
    static func human(_ bytes: Int) -> String {
        guard bytes >= 1024 else { return "\(bytes)B" }
        var value = Double(bytes) / 1024
        for unit in ["K", "M", "G"] {
            if value < 1024 { return decimal(value, 2) + unit }
            value /= 1024
        }
        return decimal(value, 2) + "T"
    }

    static func decimal(_ value: Double, _ places: Int) -> String {
        let scale = (0..<places).reduce(1) { product, _ in product * 10 }
        let scaled = Int((value * Double(scale)).rounded())
        let fraction = String(scaled % scale)
        return "\(scaled / scale)." + String(repeating: "0", count: places - fraction.count)
            + fraction
    }
}
