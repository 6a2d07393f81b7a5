"""Corruptions of what moved the money, of what the books speak of, and of the seals."""

from datetime import timedelta
from typing import Any

import msgspec

from besitos.store.moments import moment_of
from tests.audit.planted import Planted
from tests.audit.planting import (
    COLUMNS,
    Case,
    add,
    first_of_next_month,
    is_file,
    noted_in,
    row_of,
    set_in_row,
)

PLANTS: list[Case] = []
caught_by = noted_in(PLANTS)

# ---------------------------------------------------------------------------------------------------- activities


@caught_by("audit.activity")
async def a_key_applied_twice(books: Planted) -> dict[str, Any]:
    """The same payment again, with everything repaired that follows from it: only its key knows."""
    member_id, last, balance, position = await books.one(
        "SELECT m.member_id, m.seq, a.balance, (SELECT max(position) FROM transactions) FROM members AS m "
        "JOIN accounts AS a ON a.member_id = m.member_id AND a.account = 'xp' ORDER BY m.member_id"
    )
    row = await books.one(
        f"SELECT {COLUMNS} FROM transactions "
        "WHERE member_id = :of AND account = 'xp' AND amount > 0 AND type <> 'REVERSAL' ORDER BY seq",
        of=member_id,
    )
    copied = dict(zip(COLUMNS.split(", "), row, strict=True)) | {
        "position": position + 1,
        "seq": last + 1,
        "transfer_id": f"{member_id}-{last + 1}",
        "balance_after": balance + row[5],
    }
    names = ", ".join(f":{name}" for name in copied)
    await books.change(f"INSERT INTO transactions ({COLUMNS}) VALUES ({names})", **copied)
    await books.change("UPDATE members SET seq = seq + 1 WHERE member_id = :of", of=member_id)

    def repair(wallets: dict[str, Any]) -> None:
        add(wallets["xp"], "balance", row[5])
        add(wallets["xp"], "earned", row[5])

    await books.edit_wallets(member_id, repair)
    return {"activity": copied["activity"]}


@caught_by("audit.activity")
async def a_row_that_nothing_caused(books: Planted) -> dict[str, Any]:
    [key] = await books.one("SELECT activity FROM transactions ORDER BY member_id, seq")
    await books.change("DELETE FROM activities WHERE key = :key", key=key)
    return {"activity": key, "rows_said": 0}


@caught_by("audit.activity")
async def a_row_of_an_activity_that_was_refused(books: Planted) -> dict[str, Any]:
    [key] = await books.one("SELECT activity FROM transactions ORDER BY member_id, seq")
    refused = '{"status":"rejected","reason":"daily_gift.already_claimed"}'
    await books.change("UPDATE activities SET outcome = :outcome WHERE key = :key", outcome=refused, key=key)
    return {"activity": key, "rows_said": 0}


@caught_by("audit.activity")
async def a_payment_that_was_told_and_not_booked(books: Planted) -> dict[str, Any]:
    member_id, seq, key = await books.one(
        "SELECT member_id, seq, activity FROM transactions WHERE type = 'EARN_RULE' ORDER BY member_id, seq"
    )
    await set_in_row(books, (member_id, seq), "activity = 'test:other'")
    return {"activity": key}


@caught_by("audit.key")
async def a_key_decided_again_within_the_month(books: Planted) -> dict[str, Any]:
    """At another time, in the next month, by somebody who gave no time: the index of either month allows it."""
    key, occurred = await books.one("SELECT key, occurred_at FROM activities ORDER BY occurred_at DESC, key")
    again = first_of_next_month(moment_of(occurred))
    month = ", month" if await is_file(books) else ""
    number = f", {again:%Y%m}" if month else ""
    await books.change(
        f"INSERT INTO activities (key{month}, member_id, kind, content, is_dated, outcome, game_version, "
        "occurred_at, recorded_at) "
        f"VALUES (:key{number}, 1, 'message.posted', '{{}}', FALSE, '{{}}', 1, :again, :again)",
        key=key,
        again=again,
    )
    return {"key": key, "again_at": again.isoformat()}


