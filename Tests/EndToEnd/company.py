"""The company of the tests: 星河广告, an advertising agency that bids for its orders (S4)."""

import dataclasses
import json

import redis

from daemon import PASSWORDS, Daemon
from wire import as_map

BID = {
    "name": "广告投标",
    "kind": "linear",
    "cycleDays": 45,
    "remindDaysBefore": 5,
    "lossReasons": ["price", "competitor", "no-budget"],
    "invalidReasons": ["重复", "无真实项目"],
    "stages": [
        {"key": "chance", "name": "机会", "winRate": 10, "phase": "early"},
        {"key": "shortlist", "name": "入围", "winRate": 20, "phase": "early"},
        {
            "key": "proposal",
            "name": "方案制定",
            "winRate": 40,
            "phase": "mid",
            "guidance": "先弄清谁说了算，再写方案",
            "tasks": [
                {"key": "site-visit", "name": "参观客户", "required": True},
                {"key": "meet-executives", "name": "会见高层", "required": True},
                {"key": "rehearsal", "name": "内部试讲", "required": False},
            ],
            "feedback": [
                {"key": "budget_owner", "name": "预算负责人", "type": "text", "required": True},
                {"key": "decision_date", "name": "决策日期", "type": "date", "required": True},
                {"key": "remark", "name": "备注", "type": "text", "required": False},
            ],
            "gate": {"approval": "superior"},
        },
        {
            "key": "quote",
            "name": "报价",
            "winRate": 50,
            "phase": "mid",
            "requires": ["amount", "close"],
        },
        {"key": "agreed", "name": "方案确认", "winRate": 60, "phase": "late"},
        {
            "key": "terms",
            "name": "商务确认",
            "winRate": 80,
            "phase": "late",
            "gate": {"approval": "superior"},
        },
        {"key": "award", "name": "中标", "winRate": 90, "phase": "late"},
    ],
}

# One stage with a gate and nothing to fill: every ADVANCE asks the superior.
ASK = {
    "name": "一步一问",
    "stages": [
        {"key": "open", "name": "洽谈", "winRate": 30, "gate": {"approval": "superior"}},
        {"key": "wrap-up", "name": "收尾", "winRate": 70},
    ],
}

# S0's five stages, for the forecast of 26 850 000.
QUARTER = {
    "name": "季度漏斗",
    "stages": [
        {"key": f"step-{place}", "name": name, "winRate": rate}
        for place, (name, rate) in enumerate(
            [("意向", 10), ("方案", 40), ("谈判", 60), ("合同", 80), ("签约", 90)], start=1
        )
    ],
}


@dataclasses.dataclass(frozen=True)
class Company:
    """Who and what `found` made, by id."""

    daemon: Daemon
    team: str
    branch: str
    boss: str
    rep: str
    colleague: str
    stranger: str
    customer: str


def publish(admin: redis.Redis, key: str, process: dict) -> None:
    admin.execute_command("PROCESS.PUT", key, json.dumps(process, ensure_ascii=False))
    admin.execute_command("PROCESS.PUBLISH", key)


def found(daemon: Daemon) -> Company:
    """Makes the company's people and processes as its administrator would."""
    with daemon.client() as admin:

        def made(*command: str) -> str:
            return as_map(admin.execute_command(*command))["id"]

        def person(login: str, name: str, unit: str, role: str) -> str:
            password = PASSWORDS[login]
            return made(
                *("PERSON.CREATE", login, "NAME", name, "UNIT", unit),
                *("ROLE", role, "PASSWORD", password),
            )

        team = made("UNIT.CREATE", "华东销售部", "KIND", "department")
        branch = made("UNIT.CREATE", "华北分公司", "KIND", "branch")
        boss = person("jiangyue", "蒋跃", team, "manager")
        made("UNIT.UPDATE", team, "HEAD", boss)
        rep = person("xiaoli", "小李", team, "rep")
        colleague = person("wangfang", "王芳", team, "rep")
        stranger = person("panglan", "庞岚", branch, "rep")
        for key, process in (("bid", BID), ("ask", ASK), ("quarter", QUARTER)):
            publish(admin, key, process)
        customer = made("CUSTOMER.CREATE", "方舟电子", "TYPE", "enterprise")
    return Company(daemon, team, branch, boss, rep, colleague, stranger, customer)


def new_deal(client: redis.Redis, company: Company, process: str = "bid", **more: str) -> str:
    """A deal of the caller's own worth half a million."""
    command = ["OPP.CREATE", "方舟电子年度投放", "CUSTOMER", company.customer, "PROCESS", process]
    settings = {"AMOUNT": "500000.00", "CUR": "CNY", "CLOSE": "2027-06-30"} | more
    for keyword, value in settings.items():
        command += [keyword, value]
    return as_map(client.execute_command(*command))["id"]


def bring_to_proposal(client: redis.Redis, deal: str) -> None:
    """Walks a deal of the bid to 方案制定, the first stage with a gate, and does its work."""
    for _ in ("shortlist", "proposal"):
        assert as_map(client.execute_command("OPP.ADVANCE", deal))["status"] == "moved"
    client.execute_command("OPP.FEEDBACK", deal, "budget_owner", "赵兵")
    client.execute_command("OPP.FEEDBACK", deal, "decision_date", "2027-05-20")
    client.execute_command("OPP.TASK", deal, "site-visit", "DONE")
    client.execute_command("OPP.TASK", deal, "meet-executives", "DONE")


def inbox(client: redis.Redis) -> list[dict]:
    """Everything in the caller's inbox, whatever was acknowledged, by its own numbers."""
    rows, first = [], 1
    while True:
        page = client.execute_command("INBOX.LIST", "FROM", first, "COUNT", 500)
        found_rows = [as_map(row) for row in page]
        rows += found_rows
        if len(found_rows) < 500:
            return rows
        first = found_rows[-1]["seq"] + 1
