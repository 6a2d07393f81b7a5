"""What many commands take: how members, amounts and keys are typed."""

from typing import Annotated, TypeAlias

import typer

from besitos.apps.help import word

LIMIT_MAX = 200
"""How many lines a command shows at once."""

Json: TypeAlias = Annotated[bool, typer.Option("--json", help=word("cli.option.json"))]
Quiet: TypeAlias = Annotated[bool, typer.Option("--quiet", "-q", help=word("cli.option.quiet"))]
MemberName: TypeAlias = Annotated[
    str, typer.Argument(metavar=word("cli.metavar.member"), help=word("cli.option.member"))
]
AmountText: TypeAlias = Annotated[
    str, typer.Argument(metavar=word("cli.metavar.amount"), help=word("cli.option.amount"))
]
Key: TypeAlias = Annotated[
    str | None, typer.Option("--key", metavar=word("cli.metavar.key"), help=word("cli.option.key"))
]
Currency: TypeAlias = Annotated[str, typer.Option("--currency", help=word("cli.option.currency"))]
Note: TypeAlias = Annotated[str, typer.Option("--note", help=word("cli.option.note"))]
Limit: TypeAlias = Annotated[int, typer.Option("--limit", min=1, max=LIMIT_MAX, help=word("cli.option.limit"))]
Dry: TypeAlias = Annotated[bool, typer.Option("--dry-run", help=word("cli.option.dry_run"))]
