"""The inbox: live to every connection, replayed until acknowledged, whatever a subscriber does."""

import os
import socket
import ssl
import threading
import time

import pytest

from company import found, inbox, new_deal
from daemon import PASSWORDS, Daemon
from subscriber import Subscriber
from wire import as_map, encode

CAP_BYTES = 65536
NOTE = "长" * 5000  # 15 000 bytes: a row that soon fills buffers


@pytest.fixture
def tight_company(tmp_path):
    """A company whose daemon lets a slow subscriber's output grow to 64 KiB only."""
    daemon = Daemon(tmp_path).init()
    os.environ["PIPELINED_OUTPUT_CAP"] = str(CAP_BYTES)
    try:
        daemon.serve()
    finally:
        del os.environ["PIPELINED_OUTPUT_CAP"]
    yield found(daemon)
    daemon.close()


def ask_and_recall(company, times: int, heard=lambda: None) -> None:
    """Each time two rows in the manager's inbox, one of them long; `heard` is called in between."""
    with company.daemon.client("xiaoli") as li:
        deal = new_deal(li, company, "ask")
        for _ in range(times):
            li.execute_command("OPP.ADVANCE", deal, "NOTE", NOTE)
            li.execute_command("OPP.RECALL", deal)
            heard()


def silent_subscriber(daemon) -> ssl.SSLSocket:
    """Subscribes to the manager's inbox over a connection with small buffers, and reads no more."""
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.settimeout(30)
    plain.connect(("127.0.0.1", daemon.port))
    context = ssl.create_default_context(cafile=daemon.ca)
    secured = context.wrap_socket(plain, server_hostname="localhost")
    secured.sendall(encode("AUTH", "jiangyue", PASSWORDS["jiangyue"]))
    assert secured.recv(5) == b"+OK\r\n"
    secured.sendall(encode("SUBSCRIBE", "inbox"))
    assert secured.recv(4) == b"*3\r\n"
    return secured


def test_n7_a_slow_subscriber_is_cut_off_and_loses_nothing(tight_company):
    """N-7, N-1: cut off past its cap, others untouched; the inbox tells everything again."""
    times = 400
    with silent_subscriber(tight_company.daemon) as silent:
        with Subscriber(tight_company.daemon.client("jiangyue")) as attentive:
            heard = []
            ask_and_recall(tight_company, times, lambda: heard.extend(attentive.take(2)))
        every_row = list(range(1, 2 * times + 1))
        assert [row["seq"] for row in heard] == every_row
        taken = 0
        try:
            while chunk := silent.recv(65536):
                taken += len(chunk)
        except (ConnectionError, ssl.SSLError):
            pass
        assert taken < times * len(NOTE.encode()), "the silent one was never cut off"
    with Subscriber(tight_company.daemon.client("jiangyue")) as again:
        assert [row["seq"] for row in again.take(2 * times)] == every_row


@pytest.mark.parametrize("protocol", [2, 3])
def test_n1_p7_fifty_disconnects_while_requests_flow(daemon, company, protocol):
    """N-1, P-7: whenever a subscriber drops off, the next one goes on behind what was acknowledged:
    every row, in order, each with one meaning for its seq."""
    rounds, is_over, failures = 50, threading.Event(), []

    def flow() -> None:
        try:
            with daemon.client("xiaoli") as li:
                deal = new_deal(li, company, "ask")
                while not is_over.wait(0.002):
                    li.execute_command("OPP.ADVANCE", deal)
                    li.execute_command("OPP.RECALL", deal)
        except Exception as failure:  # a thread's failure is the test's failure
            failures.append(failure)

    told = {}

    def note(row: dict) -> None:
        known = told.setdefault(row["seq"], row)
        assert (known["type"], known["approval"]["id"]) == (row["type"], row["approval"]["id"])

    with daemon.client("jiangyue") as jiang:
        jiang.execute_command("INBOX.ACK", "UPTO", 1_000_000)
        acknowledged = before = len(inbox(jiang))
        flowing = threading.Thread(target=flow)
        flowing.start()
        for turn in range(rounds):
            with Subscriber(daemon.client("jiangyue", protocol=protocol)) as manager:
                last = acknowledged
                for row in manager.take(1 + turn % 7):
                    assert row["seq"] == last + 1
                    last = row["seq"]
                    note(row)
                if turn % 3 == 0:
                    jiang.execute_command("INBOX.ACK", "UPTO", last)
                    acknowledged = last
                elif turn % 3 == 1:  # like a cable that is pulled
                    manager.pubsub.connection._sock.shutdown(socket.SHUT_RDWR)
        is_over.set()
        flowing.join(60)
        assert not failures and not flowing.is_alive(), failures
        last = len(inbox(jiang))
        with Subscriber(daemon.client("jiangyue", protocol=protocol)) as manager:
            rest = manager.take(last - acknowledged)
            assert [row["seq"] for row in rest] == list(range(acknowledged + 1, last + 1))
            assert manager.next_or_none(0.3) is None
        for row in rest:
            note(row)
        assert sorted(told) == list(range(before + 1, last + 1)) and last > before + rounds


