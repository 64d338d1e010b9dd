"""What reaches subscribers: one change told to hundreds, what a few that read nothing cost the others,
and how soon a manager hears of a request among thousands who are connected."""

import dataclasses
import json
import selectors
import socket
import ssl
import statistics
import threading
import time

from servers import PASSWORD, Pipelined, Server, encode
from works import Figures, Programs

SUBSCRIBERS = 500
MESSAGES = 200
NOTE = "OPP.NOTE o1 赵兵约周三上午见面，预算已确认"


class Pushes:
    """One change told to 500 subscribers: a note on a deal, beside PUBLISH.

    Redis publishes as many bytes as a push of ours has, which the first run of ours finds out. The
    CPU contains the writing of the note, and its being made durable, too.
    """

    unit = "delivery"
    goal = "CPU ≤ 0.8"

    def __init__(self, title: str, channel: str, *options: str):
        self.title, self.channel, self.options = title, channel, options
        self.bytes_each = 300.0

    def line(self, server: Server) -> str:
        if server.name == "pipelined":
            return NOTE
        # The frame around a payload: *3, message, the channel and a length.
        return f"PUBLISH {self.channel} {'x' * max(1, round(self.bytes_each) - 36)}"

    def measure(self, programs: Programs, server: Server, _seconds: float) -> Figures:
        is_ours = server.name == "pipelined"
        options = ["--connections", str(SUBSCRIBERS), "--messages", str(MESSAGES)]
        options += ["--channel", self.channel, "--publisher", server.publisher, *self.options]
        if is_ours:
            server.redis_cli("INBOX.ACK", "UPTO", "1000000000")  # else they are told again
        user = None
        if is_ours and self.channel == "events":
            user = server.viewer
            options += ["--people", str(server.viewers)]
        with programs.ready("listen", server, *options, "--", self.line(server), user=user) as run:
            before = server.cpu_seconds()
            programs.start(run)
            result = programs.result(run, server)
            spent = server.cpu_seconds() - before
        if is_ours:
            self.bytes_each = result["bytes"]
        cpu_us = spent * 1e6 / result["requests"]
        return Figures(cpu_us, result["rate"], result["p50_us"], result["p99_us"])


PUSHES = [
    Pushes(f"push to {SUBSCRIBERS} subscribers, change upon change", "inbox"),
    Pushes(f"push to {SUBSCRIBERS} subscribers, each change heard by all first", "inbox", "--paced"),
    Pushes(
        f"events to {SUBSCRIBERS} subscribers, {Pipelined.viewers} people, change upon change", "events"
    ),
]


@dataclasses.dataclass(frozen=True)
class SlowSubscribers:
    """Subscribers of an inbox of whom a few read nothing: what the others notice of it, what it takes
    in memory, and whether the silent ones get everything once they come back (N-7)."""

    readers: int = 1900
    silent: int = 100
    messages: int = 600
    gap_us: int = 60_000
    # Together well beyond the cap and what the kernel keeps for a socket on loopback, 2.6 MB.
    text: str = "预算" * 1300

    def run(self, programs: Programs, server: Pipelined, silent: int) -> dict:
        server.redis_cli("INBOX.ACK", "UPTO", "1000000000")
        options = ["--connections", str(self.readers), "--messages", str(self.messages)]
        options += ["--channel", "inbox", "--publisher", server.publisher, "--returns"]
        options += ["--gap", str(self.gap_us), "--silent", str(silent)]
        with programs.ready("listen", server, *options, "--", f"OPP.NOTE o1 {self.text}") as run:
            before = server.resident_bytes()
            peak = Peak(server)
            programs.start(run)
            result = programs.result(run, server)
            result["growth"] = peak.end() - before
            result |= programs.result(run, server)
        return result

    def report(self, programs: Programs, server: Pipelined) -> None:
        without, beside = (self.run(programs, server, count) for count in (0, self.silent))
        ratio = beside["p99_us"] / without["p99_us"]
        each = (beside["growth"] - without["growth"]) / self.silent
        print(
            f"\n{self.readers + self.silent} subscribers, {self.silent} of whom read nothing;"
            f" {self.messages} notes of {beside['bytes']:.0f} bytes, one every"
            f" {self.gap_us / 1000:g} ms; goal: the others' p99 ≤ 2 ×\n"
            f"  p99 µs of the readers: {without['p99_us']:,} alone, {beside['p99_us']:,} beside the"
            f" silent ones: {ratio:.2f} × (p50 {without['p50_us']:,}, {beside['p50_us']:,})\n"
            f"  resident memory grew by {without['growth'] / 1e6:.0f} MB alone and by"
            f" {beside['growth'] / 1e6:.0f} MB beside them: {each / 1e6:.2f} MB for each\n"
            f"  cut off: {beside['cut']} of {self.silent}; on returning each was sent at least"
            f" {beside['replayed']} of {self.messages}"
        )
        if beside["cut"] != self.silent or beside["replayed"] != self.messages:
            raise SystemExit("a silent subscriber was not cut off, or lost something")


