"""MULTI and EXEC: one atomic step, or nothing at all."""

import pytest

from company import new_deal
from wire import Refusal, as_map


@pytest.fixture
def deals(daemon, company):
    with daemon.client("xiaoli") as li:
        return [new_deal(li, company) for _ in range(2)]


@pytest.fixture
def li(daemon, company):
    with daemon.wire("xiaoli") as wire:
        yield wire
        assert wire.ask("PING") == "PONG"


def titles(wire, deals):
    return [wire.fields("OPP.GET", deal)["title"] for deal in deals]


def test_p4_exec_applies_all_of_it(li, deals):
    """P-4: QUEUED for each, then one array of answers; one step in the log."""
    assert li.ask("MULTI") == "OK"
    for deal in deals:
        assert li.ask("OPP.UPDATE", deal, "TITLE", f"改名 {deal}") == "QUEUED"
    assert li.ask("PING") == "QUEUED"
    answers = li.ask("EXEC")
    assert len(answers) == 3 and answers[2] == "PONG"
    assert titles(li, deals) == [f"改名 {deal}" for deal in deals]


def test_p4_a_refusal_inside_applies_nothing(li, deals):
    """P-4: EXEC answers EXECABORT naming the command refused and why, and nothing happened."""
    before = [li.ask("OPP.GET", deal) for deal in deals]
    assert li.ask("MULTI") == "OK"
    assert li.ask("OPP.UPDATE", deals[0], "TITLE", "不该留下") == "QUEUED"
    assert li.ask("OPP.WIN", deals[1]) == "QUEUED"
    assert li.ask("OPP.NOTE", deals[0], "也不该") == "QUEUED"
    line = li.ask("EXEC")
    assert isinstance(line, Refusal) and line.code == "EXECABORT", line
    assert "opp.win" in line.lower() and deals[1] in line, line
    assert [li.ask("OPP.GET", deal) for deal in deals] == before


def test_p4_a_malformed_command_aborts_the_transaction(li, deals):
    """P-4: an error while queueing, as in Redis, and EXEC discards everything."""
    assert li.ask("MULTI") == "OK"
    assert li.ask("OPP.UPDATE", deals[0], "TITLE", "不该留下") == "QUEUED"
    assert li.refusal("OPP.GET").code == "ERR"
    line = li.ask("EXEC")
    assert line.code == "EXECABORT", line
    assert titles(li, deals[:1]) != ["不该留下"]


def test_p4_discard_forgets(li, deals):
    """P-4: DISCARD drops what was queued."""
    assert li.ask("MULTI") == "OK"
    assert li.ask("OPP.UPDATE", deals[0], "TITLE", "不该留下") == "QUEUED"
    assert li.ask("DISCARD") == "OK"
    assert titles(li, deals[:1]) != ["不该留下"]


@pytest.mark.parametrize(
    ("commands", "said"),
    [
        ([("EXEC",)], "ERR EXEC without MULTI"),
        ([("DISCARD",)], "ERR DISCARD without MULTI"),
        ([("MULTI",), ("MULTI",)], "ERR MULTI calls can not be nested"),
    ],
)
def test_p4_out_of_place(daemon, company, commands, said):
    """P-4: Redis 7.0's error texts, byte for byte."""
    with daemon.wire("xiaoli") as wire:
        replies = [wire.ask(*command) for command in commands]
        assert replies[-1] == said


def test_p4_an_empty_transaction(li):
    """P-4: EXEC of nothing is an empty array."""
    assert li.ask("MULTI") == "OK"
    assert li.ask("EXEC") == []


def test_p2_a_transaction_has_a_bound(daemon, company):
    """P-2: the 1 001st command of a transaction is refused, naming the bound."""
    with daemon.wire("xiaoli") as wire:
        assert wire.ask("MULTI") == "OK"
        for _ in range(1000):
            assert wire.ask("PING") == "QUEUED"
        assert "1000" in wire.refusal("PING").replace(" ", "").replace(",", "")
        assert wire.ask("EXEC").code == "EXECABORT"
        assert wire.ask("PING") == "PONG"


def test_p6_reqid_inside_a_transaction(li, deals):
    """P-6: a REQID in MULTI is remembered with its answer like any other."""
    first = li.fields("OPP.NOTE", deals[0], "一次", "REQID", "multi-1")
    assert li.ask("MULTI") == "OK"
    assert li.ask("OPP.NOTE", deals[0], "一次", "REQID", "multi-1") == "QUEUED"
    (again,) = li.ask("EXEC")
    assert as_map(again) == first
