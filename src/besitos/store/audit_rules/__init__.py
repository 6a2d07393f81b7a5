"""What must be true of the books: each rule is one query that finds the rows for which it is not.

The same text runs on both databases, over tables and views. Grouped throughout: each table is read once per rule,
and a query asked again for every row would take minutes where these take a second. `GROUP BY +member_id` keeps SQLite
from walking the index of members, which jumps about in the table for every row: sorting costs a quarter of that.
"""

from besitos.store.audit_rules.acts import ACTS
from besitos.store.audit_rules.lifetime import LIFETIME
from besitos.store.audit_rules.money import MONEY
from besitos.store.audit_rules.rule import Rule
from besitos.store.audit_rules.world import WORLD

RULES: tuple[Rule, ...] = (*MONEY, *LIFETIME, *ACTS, *WORLD)
