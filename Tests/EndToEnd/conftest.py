"""Fixtures. A module shares one daemon; what damages or stops one gets its own."""

import pathlib

import pytest

import company as companies
from daemon import BINARY, CLIENT, PROTOCOL, Daemon

# The clients of other makers are installed beside the newer redis-py only; the demo and the power
# cuts need neither.
ONCE = ["test_other_clients.py", "test_demo.py", "test_power_cut.py", "test_approval_flow.py"]
collect_ignore = ONCE if PROTOCOL == 2 else []


def pytest_report_header() -> str:
    return f"pipelined: {BINARY}; RESP{PROTOCOL}"


def pytest_sessionstart() -> None:
    for binary in (BINARY, CLIENT):
        if not pathlib.Path(binary).exists():
            pytest.exit(f"{binary} is missing: swift build -c release", returncode=3)


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    running = Daemon(tmp_path_factory.mktemp("daemon")).init().serve()
    yield running
    alive = running.alive
    running.close()
    assert alive, f"the daemon ended while it was tested:\n{running.log()[-3000:]}"


@pytest.fixture(scope="module")
def company(daemon):
    return companies.found(daemon)


@pytest.fixture
def own_daemon(tmp_path):
    running = Daemon(tmp_path).init().serve()
    yield running
    running.close()


@pytest.fixture
def own_company(own_daemon):
    return companies.found(own_daemon)
