"""`events` channels: live changes to whoever may see them at that moment, and to nobody else (P-8)."""

import contextlib
import json
import threading
import time

import pytest

from company import bring_to_proposal, new_deal
from crowd import steadily
from subscriber import Subscriber
from wire import Push, as_map, encode


def events(payloads: list[dict]) -> list[tuple[str, str]]:
    return [(payload["type"], payload["id"]) for payload in payloads]


def fence(daemon, company) -> str:
    """Something that everybody hears of, so that what was not told before it never comes."""
    with daemon.client() as admin:
        name = f"栅栏-{time.monotonic_ns()}"
        admin.execute_command("CUSTOMER.CREATE", name)
        return name


def heard_up_to(subscriber: Subscriber, name: str) -> list[dict]:
    """Everything told before the fence."""
    heard = []
    while not (payload := subscriber.next())["text"] or name not in payload["text"]:
        heard.append(payload)
    return heard


def test_p8_a_change_is_told_to_those_who_see_the_deal(daemon, company):
    """P-8, D-33: the owner and the head of the unit hear it; a colleague and a stranger do not."""
    people = ("xiaoli", "jiangyue", "wangfang", "panglan", "admin")
    listeners = {who: Subscriber(daemon.client(who), "events") for who in people}
    with daemon.client("xiaoli") as li:
        deal = new_deal(li, company)
        li.execute_command("OPP.UPDATE", deal, "AMOUNT", "620000.00")
    name = fence(daemon, company)
    told = {who: heard_up_to(listener, name) for who, listener in listeners.items()}
    expected = [("opportunity.created", deal), ("opportunity.amountChanged", deal)]
    for who in ("xiaoli", "jiangyue", "admin"):
        assert events(told[who]) == expected, who
    assert told["wangfang"] == [] and told["panglan"] == []
    change = told["jiangyue"][1]
    assert change["v"] == 1 and change["approval"] is None
    assert change["opportunity"] == {"id": deal, "title": "方舟电子年度投放"}
    assert change["by"] == {"id": company.rep, "name": "小李"}
    assert "620000.00" in change["text"]
    seqs = [payload["seq"] for payload in told["jiangyue"]]
    assert seqs == sorted(set(seqs))
    for listener in listeners.values():
        listener.close()


def test_p8_channels_of_one_deal_and_one_unit(daemon, company):
    """P-8: `events:o…` and `events:u…`, and a pattern; each subscription is told once."""
    with daemon.client("xiaoli") as li:
        deal, other = new_deal(li, company), new_deal(li, company)
        channels = (f"events:{deal}", f"events:{company.team}", "events:u1")
        listeners = [Subscriber(daemon.client("jiangyue"), channel) for channel in channels]
        pattern = daemon.client("jiangyue").pubsub(ignore_subscribe_messages=True)
        pattern.psubscribe("events:o*")
        # redis-py returns from subscribe before the server has answered.
        assert pattern.get_message(timeout=5) is None
        li.execute_command("OPP.NOTE", other, "别的")
        li.execute_command("OPP.NOTE", deal, "这个")
        both = [("opportunity.noted", other), ("opportunity.noted", deal)]
        assert events(listeners[0].take(1)) == both[1:]
        assert events(listeners[1].take(2)) == both
        assert events(listeners[2].take(2)) == both
        matched = []
        while len(matched) < 2:
            if message := pattern.get_message(timeout=5):
                matched.append((message["pattern"], message["channel"]))
        assert matched == [("events:o*", f"events:{other}"), ("events:o*", f"events:{deal}")]
        for listener in listeners:
            assert listener.next_or_none(0.2) is None
            listener.close()
        pattern.close()


def test_p8_subscribing_says_nothing_about_what_there_is(daemon, company):
    """P-8, D-34: confirmed whatever the id; nothing of what is not visible ever comes."""
    with daemon.client("xiaoli") as li:
        deal = new_deal(li, company)
        with daemon.wire("panglan", 3) as wire:
            for channel in (f"events:{deal}", "events:o999999", "events:nonsense", "events:u77"):
                assert wire.ask("SUBSCRIBE", channel)[:2] == ["subscribe", channel]
            wire.ask("SUBSCRIBE", "events")
            li.execute_command("OPP.NOTE", deal, "秘密")
            name = fence(daemon, company)
            push = wire.read()
            assert isinstance(push, Push) and push[:2] == ["message", "events"]
            assert name in json.loads(push[2])["text"]


