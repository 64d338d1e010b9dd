"""Whole screens of pipeline-client beside what they looked like when a person last looked at them.

`UPDATE_SCREENS=1` writes `screens/*.txt` anew: look at the difference before it is committed.
"""

import os
import pathlib
import re
import subprocess

import pytest

from client_shell import Shell
from company import bring_to_proposal, new_deal
from daemon import ADMIN, CLIENT
from test_client_terminal import clean, ready

SCREENS = pathlib.Path(__file__).parent / "screens"
PORT = re.compile(r"localhost:\d+")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d|\d\d-\d\d \d\d:\d\d")


def golden(name: str, text: str) -> None:
    """The screen is as the file has it, but for ports and for moments, which are masked."""
    text = PORT.sub("localhost:#####", text).rstrip("\n") + "\n"
    text = MOMENT.sub(lambda found: "#" * len(found[0]), text)
    file = SCREENS / f"{name}.txt"
    if os.environ.get("UPDATE_SCREENS"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8"), f"{name}:\n{text}"


@pytest.fixture
def shell(own_company, tmp_path):
    return Shell(own_company.daemon, tmp_path / "home")


def lines(terminal, *typed: str):
    """Each line is typed once the prompt is there again."""
    for line in typed:
        ready(terminal).type(line + "\r")
        terminal.settle()
    return ready(terminal)


def shown(terminal, *typed: str) -> str:
    """The screen after these lines, which begin on an empty one."""
    ready(terminal).type("\x0c")
    terminal.settle()
    return lines(terminal, *typed).screen.text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_s2_s9_help(shell, language):
    """S-2, S-9: the first screen of a new user, examples first, in the words of the language."""
    with ready(shell.screen("xiaoli", "--lang", language, rows=60, columns=80)) as terminal:
        golden(f"help-{language}", shown(terminal, "help"))
        golden(f"help-advance-{language}", shown(terminal, "help advance"))


STORY = [
    ("new", "方舟电子年度投放", "长江家电", "48万", "2027/6/30", "y", "bid"),
    ("advance", "advance", "done", "1"),
    ("done 会见高层 聊了预算", "feedback", "赵兵", "2027-05-20", ""),
    ("deal",),
    ("advance 已经快把客户搞定了", "approvals sent"),
    ("note 刚听说周伟调走了 换了个叫赵兵的人", "history"),
]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_s2_s5_a_deal_in_a_reps_words(shell, language):
    """S-2, S-5, S-9: from a new deal to its approval with words, questions and names alone."""
    with ready(shell.screen("xiaoli", "--lang", language, rows=40, columns=100)) as terminal:
        for place, typed in enumerate(STORY, start=1):
            for line in typed:
                # A question waits with its own prompt.
                terminal.settle()
                terminal.type(line + "\r")
            terminal.settle()
            golden(f"rep-{place}-{language}", ready(terminal).screen.text)
            terminal.type("\x0c")
    with ready(shell.screen("jiangyue", "--lang", language, rows=40, columns=100)) as terminal:
        terminal.type("approve 1 可以投\r").until("(y/n)")
        golden(f"approve-{language}", terminal.settle())
        terminal.type("y\r")
        golden(f"approved-{language}", ready(terminal).screen.text)


ALL_CHINESE = [
    "新建 年度投放 方舟电子 48w 2027年6月30日 流程 bid", "商机 我的 阶段 机会",
    "修改 金额 62万 预计成交 2027-8-1", "漏斗 流程 bid", "转化率 流程 bid 按 负责人", "指引",
    "作废", "没有真实项目", "重复", "审批 我提交的", "消息 全部",
]


def test_s2_s9_chinese_and_nothing_else(shell):
    """S-2, S-9: words, what follows them, amounts, days and reasons, all in Chinese."""
    arguments = {"rows": 60, "columns": 100}
    with ready(shell.screen("xiaoli", "--lang", "zh", "--color", "never", **arguments)) as terminal:
        terminal.type("\x0c")
        for line in ALL_CHINESE:
            terminal.settle()
            terminal.type(line + "\r")
        terminal.settle()
        golden("all-chinese", ready(terminal).screen.text)


def test_s2_a_wrong_answer_costs_nothing(shell):
    """S-2: what is not understood is asked again, and the line is one arrow away if it is refused."""
    with ready(shell.screen("xiaoli", rows=40, columns=100)) as terminal:
        terminal.type("new\r").until("Title:")
        for typed, asked in (
            ("春季投放", "Customer:"), ("方舟", "Amount"), ("much", "480k"), ("5k", "Expected close"),
            ("soon", "tomorrow"), ("2020-01-01", "Which one?"), ("nope", "one of: ask"),
        ):
            terminal.type(typed + "\r").until(asked)
            terminal.settle()
        terminal.type("广告投标\r")
        golden("asked-again", ready(terminal).screen.text)
        terminal.type("\x1b[A").until("new 春季投放 方舟 AMOUNT 5000 CLOSE 2020-01-01")


def test_s3_hints_and_lists(shell):
    """S-3: the hint behind the line, and what Tab offers where several fit."""
    with ready(shell.screen("xiaoli", rows=30, columns=90)) as terminal:
        terminal.type("\x0capprov")
        golden("hint", terminal.settle())
        terminal.type("\x15re\t")
        golden("completion", terminal.settle())
        terminal.type("\x15反\t").until(lambda screen: "> 反馈 |" in screen.line)


def test_s4_a_push_in_the_middle_of_a_line(shell, own_company):
    """S-4: above the line, which stays, cursor and all; the prompt counts; the window is narrowed."""
    clean(shell, "jiangyue")
    with ready(shell.screen("jiangyue", rows=12, columns=90)) as terminal:
        terminal.type("note 1 还没写完\x1b[D\x1b[D")
        terminal.until("还没写完")
        with shell.daemon.client("xiaoli") as li:
            li.execute_command("OPP.ADVANCE", new_deal(li, own_company, "ask"))
        terminal.until(lambda screen: " pending] > note 1 还没|写完" in screen.line)
        golden("push", terminal.screen.text.split("\n", 1)[1])
        terminal.resize(12, 24)
        terminal.until("没写完")
        golden("push-narrow", terminal.settle())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_s4_the_full_screen(shell, own_company, language):
    """S-4: the list, the deal, the decision with what was filled, an approval and a rejection."""
    with shell.daemon.client("xiaoli") as li:
        deal = new_deal(li, own_company)
        bring_to_proposal(li, deal)
        li.execute_command("OPP.ADVANCE", deal)
        li.execute_command("OPP.ADVANCE", new_deal(li, own_company, "ask"))
    arguments = {"rows": 20, "columns": 90}
    with ready(shell.screen("jiangyue", "--lang", language, **arguments)) as terminal:
        terminal.type("watch\r").until("> a1 ")
        golden(f"watch-{language}", terminal.settle())
        terminal.type("?").until("g、G" if language == "zh" else "g, G")
        golden(f"watch-help-{language}", terminal.settle())
        terminal.type("q\r").until("site-visit")
        golden(f"watch-deal-{language}", terminal.settle())
        terminal.type("qa").until("赵兵")
        terminal.type("可以投\r").until("(y/n)")
        golden(f"watch-approve-{language}", terminal.settle())
        terminal.type("y").until("> a2 ")
        golden(f"watch-approved-{language}", terminal.settle())
        terminal.type("r先补预算\r").until("(y/n)")
        terminal.type("y")
        terminal.until("0 项待批" if language == "zh" else "0 to decide")
        golden(f"watch-empty-{language}", terminal.settle())


@pytest.mark.parametrize("columns", [100, 40])
def test_s5_reports_show_the_weak_step(shell, own_company, columns):
    """S-5: funnel, forecast, dwell and conversion at a glance, in a wide and a narrow window."""
    with shell.daemon.client("xiaoli") as li:
        for number in range(9):
            deal = new_deal(li, own_company, "quarter")
            for _ in range(number // 2):
                li.execute_command("OPP.ADVANCE", deal)
    with ready(shell.screen("jiangyue", "--color", "never", rows=40, columns=columns)) as terminal:
        for report in ("funnel", "forecast", "dwell", "conversion"):
            text = shown(terminal, report)
            golden(f"{report}-{columns}", text)
            assert all(len(line) <= columns for line in text.splitlines())
        golden(f"deals-{columns}", shown(terminal, "deals"))


REPORTS = [
    "FUNNEL PROCESS quarter", "FORECAST", "WINRATE PROCESS quarter", "CONVERSION PROCESS quarter",
    "DWELL PROCESS quarter", "STAGNANT", "HOLES PROCESS quarter", "ATTAINMENT", "VELOCITY", "REPS",
    "LOSSES", "LEADS", "WATERFALL",
]
# How things are called, and what a mark, a name or a currency behind an amount says.
CALLED = {
    "key", "name", "stage", "process", "version", "receipt", "worst", "flag", "complete", "currency"
}


def figures(answer, key=""):
    """Every figure of an answer as people read it, but for movements that nothing made."""
    if isinstance(answer, dict):
        if key in CALLED or answer in ({"count": 0, "amount": "0.00"}, {}):
            return
        for name, value in answer.items():
            if name not in CALLED:
                yield from figures(value, name)
    elif isinstance(answer, list):
        for value in answer:
            yield from figures(value, key)
    elif answer is not None and not isinstance(answer, bool) and answer != "exact":
        yield answer


def grouped(text: str) -> set[str]:
    """A figure as it may stand on the screen."""
    try:
        whole, point, rest = str(text).partition(".")
        short = {f"{whole} %"} if rest == "00" else set()
        return short | {str(text), f"{int(whole):,}{point}{rest}"}
    except ValueError:
        return {str(text)}


def three_reps(shell, own_company):
    """Two open deals and a lost one of each, no amount like another, and targets."""
    for place, login in enumerate(("xiaoli", "wangfang", "panglan"), start=1):
        with shell.daemon.client(login) as client:
            for number in range(1, 4):
                amount = f"{place * 111_111 * number}.0{place}"
                deal = new_deal(client, own_company, "quarter", AMOUNT=amount, CLOSE="2027-03-01")
                for _ in range(number):
                    client.execute_command("OPP.ADVANCE", deal)
            client.execute_command("OPP.LOSE", deal, "REASON", "太贵", "REVIEW", "too late")
    with shell.daemon.client() as admin:
        for unit, amount in (own_company.team, "7654321"), (own_company.branch, "1234567"):
            admin.execute_command("TARGET.SET", unit, "PERIOD", "2027Q1", "AMOUNT", amount)
        command = ["TARGET.SET", own_company.rep, "PERIOD", "2027-01", "AMOUNT", "7000"]
        admin.execute_command(*command)


def test_s5_no_figure_of_a_report_is_dropped(shell, own_company):
    """S-5: whatever a report answers, broken down and beside another unit, is on a wide screen."""
    three_reps(shell, own_company)
    arguments = {"rows": 160, "columns": 250}
    with ready(shell.screen(ADMIN, "--color", "never", **arguments)) as terminal:
        for report in REPORTS:
            by = "unit" if report.startswith("HOLES") else "owner"
            line = f"REPORT.{report} UNIT {own_company.team} VERSUS {own_company.branch} BY {by}"
            if report not in ("REPS", "LEADS"):
                line += " PERIOD 2026-01-01 2027-03-31"
            if report.startswith(("ATTAINMENT", "FORECAST", "HOLES")):
                line = line.replace("2026-01-01", "2027-01-01")
            text = shown(terminal, line)
            for figure in figures(shell.json(ADMIN, *line.split())):
                assert any(way in text for way in grouped(figure)), (line, figure, text)
            if report == "WATERFALL":
                golden("waterfall-250", text)


def keys(answer) -> set[str]:
    if isinstance(answer, dict):
        return set(answer).union(*map(keys, answer.values()))
    return set().union(*map(keys, answer)) if isinstance(answer, list) else set()


def test_s9_every_field_of_a_report_has_a_chinese_word(shell, own_company):
    """S-9: field by field (`\\x`), no name of the protocol is left on a Chinese screen."""
    three_reps(shell, own_company)
    span, beside = "PERIOD 2027-01-01 2027-03-31", f"VERSUS {own_company.branch}"
    lines = [f"REPORT.{report} {span} {beside} BY unit" for report in REPORTS]
    lines += [
        f"REPORT.UNANSWERED {span}", "TARGET.TREE", "REPORT.FORECAST",
        "REPORT.EFFECT amount BEFORE 2026-01-01 2026-12-31 AFTER 2027-01-01 2027-03-31",
        "PLAN.ACTIVITIES TARGET 500000 RATE 25 AVERAGE 100000",
    ]
    arguments = {"rows": 700, "columns": 200}
    with ready(shell.screen(ADMIN, "--lang", "zh", "--color", "never", **arguments)) as terminal:
        for line in ["\\x", *lines, "\\x", f"REPORT.WATERFALL {beside}", "TARGET.TREE"]:
            text = shown(terminal, line).split("\n", 1)[1]
            answer = [] if line == "\\x" else shell.json(ADMIN, *line.split())
            left = [key for key in keys(answer) if re.search(rf"\b{key}\b", text)]
            assert left == [], (line, left, text)


TITLES = [
    "عرض سنوي لشركة النور", "הצעה שנתית", "cafe\u0301 de\u0301jeuner 春季", "🚗 新车上市 🎉", "หน้าร้อน", "दीवाली की पेशकश", "=1+2, \"quoted\"",
]


@pytest.mark.parametrize("columns", [40, 100, 160])
def test_s5_titles_in_any_script(shell, own_company, columns):
    """S-3, S-5: right-to-left, combining marks, emoji: the columns stand below one another."""
    with shell.daemon.client("xiaoli") as li:
        for title in TITLES:
            li.execute_command("OPP.UPDATE", new_deal(li, own_company), "TITLE", title)
    with ready(shell.screen("xiaoli", "--color", "never", rows=30, columns=columns)) as terminal:
        golden(f"titles-{columns}", shown(terminal, "deals"))
        head, rule, *rows = [line for line in terminal.screen.cells if "".join(line).strip()][1:]
        start = "".join(cell or "" for cell in head).index("customer")
        for row in rows[: len(TITLES)]:
            # A wide character takes two cells, the second of them empty.
            assert row[start] == "方" and row[start - 1] == " ", "".join(row)
        terminal.type("note 1 दीवाली की🚗\x1b[D!").until(lambda screen: "की!|🚗" in screen.line)


@pytest.mark.parametrize("columns", [40, 200])
def test_s4_the_full_screen_narrow_and_wide(shell, own_company, columns):
    """S-4, S-5: what is decided on can be read whole in a window of any width."""
    long = "预算在赵兵手里，他要先看到华东区去年的投放效果，再决定是否增加春季的预算；" * 3
    with shell.daemon.client("xiaoli") as li:
        deal = new_deal(li, own_company)
        bring_to_proposal(li, deal)
        li.execute_command("OPP.FEEDBACK", deal, "remark", long)
        li.execute_command("OPP.ADVANCE", deal, "NOTE", "已经快把客户搞定了")
    with ready(shell.screen("jiangyue", rows=24, columns=columns)) as terminal:
        terminal.type("watch\r").until("> a1 ")
        golden(f"watch-{columns}", terminal.settle())
        terminal.type("\r").until("enteredStage")
        golden(f"watch-deal-{columns}", terminal.settle())
        terminal.type("qa").until("Comment:")
        golden(f"watch-approve-{columns}", terminal.settle())
        seen = terminal.screen.text
        for _ in range(12):
            terminal.type("\x1b[B")
            seen += terminal.settle()
        assert "内部试讲" in seen and "参观客户" in seen
        terminal.type("\x1bq")


def test_s5_ten_columns(shell, own_company):
    """S-5: a window of ten columns is drawn, however little it shows."""
    with shell.daemon.client("xiaoli") as li:
        new_deal(li, own_company)
    with shell.screen("xiaoli", rows=30, columns=10) as terminal:
        ready(terminal)
        golden("deals-10", shown(terminal, "deals"))


def test_s5_colours_and_none(shell, own_company):
    """S-5: colours at a terminal, none with NO_COLOR, no sequence at all at a dumb one."""
    with shell.daemon.client("xiaoli") as li:
        new_deal(li, own_company)
    raw = {}
    for name, environment in {
        "color": {}, "plain": {"NO_COLOR": "1"}, "dumb": {"TERM": "dumb"}
    }.items():
        terminal = shell.screen("xiaoli", "deals", **environment)
        raw[name] = terminal.process.read()
        terminal.process.close()
    assert "\x1b[1m" in raw["color"]
    assert "\x1b" not in raw["plain"] and "\x1b" not in raw["dumb"]
    assert re.sub(r"\x1b\[\d+m", "", raw["color"]) == raw["plain"] == raw["dumb"]
    golden("deals-once", raw["plain"].replace("\r", ""))
    piped = subprocess.run(
        [CLIENT, "--profile", "xiaoli", "deals"],
        env=shell.environment, capture_output=True, text=True, timeout=30,
    )
    assert piped.stderr == ""
    cells = [line.split("\t") for line in piped.stdout.splitlines()]
    assert len({len(row) for row in cells}) == 1 and "方舟电子年度投放" in cells[1]
