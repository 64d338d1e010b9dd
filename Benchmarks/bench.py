#!/usr/bin/env python3
"""Measures pipelined beside Redis in one run: same machine, same TLS, same disk, same load.

    make bench                         a release build, then this
    python3 Benchmarks/bench.py --rounds 9 --seconds 5

Each round measures every kind of work on one server and then on the other, and the next round
begins with the other one, so that a machine that slows down or warms up meets both alike.
"""

import argparse
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from pushes import MESSAGES, PUSHES, SUBSCRIBERS, Approvals, Pushes, SlowSubscribers
from servers import DEALS, ROOT, Pipelined, Redis, Server
from works import CONNECTIONS, WORKS, Figures, Programs, Requests


def spread(values: list[float], digits: int) -> str:
    low, middle, high = min(values), statistics.median(values), max(values)
    return "".join(f"{value:>12,.{digits}f}" for value in (low, middle, high))


def report(work: Requests | Pushes, ours: list[Figures], theirs: list[Figures]) -> None:
    print(f"\n{work.title}; goal: {work.goal} × Redis's")
    print(f"  {'':<34}{'min':>12}{'median':>12}{'max':>12}")
    labels = {
        "cpu_us": f"CPU µs/{work.unit}",
        "rate": "deliveries/s" if work.unit == "delivery" else "requests/s",
        "p50_us": "p50 µs",
        "p99_us": "p99 µs",
    }
    for field, label in labels.items():
        if getattr(ours[0], field) is None:
            continue
        digits = 2 if field == "cpu_us" else 0
        mine = [getattr(figures, field) for figures in ours]
        other = [getattr(figures, field) for figures in theirs]
        ratios = [ours_one / theirs_one for ours_one, theirs_one in zip(mine, other, strict=True)]
        print(f"  {label:<24}pipelined {spread(mine, digits)}")
        print(f"  {'':<24}redis     {spread(other, digits)}")
        print(f"  {'':<24}ratio     {spread(ratios, 2)}")


def sync_microseconds(directory: pathlib.Path) -> float:
    """Median time of an fdatasync after 4 KiB written over, on the disk that both servers use."""
    times = []
    with tempfile.NamedTemporaryFile(dir=directory) as file:
        file.write(bytes(4096 * 200))
        file.flush()
        os.fsync(file.fileno())
        for block in range(200):
            os.pwrite(file.fileno(), os.urandom(4096), block * 4096)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - began) * 1e6)
    return statistics.median(times)


def describe(directory: pathlib.Path, redis: Redis, options: argparse.Namespace) -> None:
    cpus = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(": ")[1] for line in cpus if line.startswith("model name")), "?")
    stat = ["stat", "-f", "-c", "%T", directory]
    kind = subprocess.run(stat, capture_output=True, text=True).stdout.strip()
    print(
        f"Machine: {os.cpu_count()} × {model}, Linux {platform.release()}; data on {kind}, where\n"
        f"an fdatasync of 4 KiB takes {sync_microseconds(directory):.0f} µs (median).\n"
        f"Beside: redis-server {redis.version()}, appendonly yes, appendfsync always.\n"
        f"Load: {CONNECTIONS} connections of one process over TLS 1.3 (AES-128-GCM for both),"
        f" closed loop,\n{options.rounds} alternating rounds of {options.seconds:g} s; {DEALS:,}"
        " deals, and as many hashes of 12 fields.\n"
        f"Pushes: {MESSAGES} changes to {SUBSCRIBERS} subscribers, as many bytes each; their p50 and"
        " p99 are from\nthe sending of a change to a subscriber's hearing of it.\n"
        "Server, load and disk share this machine's cores: requests/s and latencies are those of\n"
        "the pair and move with whatever else runs here; the CPU of a request, and the ratios\n"
        "within a round, move less. OPP.GET answers over 20 fields, HGETALL 12. The p50 and p99\n"
        "of pipelined work are those of a batch of 16."
    )


def rounds(
    works: list, programs: Programs, pair: tuple[Server, Server], options: argparse.Namespace
) -> dict:
    figures = {(work, server): [] for work in works for server in pair}
    for number in range(options.rounds):
        for work in works:
            for server in pair if number % 2 == 0 else reversed(pair):
                figures[work, server].append(work.measure(programs, server, options.seconds))
        print(f"round {number + 1} of {options.rounds} done", file=sys.stderr)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default=str(ROOT / ".build/release/pipelined"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--only", choices=["requests", "pushes"], help="the others are left out")
    options = parser.parse_args()

    # On the disk of the checkout: a temporary directory may lie in memory, where syncs are free.
    directory = ROOT / ".build-bench"
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    programs = Programs(directory)
    ours = Pipelined(directory / "pipelined", options.binary)
    ours.init()
    theirs = Redis(directory / "redis", ours.tls)
    try:
        for server in (ours, theirs):
            server.start()
            server.fill()
        describe(directory, theirs, options)
        works = [] if options.only == "pushes" else WORKS
        works = works + ([] if options.only == "requests" else PUSHES)
        figures = rounds(works, programs, (ours, theirs), options)
        for work in works:
            report(work, figures[work, ours], figures[work, theirs])
        print("\nRatio: pipelined ÷ redis, round by round.")
        if options.only != "requests":
            Approvals().report(programs, ours)
            Approvals(channel="events").report(programs, ours)
            SlowSubscribers().report(programs, ours)
    finally:
        for server in (ours, theirs):
            server.stop()
    shutil.rmtree(directory)


if __name__ == "__main__":
    main()
