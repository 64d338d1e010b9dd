"""Approvals flow between programs that know nothing but what they are told by the inbox, while the daemon
is killed and connections drop: nothing lost, nothing twice by `seq`, whatever the protocol (N-1, P-7).

TEST_FLOW_ROUNDS says how many plugs are pulled, and how often each program drops its connection at least
in each protocol; `make torture` asks for more.
"""

import dataclasses
import os
import random
import socket
import threading
import time

import redis

from company import Company, inbox, new_deal
from subscriber import Subscriber
from wire import as_map

ROUNDS = int(os.environ.get("TEST_FLOW_ROUNDS", "50"))
DEALS = 6
ROWS_A_ROUND = 12
PATIENCE_SECONDS = 60
GONE = (redis.ConnectionError, redis.TimeoutError, OSError)


@dataclasses.dataclass
class Drops:
    """How often a program let its connection go, by protocol; alternately in order and by a torn cable."""

    counts: dict[int, int] = dataclasses.field(default_factory=lambda: {2: 0, 3: 0})

    def tear(self, subscriber: Subscriber, protocol: int) -> None:
        self.counts[protocol] += 1
        if self.counts[protocol] % 2:
            subscriber.pubsub.connection._sock.shutdown(socket.SHUT_RDWR)


class Program(threading.Thread):
    """A client of one person: hears the inbox, acts on each row once by its `seq`, acknowledges it. It
    comes back whenever its connection is gone, in RESP2 and RESP3 by turns."""

    def __init__(self, company: Company, login: str, act):
        super().__init__(name=login)
        self.company, self.login, self.act = company, login, act
        self.is_over = threading.Event()
        self.drops = Drops()
        self.heard: dict[int, tuple] = {}
        self.handled = 0
        self.failure: Exception | None = None
        self.dice = random.Random(login)

    def run(self) -> None:
        try:
            for session in range(1_000_000):
                if self.is_over.is_set():
                    return
                try:
                    self.listen(2 + session % 2)
                except GONE:
                    time.sleep(0.02)
        except Exception as failure:  # a thread's failure is the test's failure
            self.failure = failure

    def listen(self, protocol: int) -> None:
        """One connection, until it is gone or given up after a few rows."""
        client = self.company.daemon.client
        left, last = self.dice.randint(1, 8), None
        with client(self.login) as caller:
            with Subscriber(client(self.login, protocol=protocol)) as subscriber:
                while left > 0 and not self.is_over.is_set():
                    row = subscriber.next_or_none(0.2)
                    if row is None:
                        continue
                    assert last is None or row["seq"] == last + 1, f"{row['seq']} follows {last}"
                    last, left = row["seq"], left - 1
                    self.hear(caller, row)
                if left == 0:
                    self.drops.tear(subscriber, protocol)

    def hear(self, caller: redis.Redis, row: dict) -> None:
        """What comes again says the same; what is new is the very next one, and is acted on."""
        meaning = (row["type"], row["id"], row["at"], row["approval"]["id"])
        assert self.heard.setdefault(row["seq"], meaning) == meaning, f"{row['seq']} says another thing"
        if row["seq"] > self.handled:
            assert row["seq"] == self.handled + 1, f"{row['seq']} came after {self.handled}"
            # A plug pulled in here leaves it to the next connection; the request key makes it one deed.
            self.act(caller, row)
            self.handled = row["seq"]
        # Now and then the acknowledgement is left to a later one, so that rows come again.
        if self.dice.random() < 0.7:
            caller.execute_command("INBOX.ACK", "UPTO", row["seq"])


def decide(manager: redis.Redis, row: dict) -> None:
    """The manager's program: refuses every third request, says yes to the others."""
    assert row["type"] == "approval.requested", row
    request = row["approval"]["id"]
    if int(request[1:]) % 3 == 0:
        manager.execute_command("APPROVAL.REJECT", request, "NOTE", "再改", "REQID", f"no-{request}")
    else:
        manager.execute_command("APPROVAL.APPROVE", request, "REQID", f"yes-{request}")


