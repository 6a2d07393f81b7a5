"""Corruptions of what members have, and of the sums beside it."""

from typing import Any

import msgspec

from tests.audit.planted import Planted
from tests.audit.planting import (
    Case,
    add,
    aged,
    edit_lots,
    later,
    lot_of,
    noted_in,
    rich_purse,
    row_of,
    row_with_lots,
    set_in_row,
)

PLANTS: list[Case] = []
caught_by = noted_in(PLANTS)

# ---------------------------------------------------------------------------------------------------- balances


@caught_by("audit.balance")
async def one_besito_more(books: Planted) -> dict[str, Any]:
    member_id = await rich_purse(books)
    await books.edit_wallets(member_id, lambda wallets: add(wallets["besitos"], "balance", 1))
    return {"member_id": member_id, "account": "besitos"}


@caught_by("audit.balance")
async def an_account_without_a_row(books: Planted) -> dict[str, Any]:
    member_id = await rich_purse(books)
    await books.edit_wallets(member_id, lambda wallets: wallets.update(gold={"balance": 3}))
    return {"member_id": member_id, "account": "gold", "balance": 3, "booked": 0}


@caught_by("audit.seq")
async def a_row_that_is_gone(books: Planted) -> dict[str, Any]:
    row = await row_of(books, "seq = 3")
    await books.change("DELETE FROM transactions WHERE member_id = :of AND seq = :seq", of=row[0], seq=row[1])
    return {"member_id": row[0], "seq": 4, "seq_before": 2}


@caught_by("audit.seq")
async def a_member_who_counts_one_more(books: Planted) -> dict[str, Any]:
    member_id = await rich_purse(books)
    await books.change("UPDATE members SET seq = seq + 1 WHERE member_id = :member_id", member_id=member_id)
    return {"member_id": member_id}


@caught_by("audit.history")
async def a_balance_in_between(books: Planted) -> dict[str, Any]:
    row = await row_of(books, "account = 'besitos' AND seq > 2")
    await set_in_row(books, row, "balance_after = balance_after + 1")
    return {"member_id": row[0], "seq": row[1]}


@caught_by("audit.negative")
async def a_history_below_zero(books: Planted) -> dict[str, Any]:
    row = await row_of(books, "account = 'besitos'")
    await set_in_row(books, row, "balance_after = -1")
    return {"member_id": row[0], "seq": row[1], "balance": -1}


@caught_by("audit.negative")
async def a_debt_below_zero(books: Planted) -> dict[str, Any]:
    member_id = await rich_purse(books)
    await books.edit_wallets(member_id, lambda wallets: wallets["besitos"].update(debt=-4))
    return {"member_id": member_id, "debt": -4}


@caught_by("audit.supply")
async def a_gift_that_came_from_nowhere(books: Planted) -> dict[str, Any]:
    row = await row_of(books, "type = 'GIFT_RECEIVED' AND currency = 'besitos'")
    await set_in_row(books, row, "counter = 'source:admin'")
    return {"currency": "besitos"}


# ---------------------------------------------------------------------------------------------------- lots


@caught_by("audit.lots_above_balance")
async def a_lot_larger_than_its_purse(books: Planted) -> dict[str, Any]:
    member_id, account = await lot_of(books)
    await books.edit_wallets(member_id, lambda wallets: wallets[account]["lots"][0].__setitem__(1, 10**9))
    return {"member_id": member_id, "account": account}


@caught_by("audit.lots_above_balance")
async def a_lot_of_less_than_nothing(books: Planted) -> dict[str, Any]:
    member_id, account = await lot_of(books)
    await books.edit_wallets(member_id, lambda wallets: wallets[account]["lots"][0].__setitem__(1, -1))
    return {"member_id": member_id, "account": account}


@caught_by("audit.lots")
async def a_lot_that_lives_a_day_longer(books: Planted) -> dict[str, Any]:
    member_id, account = await lot_of(books)
    await books.edit_wallets(member_id, lambda wallets: later(wallets[account]["lots"][0], 0))
    return {"member_id": member_id, "account": account, "booked": 0}


@caught_by("audit.lots")
async def a_lot_that_is_permanent_now(books: Planted) -> dict[str, Any]:
    member_id, account = await lot_of(books)
    await books.edit_wallets(member_id, lambda wallets: wallets[account].pop("lots"))
    return {"member_id": member_id, "account": account, "in_wallet": 0}


@caught_by("audit.lots")
async def a_lineage_that_is_forgotten(books: Planted) -> dict[str, Any]:
    member_id, account = await books.one("SELECT member_id, account FROM lots ORDER BY member_id")
    await books.edit_wallets(member_id, lambda wallets: aged(wallets[account]["lots"][0], days=1))
    return {"member_id": member_id, "account": account, "booked": 0}


@caught_by("audit.lots_of_row")
async def a_row_that_used_more_than_it_moved(books: Planted) -> dict[str, Any]:
    row = await row_with_lots(books, "moved < 0")
    await edit_lots(books, row, lambda lots: lots[0].__setitem__(1, 10**9))
    return {"member_id": row[0], "seq": row[1]}