def test_n1_every_connection_of_a_person_hears_it(daemon, company):
    """N-1, P-7: two screens of one person are told alike, in the same order."""
    with Subscriber(daemon.client("jiangyue")) as one, Subscriber(daemon.client("jiangyue")) as two:
        ask_and_recall(company, 3)
        told = [[(row["seq"], row["type"]) for row in screen.take(6)] for screen in (one, two)]
        assert told[0] == told[1]


def test_p7_acknowledging_ends_the_delivery(daemon, company):
    """P-7: INBOX.ACK is idempotent, UPTO past the end means the end, the rows stay listed."""
    ask_and_recall(company, 2)
    with daemon.client("jiangyue") as jiang:
        rows = inbox(jiang)
        waiting = [row["seq"] for row in rows if not row["acked"]]
        jiang.execute_command("INBOX.ACK", waiting[0])
        jiang.execute_command("INBOX.ACK", waiting[0])
        with Subscriber(daemon.client("jiangyue")) as manager:
            assert [row["seq"] for row in manager.take(len(waiting) - 1)] == waiting[1:]
        jiang.execute_command("INBOX.ACK", "UPTO", 1_000_000)
        with Subscriber(daemon.client("jiangyue")) as manager:
            assert manager.next_or_none(0.5) is None
        assert [row["seq"] for row in inbox(jiang)] == [row["seq"] for row in rows]
        assert all(row["acked"] for row in inbox(jiang))


def test_p7_one_may_acknowledge_only_ones_own(daemon, company):
    """P-7: the inbox is the caller's own; nothing of another's is shown or ended."""
    ask_and_recall(company, 1)
    with daemon.client("panglan") as stranger, daemon.client("jiangyue") as jiang:
        before = [row["acked"] for row in inbox(jiang)]
        assert inbox(stranger) == []
        stranger.execute_command("INBOX.ACK", "UPTO", 1_000_000)
        assert [row["acked"] for row in inbox(jiang)] == before


def test_n8_the_sender_sees_that_it_was_delivered_and_seen(daemon, company):
    """N-8: `delivered` once it was written to a connection, `seen` once it was acknowledged."""
    with daemon.client("xiaoli") as li, daemon.client("jiangyue") as jiang:
        deal = new_deal(li, company, "ask")
        request = as_map(li.execute_command("OPP.ADVANCE", deal))["approval"]

        def shown(field: str) -> bool:
            return bool(as_map(li.execute_command("APPROVAL.GET", request))[field])

        assert not shown("delivered") and not shown("seen")
        with Subscriber(daemon.client("jiangyue")) as manager:
            row = manager.next()
            while row["approval"]["id"] != request:
                row = manager.next()
            # The fact follows the delivery: it is an event of the log, too.
            deadline = time.monotonic() + 10
            while not shown("delivered") and time.monotonic() < deadline:
                time.sleep(0.01)
            assert shown("delivered") and not shown("seen")
            jiang.execute_command("INBOX.ACK", row["seq"])
        assert shown("seen")
