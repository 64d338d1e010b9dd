"""One story, three clients: redis-py, redis-cli and the shell get the same answers (D-31)."""

import json
import re

import pytest
import redis

from company import inbox, new_deal
from test_client import Shell
from test_redis_cli import RedisCli
from wire import as_map, whole


class RedisPy:
    """The company through redis-py."""

    def __init__(self, daemon, _):
        self.daemon = daemon
        self.clients = {}

    def ask(self, login: str, *words: str):
        client = self.clients.setdefault(login, self.daemon.client(login))
        try:
            return plain(client.execute_command(*words))
        except redis.ResponseError as error:
            return refusal(whole(error))


class Cli:
    """The company through `redis-cli -3 --json`."""

    def __init__(self, daemon, _):
        self.daemon = daemon

    def ask(self, login: str, *words: str):
        ran = RedisCli(self.daemon, login, "-3", "--json", "-e").run(*words)
        if ran.returncode == 0:
            return json.loads(ran.stdout)
        return refusal((ran.stdout + ran.stderr).decode())


class BundledShell:
    """The company through `pipeline-client --json`, in wire commands."""

    def __init__(self, daemon, home):
        self.shell = Shell(daemon, home)

    def ask(self, login: str, *words: str):
        ran = self.shell.run(login, "--json", *words)
        return json.loads(ran.stdout) if ran.returncode == 0 else refusal(ran.stderr)


def refusal(printed: str) -> str:
    """The server's own line, whatever a client prints around it."""
    (line,) = re.findall(r"\b(?:GATE|NOTFOUND|NOPERM|CONFLICT|PENDING|INVALID|ERR) [^\n]*", printed)
    return line.rstrip()


def plain(reply):
    """A reply of redis-py in the shapes that JSON has."""
    if isinstance(reply, list) and PAIRS.issuperset(reply[0:1]) and len(reply) % 2 == 0:
        reply = as_map(reply)
    if isinstance(reply, dict):
        return {name: plain(value) for name, value in reply.items()}
    if isinstance(reply, list):
        return [plain(item) for item in reply]
    return reply


# RESP2 has no maps: an answer that begins with one of these names is one.
PAIRS = frozenset({"id", "stage", "process", "amount"})


def story(speaker, company) -> list:
    """A bid from its creation to its end, with every kind of refusal on the way; what was said."""
    deal = speaker.ask(
        "xiaoli",
        *("OPP.CREATE", "方舟电子年度投放", "CUSTOMER", company.customer, "PROCESS", "bid"),
        *("AMOUNT", "500000.00", "CUR", "CNY", "CLOSE", "2027-06-30"),
    )["id"]
    told = []

    def ask(login: str, *words: str):
        answer = speaker.ask(login, *[deal if word == "DEAL" else word for word in words])
        told.append(answer if isinstance(answer, str) else shown(answer))
        return answer

    ask("xiaoli", "OPP.ADVANCE", "DEAL")
    ask("xiaoli", "OPP.ADVANCE", "DEAL", "TO", "shortlist")
    ask("xiaoli", "OPP.ADVANCE", "DEAL", "TO", "proposal")
    ask("xiaoli", "OPP.ADVANCE", "DEAL")
    ask("xiaoli", "OPP.FEEDBACK", "DEAL", "budget_owner", "赵兵", "decision_date", "someday")
    ask("xiaoli", "OPP.FEEDBACK", "DEAL", "budget_owner", "赵兵", "decision_date", "2027-05-20")
    ask("xiaoli", "OPP.TASK", "DEAL", "site-visit", "DONE")
    ask("xiaoli", "OPP.TASK", "DEAL", "meet-executives", "DONE", "NOTE", "见到了赵兵")
    first = ask("xiaoli", "OPP.ADVANCE", "DEAL", "NOTE", "请审批")["approval"]
    ask("xiaoli", "OPP.UPDATE", "DEAL", "AMOUNT", "600000")
    ask("xiaoli", "APPROVAL.APPROVE", first)
    ask("panglan", "APPROVAL.APPROVE", first)
    ask("jiangyue", "APPROVAL.REJECT", first)
    ask("jiangyue", "APPROVAL.REJECT", first, "NOTE", "预算依据不足")
    ask("jiangyue", "APPROVAL.APPROVE", first)
    second = ask("xiaoli", "OPP.ADVANCE", "DEAL", "NOTE", "预算已确认")["approval"]
    ask("jiangyue", "APPROVAL.APPROVE", second, "NOTE", "可以")
    ask("xiaoli", "OPP.UPDATE", "DEAL", "AMOUNT", "-1", "CLOSE", "2027-02-30")
    ask("xiaoli", "OPP.UPDATE", "DEAL", "AMOUNT", "550000", "IFREV", "1")
    ask("xiaoli", "OPP.WIN", "DEAL")
    ask("panglan", "OPP.LOSE", "DEAL", "REASON", "price")
    ask("xiaoli", "OPP.LOSE", "DEAL", "REASON", "weather")
    ask("xiaoli", "DRYRUN", "OPP.LOSE", "DEAL", "REASON", "price", "COMPETITOR", "蓝海")
    ask("xiaoli", "OPP.LOSE", "DEAL", "REASON", "price", "COMPETITOR", "蓝海")
    ask("xiaoli", "OPP.ADVANCE", "DEAL")
    ask("xiaoli", "OPP.GET", "DEAL")
    return [
        line.replace(deal, "DEAL").replace(first, "FIRST").replace(second, "SECOND")
        if isinstance(line, str)
        else line
        for line in told
    ]


def shown(answer: dict) -> dict:
    """What does not differ between two deals that went the same way."""
    return {
        name: bool(value) if name == "approval" else value
        for name, value in answer.items()
        if name in {"status", "stage", "approval", "rev", "outcome", "amount", "close", "title"}
    }


@pytest.mark.parametrize("speaker", [Cli, BundledShell])
def test_d31_the_story_is_the_same_whoever_tells_it(daemon, company, tmp_path, speaker):
    """D-31, P-5: answers, refusals and revisions are equal word for word in every client."""
    expected = story(RedisPy(daemon, tmp_path), company)
    codes = {line.split()[0] for line in expected if isinstance(line, str)}
    assert codes == {"GATE", "NOTFOUND", "NOPERM", "CONFLICT", "PENDING", "INVALID", "ERR"}
    assert story(speaker(daemon, tmp_path), company) == expected


def test_d31_what_a_shell_does_reaches_the_manager(daemon, company, tmp_path):
    """D-31, N-1: a request made in the shell lies in the manager's inbox like any other."""
    with daemon.client("xiaoli") as li, daemon.client("jiangyue") as jiang:
        deal = new_deal(li, company, "ask")
        before = len(inbox(jiang))
        asked = BundledShell(daemon, tmp_path).ask("xiaoli", "OPP.ADVANCE", deal)
        (row,) = inbox(jiang)[before:]
        assert row["type"] == "approval.requested"
        assert as_map(row["approval"])["id"] == asked["approval"]
