"""A bulk load has no way around the rules: ten thousand pipelined lines, each answered by itself."""

import redis

from company import ASK, new_deal, publish
from wire import as_map, as_maps, whole

COUNT = 10_000
EVERY = 10

FOR_GOVERNMENT = ASK | {"name": "政府采购", "appliesTo": {"customerTypes": ["government"]}}


def bad_lines(company, taken: str) -> list[tuple[list[str], str]]:
    """What may be wrong with a line, and how its refusal begins; one in ten lines is one of these."""
    customer = ["CUSTOMER", company.customer]
    fine = [*customer, "PROCESS", "bid"]
    return [
        (["孤单", "CUSTOMER", "c999999", "PROCESS", "bid"], "NOTFOUND no customer 'c999999'"),
        (["没有客户", "PROCESS", "bid"], "ERR syntax error: OPP.CREATE needs CUSTOMER;"),
        (["", *fine], "INVALID title: must not be empty"),
        (["很" * 201, *fine], "INVALID title: is longer than 200 characters"),
        (["负数", *fine, "AMOUNT", "-1"], "INVALID AMOUNT: must not be negative"),
        (["厘", *fine, "AMOUNT", "1.005"], "INVALID AMOUNT: CNY has 2 decimals"),
        (["二月三十", *fine, "CLOSE", "2027-02-30"], "INVALID CLOSE: must be a calendar date"),
        (["没有流程", *customer, "PROCESS", "nowhere"], "NOTFOUND no process 'nowhere'"),
        (["不适用", *customer, "PROCESS", "for-government"], "INVALID PROCESS: 'for-government'"),
        (["同一个", *fine, "EXTID", taken], f"CONFLICT external id '{taken}' is taken by "),
        (["替别人", *fine, "OWNER", company.boss], "NOPERM you may not create a deal for "),
        (["错字", *fine, "AMUONT", "5"], "ERR syntax error: OPP.CREATE has no keyword 'AMUONT'"),
    ]


def lines(company, taken: str) -> list[tuple[list[str], str | None]]:
    """The whole load: each command, and how its refusal begins where it must be refused."""
    bad = bad_lines(company, taken)
    load = []
    for number in range(COUNT):
        if number % EVERY == 3:
            words, refusal = bad[number // EVERY % len(bad)]
            load.append((words, refusal))
            continue
        words = [f"批量 {number}", "CUSTOMER", company.customer, "PROCESS", "bid"]
        load.append((words + ["AMOUNT", f"{number}.25", "EXTID", f"erp-{number}"], None))
    return load


def send(client: redis.Redis, load) -> list:
    batch = client.pipeline(transaction=False)
    for number, (words, _) in enumerate(load):
        batch.execute_command("OPP.CREATE", *words, "REQID", f"load-{number}")
    return batch.execute(raise_on_error=False)


def test_d31_ten_thousand_deals_in_bulk(own_company):
    """D-31, P-5, P-6, W-2: refused line by line with reasons; sent again, and after a kill, as once."""
    daemon = own_company.daemon
    with daemon.client() as admin:
        publish(admin, "for-government", FOR_GOVERNMENT)
    with daemon.client("xiaoli", socket_timeout=120) as li:
        new_deal(li, own_company, EXTID="erp-taken")
        load = lines(own_company, "erp-taken")
        replies = send(li, load)
        made = []
        for (words, refusal), reply in zip(load, replies, strict=True):
            if refusal is None:
                made.append(as_map(reply)["id"])
            else:
                assert isinstance(reply, redis.ResponseError), (words, reply)
                assert whole(reply).startswith(refusal), (words, whole(reply))
        good = [number for number in range(COUNT) if number % EVERY != 3]
        assert len(set(made)) == len(made) == len(good)
        check(li, own_company, good)
        again = send(li, load)
        assert [as_map(reply) for reply in again if not isinstance(reply, Exception)] == [
            as_map(reply) for reply in replies if not isinstance(reply, Exception)
        ]
    daemon.kill()
    daemon.serve()
    with daemon.client("xiaoli", socket_timeout=120) as li:
        check(li, own_company, good)


def check(li: redis.Redis, company, good: list[int]) -> None:
    """Every good line is a deal, and no other is; the sum is exact."""
    rows, offset = [], 0
    while page := as_maps(li.execute_command("OPP.LIST", "LIMIT", offset, 1000)):
        rows += page
        offset += len(page)
    assert [row["title"] for row in rows] == ["方舟电子年度投放"] + [f"批量 {n}" for n in good]
    assert {row["stage"] for row in rows} == {"chance"}
    cents = 50_000_000 + sum(number * 100 + 25 for number in good)
    funnel = as_map(li.execute_command("REPORT.FUNNEL", "PROCESS", "bid"))
    assert funnel["amount"] == f"{cents // 100}.{cents % 100:02}"
    assert funnel["open"] == len(good) + 1
