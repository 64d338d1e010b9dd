"""Greetings, passwords, subscribed connections and order, as they stand on the wire."""

import pytest

from company import new_deal
from daemon import ADMIN, PASSWORDS
from wire import Push, Refusal, as_map, encode

# What HELLO says beside the protocol and the connection's id (P-4).
GREETING = {
    "server": "pipelined",
    "version": "7.2.4",
    "mode": "standalone",
    "role": "master",
    "modules": [],
}
WRONGPASS = "WRONGPASS invalid username-password pair or user is disabled."


def test_o2_certificates_are_by_the_book(daemon):
    """P-1, O-2: the development certificate passes X509_STRICT; TLS 1.2 or 1.3."""
    assert daemon.strict_handshake() in ("TLSv1.2", "TLSv1.3")


@pytest.mark.parametrize("protocol", [2, 3])
def test_p4_hello(daemon, company, protocol):
    """P-4: what HELLO answers, in the protocol it asked for."""
    with daemon.wire(None) as wire:
        hello = as_map(wire.ask("HELLO", protocol, "AUTH", ADMIN, PASSWORDS[ADMIN]))
        assert wire.protocol == protocol
        assert isinstance(hello.pop("id"), int)
        assert hello == GREETING | {"proto": protocol}
        other = 5 - protocol
        assert as_map(wire.ask("HELLO", other))["proto"] == other


def test_p4_no_such_protocol(daemon):
    """P-4: HELLO 4 answers NOPROTO and the connection stays as it was."""
    with daemon.wire(ADMIN, protocol=2) as wire:
        assert wire.refusal("HELLO", 4) == "NOPROTO unsupported protocol version"
        assert wire.ask("PING") == "PONG"


def test_p4_before_and_wrong_passwords(daemon, company):
    """P-4: Redis's words; an unknown login answers as a wrong password does."""
    with daemon.wire(None) as wire:
        for command in (("PING",), ("OPP.LIST",), ("SUBSCRIBE", "inbox"), ("COMMAND",)):
            assert wire.refusal(*command) == "NOAUTH Authentication required."
        assert wire.refusal("AUTH", "xiaoli", "guess") == WRONGPASS
        assert wire.refusal("AUTH", "nobody-at-all", "guess") == WRONGPASS
        assert wire.refusal("HELLO", 3, "AUTH", "xiaoli", "guess") == WRONGPASS
        assert wire.refusal("ME").code == "NOAUTH"
        assert wire.ask("AUTH", "xiaoli", PASSWORDS["xiaoli"]) == "OK"
        assert wire.fields("ME")["id"] == company.rep


def test_p4_auth_pipelined_with_what_follows(daemon, company):
    """P-4: while the password is hashed the connection's queue waits; answers come in order."""
    with daemon.wire(None) as wire:
        password = PASSWORDS["xiaoli"]
        wire.send_raw(
            encode("AUTH", "xiaoli", "guess")
            + encode("PING")
            + encode("AUTH", "xiaoli", password)
            + encode("ME")
            + encode("ECHO", "一")
            + encode("AUTH", "jiangyue", PASSWORDS["jiangyue"])
            + encode("ME")
            + encode("NOSUCH")
            + encode("ECHO", "二")
        )
        replies = [wire.read() for _ in range(9)]
    assert replies[0] == WRONGPASS
    assert replies[1] == "NOAUTH Authentication required."
    assert replies[2] == "OK" and as_map(replies[3])["id"] == company.rep
    assert replies[4] == "一"
    assert replies[5] == "OK" and as_map(replies[6])["id"] == company.boss
    assert isinstance(replies[7], Refusal) and replies[8] == "二"


def test_p4_others_are_served_while_a_password_is_hashed(daemon, company):
    """P-4: hashing happens off the loop: a connection that asks meanwhile is answered first."""
    with daemon.wire("xiaoli") as asking:
        hashing = [daemon.wire(None) for _ in range(8)]
        for wire in hashing:
            wire.send("AUTH", "xiaoli", "guess")
        assert asking.ask("PING") == "PONG"
        for wire in hashing:
            assert wire.read() == WRONGPASS
            wire.close()


