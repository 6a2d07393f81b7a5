"""The verb of the timer that every expiring lot sets."""

from besitos.core.activity import Activity


class ExpireLots(Activity, frozen=True, kw_only=True, tag="ledger.expire"):
    """The time of some lots in this account is up. Comes from a timer, dated when they expired."""

    account: str