@caught_by("audit.transfer")
async def a_transfer_of_two_activities(books: Planted) -> dict[str, Any]:
    row = await row_of(books, "type = 'GIFT_RECEIVED'")
    [transfer_id] = await books.one(
        "SELECT transfer_id FROM transactions WHERE member_id = :of AND seq = :seq", of=row[0], seq=row[1]
    )
    await set_in_row(books, row, "activity = 'test:other'")
    return {"transfer_id": transfer_id}


@caught_by("audit.transfer")
async def a_transfer_without_a_beginning(books: Planted) -> dict[str, Any]:
    row = await row_of(books, "type = 'EARN_RULE'")
    await set_in_row(books, row, "transfer_id = '1-999999'")
    return {"transfer_id": "1-999999", "rows": 1}


@caught_by("audit.pair")
async def a_gift_to_somebody_else(books: Planted) -> dict[str, Any]:
    row = await row_of(books, "type = 'GIFT_SENT'")
    [transfer_id] = await books.one(
        "SELECT transfer_id FROM transactions WHERE member_id = :of AND seq = :seq", of=row[0], seq=row[1]
    )
    await set_in_row(books, row, "counter = 'member:999/besitos'")
    return {"transfer_id": transfer_id, "to": "member:999/besitos"}


@caught_by("audit.side")
async def an_earning_that_costs(books: Planted) -> dict[str, Any]:
    row = await row_of(books, "type = 'SPEND_ADMIN'")
    await set_in_row(books, row, "type = 'EARN_ADMIN'")
    return {"member_id": row[0], "seq": row[1], "type": "EARN_ADMIN"}


@caught_by("audit.side")
async def a_sink_that_gives(books: Planted) -> dict[str, Any]:
    row = await row_of(books, "type = 'EARN_RULE'")
    await set_in_row(books, row, "counter = 'sink:shop'")
    return {"member_id": row[0], "seq": row[1], "counter": "sink:shop"}


@caught_by("audit.side")
async def a_type_that_nobody_knows(books: Planted) -> dict[str, Any]:
    row = await row_of(books, "type = 'EARN_RULE'")
    await set_in_row(books, row, "type = 'EARN_MAGIC'")
    return {"member_id": row[0], "seq": row[1], "type": "EARN_MAGIC"}


# ---------------------------------------------------------------------------------------------------- reversals


@caught_by("audit.reversal")
async def a_reversal_that_can_be_repeated(books: Planted) -> dict[str, Any]:
    [transfer_id] = await books.one("SELECT transfer_id FROM reversals ORDER BY transfer_id")
    await books.change("DELETE FROM reversals WHERE transfer_id = :transfer_id", transfer_id=transfer_id)
    return {"transfer_id": transfer_id, "listed": 0}


@caught_by("audit.reversal")
async def a_reversal_that_did_nothing(books: Planted) -> dict[str, Any]:
    [transfer_id, at] = await books.one(
        "SELECT transfer_id, recorded_at FROM transactions WHERE type = 'EARN_RULE' "
        "AND transfer_id NOT IN (SELECT transfer_id FROM reversals) ORDER BY member_id, seq"
    )
    await books.change(
        """INSERT INTO reversals (transfer_id, "by", recorded_at) VALUES (:transfer_id, '1-1', :at)""",
        transfer_id=transfer_id,
        at=at,
    )
    return {"transfer_id": transfer_id, "by": "1-1", "booked": 0}


@caught_by("audit.reversal")
async def a_transfer_undone_twice(books: Planted) -> dict[str, Any]:
    """A second reversal's rows name what another has undone already."""
    (first, _), (_, by), *_ = await books.run('SELECT transfer_id, "by" FROM reversals ORDER BY transfer_id')
    rows = await books.run("SELECT member_id, seq, details FROM transactions WHERE transfer_id = :by", by=by)
    for member_id, seq, raw in rows:
        details = msgspec.json.encode(msgspec.json.decode(raw) | {"reverses": first}).decode()
        await set_in_row(books, (member_id, seq), "details = :details", details=details)
    return {"transfer_id": first, "by": by, "listed": 0}


