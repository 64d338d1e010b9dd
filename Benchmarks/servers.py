"""The two servers that are measured: started alike, over TLS with one certificate, on one disk."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
PASSWORD = "only for the benchmark"
TICKS = os.sysconf("SC_CLK_TCK")
DEALS = 10_000

PROCESS = {
    "name": "广告投标",
    "stages": [
        {"key": "chance", "name": "机会", "winRate": 10},
        {"key": "proposal", "name": "方案制定", "winRate": 40},
        {"key": "award", "name": "中标", "winRate": 90},
    ],
}


# One stage with a gate: every ADVANCE asks the superior.
ASK = {
    "name": "一步一问",
    "stages": [
        {"key": "open", "name": "洽谈", "winRate": 30, "gate": {"approval": "superior"}},
        {"key": "wrap-up", "name": "收尾", "winRate": 70},
    ],
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def encode(*arguments: object) -> bytes:
    values = [str(argument).encode() for argument in arguments]
    body = b"".join(b"$%d\r\n%b\r\n" % (len(value), value) for value in values)
    return b"*%d\r\n" % len(values) + body


class Server:
    """What both have in common: a process, a port, a user, and what it has cost so far."""

    name = ""
    user = ""
    publisher = ""
    start_seconds = 60

    def __init__(self, directory: pathlib.Path, tls: pathlib.Path):
        self.directory, self.tls, self.port = directory, tls, free_port()
        directory.mkdir(parents=True, exist_ok=True)
        self.password_file = directory / "password"
        self.password_file.touch(mode=0o600)
        self.password_file.write_text(PASSWORD + "\n")
        self.process: subprocess.Popen | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def start(self) -> None:
        with open(self.directory / "log", "ab") as log:
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + self.start_seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise SystemExit(f"{self.name} ended: see {self.directory}/log")
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"{self.name} did not listen within {self.start_seconds} s")

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)

    def cpu_seconds(self) -> float:
        """utime + stime of all its threads since it was started."""
        stat = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text()
        after_name = stat.rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / TICKS

    def resident_bytes(self) -> int:
        pages = pathlib.Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def redis_cli(self, *arguments: str, user: str | None = None, stdin: bytes = b"") -> str:
        command = ["redis-cli", "--tls", "--cacert", str(self.tls / "ca.pem"), "-h", "localhost"]
        command += ["-p", str(self.port), "--user", user or self.user, "-e", *arguments]
        environment = os.environ | {"REDISCLI_AUTH": PASSWORD}
        ran = subprocess.run(command, env=environment, input=stdin, capture_output=True)
        output = (ran.stdout + ran.stderr).decode()
        if ran.returncode != 0:
            raise SystemExit(f"{self.name}: redis-cli {' '.join(arguments)}: {output}")
        return output

    def load_batch(self, commands: list[bytes], user: str | None = None) -> None:
        said = self.redis_cli("--pipe", stdin=b"".join(commands), user=user)
        if f"errors: 0, replies: {len(commands)}" not in said:
            raise SystemExit(f"{self.name}: {said}")


class Pipelined(Server):
    name = "pipelined"
    user = "rep"
    publisher = "admin"
    # Who asks, and who is asked.
    asker, approver = "rep", "boss"
    new_request = ("OPP.CREATE", "方舟电子年度投放", "CUSTOMER", "c1", "PROCESS", "ask")
    # Executives viewer1 … viewer100, who hear of everything.
    viewer, viewers = "viewer", 100

    def __init__(self, directory: pathlib.Path, binary: str):
        self.binary, self.data = binary, directory / "data"
        super().__init__(directory, self.data / "tls")

    def init(self) -> None:
        command = [self.binary, "init", "--data", self.data, "--company", "Benchmark"]
        command += ["--admin", "admin", "--admin-password-file", self.password_file, "--dev-tls"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    def command(self) -> list[str]:
        listen = f"127.0.0.1:{self.port}"
        return [self.binary, "serve", "--data", str(self.data), "--listen", listen]

    def fill(self) -> None:
        """One rep who owns all deals, o1 … o10000, the rep's superior, and the executives."""

        def admin(*arguments: str) -> None:
            self.redis_cli(*arguments, user="admin")

        people = {"boss": ("ROLE", "manager"), "rep": ("SUPERIOR", "boss")}
        people |= {f"{self.viewer}{n}": ("ROLE", "executive") for n in range(1, self.viewers + 1)}
        self.load_batch(
            [
                encode(
                    *("PERSON.CREATE", login, "NAME", login, "UNIT", "u1", *more),
                    *("PASSWORD", PASSWORD),
                )
                for login, more in people.items()
            ],
            user="admin",
        )
        for key, process in (("bid", PROCESS), ("ask", ASK)):
            admin("PROCESS.PUT", key, json.dumps(process, ensure_ascii=False))
            admin("PROCESS.PUBLISH", key)
        admin("CUSTOMER.CREATE", "方舟电子", "TYPE", "enterprise")
        create = ("OPP.CREATE", "方舟电子年度投放", "CUSTOMER", "c1", "PROCESS", "bid")
        more = ("AMOUNT", "500000.00", "CUR", "CNY", "CLOSE", "2027-06-30", "SOURCE", "referral")
        more += ("PRODUCT", "campaign", "REGION", "east", "CHANNEL", "direct")
        self.load_batch([encode(*create, *more)] * DEALS)


class Redis(Server):
    name = "redis"
    user = "default"
    publisher = "default"

    def version(self) -> str:
        said = subprocess.run(["redis-server", "--version"], capture_output=True, text=True).stdout
        return said.split("v=")[1].split()[0]

    def command(self) -> list[str]:
        return [
            *("redis-server", "--port", "0", "--tls-port", str(self.port)),
            *("--bind", "127.0.0.1", "--dir", str(self.directory)),
            *("--tls-cert-file", str(self.tls / "cert.pem")),
            *("--tls-key-file", str(self.tls / "key.pem")),
            *("--tls-ca-cert-file", str(self.tls / "ca.pem"), "--tls-auth-clients", "no"),
            *("--requirepass", PASSWORD, "--appendonly", "yes", "--appendfsync", "always"),
            *("--auto-aof-rewrite-percentage", "0", "--save", ""),
        ]

    def fill(self) -> None:
        """Ten thousand hashes of twelve fields with the values that OPP.GET answers."""
        fields = (
            *("title", "方舟电子年度投放", "customer", "c1", "amount", "500000.00"),
            *("currency", "CNY", "close", "2027-06-30", "owner", "e2", "unit", "u1"),
            *("process", "bid", "stage", "chance", "outcome", "open"),
            *("enteredStage", "2026-11-22T02:35:00.000Z"),
        )
        self.load_batch(
            [encode("HSET", f"o{n:012}", "id", f"o{n}", *fields) for n in range(1, DEALS + 1)]
        )
