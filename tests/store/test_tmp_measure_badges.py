import time
import asyncpg
from besitos.store.database import open_store
from besitos.store.awards import count_holders

async def test_measure(postgres_url, sqlite_url):
    c = await asyncpg.connect(postgres_url)
    await c.execute("INSERT INTO members (member_id, created_at) SELECT g, now() FROM generate_series(1, 1000000) g")
    await c.execute("INSERT INTO rows SELECT g, 'tally_at/m/' || (g % 7), '{\"n\":1}' FROM generate_series(1, 1000000) g")
    await c.execute("INSERT INTO rows SELECT g, 'badge/a', '{\"at\":\"2026-11-20T00:00:00Z\"}' FROM generate_series(1, 800000) g")
    await c.execute("INSERT INTO rows SELECT g, 'badge/x/' || v, '{\"at\":\"2026-11-20T00:00:00Z\"}' FROM generate_series(1, 300000) g, generate_series(1,2) v")
    await c.execute("INSERT INTO rows SELECT g, 'badge_taken/a', '{\"is_taken\":true}' FROM generate_series(1, 300) g")
    await c.execute("INSERT INTO rows SELECT g, 'badge_taken/x/1', '{\"is_taken\":true}' FROM generate_series(1, 300) g")
    await c.execute("VACUUM ANALYZE rows"); await c.execute("VACUUM ANALYZE members")
    store = await open_store(postgres_url, connections=2)
    for _ in range(3):
        t = time.perf_counter(); found = await count_holders(store, {"a": "", "x": "module", "nobody": ""}); print("PG", time.perf_counter() - t, found)
    from besitos.store.awards import _ONE, _VALUES
    for sql in (_ONE.replace(":scope", "'badge/a'").replace(":taken", "'badge_taken/a'"), _VALUES.replace(":scope","'badge/x'").replace(":first","'badge/x/'").replace(":end","'badge/x0'")):
        for row in await c.fetch("EXPLAIN " + sql): print(row[0])
    await store.close(); await c.close()
    import sqlite3
    s = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    for sql in (_ONE, _VALUES):
        print(s.execute("EXPLAIN QUERY PLAN " + sql, {"scope": "badge/a", "taken": "badge_taken/a", "first": "badge/a/", "end": "badge/a0"}).fetchall())
