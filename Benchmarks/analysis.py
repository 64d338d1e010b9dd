#!/usr/bin/env python3
"""Measures reports beside PostgreSQL in one run: the same company on the same machine.

    python3 Benchmarks/analysis.py                    10 k, 100 k and 1 M deals: some 15 minutes
    python3 Benchmarks/analysis.py --deals 10000      a minute
    python3 Benchmarks/analysis.py --keep /var/tmp/k  companies and clusters are made once and kept there

A company is made by `.build/release/company` with its tables for COPY. Each question is asked of the
one and of the other in turn over one connection; the median of the times is told. Time of the server:
PostgreSQL's is what EXPLAIN ANALYZE says it took to plan and execute; pipelined's the time for a number of
requests sent at once on one connection, divided by their number, TLS, parsing and replies included.
"""

import argparse
import contextlib
import datetime
import os
import pathlib
import pwd
import re
import shutil
import statistics
import subprocess
import tempfile
import time

from servers import PASSWORD, ROOT, Pipelined
from wire import Wire
from works import Programs

POSTGRES = pathlib.Path("/usr/lib/postgresql/15/bin")
SIZES = {10_000: (100, 500), 100_000: (500, 5_000), 1_000_000: (2_000, 20_000)}
TABLES = ("unit", "person", "customer", "rate", "stage", "deal", "event", "deal_version")
INDEXES = """
    CREATE INDEX ON deal (unit) WHERE outcome = 'open';
    CREATE INDEX ON deal (product, industry);
    CREATE INDEX ON deal (owner);
    CREATE INDEX ON deal (customer);
    CREATE INDEX ON deal_version (until_at, from_at);
    CREATE INDEX ON deal_version (deal);
    CREATE INDEX ON event (deal);
    CREATE INDEX ON unit (parent);
    VACUUM ANALYZE;
"""
SUBTREE = """WITH RECURSIVE below AS (
    SELECT {unit} AS id UNION ALL SELECT u.id FROM unit u JOIN below ON u.parent = below.id) """
JOINED = """ JOIN stage s ON s.version = d.version AND s.stage = d.stage
    JOIN rate r ON r.currency = d.currency """
FUNNEL = f"""SELECT s.key, count(*), sum(d.amount * r.rate), sum(d.amount * r.rate * s.win_rate)
    FROM deal d {JOINED} WHERE d.outcome = 'open' AND s.process = 'bid' {{where}} GROUP BY s.key"""
FORECAST = f"""SELECT count(*), sum(d.amount * r.rate * s.win_rate), sum(s.win_rate),
    sqrt(sum((d.amount * r.rate) ^ 2 * s.win_rate * (10000 - s.win_rate)))
    FROM deal d {JOINED} WHERE d.outcome = 'open' {{where}}"""
HISTORY = f"""SELECT s.key, count(*), sum(d.amount * r.rate), sum(d.amount * r.rate * s.win_rate)
    FROM deal_version d {JOINED} WHERE d.outcome = 'open' AND s.process = 'bid'
    AND d.from_at < '{{day}} 16:00Z' AND d.until_at >= '{{day}} 16:00Z' GROUP BY s.key"""
WITHIN = "AND d.unit IN (SELECT id FROM below)"
FILTER = "AND d.product = 'product-3' AND d.industry = 'energy'"