class Peak:
    """The most memory that a server takes until `end`, looked at every 20 ms."""

    def __init__(self, server: Server):
        self.server, self.most, self.is_over = server, server.resident_bytes(), False
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()

    def watch(self) -> None:
        while not self.is_over:
            self.most = max(self.most, self.server.resident_bytes())
            time.sleep(0.02)

    def end(self) -> int:
        self.is_over = True
        self.thread.join()
        return self.most


class Caller:
    """One TLS connection, greeted."""

    def __init__(self, server: Server, user: str):
        context = ssl.create_default_context(cafile=server.tls / "ca.pem")
        plain = socket.create_connection(("127.0.0.1", server.port))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = context.wrap_socket(plain, server_hostname="localhost")
        self.ask("AUTH", user, PASSWORD)

    def ask(self, *words: str) -> bytes:
        self.socket.sendall(encode(*words))
        reply = self.socket.recv(65536)
        if reply.startswith(b"-"):
            raise SystemExit(f"{words[0]}: {reply.decode()}")
        return reply


@dataclasses.dataclass(frozen=True)
class Approvals:
    """From the rep's answer, and from the rep's request, to the manager's socket, while others are
    connected and subscribed (the figure that a manager would notice)."""

    others: int = 2000
    requests: int = 500
    channel: str = "inbox"

    def report(self, programs: Programs, server: Pipelined) -> None:
        options = ["--connections", str(self.others), "--people", str(server.viewers)]
        options += ["--channel", self.channel, "--publisher", server.publisher, "--", NOTE]
        with programs.ready("listen", server, *options, user=server.viewer) as others:
            asked, answered = self.latencies(server)
            others.kill()
        told = " and told of every change" if self.channel == "events" else ""
        print(
            f"\napproval requests with {self.others} others subscribed to {self.channel}{told},"
            f" {self.requests} requests; goal: p99 ≤ 5 ms from the rep's answer"
        )
        for title, values in (("rep's answer", answered), ("rep's request", asked)):
            values.sort()
            print(
                f"  from the {title:<13} to the manager's socket, ms: "
                f"p50 {statistics.median(values) * 1e3:.2f},"
                f" p99 {values[len(values) * 99 // 100] * 1e3:.2f}, max {values[-1] * 1e3:.2f}"
            )

    def latencies(self, server: Pipelined) -> tuple[list[float], list[float]]:
        rep, manager = Caller(server, server.asker), Caller(server, server.approver)
        manager.ask("SUBSCRIBE", "inbox")
        time.sleep(0.5)
        drain(manager.socket)
        deal = rep.ask(*server.new_request).split(b"\r\n")[4].decode()
        asked, answered = [], []
        for _ in range(self.requests):
            began, answer, push = self.race(rep, manager, encode("OPP.ADVANCE", deal))
            asked.append(push - began)
            answered.append(push - answer)
            self.race(rep, manager, encode("OPP.RECALL", deal))
        return asked, answered

    @staticmethod
    def race(rep: Caller, manager: Caller, request: bytes) -> tuple[float, float, float]:
        """When it was sent, answered, and heard of."""
        with selectors.DefaultSelector() as selector:
            for caller in (rep, manager):
                selector.register(caller.socket, selectors.EVENT_READ, caller)
            began = time.perf_counter()
            rep.socket.sendall(request)
            arrivals: dict[Caller, float] = {}
            while len(arrivals) < 2:
                ready = selector.select(30)
                now = time.perf_counter()
                if not ready:
                    raise SystemExit("a request reached nobody within 30 s")
                for key, _ in ready:
                    reply = key.data.socket.recv(65536)
                    if reply.startswith(b"-"):
                        raise SystemExit(reply.decode())
                    arrivals.setdefault(key.data, now)
            return began, arrivals[rep], arrivals[manager]


def drain(connection: ssl.SSLSocket) -> None:
    connection.settimeout(0.2)
    try:
        while connection.recv(65536):
            pass
    except TimeoutError:
        pass
    connection.settimeout(None)
