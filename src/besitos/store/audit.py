"""The audit: every rule over the whole books, in one snapshot, while traffic goes on."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from time import perf_counter
from typing import Any

import msgspec

from besitos.store.audit_rules import RULES
from besitos.store.audit_rules.rule import Rule
from besitos.store.moments import moment_of
from besitos.store.protocol import Query, Sql
from besitos.store.seals import SEALS, Seal, hash_of, rows_of, seal_of

ROWS_SHOWN = 100
"""Offending rows that a report names of each rule. It counts them all."""

SEAL_HASH = "audit.seal_hash"
"""The code of the one rule that is no query."""


class Finding(msgspec.Struct, frozen=True):
    """What one rule found: how many offending rows, and the first of them. Its texts stand under `code`."""

    code: str
    count: int
    rows: tuple[dict[str, Any], ...]

    @property
    def is_clean(self) -> bool:
        """Whether the rule holds."""
        return not self.count


class Report(msgspec.Struct, frozen=True):
    """The findings of every rule, those that hold included. `sealed` is the last position under a seal."""

    findings: tuple[Finding, ...]
    seals: int
    sealed: int
    seconds: float

    @property
    def is_clean(self) -> bool:
        """Whether the books are in order."""
        return not self.violations

    @property
    def violations(self) -> tuple[Finding, ...]:
        """The rules that do not hold."""
        return tuple(finding for finding in self.findings if not finding.is_clean)


class Verdict(msgspec.Struct, frozen=True):
    """What the last audit that a job made came to: when, and how many rules did not hold."""

    at: datetime
    violations: int


async def last_verdict(store: Sql) -> Verdict | None:
    """The last verdict; None before the first."""
    [rows] = await store.read(VERDICT)
    return verdict_of(rows)


async def keep_verdict(store: Sql, verdict: Verdict) -> None:
    """Note it among the facts of the deployment, where every process finds it."""
    await store.amend(Query(_KEEP, {"name": _NAME, "value": msgspec.json.encode(verdict).decode()}))


def verdict_of(rows: Sequence[Sequence[Any]]) -> Verdict | None:
    """The verdict that `VERDICT` found."""
    return msgspec.json.decode(rows[0][0], type=Verdict) if rows else None


async def audit(store: Sql) -> Report:
    """Prove the books. What it finds is an answer, never an exception.

    The seals are recomputed after the snapshot: their rows are closed, so there is nothing that traffic could change.
    """
    began = perf_counter()
    *found, sealed = await store.read(*(_query(rule) for rule in RULES), Query(SEALS))
    findings = [_finding(rule, rows) for rule, rows in zip(RULES, found, strict=True)]
    seals = [seal_of(row) for row in sealed]
    findings.append(await _check_hashes(store, seals))
    last = seals[-1].last_position if seals else 0
    return Report(tuple(findings), len(seals), last, round(perf_counter() - began, 3))


def codes() -> tuple[str, ...]:
    """The code of every rule, in the order of a report."""
    return (*(rule.code for rule in RULES), SEAL_HASH)


def _query(rule: Rule) -> Query:
    bounded = f"SELECT count(*) OVER (), found.* FROM ({rule.sql}) AS found LIMIT {ROWS_SHOWN}"
    return Query(bounded, rule.parameters)


def _finding(rule: Rule, rows: Sequence[Sequence[Any]]) -> Finding:
    named = [
        {column: _plain(column, value) for column, value in zip(rule.columns, row[1:], strict=True)}
        for row in map(tuple, rows)
    ]
    return Finding(rule.code, rows[0][0] if rows else 0, tuple(named))


def _plain(column: str, value: Any) -> Any:  # noqa: ANN401 - what a column holds
    """A value as JSON has it, the same from either database: PostgreSQL sums to decimals, SQLite dates in numbers."""
    if isinstance(value, Decimal):
        return int(value)
    if column.endswith("_at") and value is not None:
        return moment_of(value).isoformat()
    return value.isoformat() if isinstance(value, date | datetime) else value


async def _check_hashes(store: Sql, seals: Sequence[Seal]) -> Finding:
    """Hash every sealed range again, one at a time: a range is what fits in memory."""
    broken: list[dict[str, Any]] = []
    for kept in seals:
        rows = await rows_of(store, kept.first_position, kept.last_position)
        if len(rows) != kept.row_count or await hash_of(kept, rows) != kept.hash:
            broken.append(
                {
                    "number": kept.number,
                    "first_position": kept.first_position,
                    "last_position": kept.last_position,
                    "sealed_at": kept.sealed_at.isoformat(),
                    "rows_sealed": kept.row_count,
                    "rows_found": len(rows),
                }
            )
    return Finding(SEAL_HASH, len(broken), tuple(broken[:ROWS_SHOWN]))


_NAME = "audit"
VERDICT = Query("SELECT value FROM deployment WHERE name = :name", {"name": _NAME})
_KEEP = """
    INSERT INTO deployment (name, value) VALUES (:name, :value)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""
