"""pipeline-client at a terminal: editing, hints, messages above the line, the full screen."""

import pytest

from client_shell import Shell
from company import bring_to_proposal, new_deal


@pytest.fixture
def shell(daemon, company, tmp_path):
    return Shell(daemon, tmp_path)


def ready(terminal):
    """The prompt is there, and what Tab completes with has been fetched."""
    terminal.until(lambda screen: screen.line.split("|")[0].endswith("> "))
    terminal.settle()
    return terminal


def clean(shell, login):
    """Nothing unacknowledged, so that a screen begins the same every time."""
    assert shell.run(login, "INBOX.ACK", "UPTO", "1000000").returncode == 0


def test_s3_the_line_is_edited(shell):
    """S-3: Chinese is edited by whole characters; Ctrl-C ends the line only; Ctrl-R finds it."""
    with ready(shell.screen("xiaoli")) as terminal:
        terminal.type("note 方舟电子\x1b[D\x1b[DX")
        terminal.until(lambda screen: screen.line.endswith("> note 方舟X|电子"))
        terminal.type("\x03")
        terminal.until("note 方舟X电子^C")
        ready(terminal).type("whoami\r")
        terminal.until("xiaoli")
        ready(terminal).type("\x12who")
        terminal.until("(search 'who') whoami")
        terminal.type("\x07")
        ready(terminal)
        assert terminal.leave() == 0


def test_s3_hints_and_completion(shell, company):
    """S-3: the rest of a word's usage is shown; Tab completes words, ids by name, and keys."""
    with shell.daemon.client("xiaoli") as li:
        deal = new_deal(li, company)
    with ready(shell.screen("xiaoli")) as terminal:
        terminal.type("appro")
        terminal.until("approvals [sent|all] [STATUS s]")
        terminal.type("ve ").until("approve APPROVAL [comment]")
        terminal.type("\x15OPP.TASK ")
        terminal.until("OPP.TASK opportunity task DONE|UNDO")
        terminal.type("\x15foreca\t")
        terminal.until(lambda screen: "> forecast |" in screen.line)
        terminal.type(f"\x15deal {deal[1:]}\r").until("预算负责人")
        ready(terminal).type(f"history {deal[1:]}\t")
        terminal.until(lambda screen: f"> history {deal}" in screen.line)
        assert terminal.leave() == 0


def test_s3_history_is_kept_without_secrets(shell):
    """S-3: the next session has the lines of the last, but for those with a password."""
    with ready(shell.screen("xiaoli")) as terminal:
        terminal.type("whoami\r").until("小李")
        ready(terminal).type("PERSON.PASSWORD xiaoli short OLD wrong-one\r").until("NOPERM")
        ready(terminal)
        assert terminal.leave() == 0
    (history,) = shell.profiles.parent.glob("history-*")
    assert history.stat().st_mode & 0o777 == 0o600
    assert "whoami" in history.read_text() and "wrong-one" not in history.read_text()
    with ready(shell.screen("xiaoli")) as terminal:
        terminal.type("\x1b[A").until(lambda screen: "> quit|" in screen.line)
        terminal.type("\x1b[A").until(lambda screen: "> whoami|" in screen.line)


def test_s3_a_paste_waits_for_enter(shell):
    """S-3: a bracketed paste of several lines runs only when it is entered, line by line."""
    with ready(shell.screen("xiaoli")) as terminal:
        terminal.type("\x1b[200~ECHO first\nECHO second\n\x1b[201~")
        terminal.until("ECHO first↵ECHO second")
        terminal.type("\r").until(lambda screen: "\nsecond\n" in screen.text + "\n")
        assert "> ECHO first\nfirst\n" in terminal.screen.text


def test_s4_a_push_appears_above_the_line(shell, company):
    """S-4: what is typed stays as it was, cursor included; the prompt counts what waits."""
    clean(shell, "jiangyue")
    with ready(shell.screen("jiangyue")) as terminal:
        before = terminal.screen.line
        terminal.type("note 1 还没写完\x1b[D\x1b[D")
        terminal.until("还没写完")
        with shell.daemon.client("xiaoli") as li:
            li.execute_command("OPP.ADVANCE", new_deal(li, company, "ask"))
        terminal.until("approval.requested")
        terminal.until(lambda screen: " pending] > note 1 还没|写完" in screen.line)
        assert terminal.screen.text.count("还没写完") == 1, before
        # A window of another size: the line is drawn for it.
        terminal.resize(24, 40)
        terminal.until(lambda screen: "note 1 还没|写完" in screen.line)


GOLDEN_DECISION = """\
  {approval}  {deal}  方舟电子年度投放
  amount      500,000.00 CNY
  owner       小李 ({rep})
  stage       方案制定 → 报价
  close       2027-06-30
  submitter   小李 ({rep})
  预算负责人  赵兵
  决策日期    2027-05-20
  参观客户    ✓
  会见高层    ✓
  内部试讲    –"""