class Postgres:
    """A cluster of its own in a directory that goes with it; reached by a socket there."""

    def __init__(self, directory: pathlib.Path):
        self.directory = directory
        self.owner = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name

    def _as_owner(self, *command: object) -> None:
        words = [str(word) for word in command]
        if os.getuid() == 0:
            words = ["runuser", "-u", self.owner, "--", *words]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd="/")

    def start(self, tables: pathlib.Path) -> None:
        """With the tables loaded, if they are not there yet."""
        if not (self.directory / "loaded").exists():
            shutil.rmtree(self.directory, ignore_errors=True)
            self._initialise()
            self._start()
            self._load(tables)
            (self.directory / "loaded").touch()
        else:
            self._start()

    def _initialise(self) -> None:
        self.directory.mkdir()
        shutil.chown(self.directory, self.owner)
        data = self.directory / "data"
        self._as_owner(POSTGRES / "initdb", "-D", data, "-A", "trust", "-U", "postgres")
        settings = {
            "listen_addresses": "", "unix_socket_directories": self.directory,
            "shared_buffers": "2GB", "work_mem": "256MB", "maintenance_work_mem": "512MB",
            "effective_cache_size": "6GB", "max_wal_size": "8GB", "random_page_cost": "1.1",
        }
        with open(data / "postgresql.conf", "a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())

    def _start(self) -> None:
        data, log = self.directory / "data", self.directory / "log"
        self._as_owner(POSTGRES / "pg_ctl", "-D", data, "-l", log, "-t", "300", "-w", "start")

    def stop(self) -> None:
        self._as_owner(
            POSTGRES / "pg_ctl", "-D", self.directory / "data", "-m", "fast", "stop")

    def query(self, sql: str) -> str:
        command = ["psql", "-h", self.directory, "-U", "postgres", "-qAt", "-v", "ON_ERROR_STOP=1"]
        return subprocess.run(
            command, input=sql, check=True, capture_output=True, text=True).stdout

    def _load(self, tables: pathlib.Path) -> None:
        self.query((ROOT / "Benchmarks/schema.sql").read_text())
        for table in TABLES:
            self.query(f"\\copy {table} from '{tables / table}.tsv'")
        self.query(INDEXES)

    def milliseconds(self, sql: str, times: int) -> list[float]:
        """Planning and execution, after one run to warm up."""
        said = self.query(f"EXPLAIN (ANALYZE, TIMING OFF, SUMMARY ON) {sql};\n" * (times + 1))
        planned = re.findall(r"Planning Time: ([\d.]+) ms", said)[1:]
        ran = re.findall(r"Execution Time: ([\d.]+) ms", said)[1:]
        return [float(plan) + float(run) for plan, run in zip(planned, ran, strict=True)]


class Company(Pipelined):
    """A daemon on a company that was made before."""

    user = "admin"
    start_seconds = 600

    def make(self, deals: int, tables: pathlib.Path) -> None:
        """If it is not there yet."""
        if (self.directory / "made").exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)
        units, persons = SIZES.get(deals, (100, 500))
        subprocess.run(
            [
                *(pathlib.Path(self.binary).with_name("company"), self.data, "--deals", str(deals)),
                *("--units", str(units), "--persons", str(persons), "--copy", tables),
                *("--password-file", self.password_file),
            ],
            check=True,
        )
        (self.directory / "made").touch()

    def connect(self) -> Wire:
        return Wire(self.port, self.tls / "ca.pem", "admin", PASSWORD)


def timed(connection: Wire, command: str, count: int = 1) -> float:
    """Milliseconds for each of the requests sent at once."""
    began = time.perf_counter()
    if count > 1:
        connection.repeat(command, count)
        return (time.perf_counter() - began) * 1e3 / count
    replies = connection.run_all([command])
    spent = (time.perf_counter() - began) * 1e3
    if replies.startswith(b"-"):
        raise SystemExit(f"{command}: {replies.decode()}")
    return spent


def questions(
    units: int, three_months_ago: datetime.date
) -> list[tuple[str, str, str, float]]:
    """What is asked: a title, ours, theirs, and the share of their time that is the goal."""
    asked = []
    for title, unit in [("company", 1), ("branch", 2), ("department", 15), ("team", units - 10)]:
        below, within = (SUBTREE.format(unit=unit), WITHIN) if unit > 1 else ("", "")
        asked.append((
            f"funnel, {title}", f"REPORT.FUNNEL PROCESS bid UNIT u{unit}",
            below + FUNNEL.format(where=within), 1e-3))
        asked.append((
            f"forecast, {title}", f"REPORT.FORECAST UNIT u{unit}",
            below + FORECAST.format(where=within), 1e-3))
    filters = "PRODUCT product-3 INDUSTRY energy"
    asked.append((
        "funnel by two filters", f"REPORT.FUNNEL PROCESS bid {filters}",
        FUNNEL.format(where=FILTER), 1e-1))
    asked.append((
        "forecast by two filters", f"REPORT.FORECAST {filters}",
        FORECAST.format(where=FILTER), 1e-1))
    asked.append((
        "funnel as of three months ago", f"REPORT.FUNNEL PROCESS bid ASOF {three_months_ago}",
        HISTORY.format(day=three_months_ago), 1e-1))
    return asked