@caught_by("audit.mirror")
async def a_reversal_larger_than_what_it_undoes(books: Planted) -> dict[str, Any]:
    row = await row_of(books, "type = 'REVERSAL' AND amount < 0 AND reversed_type = 'EARN_RULE'")
    [transfer_id] = await books.one(
        "SELECT reverses FROM movements WHERE member_id = :of AND seq = :seq", of=row[0], seq=row[1]
    )
    await set_in_row(books, row, "amount = amount - 1000")
    return {"transfer_id": transfer_id, "member_id": row[0]}


@caught_by("audit.mirror")
async def a_reversal_on_another_account(books: Planted) -> dict[str, Any]:
    row = await row_of(books, "type = 'REVERSAL' AND account = 'besitos'")
    await set_in_row(books, row, "account = 'xp'")
    return {"member_id": row[0], "account": "xp", "amount": 0}


@caught_by("audit.mirror")
async def a_reversal_before_what_it_undoes(books: Planted) -> dict[str, Any]:
    member_id, seq, reverses = await books.one(
        "SELECT member_id, seq, reverses FROM movements WHERE type = 'REVERSAL' AND reversed_type = 'EARN_RULE' "
        "AND seq > 2 ORDER BY member_id, seq"
    )
    await set_in_row(books, (member_id, seq), "seq = -1")
    return {"transfer_id": reverses, "member_id": member_id}


# ---------------------------------------------------------------------------------------------------- the game, members


@caught_by("audit.definition")
async def a_rule_that_never_was(books: Planted) -> dict[str, Any]:
    await books.change("DELETE FROM definitions WHERE kind = 'rule' AND key = 'message'")
    return {"definition": "rule/message", "game_version": 1}


@caught_by("audit.definition")
async def a_version_that_never_was(books: Planted) -> dict[str, Any]:
    row = await row_of(books, "type = 'EARN_RULE'")
    await set_in_row(books, row, "game_version = 99")
    return {"game_version": 99, "rows": 1}


@caught_by("audit.currency")
async def a_currency_that_is_gone(books: Planted) -> dict[str, Any]:
    await books.change("DELETE FROM definitions WHERE kind = 'currency' AND key = 'gems'")
    return {"currency": "gems"}


@caught_by("audit.source")
async def a_source_that_nobody_declared(books: Planted) -> dict[str, Any]:
    row = await row_of(books, "type = 'EARN_RULE'")
    await set_in_row(books, row, "counter = 'source:thin_air'")
    return {"source": "thin_air", "rows": 1}


@caught_by("audit.owner")
async def a_row_of_nobody(books: Planted) -> dict[str, Any]:
    await books.change("INSERT INTO rows (member_id, scope, body) VALUES (999, 'badge/ghost', '{}')")
    return {"table": "rows", "member_id": 999, "name": "badge/ghost"}


@caught_by("audit.owner")
async def a_note_about_nothing(books: Planted) -> dict[str, Any]:
    await books.change("INSERT INTO texts (transfer_id, member_id, body) VALUES ('1-999999', 1, 'café')")
    return {"table": "texts", "name": "1-999999"}


@caught_by("audit.owner")
async def a_member_who_vanished(books: Planted) -> dict[str, Any]:
    await books.change("DELETE FROM members WHERE member_id = 1")
    return {"table": "transactions", "member_id": 1}


@caught_by("audit.events")
async def an_event_that_is_missing(books: Planted) -> dict[str, Any]:
    [member_id] = await books.one("SELECT member_id FROM events WHERE member_seq = 4 ORDER BY member_id")
    await books.change("DELETE FROM events WHERE member_id = :of AND member_seq = 2", of=member_id)
    return {"member_id": member_id, "member_seq": 3, "seq_before": 1}


