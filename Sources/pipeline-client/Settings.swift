/// Which server, as whom, believed how: the command line before the environment before the profile.
struct Settings: Equatable {
    var server: ServerAddress
    var user: String?
    var password: String?
    var authority: String?
    /// The profile that is used, or that `login` makes.
    var profile: String

    /// A stored password is for one login at one server only, so that `--host` or `--user` never
    /// carries it elsewhere. Reads `PIPELINED_PASSWORD_FILE` through `readFile`.
    init(
        _ options: Options, _ environment: [String: String], _ profiles: Profiles,
        readFile: (String) throws(Failure) -> String = PrivateFile.readShared
    ) throws(Failure) {
        func variable(_ name: String) -> String? {
            environment["PIPELINED_" + name].flatMap { $0.isEmpty ? nil : $0 }
        }
        let wanted = options.profile ?? variable("PROFILE")
        self.profile = wanted ?? Profiles.standardName
        let profile = profiles[self.profile]
        if let wanted, profile == nil, options.word != "login" {
            throw Failure(.usage, .noProfile, wanted)
        }
        let url = options.url ?? variable("URL")
        var server = ServerAddress(host: "localhost")
        if let url {
            server = try ServerAddress(url: url)
        } else if let profile {
            server = profile.address
        }
        if let host = options.host {
            server = ServerAddress(
                host: host, port: options.port ?? ServerAddress.defaultPort, user: server.user)
        }
        if let port = options.port { server.port = port }
        let isProfiles = profile?.address.endpoint == server.endpoint

        user = options.user ?? (url == nil ? nil : server.user) ?? variable("USER")
        if user == nil, isProfiles { user = profile?.address.user }
        authority = options.authority ?? variable("CACERT")
        if authority == nil, isProfiles { authority = profile?.authority }

        password = variable("PASSWORD")
        if password == nil, let path = variable("PASSWORD_FILE") {
            password = try Self.firstLine(readFile(path))
        }
        if password == nil, url != nil, user == server.user { password = server.password }
        if password == nil, isProfiles, user == profile?.address.user {
            password = profile?.password
        }
        server.user = user
        server.password = nil
        self.server = server
    }

    private static func firstLine(_ text: String) -> String {
        String(text.prefix { !$0.isNewline })
    }
}