def write_percentile(
    programs: Programs, company: Company, seconds: float, keys: int, reports: list[str]
) -> float:
    """The 99th percentile of durable writes in milliseconds, one after the other on four connections, while
    two others ask for reports without a pause."""
    writes = ["--connections", "4", "--seconds", str(seconds), "--keys", str(keys), "--"]
    asked = ["--connections", "2", "--seconds", str(seconds + 1), "--"]
    asked += " , ".join(reports).split()
    with contextlib.ExitStack() as stack:
        writing = stack.enter_context(
            programs.ready("load", company, *writes, "OPP.NOTE", "o__rand_int__", "note"))
        if reports:
            asking = stack.enter_context(programs.ready("load", company, *asked))
            programs.start(asking)
            time.sleep(0.5)
        programs.start(writing)
        result = programs.result(writing, company)
        if reports:
            programs.result(asking, company)
    return result["p99_us"] / 1e3


def measure(deals: int, options: argparse.Namespace, directory: pathlib.Path) -> None:
    company = Company(directory / "pipelined", options.binary)
    postgres = Postgres(directory / "postgres")
    tables = directory / "tables"
    company.make(deals, tables)
    try:
        postgres.start(tables)
        company.start()
        with contextlib.closing(company.connect()) as connection:
            print(f"\n{deals:,} deals, {company.resident_bytes() / 2**20:,.0f} MiB resident")
            print(f"  {'':<34}{'pipelined ms':>14}{'postgres ms':>14}{'ratio':>10}{'goal':>8}")
            ago = datetime.date.today() - datetime.timedelta(days=91)
            for title, ours, theirs, goal in questions(SIZES.get(deals, (100, 500))[0], ago):
                first = timed(connection, ours)
                count = max(1, min(200, int(100 / max(0.1, timed(connection, ours)))))
                mine = [timed(connection, ours, count) for _ in range(options.times)]
                other = postgres.milliseconds(theirs, options.times)
                one, two = statistics.median(mine), statistics.median(other)
                print(f"  {title:<34}{one:>14.3f}{two:>14.3f}{one / two:>10.5f}{goal:>8g}"
                      f"   (first {first:.1f} ms)")
            reports = [
                "REPORT.FUNNEL PROCESS bid", "REPORT.FUNNEL PROCESS bid PRODUCT product-3",
                "REPORT.FORECAST", "REPORT.FORECAST INDUSTRY energy", "REPORT.WINRATE PROCESS bid",
            ]
            programs = Programs(directory)
            pairs = [
                (
                    write_percentile(programs, company, options.seconds, deals, []),
                    write_percentile(programs, company, options.seconds, deals, reports),
                )
                for _ in range(options.pairs)
            ]
            alone, beside = (statistics.median(column) for column in zip(*pairs, strict=True))
            print(f"  p99 of durable writes: {alone:.2f} ms; while reports run: {beside:.2f} ms;"
                  f" ratio {beside / alone:.2f}, goal 1.5")
    finally:
        company.stop()
        postgres.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default=str(ROOT / ".build/release/pipelined"))
    parser.add_argument("--deals", type=int, nargs="*", default=sorted(SIZES))
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    for deals in options.deals:
        with contextlib.ExitStack() as stack:
            if options.keep:
                directory = options.keep / str(deals)
                directory.mkdir(parents=True, exist_ok=True)
            else:
                made = tempfile.TemporaryDirectory(prefix="pipelined-bench-", dir="/var/tmp")
                directory = pathlib.Path(stack.enter_context(made))
            # The cluster's owner must be able to enter it.
            os.chmod(directory, 0o755)
            measure(deals, options, directory)


if __name__ == "__main__":
    main()