def test_p8_the_inbox_is_never_reached_by_pattern(daemon, company):
    """P-8: PSUBSCRIBE * hears changes, not the inbox."""
    with daemon.client("xiaoli") as li, daemon.wire("jiangyue", 3) as wire:
        deal = new_deal(li, company, "ask")
        assert wire.ask("PSUBSCRIBE", "*") == ["psubscribe", "*", 1]
        li.execute_command("OPP.ADVANCE", deal)
        push = wire.read()
        assert push[:3] == ["pmessage", "*", f"events:{deal}"]
        assert json.loads(push[3])["type"] == "approval.requested"
        name = fence(daemon, company)
        assert name in json.loads(wire.read()[3])["text"]
        assert wire.refusal("PUBLISH", "events", "x").code == "NOPERM"


@pytest.mark.parametrize("protocol", [2, 3])
def test_p8_not_one_more_after_the_right_is_gone(daemon, company, protocol):
    """D-34, P-8: rights are looked at on every delivery: from the move on, not one further event."""
    rounds = 40
    with daemon.client("xiaoli") as li:
        deal = new_deal(li, company)
        li.execute_command("OPP.TEAM", deal, "ADD", company.stranger, "ROLE", "technical")
        with daemon.wire("panglan", protocol) as wire:
            wire.ask("SUBSCRIBE", f"events:{deal}")
            seqs = []
            for turn in range(rounds):
                li.execute_command("OPP.NOTE", deal, f"第 {turn} 次")
                if turn % 2 == 0:
                    left = li.execute_command("OPP.TEAM", deal, "REMOVE", company.stranger)
                    li.execute_command("OPP.NOTE", deal, f"不该听到 {turn}")
                    back = li.execute_command(
                        *("OPP.TEAM", deal, "ADD", company.stranger, "ROLE", "technical")
                    )
                    seqs.append((as_map(left)["seq"], as_map(back)["seq"]))
            li.execute_command("OPP.UPDATE", deal, "TITLE", "结束")
            told = []
            while not told or told[-1]["type"] != "opportunity.changed":
                told.append(json.loads(wire.read()[2]))
        for payload in told:
            assert "不该听到" not in (payload["text"] or "")
            for left, back in seqs:
                assert not left <= payload["seq"] < back - 1, payload
        assert len(told) >= rounds
        li.execute_command("OPP.TEAM", deal, "REMOVE", company.stranger)


def test_p8_a_moved_unit_and_a_deactivated_person_hear_no_more(own_company):
    """D-34, D-35: a head whose unit lost its people, and somebody deactivated."""
    daemon = own_company.daemon
    with daemon.client() as admin, daemon.client("xiaoli") as li:
        deal = new_deal(li, own_company)
        with Subscriber(daemon.client("jiangyue"), "events") as boss:
            li.execute_command("OPP.NOTE", deal, "听得到")
            assert events(boss.take(1)) == [("opportunity.noted", deal)]
            admin.execute_command("PERSON.UPDATE", own_company.rep, "UNIT", own_company.branch)
            li.execute_command("OPP.NOTE", deal, "听不到")
            name = fence(daemon, own_company)
            types = [payload["type"] for payload in heard_up_to(boss, name)]
            assert types == ["person.unitChanged"]
        with daemon.wire("panglan", 3) as wire:
            wire.ask("SUBSCRIBE", "events")
            admin.execute_command("PERSON.DEACTIVATE", own_company.stranger)
            admin.execute_command("CUSTOMER.CREATE", "下一位")
            assert wire.is_closed()
            assert "下一位".encode() not in wire.buffer