@caught_by("audit.lineage")
async def a_lot_that_was_revived_for_ever(books: Planted) -> dict[str, Any]:
    member_id, account = await lot_of(books)
    await books.edit_wallets(member_id, lambda wallets: aged(wallets[account]["lots"][0], days=4))
    return {"member_id": member_id, "account": account, "seq": None}


@caught_by("audit.lineage")
async def a_row_with_such_a_lot(books: Planted) -> dict[str, Any]:
    row = await row_with_lots(books, "moved > 0")
    await edit_lots(books, row, lambda lots: aged(lots[0], days=4))
    return {"member_id": row[0], "seq": row[1]}


@caught_by("audit.outlived")
async def a_spend_of_what_had_expired(books: Planted) -> dict[str, Any]:
    row = await row_with_lots(books, "moved < 0 AND type <> 'EXPIRE' AND type <> 'REPAY' AND account NOT LIKE '%@%'")
    await edit_lots(books, row, lambda lots: lots[0].__setitem__(0, "2026-10-01T00:00:00Z"))
    return {"member_id": row[0], "seq": row[1]}


@caught_by("audit.outlived")
async def an_expiry_before_its_time(books: Planted) -> dict[str, Any]:
    row = await row_with_lots(books, "type = 'EXPIRE'")
    await edit_lots(books, row, lambda lots: later(lots[0], 0))
    return {"member_id": row[0], "seq": row[1], "type": "EXPIRE"}


# ---------------------------------------------------------------------------------------------------- holds


@caught_by("audit.hold")
async def a_hold_for_an_auction_that_never_was(books: Planted) -> dict[str, Any]:
    member_id, account = await books.one("SELECT member_id, account FROM accounts WHERE account LIKE '%@auction/%'")
    await books.change("DELETE FROM shared WHERE scope = :scope", scope=account.partition("@")[2])
    return {"member_id": member_id, "account": account}


@caught_by("audit.quarantine")
async def a_payout_that_waits_for_more(books: Planted) -> dict[str, Any]:
    member_id, scope = await books.one("SELECT member_id, scope FROM quarantined ORDER BY member_id, scope")
    [raw] = await books.one("SELECT body FROM rows WHERE member_id = :of AND scope = :scope", of=member_id, scope=scope)
    body = msgspec.json.decode(raw)
    body["amounts"][0][1] += 5
    edited = msgspec.json.encode(body).decode()
    await books.change(
        "UPDATE rows SET body = :body WHERE member_id = :of AND scope = :scope", body=edited, of=member_id, scope=scope
    )
    return {"member_id": member_id}


@caught_by("audit.quarantine")
async def a_payout_that_nobody_will_release(books: Planted) -> dict[str, Any]:
    member_id, scope = await books.one("SELECT member_id, scope FROM quarantined ORDER BY member_id, scope")
    await books.change(
        "UPDATE rows SET body = '{}' WHERE member_id = :of AND scope = :scope", of=member_id, scope=scope
    )
    return {"member_id": member_id, "waiting": 0}


# ---------------------------------------------------------------------------------------------------- lifetime totals


@caught_by("audit.earned")
async def a_member_who_looks_diligent(books: Planted) -> dict[str, Any]:
    member_id = await rich_purse(books)
    await books.edit_wallets(member_id, lambda wallets: wallets["besitos"].update(earned=10**6))
    return {"member_id": member_id, "currency": "besitos", "earned": 10**6}


@caught_by("audit.spent")
async def a_member_who_looks_generous(books: Planted) -> dict[str, Any]:
    member_id = await rich_purse(books)
    await books.edit_wallets(member_id, lambda wallets: wallets["besitos"].update(spent=10**6))
    return {"member_id": member_id, "currency": "besitos", "spent": 10**6}


@caught_by("audit.debt")
async def a_debt_out_of_the_blue(books: Planted) -> dict[str, Any]:
    member_id = await rich_purse(books)
    await books.edit_wallets(member_id, lambda wallets: wallets["besitos"].update(debt=10**6))
    return {"member_id": member_id, "debt": 10**6}


@caught_by("audit.totals")
async def a_day_that_minted_more(books: Planted) -> dict[str, Any]:
    day, house = await books.one("SELECT day, house FROM daily_totals WHERE currency = 'besitos' ORDER BY day, house")
    await books.change(
        "UPDATE daily_totals SET units = units + 1 WHERE day = :day AND currency = 'besitos' AND house = :house",
        day=day,
        house=house,
    )
    return {"day": str(day), "house": house}


@caught_by("audit.totals")
async def a_day_that_is_forgotten(books: Planted) -> dict[str, Any]:
    [day] = await books.one("SELECT max(day) FROM daily_totals")
    await books.change("DELETE FROM daily_totals WHERE day = :day", day=day)
    return {"day": str(day), "amount": 0}
