"""The kinds of work that are measured, and how one run of each is."""

import contextlib
import dataclasses
import json
import pathlib
import subprocess
import time
from collections.abc import Iterator

from servers import DEALS, ROOT, Server

CONNECTIONS = 50
SOURCES = ROOT / "Benchmarks/load"


@dataclasses.dataclass(frozen=True)
class Figures:
    """What one run cost; latencies are None where nobody waits for an answer."""

    cpu_us: float
    rate: float
    p50_us: float | None = None
    p99_us: float | None = None


class Programs:
    """The two load programs, compiled into `directory`."""

    def __init__(self, directory: pathlib.Path):
        self.directory = directory
        for name in ("load", "listen"):
            sources = [str(SOURCES / f"{name}.c"), str(SOURCES / "wire.c")]
            flags = ["-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-o", directory / name]
            subprocess.run(["cc", *flags, *sources, "-lssl", "-lcrypto"], check=True)

    @contextlib.contextmanager
    def ready(
        self, name: str, server: Server, *options: str, user: str | None = None
    ) -> Iterator[subprocess.Popen]:
        """The program with all its connections greeted, waiting for its start."""
        command = [str(self.directory / name), "--port", str(server.port)]
        command += ["--cacert", str(server.tls / "ca.pem"), "--user", user or server.user]
        command += ["--password-file", str(server.password_file), *options]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen(command, text=True, **pipes) as running:
            if running.stdout.readline().strip() != "ready":
                raise SystemExit(f"{server.name}: {name} did not get ready")
            time.sleep(0.2)  # greetings that trail behind
            yield running
            running.stdin.close()

    @staticmethod
    def start(running: subprocess.Popen) -> None:
        running.stdin.write("go\n")
        running.stdin.flush()

    @staticmethod
    def result(running: subprocess.Popen, server: Server) -> dict:
        line = running.stdout.readline()
        if not line:
            raise SystemExit(f"{server.name}: the load failed")
        return json.loads(line)


@dataclasses.dataclass(frozen=True, eq=False)
class Requests:
    """A closed loop of one command on each server, `pipeline` at a time."""

    title: str
    commands: dict[str, tuple[str, ...]]
    pipeline: int
    goal: str
    unit = "request"

    def measure(self, programs: Programs, server: Server, seconds: float) -> Figures:
        options = ["--connections", str(CONNECTIONS), "--pipeline", str(self.pipeline)]
        options += ["--seconds", str(seconds), "--keys", str(DEALS), "--"]
        with programs.ready("load", server, *options, *self.commands[server.name]) as running:
            before = server.cpu_seconds()
            programs.start(running)
            result = programs.result(running, server)
            spent = server.cpu_seconds() - before
        cpu_us = spent * 1e6 / result["requests"]
        return Figures(cpu_us, result["rate"], result["p50_us"], result["p99_us"])


DEAL = "o__rand_int__"
CHANGES = ("title", "t__rand_int__", "region", "r__rand_int__")
CHANGES += ("channel", "c__rand_int__", "product", "p__rand_int__")
READ = {"pipelined": ("OPP.GET", DEAL), "redis": ("HGETALL", DEAL)}
WRITE = {"pipelined": ("OPP.UPDATE", DEAL, *CHANGES), "redis": ("HSET", DEAL, *CHANGES)}

WORKS = [
    Requests("read one: OPP.GET beside HGETALL", READ, 1, "CPU ≤ 1.0"),
    Requests("the same, 16 pipelined", READ, 16, "CPU ≤ 0.7"),
    Requests("durable write: OPP.UPDATE beside HSET", WRITE, 1, "rate ≥ 1.0, p50 ≤ 0.85"),
    Requests("the same, 16 pipelined", WRITE, 16, "rate ≥ 1.8"),
]
