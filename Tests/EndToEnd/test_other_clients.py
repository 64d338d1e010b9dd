"""Clients of other makers, unmodified, over TLS: a deal made, read, refused, and heard of (§5)."""

import asyncio
import json
import ssl

import coredis
import pytest
import valkey

from company import new_deal
from daemon import PASSWORDS
from wire import as_map


@pytest.fixture
def deal(daemon, company):
    with daemon.client("xiaoli") as li:
        return new_deal(li, company)


@pytest.mark.parametrize("protocol", [2, 3])
def test_p1_valkey_py(daemon, company, deal, protocol):
    """P-1, P-7: valkey-py reads a deal, is refused, and hears of an approval request."""
    settings = {"host": "localhost", "port": daemon.port, "ssl": True, "ssl_ca_certs": daemon.ca}
    settings |= {"protocol": protocol, "decode_responses": True, "socket_timeout": 20}

    def client(login: str) -> valkey.Valkey:
        return valkey.Valkey(username=login, password=PASSWORDS[login], **settings)

    with client("xiaoli") as li, client("jiangyue") as jiang:
        reply = li.execute_command("OPP.GET", deal)
        seen = as_map(reply)
        assert seen["id"] == deal and seen["pending"] is None
        with pytest.raises(valkey.ResponseError, match="^GATE "):
            for _ in range(3):
                li.execute_command("OPP.ADVANCE", deal)
        subscriber = jiang.pubsub(ignore_subscribe_messages=True)
        subscriber.subscribe("inbox")
        with daemon.client("xiaoli") as other:
            asked = new_deal(other, company, "ask")
        li.execute_command("OPP.ADVANCE", asked)
        heard = set()
        for _ in range(50):
            message = subscriber.get_message(timeout=0.2)
            if message and message["type"] == "message":
                heard.add(json.loads(message["data"])["opportunity"]["id"])
            if asked in heard:
                break
        assert asked in heard
        subscriber.close()


def test_p1_coredis(daemon, company, deal):
    """P-1: coredis, asynchronous and RESP3 only, with its own handshake."""

    async def ask() -> tuple:
        client = coredis.Redis(
            host="localhost",
            port=daemon.port,
            username="xiaoli",
            password=PASSWORDS["xiaoli"],
            ssl_context=ssl.create_default_context(cafile=daemon.ca),
            decode_responses=True,
        )
        async with client:
            pong = await client.ping()
            seen = await client.create_request(b"OPP.GET", deal, callback=lambda reply, **_: reply)
            return pong, seen

    pong, seen = asyncio.run(ask())
    assert pong == "PONG" and seen["id"] == deal and seen["pending"] is None
