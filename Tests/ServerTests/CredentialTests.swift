import NIOPosix
import PipelineDomain
import Testing

@testable import PipelineServer

@Suite("Passwords")
struct CredentialTests {
    /// RFC 7914, section 12.
    @Test(
        "O-2: scrypt gives the vectors of RFC 7914",
        arguments: [
            ("", "", 4, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"),
            (
                "password", "NaCl", 10, 8, 16,
                "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
            ),
            (
                "pleaseletmein", "SodiumChloride", 14, 8, 1,
                "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
            ),
        ])
    func vectors(
        _ password: String, _ salt: String, _ logN: Int, _ r: Int, _ p: Int, _ start: String
    ) throws {
        let key = try Scrypt.key(
            password: Array(password.utf8), salt: Array(salt.utf8),
            cost: ScryptCost(logN: logN, r: r, p: p), byteCount: 64)
        #expect(ServerFacts.hexadecimal(key.prefix(32)) == start)
    }

    @Test("O-2: a password is stored as a PHC string of the standard cost and found again")
    func roundTrip() throws {
        let password = Array("correct horse".utf8)
        let hash = try PasswordHash(of: password)
        #expect(hash.phc.hasPrefix("$scrypt$ln=15,r=8,p=1$"))
        let read = try #require(PasswordHash(phc: hash.phc))
        #expect(read == hash)
        #expect(try read.matches(password))
        #expect(try !read.matches(Array("correct horsf".utf8)))
        #expect(try !read.matches([]))
        #expect(try PasswordHash(of: password).salt != hash.salt)
    }

    @Test(
        "O-2: a PHC string that is malformed or asks for too much is not read",
        arguments: [
            "", "$", "$scrypt$", "scrypt$ln=15,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
            "$argon2id$ln=15,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=21,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=20,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=15,r=33,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=15,r=8,p=17$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=0,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=-1,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=999999999999999999999,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$r=8,ln=15,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=15,r=8$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=15,r=8,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=15,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
            "$scrypt$ln=15,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=15,r=8,p=1$AAAAAAAAAAAAAAAAAAAAA!$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=15,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA$",
        ])
    func refused(_ phc: String) {
        #expect(PasswordHash(phc: phc) == nil)
    }

    @Test("O-2: a cheaper PHC string within the bounds is read")
    func cheaper() {
        let phc = "$scrypt$ln=4,r=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA"
        #expect(PasswordHash(phc: phc)?.phc == phc)
    }

    @Test("P-4: no password is right for the hash that unknown logins are checked against")
    func decoy() throws {
        #expect(PasswordHash.decoy.cost == .standard)
        #expect(try !PasswordHash.decoy.matches([]))
    }

    @Test("O-2: Base64 without padding, both ways", arguments: 0..<40)
    func base64(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ 5) }
        #expect(Base64.decode(Array(Base64.encode(bytes).utf8)) == bytes)
    }
}

@Suite("Passwords found right lately")
struct RecentPasswordTests {
    @Test("O-2: only the very password is found again, and only for its own PHC string")
    func recent() {
        let recent = RecentPasswords()
        let right = Array("right".utf8)
        #expect(!recent.holds(right, for: "phc"))
        recent.add(right, for: "phc")
        #expect(recent.holds(right, for: "phc"))
        #expect(!recent.holds(Array("wrong".utf8), for: "phc"))
        #expect(!recent.holds([], for: "phc"))
        #expect(!recent.holds(right, for: "another"))
        #expect(!RecentPasswords().holds(right, for: "phc"))
    }
}

@Suite("Logins that wait")
struct PasswordPoolTests {
    @Test("P-4: only so many logins wait at a time, whoever asks; a password known lately does not")
    func bounded() throws {
        let pool = PasswordPool(waitingMost: 3)
        let ann = PersonID(2)
        defer { pool.shutDown() }
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let right = Array("right-password".utf8)
        let phc = try PasswordHash(of: right).phc
        #expect(try pool.check(right, against: phc, of: ann, on: loop).wait() == true)
        let asked = (0..<8).map { _ in
            pool.check(Array("wrong".utf8), against: phc, of: ann, on: loop)
        }
        #expect(try pool.check(right, against: phc, of: ann, on: loop).wait() == true)
        let answers = try asked.map { try $0.wait() }
        #expect(answers.count { $0 == nil } >= 1 && answers.count { $0 == false } >= 3)
        #expect(!answers.contains(true))
        #expect(try pool.check([], against: nil, of: nil, on: loop).wait() == false)
    }

    @Test(
        "P-4: whoever waits in a line alone is let in though another line is full, and comes next")
    func apart() throws {
        let pool = PasswordPool(waitingMost: 3)
        defer { pool.shutDown() }
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let right = Array("right-password".utf8)
        let phc = try PasswordHash(of: right).phc
        let wrong = Array("wrong".utf8)
        let crowd = (0..<8).map { _ in pool.check(wrong, against: phc, of: PersonID(2), on: loop) }
        #expect(try pool.check(right, against: phc, of: PersonID(3), on: loop).wait() == true)
        #expect(try crowd.map { try $0.wait() }.contains(nil))
    }

    @Test("P-4: lines take turns, each in its order; one that was empty comes behind")
    func turns() {
        var lines = Lines<String, Int>()
        #expect(lines.next() == nil)
        for number in 1...4 { lines.add(number, to: "crowd") }
        lines.add(10, to: "one")
        #expect(lines.count == 5 && !lines.isEmpty("one") && lines.isEmpty("nobody"))
        #expect([lines.next(), lines.next(), lines.next()] == [1, 10, 2])
        lines.add(11, to: "one")
        #expect([lines.next(), lines.next(), lines.next(), lines.next()] == [3, 11, 4, nil])
        #expect(lines.count == 0 && lines.isEmpty("crowd"))
    }

    @Test("P-5: a login that finds too many before it is told so")
    func told() {
        var wire = Wire(authenticated: false)
        wire.send(["AUTH", "ann", "secret"])
        #expect(
            wire.tell(.overloaded)
                == "-BUSY too many passwords are being checked; try again in a moment\r\n")
        wire.send(["HELLO", "3", "AUTH", "ann", "secret"])
        #expect(wire.tell(.overloaded).hasPrefix("-BUSY "))
        #expect(wire.machine.identity == nil)
    }
}