def go_on(company: Company):
    """The rep's program: asks again after a refusal, and begins another deal after a yes."""

    def act(rep: redis.Redis, row: dict) -> None:
        request, deal = row["approval"]["id"], row["opportunity"]["id"]
        if row["type"] == "approval.approved":
            deal = new_deal(rep, company, "ask", REQID=f"deal-{request}")
        else:
            assert row["type"] == "approval.rejected", row
        rep.execute_command("OPP.ADVANCE", deal, "REQID", f"ask-{request}")

    return act


def wait_for(programs: list[Program], holds, what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        for program in programs:
            assert program.failure is None, f"{program.name}: {program.failure!r}"
            assert program.is_alive(), f"{program.name} ended"
        assert time.monotonic() < deadline, f"{what}: something was lost, and the flow stands still"
        time.sleep(0.005)


def test_n1_p7_plugs_and_torn_cables_while_approvals_flow(own_company):
    """N-1, P-7, P-6: a flow that lives on notifications alone goes on through kill -9 and lost
    connections; each request is heard of once, decided once, and its decision heard of once."""
    daemon = own_company.daemon
    manager = Program(own_company, "jiangyue", decide)
    rep = Program(own_company, "xiaoli", go_on(own_company))
    programs = [manager, rep]
    with daemon.client("xiaoli") as li:
        for _ in range(DEALS):
            li.execute_command("OPP.ADVANCE", new_deal(li, own_company, "ask"))
    for program in programs:
        program.start()
    try:
        for turn in range(ROUNDS):
            goal = [program.handled + ROWS_A_ROUND + turn % 5 for program in programs]
            wait_for(programs, lambda: flowed(programs, goal), f"round {turn}")
            daemon.kill()
            daemon.serve()
        wait_for(programs, lambda: all_dropped(programs), "disconnects")
        # What the last plug cut off is done too before the programs end.
        goal = [program.handled + 1 for program in programs]
        wait_for(programs, lambda: flowed(programs, goal), "after the last plug")
    finally:
        for program in programs:
            program.is_over.set()
            program.join(PATIENCE_SECONDS)
    for program in programs:
        assert program.failure is None and not program.is_alive(), (program.name, program.failure)
    check_rows(own_company, manager, rep)


def flowed(programs: list[Program], goal: list[int]) -> bool:
    return all(program.handled >= least for program, least in zip(programs, goal, strict=True))


def all_dropped(programs: list[Program]) -> bool:
    return all(count >= ROUNDS for program in programs for count in program.drops.counts.values())


def check_rows(company: Company, manager: Program, rep: Program) -> None:
    """Both inboxes against what was heard, and against every request that there is."""
    told: dict[str, dict[str, str]] = {}
    for program in (manager, rep):
        with company.daemon.client(program.login) as client:
            rows = inbox(client)
        assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
        told[program.login] = {}
        for row in rows:
            request = as_map(row["approval"])["id"]
            assert request not in told[program.login], f"{request} was told twice"
            told[program.login][request] = row["type"]
            if row["seq"] in program.heard:
                assert program.heard[row["seq"]] == (row["type"], row["id"], row["at"], request)
        assert sorted(program.heard) == list(range(1, program.handled + 1))
    with company.daemon.client("xiaoli") as li:
        requests = [as_map(row) for row in li.execute_command("APPROVAL.LIST", "SENT", "LIMIT", 0, 1000)]
        for offset in range(1000, 100_000, 1000):
            if len(requests) < offset:
                break
            page = li.execute_command("APPROVAL.LIST", "SENT", "LIMIT", offset, 1000)
            requests += [as_map(row) for row in page]
    assert set(told["jiangyue"]) == {row["id"] for row in requests}
    for row in requests:
        decided = told["xiaoli"].get(row["id"])
        expected = None if row["status"] == "pending" else f"approval.{row['status']}"
        assert decided == expected, f"{row['id']} is {row['status']} and was told as {decided}"
