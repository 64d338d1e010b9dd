"""`kill -9` under a writing load: what was answered is there, nothing is told twice.

TEST_KILL_ROUNDS says how many plugs are pulled; `make torture` pulls more.
"""

import dataclasses
import os
import threading
import time

import redis

from company import Company, inbox, new_deal
from subscriber import Subscriber
from wire import as_map

ROUNDS = int(os.environ.get("TEST_KILL_ROUNDS", "25"))
WRITERS = 4
WRITES_A_ROUND = 150
LOAD_SECONDS_MAX = 30
GONE = (redis.ConnectionError, redis.TimeoutError)


@dataclasses.dataclass
class Known:
    """One value as its writer knows it: the last answer, and what was asked for since."""

    answered: str
    asked: str | None = None

    def check(self, found: str, what: str) -> None:
        assert found in (self.answered, self.asked), f"{what}: {found!r}, {self}"
        self.answered, self.asked = found, None  # from now on it stays


@dataclasses.dataclass
class Book:
    """What the writers and the listener were told, over all rounds: the oracle."""

    titles: dict[str, Known] = dataclasses.field(default_factory=dict)
    requests: dict[str, Known] = dataclasses.field(default_factory=dict)
    pushed: dict[int, dict] = dataclasses.field(default_factory=dict)
    sequences: set[int] = dataclasses.field(default_factory=set)
    lock: threading.Lock = dataclasses.field(default_factory=threading.Lock)

    def note_write(self, answer: dict) -> dict:
        with self.lock:
            assert answer["seq"] not in self.sequences, "two answers at one log position"
            self.sequences.add(answer["seq"])
        return answer

    def note_push(self, row: dict) -> None:
        """A message is at most once at a `seq`, and says the same when it comes again."""
        with self.lock:
            known = self.pushed.setdefault(row["seq"], row)
            assert known["id"] == row["id"] and known["type"] == row["type"]


class Writer(threading.Thread):
    """One rep's connection, writing as fast as answers come, until the daemon is gone."""

    def __init__(self, company: Company, book: Book, name: str):
        super().__init__(name=name)
        self.company, self.book, self.failure = company, book, None

    def run(self) -> None:
        try:
            with self.company.daemon.client("xiaoli") as client:
                self.write(client)
        except GONE:
            pass
        except Exception as failure:  # a thread's failure is the test's failure
            self.failure = failure

    def write(self, client: redis.Redis) -> None:
        def told(*command: str) -> dict:
            return self.book.note_write(as_map(client.execute_command(*command)))

        create = ("OPP.CREATE", "压力单", "CUSTOMER", self.company.customer, "PROCESS", "ask")
        for count in range(100_000):
            external = f"{self.name}-{count}"
            deal = told(*create, "EXTID", external)["id"]
            title = self.book.titles[deal] = Known("压力单")
            for draft in ("一稿", "二稿"):
                title.asked = f"{external} {draft}"
                told("OPP.UPDATE", deal, "TITLE", title.asked)
                title.answered, title.asked = title.asked, None
            request = told("OPP.ADVANCE", deal)["approval"]
            status = self.book.requests[request] = Known("pending", "recalled")
            told("OPP.RECALL", deal)
            status.answered, status.asked = "recalled", None


def listen(company: Company, book: Book, ready: threading.Event, failures: list) -> None:
    """The manager: hears everything unacknowledged first, then live; acknowledges now and then."""
    try:
        client = company.daemon.client
        with Subscriber(client("jiangyue")) as manager, client("jiangyue") as acknowledging:
            ready.set()
            last = None
            for _ in range(100_000):
                row = manager.next_or_none(30)
                if row is None:
                    return
                assert last is None or row["seq"] == last + 1, f"{row['seq']} follows {last}"
                last = row["seq"]
                book.note_push(row)
                if last % 97 == 0:
                    acknowledging.execute_command("INBOX.ACK", "UPTO", last)
    except GONE:
        pass
    except Exception as failure:
        failures.append(failure)


def take_snapshots(company: Company, ready: threading.Event, failures: list) -> None:
    """An admin asks for snapshots, one after the other, until the daemon is gone."""
    try:
        with company.daemon.client() as admin:
            ready.set()
            for _ in range(100_000):
                admin.execute_command("SNAPSHOT")
    except GONE:
        pass
    except Exception as failure:
        failures.append(failure)


