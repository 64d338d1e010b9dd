"""A company with a year behind it, whose operator wants 90 days of it kept (W-9, W-11)."""

import os
import pathlib
import re
import subprocess
import time

import pytest
import redis

from daemon import ADMIN, BINARY, PASSWORDS, Daemon
from test_operation import REFUSED, tool

MAKER = pathlib.Path(os.environ.get("TEST_COMPANY", pathlib.Path(BINARY).parent / "company"))
# Two segments of 16 MiB and a part of the third.
DEALS = 75_000
DAYS = 90
SECONDS = 60


@pytest.fixture(scope="module")
def aged(tmp_path_factory):
    """The daemon of a company that entered deals for twelve months, made without waiting for them."""
    daemon = Daemon(tmp_path_factory.mktemp("aged"))
    secret = daemon.root / "password"
    secret.touch(mode=0o600)
    secret.write_text(PASSWORDS[ADMIN] + "\n")
    command = [MAKER, daemon.data, "--deals", str(DEALS), "--password-file", secret]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=600)
    yield daemon
    daemon.close()


def segments(daemon: Daemon) -> list[str]:
    return sorted(path.stem for path in daemon.data.glob("log/archive/*"))


def test_w9_history_older_than_the_operator_wants_is_dropped_and_nothing_else(aged):
    """W-9: dropped as a recorded event, told by an error that names the horizon; the company stays."""
    configuration = aged.root / "pipelined.conf"
    configuration.write_text(f"retention-days = {DAYS}\n")
    daemon = aged.serve("--config", str(configuration))
    with daemon.client() as admin:
        before = admin.execute_command("OPP.GET", "o1")
        assert admin.execute_command("OPP.HISTORY", "o1", "FROM", "1")
        for text in ("一", "二"):
            admin.execute_command("OPP.NOTE", f"o{DEALS}", text)
            admin.execute_command("SNAPSHOT")
        until(lambda: "older history was dropped" in daemon.log())
        first, since = re.findall(r"older history was dropped.*first=(\d+).*since=(\S+)", daemon.log())[0]
        assert int(first) > 1
        horizon = f"begins with record {first}"
        for words in (
            ("OPP.HISTORY", "o1", "FROM", "1"),
            ("AUDIT.LIST", "FROM", "1"),
            ("REPORT.FUNNEL", "PROCESS", "bid", "ASOF", "5"),
        ):
            with pytest.raises(redis.ResponseError, match=horizon):
                admin.execute_command(*words)
        assert "company.historyDropped" in str(admin.execute_command("AUDIT.LIST", "COUNT", "5"))
        assert admin.execute_command("OPP.GET", "o1") == before
        assert admin.execute_command("REPORT.FUNNEL", "PROCESS", "bid", "ASOF", first)
    # The files go an hour later, or after the next start.
    kept = segments(daemon)
    assert daemon.terminate() == 0
    daemon.serve("--config", str(configuration))
    with daemon.client() as admin:
        admin.execute_command("OPP.NOTE", f"o{DEALS}", "三")
        admin.execute_command("SNAPSHOT")
        until(lambda: segments(daemon) != kept)
        assert admin.execute_command("OPP.GET", "o1") == before
    assert daemon.terminate() == 0
    said = tool("check", "--data", daemon.data)
    assert said.returncode == 0 and f"records before {first} were dropped" in said.stdout
    refused = tool("restore", daemon.data, daemon.root / "early", "--to-seq", "5")
    assert refused.returncode == REFUSED and f"records before {first} were dropped" in refused.stderr
    within = tool("restore", daemon.data, daemon.root / "within", "--to-seq", first)
    assert within.returncode == REFUSED
    assert f"the records {first} to " in within.stderr and "are not parted" in within.stderr
    restored = daemon.root / "restored"
    assert tool("restore", daemon.data, restored).returncode == 0
    assert tool("check", "--data", restored).returncode == 0


def until(is_so) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.1)
