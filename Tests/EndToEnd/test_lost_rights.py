"""Rights that go while changes pour in: from then on not one event more, on any channel (D-33, D-34, P-8).

TEST_RIGHTS_ROUNDS says how often the tree is moved about.
"""

import contextlib
import json
import os
import threading

import pytest

from company import inbox, new_deal
from crowd import steadily
from wire import Push, Refusal, as_map

ROUNDS = int(os.environ.get("TEST_RIGHTS_ROUNDS", "15"))
WRITERS = 3


def mentions(daemon, deal: str, whom: str):
    """Notes on the deal as fast as answers come, each of which tells somebody in the inbox, too, while
    they may see it."""

    def write(is_over: threading.Event) -> None:
        with daemon.wire("xiaoli", 3) as wire:
            while not is_over.is_set():
                refused = isinstance(wire.ask("OPP.NOTE", deal, "热闹", "MENTION", whom), Refusal)
                if refused:
                    wire.granted("OPP.NOTE", deal, "清静")

    return steadily(write, WRITERS)


class Watcher:
    """Somebody who hears of a deal on every channel there is, over one connection in RESP3."""

    def __init__(self, daemon, login: str, deal: str, unit: str):
        self.deal, self.wire = deal, daemon.wire(login, 3)
        self.pushes: list[dict] = []
        self.wire.send("SUBSCRIBE", "inbox", "events", f"events:{deal}", f"events:{unit}")
        self.wire.send("PSUBSCRIBE", "events:*")
        for _ in range(5):
            while (push := self.wire.read())[0] not in ("subscribe", "psubscribe"):
                self.note(push)

    def note(self, push: Push) -> None:
        payload = json.loads(push[-1])
        # A row of the inbox that may be read no more keeps its place and says nothing.
        if payload["type"] != "withdrawn" and (payload["opportunity"] or {}).get("id") == self.deal:
            self.pushes.append(payload)

    def ask(self, *command: str):
        """The answer; pushes that come before it are noted."""
        self.wire.send(*command)
        while isinstance(reply := self.wire.read(), Push):
            self.note(reply)
        return reply

    def sees(self) -> bool:
        reply = self.ask("OPP.GET", self.deal)
        assert not isinstance(reply, Refusal) or reply.code == "NOTFOUND", reply
        return not isinstance(reply, Refusal)

    def heard(self) -> list[dict]:
        """What came since this was asked last."""
        pushes, self.pushes = self.pushes, []
        return pushes


def wait_until(holds) -> None:
    for _ in range(2000):
        if holds():
            return
    raise AssertionError("nothing came about")


def lose_and_regain(watcher: Watcher, lose, regain) -> None:
    """Rounds in which a right goes and comes again, under the eyes of its holder."""
    for _ in range(ROUNDS):
        wait_until(lambda: watcher.sees() and watcher.heard())
        seq = as_map(lose())["seq"]
        # The answer that there is no such deal comes in its place among the pushes.
        assert not watcher.sees()
        before = [payload for payload in watcher.heard() if payload["id"].startswith("o")]
        assert all(payload["seq"] < seq for payload in before)
        for _ in range(20):
            assert not watcher.sees()
        assert watcher.heard() == [], "told although the right was gone"
        regain()


def test_p8_d34_a_unit_that_moves_takes_its_deals_out_of_sight(own_company):
    """D-33, D-34, D-29: the head of a branch hears of a team's deals while it hangs below the branch."""
    company, daemon = own_company, own_company.daemon
    with daemon.client() as admin, daemon.client("xiaoli") as li:
        admin.execute_command("UNIT.UPDATE", company.branch, "HEAD", company.stranger)
        deal = new_deal(li, company)

        def hang(below: str):
            return admin.execute_command("UNIT.UPDATE", company.team, "PARENT", below)

        hang(company.branch)
        watcher = Watcher(daemon, "panglan", deal, company.team)
        with mentions(daemon, deal, company.stranger):
            lose_and_regain(watcher, lambda: hang("u1"), lambda: hang(company.branch))


@pytest.mark.parametrize("protocol", [2, 3])
def test_p8_d35_deactivated_under_load_nothing_more_arrives(own_company, protocol):
    """D-35, D-34: the connection of somebody who is deactivated ends; what was told on it was told
    before."""
    company, daemon = own_company, own_company.daemon
    with daemon.client() as admin, daemon.client("xiaoli") as li:
        deal = new_deal(li, company)
        li.execute_command("OPP.TEAM", deal, "ADD", company.colleague, "ROLE", "technical")
        with mentions(daemon, deal, company.colleague):
            for _ in range(max(3, ROUNDS // 3)):
                with daemon.wire("wangfang", protocol) as wire:
                    wire.send("SUBSCRIBE", "inbox", "events", f"events:{deal}")
                    last = {}
                    while len(last) < 3:
                        reply = wire.read()
                        if reply[0] == "message":
                            last[reply[1]] = json.loads(reply[2])
                    ended = as_map(admin.execute_command("PERSON.DEACTIVATE", company.colleague))
                    with contextlib.suppress(EOFError, OSError):
                        while True:
                            reply = wire.read()
                            if reply[0] == "message":
                                last[reply[1]] = json.loads(reply[2])
                    for channel in ("events", f"events:{deal}"):
                        assert last[channel]["seq"] <= ended["seq"], channel
                admin.execute_command("PERSON.ACTIVATE", company.colleague)
        with daemon.client("wangfang") as colleague:
            rows = inbox(colleague)
            assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