def load_and_kill(company: Company, book: Book, number: int, plug=None) -> None:
    """`plug` ends the daemon under load; SIGKILL if nothing else is said."""
    ready, failures = threading.Event(), []
    listener = threading.Thread(target=listen, args=(company, book, ready, failures))
    listener.start()
    assert ready.wait(30)
    photographer = threading.Thread(target=take_snapshots, args=(company, ready, failures))
    # In every other round: a start from a snapshot, and one from the last round's.
    if number % 2:
        ready.clear()
        photographer.start()
        assert ready.wait(30)
    writers = [Writer(company, book, f"r{number}w{place}") for place in range(WRITERS)]
    answered_before = len(book.sequences)
    for writer in writers:
        writer.start()
    deadline = time.monotonic() + LOAD_SECONDS_MAX
    # A few more each round, so that the plug is pulled at another point of the writers' work.
    while len(book.sequences) < answered_before + WRITES_A_ROUND + 7 * number:
        assert time.monotonic() < deadline, "there was hardly a load"
        time.sleep(0.001)
    (plug or company.daemon.kill)()
    photographers = [photographer] if number % 2 else []
    for thread in [*writers, listener, *photographers]:
        thread.join(60)
        assert not thread.is_alive()
    failures += [writer.failure for writer in writers if writer.failure]
    assert not failures, failures


def check_writes(company: Company, book: Book) -> None:
    """Every answered write is there; an unanswered one happened wholly or not at all."""
    with company.daemon.client("jiangyue") as jiang:
        for verb, field, book_of in (
            ("OPP.GET", "title", book.titles),
            ("APPROVAL.GET", "status", book.requests),
        ):
            batch = jiang.pipeline(transaction=False)
            for key in book_of:
                batch.execute_command(verb, key)
            for (key, known), reply in zip(book_of.items(), batch.execute(), strict=True):
                known.check(as_map(reply)[field], key)


def check_inbox(company: Company, book: Book) -> None:
    """Dense by `seq`, nothing pushed that is not there, each request told exactly once."""
    with company.daemon.client("jiangyue") as jiang:
        rows = inbox(jiang)
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    by_number = {row["seq"]: row for row in rows}
    for number, pushed in book.pushed.items():
        assert by_number[number]["id"] == pushed["id"], f"seq {number} says something else now"
    asked = [row for row in rows if row["type"] == "approval.requested"]
    told = [as_map(row["approval"])["id"] for row in asked]
    assert len(told) == len(set(told)), "a request was told twice"
    assert set(book.requests) <= set(told), "an answered request was told to nobody"
    waiting = [row["seq"] for row in rows if not row["acked"]]
    with Subscriber(company.daemon.client("jiangyue")) as manager:
        for row in manager.take(len(waiting)):
            assert row["seq"] == waiting.pop(0)
            book.note_push(row)
        assert manager.next_or_none(0.3) is None, "a row came twice on one connection"


def test_w1_w2_w6_n1_plugs_pulled_under_load(own_company):
    """W-2, W-6, N-1, P-7: rounds of writing, `kill -9`, restarting and checking everything."""
    book = Book()
    for number in range(ROUNDS):
        load_and_kill(own_company, book, number)
        own_company.daemon.serve()
        check_writes(own_company, book)
        check_inbox(own_company, book)
    assert "a snapshot cannot be used" not in own_company.daemon.log()
    with own_company.daemon.client("xiaoli") as li:
        assert new_deal(li, own_company) not in book.titles, "an id was given twice"


def test_p6_a_request_key_outlives_the_plug(own_company):
    """P-6: the answer of a REQID is remembered over `kill -9`; sending again changes nothing."""
    daemon = own_company.daemon
    command = ("OPP.CREATE", "只此一单", "CUSTOMER", own_company.customer, "PROCESS", "bid")
    command += ("REQID", "before-the-plug")
    with daemon.wire("xiaoli") as li:
        li.send(*command)
        first = li.read_raw()
    daemon.kill()
    daemon.serve()
    with daemon.wire("xiaoli") as li:
        li.send(*command)
        assert li.read_raw() == first
        assert len(li.granted("OPP.LIST")) == 1