@caught_by("audit.events")
async def an_event_that_was_never_told(books: Planted) -> dict[str, Any]:
    await books.change("UPDATE members SET event_seq = event_seq + 1 WHERE member_id = 1")
    return {"member_id": 1}


@caught_by("audit.timer")
async def a_lot_that_would_never_expire(books: Planted) -> dict[str, Any]:
    member_id, account, expires_at = await books.one(
        "SELECT member_id, account, expires_at FROM lots WHERE account NOT LIKE '%@%' ORDER BY member_id"
    )
    await books.change(
        "DELETE FROM timers WHERE key LIKE :key AND due_at = :at",
        key=f"job:lots.expire/{member_id}/{account}/%",
        at=moment_of(expires_at),
    )
    return {"member_id": member_id, "what": account, "due_at": moment_of(expires_at).isoformat()}


@caught_by("audit.timer")
async def a_payout_that_would_wait_for_ever(books: Planted) -> dict[str, Any]:
    await books.change("DELETE FROM timers WHERE kind = 'quarantine.release'")
    member_id, scope = await books.one("SELECT member_id, scope FROM quarantined WHERE releases_at IS NOT NULL")
    return {"member_id": member_id, "what": scope}


# ---------------------------------------------------------------------------------------------------- seals


@caught_by("audit.seals")
async def a_seal_that_is_gone(books: Planted) -> dict[str, Any]:
    await books.change("DELETE FROM seals WHERE number = 2")
    return {"number": 3, "number_before": 1}


@caught_by("audit.seals")
async def a_chain_that_was_cut(books: Planted) -> dict[str, Any]:
    await books.change("UPDATE seals SET previous = hash WHERE number = 2")
    return {"number": 2}


@caught_by("audit.seal_hash")
async def words_of_a_sealed_row(books: Planted) -> dict[str, Any]:
    row = await row_of(books, "type = 'REFUND' AND position < 50")
    await set_in_row(books, row, """details = '{"metadata":{"price":77,"rate":1.5}}'""")
    return {"number": 1}


@caught_by("audit.seal_hash")
async def a_time_of_a_sealed_row(books: Planted) -> dict[str, Any]:
    member_id, seq, at = await books.one("SELECT member_id, seq, occurred_at FROM transactions WHERE position = 1")
    await set_in_row(books, (member_id, seq), "occurred_at = :at", at=moment_of(at) + timedelta(microseconds=1))
    return {"number": 1}


@caught_by("audit.seal_hash")
async def a_sealed_row_that_is_gone(books: Planted) -> dict[str, Any]:
    await books.change("DELETE FROM transactions WHERE position = 1")
    return {"number": 1}


@caught_by("audit.seal_hash")
async def sealed_rows_in_another_order(books: Planted) -> dict[str, Any]:
    [first, second] = (
        await books.run("SELECT DISTINCT position FROM transactions WHERE position < 50 ORDER BY position")
    )[:2]
    await books.change("UPDATE transactions SET position = -1 WHERE position = :at", at=first[0])
    await books.change("UPDATE transactions SET position = :to WHERE position = :at", to=first[0], at=second[0])
    await books.change("UPDATE transactions SET position = :to WHERE position = -1", to=second[0])
    return {"number": 1}


@caught_by("audit.seal_hash")
async def a_sealed_row_that_came_later(books: Planted) -> dict[str, Any]:
    [last] = await books.one("SELECT max(position) FROM transactions")
    await books.change("DELETE FROM transactions WHERE position = 1")
    await books.change("UPDATE transactions SET position = 1 WHERE position = :last", last=last)
    return {"number": 1}


@caught_by("audit.seal_hash")
async def a_seal_of_another_day(books: Planted) -> dict[str, Any]:
    [at] = await books.one("SELECT sealed_at FROM seals WHERE number = 1")
    await books.change("UPDATE seals SET sealed_at = :at WHERE number = 1", at=moment_of(at) + timedelta(days=1))
    return {"number": 1}