def test_s4_watch_is_a_full_screen(own_company, tmp_path):
    """S-4: j/k, Enter for the deal, a with a comment; amount, owner, what was filled; it asks."""
    shell = Shell(own_company.daemon, tmp_path / "home")
    with shell.daemon.client("xiaoli") as li:
        first = new_deal(li, own_company)
        bring_to_proposal(li, first)
        li.execute_command("OPP.ADVANCE", first)
        second = new_deal(li, own_company, "ask")
        li.execute_command("OPP.ADVANCE", second)
    with ready(shell.screen("jiangyue", columns=100)) as terminal:
        terminal.type("watch\r").until("2 to decide, 0 messages")
        assert terminal.settle().splitlines()[2].startswith("> a1 ")
        terminal.type("j").until("\n> a2 ")
        terminal.type("k\r").until("预算负责人")
        terminal.type("q").until("j/k move")
        terminal.type("?").until("the whole deal")
        terminal.type("q").until("j/k move")
        terminal.type("a").until("Comment:")
        golden = GOLDEN_DECISION.format(approval="a1", deal=first, rep=own_company.rep)
        assert golden in terminal.settle()
        terminal.type("可以投\r").until("Approve a1? (y/n)")
        terminal.type("y").until("a1 is approved")
        terminal.until("1 to decide")
        # What comes meanwhile appears by itself.
        with shell.daemon.client("xiaoli") as li:
            li.execute_command("OPP.ADVANCE", new_deal(li, own_company, "ask"))
        terminal.until("2 to decide")
        terminal.type("r").until("Comment:")
        terminal.type("\r\r预算不明\r").until("Reject a2? (y/n)")
        terminal.type("y").until("a2 is rejected")
        terminal.resize(10, 40)
        terminal.until("1 to decide")
        assert all(len(line) <= 40 for line in terminal.settle().splitlines())
        terminal.type("q")
        terminal.until("[1 pending] >")
        assert terminal.leave() == 0
    decided = shell.json("xiaoli", "APPROVAL.GET", "a1")
    assert (decided["status"], decided["note"]) == ("approved", "可以投")


def test_s4_approve_in_the_shell_asks(shell, company):
    """S-4: `approve` at a terminal shows what it is about, and asks; anything but yes is no."""
    with shell.daemon.client("xiaoli") as li:
        li.execute_command("OPP.ADVANCE", new_deal(li, company, "ask"))
    (asked, *_) = shell.json("jiangyue", "approvals")
    with ready(shell.screen("jiangyue")) as terminal:
        terminal.type(f"approve {asked['id']}\r").until(f"Approve {asked['id']}? (y/n)")
        assert "500,000.00 CNY" in terminal.screen.text and "小李" in terminal.screen.text
        terminal.type("n\r").until("not decided")
        ready(terminal).type(f"approve {asked['id']} 同意\r").until("? (y/n)")
        terminal.type("y\r").until("approved")


def test_s4_watch_from_the_command_line(shell):
    """S-4: `pipeline-client watch` at a terminal is the full screen, and leaves with q."""
    with shell.screen("jiangyue", "watch") as terminal:
        terminal.until("to decide").index("j/k move")
        terminal.type("q")
        terminal.process.expect("1049l")
        terminal.process.wait()
        assert terminal.process.exitstatus == 0


def test_s5_a_funnel_for_each_process(shell, company):
    """S-5: without PROCESS a screen shows one funnel after the other, bars and all."""
    with shell.daemon.client("xiaoli") as li:
        for process in ("bid", "ask"):
            new_deal(li, company, process)
    with ready(shell.screen("xiaoli")) as terminal:
        terminal.type("\x0cfunnel\r").until("win rate")
        shown = terminal.settle().splitlines()
        assert "bid" in shown and "ask" in shown
        assert any("机会" in line and "█" in line for line in shown)
        assert terminal.leave() == 0


def test_s5_no_color_and_dumb_terminals(shell):
    """S-5: NO_COLOR leaves colours out, TERM=dumb every sequence; words still work."""
    with shell.screen("xiaoli", NO_COLOR="1") as terminal:
        ready(terminal).type("deals\r").until("stage")
        terminal.settle()
    dumb = shell.terminal("xiaoli")
    dumb.close()
    with shell.screen("xiaoli", TERM="dumb") as terminal:
        terminal.process.expect("> ")
        terminal.process.sendline("whoami")
        terminal.process.expect("小李")
        assert "\x1b" not in terminal.process.before
        terminal.process.sendline("quit")


def test_s9_chinese(shell, company):
    """S-9: prompt, tables, refusals and help in Chinese, by locale."""
    with shell.daemon.client("xiaoli") as li:
        deal = new_deal(li, company)
    with shell.screen("xiaoli", "--lang", "zh", rows=40, columns=120) as terminal:
        terminal.until(lambda screen: screen.line.split("|")[0].endswith("> "))
        terminal.type("deals\r").until("预计成交")
        terminal.type("\x0c帮助\r").until("推进到下一阶段")
        for stage in ("入围", "方案制定"):
            terminal.type(f"推进 {deal[1:]}\r").until(f"✓ {deal} → {stage}")
            ready(terminal)
        terminal.type(f"推进 {deal[1:]}\r").until("还不能离开阶段 方案制定（proposal）：缺少反馈 预算负责人")
        terminal.type("nonsens\r").until("没有这个命令")
