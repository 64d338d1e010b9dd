"""S4's story through redis-py: a rep works a bid, the manager is told, refuses once, then agrees."""

import redis
import pytest

from company import bring_to_proposal, inbox, new_deal
from subscriber import Subscriber
from wire import as_map, as_maps

FIRST_NOTE, COMMENT, SECOND_NOTE = "请审批", "对方换了人，先去见赵兵", "已与赵兵当面确认预算"


def ask(client, *command):
    return as_map(client.execute_command(*command))


@pytest.fixture
def people(own_company):
    daemon = own_company.daemon
    clients = {name: daemon.client(name) for name in ("xiaoli", "jiangyue", "panglan")}
    yield clients
    for client in clients.values():
        client.close()


def test_d8_d11_d12_d14_n1_the_whole_bid(own_company, people):
    """D-8, D-11, D-12, D-14, N-1, P-7: the seven steps, with a refusal and a plug pulled."""
    daemon = own_company.daemon
    li, jiang = people["xiaoli"], people["jiangyue"]
    manager = Subscriber(daemon.client("jiangyue"))
    deal = new_deal(li, own_company)
    bring_to_proposal(li, deal)

    first = ask(li, "OPP.ADVANCE", deal, "NOTE", FIRST_NOTE)
    assert (first["status"], first["stage"]) == ("pending", "proposal")
    pushed = manager.next()
    assert pushed["type"] == "approval.requested"
    assert pushed["approval"]["id"] == first["approval"]
    assert pushed["opportunity"]["id"] == deal
    assert pushed["by"]["id"] == own_company.rep
    request = ask(jiang, "APPROVAL.GET", first["approval"])
    assert request["approvers"] == [own_company.boss]
    assert (request["submitter"], request["attempt"]) == (own_company.rep, 1)

    ask(jiang, "APPROVAL.REJECT", first["approval"], "NOTE", COMMENT)
    rejected = ask(li, "APPROVAL.GET", first["approval"])
    assert (rejected["status"], rejected["note"]) == ("rejected", COMMENT)
    assert ask(li, "OPP.GET", deal)["stage"] == "proposal"
    told = [row for row in inbox(li) if row["type"] == "approval.rejected"]
    assert [as_map(row["approval"])["id"] for row in told] == [first["approval"]]

    ask(li, "OPP.FEEDBACK", deal, "remark", "赵兵是蒋跃的大学同学")
    second = ask(li, "OPP.ADVANCE", deal, "NOTE", SECOND_NOTE)
    assert second["approval"] != first["approval"]
    assert ask(jiang, "APPROVAL.GET", second["approval"])["attempt"] == 2
    assert manager.next()["seq"] == pushed["seq"] + 1
    manager.close()

    daemon.kill()
    daemon.serve()
    li, jiang = daemon.client("xiaoli"), daemon.client("jiangyue")
    with Subscriber(daemon.client("jiangyue")) as manager:
        again = manager.take(2)
        assert [row["seq"] for row in again] == [pushed["seq"], pushed["seq"] + 1]
        for key in ("id", "type", "at", "text", "by"):
            assert again[0][key] == pushed[key], "a repeated delivery says what the first one said"
        jiang.execute_command("INBOX.ACK", "UPTO", again[-1]["seq"])
        ask(jiang, "APPROVAL.APPROVE", second["approval"], "NOTE", "可以")
        assert ask(li, "OPP.GET", deal)["stage"] == "quote"
        for stage in ("agreed", "terms"):
            moved = ask(li, "OPP.ADVANCE", deal)
            assert (moved["status"], moved["stage"]) == ("moved", stage)
        last = ask(li, "OPP.ADVANCE", deal)
        assert last["status"] == "pending"
        requested = manager.next()
        assert requested["approval"]["id"] == last["approval"]
        ask(jiang, "APPROVAL.APPROVE", last["approval"])
        ask(li, "OPP.WIN", deal)
        assert manager.next()["type"] == "deal.won"
    won = ask(li, "OPP.GET", deal, "WITH", 2, "history", "approvals")
    assert won["outcome"] == "won"
    decisions = [row["status"] for row in as_maps(won["approvals"])]
    assert decisions == ["rejected", "approved", "approved"]
    told = str(won["history"])
    for said in (FIRST_NOTE, COMMENT, SECOND_NOTE):
        assert said in told, "D-17: what was said is in the history"
    li.close()
    jiang.close()