def test_p4_subscribed_in_resp2(daemon, company):
    """P-4: a RESP2 connection that subscribed takes (P)SUBSCRIBE, PING, QUIT and RESET only."""
    with daemon.wire("xiaoli", protocol=2) as wire:
        assert wire.ask("SUBSCRIBE", "inbox") == ["subscribe", "inbox", 1]
        wire.send("PING")
        assert wire.read_raw() == b"*2\r\n$4\r\npong\r\n$0\r\n\r\n"
        assert wire.ask("PING", "早") == ["pong", "早"]
        line = wire.refusal("OPP.LIST")
        assert line == (
            "ERR Can't execute 'opp.list': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT"
            " / RESET are allowed in this context"
        )
        assert wire.ask("PSUBSCRIBE", "events:*") == ["psubscribe", "events:*", 2]
        assert wire.ask("UNSUBSCRIBE", "inbox") == ["unsubscribe", "inbox", 1]
        assert wire.ask("PUNSUBSCRIBE") == ["punsubscribe", "events:*", 0]
        assert wire.ask("ECHO", "自由了") == "自由了"


def test_p4_subscribed_in_resp3(daemon, company):
    """P-3, P-4: RESP3 subscribes beside commands; confirmations and messages are pushes."""
    with daemon.wire("xiaoli", protocol=3) as wire:
        confirmed = wire.ask("SUBSCRIBE", "inbox")
        assert isinstance(confirmed, Push) and confirmed == ["subscribe", "inbox", 1]
        assert wire.ask("PING") == "PONG"
        assert wire.fields("ME")["id"] == company.rep


@pytest.mark.parametrize("protocol", [2, 3])
def test_p3_p7_a_message_is_an_ordinary_one(daemon, company, protocol):
    """P-3, P-7, N-1: `message`, `inbox`, one line of JSON."""
    with daemon.client("xiaoli") as li, daemon.wire("jiangyue", protocol=protocol) as manager:
        manager.send("SUBSCRIBE", "inbox")
        assert manager.read()[0] == "subscribe"
        li.execute_command("OPP.ADVANCE", new_deal(li, company, "ask"))
        message = manager.read()
        assert isinstance(message, Push) == (protocol == 3)
        assert message[:2] == ["message", "inbox"]
        assert "\n" not in message[2] and '"type":"approval.requested"' in message[2]


def test_p1_w8_a_burst_of_long_notes_is_taken(daemon, company):
    """P-1, W-8: thirty megabytes of pipelined writes wait for the disk, which is not full."""
    with daemon.client("xiaoli") as li:
        deal = new_deal(li, company)
        batch = li.pipeline(transaction=False)
        for _ in range(2000):
            batch.execute_command("OPP.NOTE", deal, "长" * 5000)
        answers = batch.execute()
    sequences = [as_map(answer)["seq"] for answer in answers]
    assert sequences == sorted(sequences) and len(set(sequences)) == 2000


def test_p4_quit_reset_and_time(daemon, company):
    """P-4: RESET forgets who one is; QUIT says OK and closes."""
    with daemon.wire("xiaoli", protocol=2) as wire:
        seconds, microseconds = wire.ask("TIME")
        assert int(seconds) > 1_700_000_000 and 0 <= int(microseconds) < 1_000_000
        assert wire.ask("RESET") == "RESET"
        assert wire.refusal("ME").code == "NOAUTH"
        assert wire.ask("QUIT") == "OK"
        assert wire.is_closed()


def test_p4_command_docs_have_what_redis_cli_needs(daemon):
    """P-4: every command and subcommand has summary, since and group."""
    with daemon.wire(ADMIN, protocol=3) as wire:
        count, docs = wire.ask("COMMAND", "COUNT"), wire.ask("COMMAND", "DOCS")
        assert count == len(docs) == len(wire.ask("COMMAND"))
        entries = dict(docs)
        for entry in docs.values():
            entries.update(entry.get("subcommands", {}))
        for name, entry in entries.items():
            assert all(entry.get(key) for key in ("summary", "since", "group")), name
