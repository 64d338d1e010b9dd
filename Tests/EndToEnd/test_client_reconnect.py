"""pipeline-client when the connection breaks: nothing is missed, nothing done or shown twice (S-7)."""

import socket
import threading

from client_shell import Shell
from company import new_deal
from test_client_terminal import ready


class Cutting:
    """A way to the daemon that can swallow an answer and then break, as a bad network does."""

    def __init__(self, port: int):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.swallow = False
        self.connections = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            far = socket.create_connection(("127.0.0.1", self.target))
            threading.Thread(target=self.pump, args=(near, far, False), daemon=True).start()
            threading.Thread(target=self.pump, args=(far, near, True), daemon=True).start()

    def pump(self, source, sink, is_answer: bool) -> None:
        try:
            while data := source.recv(65536):
                if is_answer and self.swallow:
                    self.swallow = False
                    break
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self) -> None:
        self.listener.close()


def test_s7_a_write_whose_answer_was_lost_is_done_once(own_company, tmp_path):
    """S-7, P-6: the answer is swallowed; the shell connects again and sends it with its REQID."""
    cutting = Cutting(own_company.daemon.port)
    shell = Shell(own_company.daemon, tmp_path / "home")
    profiles = shell.profiles.read_text()
    shell.profiles.write_text(profiles.replace(f":{own_company.daemon.port}", f":{cutting.port}"))
    try:
        with ready(shell.screen("xiaoli")) as terminal:
            for number in range(3):
                cutting.swallow = True
                terminal.type(f"new 第{number}单 {own_company.customer[1:]} 5000 PROCESS bid\r")
                terminal.until(lambda screen: f"o{number + 1} >" in screen.line)
            assert "connected again" in terminal.screen.text
            terminal.until(lambda screen: "> |" in screen.line)
            assert terminal.leave() == 0
    finally:
        cutting.close()
    assert cutting.connections == 4
    shell.profiles.write_text(profiles)
    titles = [deal["title"] for deal in shell.json("xiaoli", "OPP.LIST")]
    assert titles == ["第0单", "第1单", "第2单"]


def test_s7_an_open_shell_survives_kill_and_restart(own_company, tmp_path):
    """S-7: killed under an open shell with a line half typed: it comes back by itself, shows what
    came meanwhile once, and the line is still there."""
    daemon = own_company.daemon
    shell = Shell(daemon, tmp_path / "home")
    with ready(shell.screen("jiangyue", columns=120)) as terminal:
        with daemon.client("xiaoli") as li:
            li.execute_command("OPP.ADVANCE", new_deal(li, own_company, "ask"))
        terminal.until("#1 ")
        terminal.type("note 1 写到一半")
        for round_ in range(2, 5):
            daemon.kill()
            terminal.until(lambda screen: screen.text.count("connection lost") == round_ - 1)
            daemon.serve()
            with daemon.client("xiaoli") as li:
                li.execute_command("OPP.ADVANCE", new_deal(li, own_company, "ask"))
            terminal.until(f"#{round_} ")
        terminal.until(lambda screen: "[4 pending] > note 1 写到一半|" in screen.line)
        lines = terminal.settle().splitlines()
        shown = [line.split()[0] for line in lines if "approval.requested" in line]
        assert shown == ["#1", "#2", "#3", "#4"]
        terminal.type("\x15whoami\r").until("蒋跃")
        assert terminal.leave() == 0