def writers(daemon, deal: str, count: int = 4):
    """Note on the deal as fast as answers come."""

    def write(is_over: threading.Event) -> None:
        with daemon.client("xiaoli") as li:
            while not is_over.is_set():
                li.execute_command("OPP.NOTE", deal, "热闹")

    return steadily(write, count)


@pytest.mark.parametrize("protocol", [2, 3])
def test_p8_under_load_nothing_comes_after_a_right_is_gone(own_company, protocol):
    """D-34, D-35: while four write, the rep moves out of the manager's unit, a unit moves, and somebody is
    deactivated: of what is recorded from then on not one event reaches those who lost the right."""
    daemon = own_company.daemon
    with daemon.client() as admin, daemon.client("xiaoli") as li:
        deal = new_deal(li, own_company)
        li.execute_command("OPP.TEAM", deal, "ADD", own_company.stranger, "ROLE", "technical")
        li.execute_command("OPP.TEAM", deal, "ADD", own_company.colleague, "ROLE", "technical")
        boss, colleague = (daemon.wire(who, protocol) for who in ("jiangyue", "wangfang"))
        with writers(daemon, deal):
            for wire in (boss, colleague):
                wire.ask("SUBSCRIBE", "events")
            time.sleep(0.3)
            moved = admin.execute_command("PERSON.UPDATE", own_company.rep, "UNIT", "u1")
            ended = admin.execute_command("PERSON.DEACTIVATE", own_company.colleague)
            time.sleep(0.3)
            name = fence(daemon, own_company)
        heard = [json.loads(boss.read()[2])]
        while name not in (heard[-1]["text"] or ""):
            heard.append(json.loads(boss.read()[2]))
        notes = [payload["seq"] for payload in heard if payload["type"] == "opportunity.noted"]
        assert notes and max(notes) < as_map(moved)["seq"]
        last = []
        with contextlib.suppress(EOFError, OSError):
            while True:
                last.append(json.loads(colleague.read()[2])["seq"])
        assert last and max(last) <= as_map(ended)["seq"]


def test_p8_a_change_reaches_only_the_connections_it_concerns(daemon, company):
    """N-7: two hundred listeners, of whom ten are told."""
    quiet = [daemon.wire("panglan", 3) for _ in range(190)]
    concerned = [daemon.wire("xiaoli", 3) for _ in range(10)]
    for wire in quiet + concerned:
        wire.ask("SUBSCRIBE", "events")
    with daemon.client("xiaoli") as li:
        deal = new_deal(li, company)
        bring_to_proposal(li, deal)
    for wire in concerned:
        heard = [json.loads(wire.read()[2])["id"] for _ in range(7)]
        assert heard == [deal] * 7
    for wire in quiet:
        wire.socket.setblocking(False)
        with pytest.raises(OSError):
            wire.socket.recv(1)
    for wire in quiet + concerned:
        wire.close()


def test_n7_a_listener_that_reads_nothing_is_cut_off(daemon, company):
    """N-7: held back up to the cap, then cut off; the others go on hearing."""
    import socket
    import ssl

    from daemon import PASSWORDS

    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.settimeout(30)
    plain.connect(("127.0.0.1", daemon.port))
    context = ssl.create_default_context(cafile=daemon.ca)
    with context.wrap_socket(plain, server_hostname="localhost") as silent:
        silent.sendall(encode("AUTH", "xiaoli", PASSWORDS["xiaoli"]))
        assert silent.recv(5) == b"+OK\r\n"
        silent.sendall(encode("SUBSCRIBE", "events"))
        assert silent.recv(4) == b"*3\r\n"
        with daemon.wire("xiaoli", 3) as li, daemon.client() as admin:
            deal = new_deal(daemon.client("xiaoli"), company)
            command = encode("OPP.UPDATE", deal, "SOURCE", "展会" * 40)
            again = encode("OPP.UPDATE", deal, "SOURCE", "网站" * 40)
            for _ in range(40):
                li.send_raw((command + again) * 100)
                for _ in range(200):
                    li.read()
            lines = admin.execute_command("CLIENT", "LIST", "TYPE", "pubsub")
            assert "xiaoli" not in str(lines), "the silent one was never cut off"
