#!/usr/bin/env python3
"""A million deals beside a million Redis hashes: starting, memory, replaying, writing during a snapshot.

    make bench                                      does this after the requests
    python3 Benchmarks/million.py --deals 100000    a smaller company

The deals are made by `company`, with ten records each and a year of business; Redis gets a hash of
twelve fields for each, and starts from its RDB. Starts take turns, so that a machine that slows down
meets both alike. Every figure is of processes that this script started itself.
"""

import argparse
import pathlib
import re
import shutil
import statistics
import subprocess
import time

from servers import PASSWORD, ROOT, Pipelined, Redis, encode
from works import Programs

BATCH = 10_000
ROUNDS = 5
SETTLE_SECONDS = 4  # the first look at what falls due is over by then
# A closed deal takes notes, and most are closed.
WRITE = ("OPP.NOTE", "o__rand_int__", "t__rand_int__")


class Million(Pipelined):
    """A company of that many deals, made without the daemon."""

    user = "admin"
    start_seconds = 600  # without a snapshot it replays ten million records

    def make(self, deals: int) -> float:
        command = [ROOT / ".build/release/company", self.data, "--deals", deals, "--events", 10]
        command += ["--units", 2000, "--persons", 20_000, "--password-file", self.password_file]
        began = time.perf_counter()
        subprocess.run(list(map(str, command)), check=True)
        return time.perf_counter() - began

    def records(self) -> int:
        return int(re.findall(r"records=(\d+)", (self.directory / "log").read_text())[-1])


class RedisFromRDB(Redis):
    """The same Redis without a log: it starts from its RDB."""

    def command(self) -> list[str]:
        words = super().command()
        words[words.index("--appendonly") + 1] = "no"
        return words

    def fill(self, deals: int) -> None:
        fields = (
            *("customer", "c1", "amount", "500000.00", "currency", "CNY", "close", "2027-06-30"),
            *("owner", "e2", "unit", "u1", "process", "bid", "stage", "chance", "outcome", "open"),
            *("enteredStage", "2026-11-22T02:35:00.000Z"),
        )
        for first in range(1, deals + 1, BATCH):
            numbers = range(first, min(first + BATCH, deals + 1))
            self.load_batch(
                [encode("HSET", f"o{n}", "title", f"方舟电子{n}年度投放", *fields) for n in numbers]
            )

    def start(self) -> None:
        """Redis listens before it has loaded."""
        super().start()
        while "loading:0" not in self.redis_cli("INFO", "persistence").splitlines():
            time.sleep(0.01)


def started(server: Pipelined | Redis) -> tuple[float, float, float]:
    """Seconds and CPU seconds until the server answers, and resident MB a while later."""
    began = time.perf_counter()
    server.start()
    seconds, cpu = time.perf_counter() - began, server.cpu_seconds()
    time.sleep(SETTLE_SECONDS)
    return seconds, cpu, server.resident_bytes() / 1e6


def end(server: Pipelined | Redis) -> None:
    server.process.kill()
    server.process.wait()


def p99(programs: Programs, server: Pipelined, deals: int, beside: str | None) -> float:
    """Microseconds of 50 writers for five seconds, with one snapshot after the other if asked for."""
    options = ["--connections", "50", "--seconds", "5", "--keys", str(deals), "--"]
    with programs.ready("load", server, *options, *WRITE) as running:
        programs.start(running)
        snapshots = None
        if beside:
            command = ["redis-cli", "--tls", "--cacert", str(server.tls / "ca.pem")]
            command += ["-h", "localhost", "-p", str(server.port), "--user", "admin"]
            command += ["-a", PASSWORD, "--no-auth-warning", "-r", "100", beside]
            snapshots = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        result = programs.result(running, server)
        if snapshots:
            snapshots.kill()
            snapshots.wait()
            # Waits for the one under way, which would be in what is measured next.
            server.redis_cli(beside)
    return result["p99_us"]


def table(title: str, ours: list[float], theirs: list[float], digits: int, goal: str) -> None:
    mine, other = statistics.median(ours), statistics.median(theirs)
    print(
        f"{title:<44}{mine:>12,.{digits}f}{other:>12,.{digits}f}{mine / other:>8.2f} ×"
        f"   goal ≤ {goal} ×"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default=str(ROOT / ".build/release/pipelined"))
    parser.add_argument("--deals", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--reuse", action="store_true", help="keep the company, or take the kept one")
    options = parser.parse_args()
    directory = ROOT / ".build-million"
    if not options.reuse:
        shutil.rmtree(directory, ignore_errors=True)
    is_new = not directory.exists()
    directory.mkdir(exist_ok=True)
    programs = Programs(directory)
    ours = Million(directory / "pipelined", options.binary)
    theirs = RedisFromRDB(directory / "redis", ours.tls)
    try:
        if is_new:
            print(f"making {options.deals:,} deals: {ours.make(options.deals):.0f} s", flush=True)
            theirs.start()
            theirs.fill(options.deals)
            theirs.redis_cli("SAVE")
            end(theirs)
        for snapshot in ours.data.glob("log/*.snapshot"):
            snapshot.unlink()
        # The first start has no snapshot: it replays every record.
        replayed, cpu, _ = started(ours)
        records = ours.records()
        print(
            f"\nA company of {options.deals:,} deals and {records:,} records:\nreplaying the whole log {replayed:.2f} s, {cpu:.2f} s of CPU:"
            f" {records / replayed:,.0f} records a second; goal ≥ 500,000"
        )
        ours.redis_cli("SNAPSHOT")
        end(ours)
        figures: dict[str, list[tuple[float, float, float]]] = {"pipelined": [], "redis": []}
        for number in range(options.rounds):
            for server in (ours, theirs) if number % 2 == 0 else (theirs, ours):
                figures[server.name].append(started(server))
                end(server)
        print(f"{'medians of ' + str(options.rounds):<44}{'pipelined':>12}{'redis':>12}")
        for place, title, digits, goal in (
            (0, "s to start from snapshot / RDB", 2, "1.0"),
            (1, "s of CPU for that", 2, "1.0"),
            (2, "MB resident after it", 0, "1.2"),
        ):
            mine, other = ([row[place] for row in figures[name]] for name in figures)
            table(title, mine, other, digits, goal)
        ours.start()
        without, during = [], []
        for _ in range(3):
            without.append(p99(programs, ours, options.deals, None))
            during.append(p99(programs, ours, options.deals, "SNAPSHOT"))
        print(f"\nµs, p99 of durable writes by 50 connections{'snapshots':>14}{'without':>12}")
        table("", during, without, 0, "2.0")
    finally:
        for server in (ours, theirs):
            server.stop()
    if not options.reuse:
        shutil.rmtree(directory)


if __name__ == "__main__":
    main()