def test_d11_p5_a_gate_names_all_that_is_missing(own_company, people):
    """D-11, P-5: every missing task and feedback is named at once, the voluntary ones are not."""
    li = people["xiaoli"]
    deal = new_deal(li, own_company)
    ask(li, "OPP.ADVANCE", deal)
    ask(li, "OPP.ADVANCE", deal)
    with pytest.raises(redis.ResponseError, match="^GATE ") as refused:
        li.execute_command("OPP.ADVANCE", deal)
    line = str(refused.value)
    for missing in ("site-visit", "meet-executives", "budget_owner", "decision_date"):
        assert missing in line
    assert "rehearsal" not in line and "remark" not in line
    guide = ask(li, "OPP.GUIDE", deal)
    missing = {row["key"] for row in as_maps(guide["missing"])}
    assert {"site-visit", "meet-executives", "budget_owner", "decision_date"} <= missing


def test_d25_d20_d12_while_a_request_is_pending(own_company, people):
    """D-25 locked, D-20 not by oneself, D-12 a rejection says why."""
    li, jiang = people["xiaoli"], people["jiangyue"]
    deal = new_deal(li, own_company, "ask")
    request = ask(li, "OPP.ADVANCE", deal)["approval"]
    with pytest.raises(redis.ResponseError, match="^PENDING "):
        li.execute_command("OPP.UPDATE", deal, "AMOUNT", "600000.00")
    li.execute_command("OPP.NOTE", deal, "等批复")
    with pytest.raises(redis.exceptions.NoPermissionError):
        li.execute_command("APPROVAL.APPROVE", request)
    with pytest.raises(redis.ResponseError):
        jiang.execute_command("APPROVAL.REJECT", request)
    assert ask(jiang, "APPROVAL.GET", request)["status"] == "pending"


def test_d33_d34_nobody_sees_sideways(own_company, people):
    """D-33, D-34: a stranger's answer is the one for what does not exist; names are kept whole."""
    li, stranger = people["xiaoli"], people["panglan"]
    deal = new_deal(li, own_company)
    assert ask(li, "OPP.GET", deal)["title"] == "方舟电子年度投放"
    lines = []
    for asked in (deal, "o999999"):
        with pytest.raises(redis.ResponseError, match="^NOTFOUND ") as refused:
            stranger.execute_command("OPP.GET", asked)
        lines.append(str(refused.value).replace(asked, "o?"))
    assert lines[0] == lines[1]
    assert stranger.execute_command("OPP.LIST") == []
    customer = ask(stranger, "CUSTOMER.GET", own_company.customer)
    assert customer["name"] == "方舟电子"


def test_a1_a2_the_forecast_of_s0(own_company):
    """A-1, A-2: 65, 34, 27, 15 and 6 deals of 500 000 forecast 26 850 000.00."""
    counts = [65, 34, 27, 15, 6]
    boss = own_company.daemon.client("jiangyue")
    rep = own_company.daemon.client("wangfang")
    create = ("OPP.CREATE", "季度单", "CUSTOMER", own_company.customer, "PROCESS", "quarter")
    batch = rep.pipeline(transaction=False)
    for _ in range(sum(counts)):
        batch.execute_command(*create, "AMOUNT", "500000.00", "CUR", "CNY")
    deals = [as_map(reply)["id"] for reply in batch.execute()]
    places = [place for place, count in enumerate(counts) for _ in range(count)]
    for deal, place in zip(deals, places):
        for _ in range(place):
            batch.execute_command("OPP.ADVANCE", deal)
    batch.execute()

    forecast = ask(boss, "REPORT.FORECAST", "UNIT", own_company.team, "PROCESS", "quarter")
    assert (forecast["amount"], forecast["currency"]) == ("26850000.00", "CNY")
    assert (forecast["deals"], float(forecast["expectedWins"])) == (147, pytest.approx(53.7))
    assert forecast["complete"] is True or forecast["complete"] == 1

    funnel = ask(boss, "REPORT.FUNNEL", "UNIT", own_company.team, "PROCESS", "quarter")
    stages = as_maps(funnel["stages"])
    assert [stage["count"] for stage in stages] == counts
    weighted = ["3250000.00", "6800000.00", "8100000.00", "6000000.00", "2700000.00"]
    assert [stage["weighted"] for stage in stages] == weighted
    assert stages[1]["amount"] == "17000000.00"
    assert (funnel["open"], funnel["weighted"]) == (147, "26850000.00")
    assert as_map(funnel["receipt"])["seq"] >= as_map(forecast["receipt"])["seq"]
    rep.close()
    boss.close()
