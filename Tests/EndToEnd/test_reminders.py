"""Time passes: the real daemon under faketime, which shifts the wall clock that it sees."""

import contextlib
import datetime
import json
import os
import pathlib
import time

import pytest

from company import found, inbox, new_deal
from daemon import Daemon
from subscriber import Subscriber
from wire import as_map

LIBRARY = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
UTC = datetime.timezone.utc
WAIT_SECONDS = 40

pytestmark = pytest.mark.skipif(
    LIBRARY is None, reason="deploy/dependencies.sh --tests installs faketime"
)


class TimedDaemon(Daemon):
    """Started by env: the library changes the environment of the first program that it is loaded
    into, beside which Swift looks for a program's arguments."""

    def command(self, *flags: str) -> list[str]:
        return ["/usr/bin/env", *super().command(*flags)]


@contextlib.contextmanager
def clock_at(start: datetime.datetime):
    """What is started here sees a wall clock that reads `start` now and goes on from there."""
    settings = {
        "LD_PRELOAD": str(LIBRARY),
        "FAKETIME": start.astimezone(UTC).strftime("@%Y-%m-%d %H:%M:%S"),
        "DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "TZ": "UTC",
    }
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def serve(daemon: Daemon, start: datetime.datetime) -> None:
    with clock_at(start):
        daemon.serve()


@pytest.fixture
def timed(tmp_path):
    """A company founded on the next Monday, noon in UTC, where everybody lives and nobody rests."""
    today = datetime.datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    start = today + datetime.timedelta(days=7 - today.weekday())
    daemon = TimedDaemon(tmp_path).init()
    serve(daemon, start)
    company = found(daemon)
    with daemon.client() as admin:
        rest = {"name": "七天", "weekend": ["sun"], "workdays": sundays(start)}
        admin.execute_command("CALENDAR.PUT", "always", json.dumps(rest, ensure_ascii=False))
        for login in ("jiangyue", "xiaoli", "wangfang"):
            admin.execute_command("PERSON.UPDATE", login, "TZ", "UTC")
    yield company, start
    daemon.close()


def sundays(start: datetime.datetime) -> list[str]:
    days = (start + datetime.timedelta(days=count) for count in range(200))
    return [day.date().isoformat() for day in days if day.weekday() == 6]


def told(daemon: Daemon, login: str) -> list[str]:
    with daemon.client(login) as client:
        return [row["type"] for row in inbox(client)]


def wait_for_rows(daemon: Daemon, login: str) -> list[str]:
    deadline = time.monotonic() + WAIT_SECONDS
    while not (rows := told(daemon, login)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return rows


def test_d4_the_owner_is_reminded_on_day_40_once(timed):
    """D-4, N-4: a cycle of 45 days, 5 ahead: day 40 at nine, whatever is restarted through it."""
    company, start = timed
    daemon = company.daemon
    with daemon.client("xiaoli") as li:
        far = (start + datetime.timedelta(days=700)).date().isoformat()
        deal = new_deal(li, company, CLOSE=far)
    assert daemon.terminate() == 0
    moment = (start + datetime.timedelta(days=40)).replace(hour=9)
    serve(daemon, moment - datetime.timedelta(seconds=20))
    with Subscriber(daemon.client("xiaoli")) as li:
        row = li.next(WAIT_SECONDS)
    assert row["type"] == "reminder.cycle"
    assert row["opportunity"]["id"] == deal
    assert row["by"] is None and row["settled"] is False
    assert row["at"].startswith(moment.strftime("%Y-%m-%dT%H:%M"))
    daemon.kill()
    # The clock goes back to before the moment and through it again.
    serve(daemon, moment - datetime.timedelta(seconds=5))
    time.sleep(8)
    assert told(daemon, "xiaoli") == ["reminder.cycle"]
    daemon.kill()
    serve(daemon, moment + datetime.timedelta(hours=2))
    time.sleep(3)
    assert told(daemon, "xiaoli") == ["reminder.cycle"]


def test_n4_after_a_week_of_downtime_one_digest_each(timed):
    """N-4: what fell due while the daemon was down comes as one row per person, once."""
    company, start = timed
    daemon = company.daemon
    people = ("xiaoli", "wangfang", "jiangyue")
    close = (start + datetime.timedelta(days=45)).date().isoformat()
    for login in people:
        with daemon.client(login) as client:
            for _ in range(3):
                new_deal(client, company, CLOSE=close)
    assert daemon.terminate() == 0
    serve(daemon, start + datetime.timedelta(days=39))
    time.sleep(3)
    assert [told(daemon, login) for login in people] == [[], [], []]
    daemon.kill()
    later = start + datetime.timedelta(days=46)
    serve(daemon, later)
    for login in people:
        assert wait_for_rows(daemon, login) == ["digest"]
        with daemon.client(login) as client:
            items = [as_map(item) for item in as_map(inbox(client)[0])["items"]]
        # On day 40 near the close date and near the end of the cycle, on day 46 past the close date.
        kinds = ["reminder.close", "reminder.cycle", "reminder.overdue"]
        assert sorted(item["type"] for item in items) == sorted(3 * kinds)
        assert len({(item["type"], item["opportunity"]) for item in items}) == 9
        assert all("方舟电子年度投放" in item["text"] for item in items)
    daemon.kill()
    serve(daemon, later + datetime.timedelta(minutes=10))
    time.sleep(3)
    for login in people:
        assert told(daemon, login) == ["digest"]
