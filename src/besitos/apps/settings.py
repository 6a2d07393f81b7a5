"""Settings: the one typed place where the environment is read."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from besitos.store.database import is_postgresql

SECRETS = ("DATABASE_URL", "REDIS_URL", "BOT_TOKEN", "TELEGRAM_BOT_TOKEN")
"""What may stand in a file instead, named by the same word with `_FILE` behind it."""

FILE_NAME = "besitos.db"

Days = Annotated[int, Field(ge=1, le=36_500)]
"""For how long something is kept; a hundred years are for ever."""


class Settings(BaseSettings):
    """What an operator may say about a process. Names in the environment are those beside each field.

    `.env` of the current folder is read, and what the environment itself says wins. Secrets never appear in a repr.
    """

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", populate_by_name=True, env_ignore_empty=True, hide_input_in_errors=True
    )

    database_url: str = Field(
        default_factory=lambda: default_database(),  # noqa: PLW0108 - it is defined below
        validation_alias="DATABASE_URL",
        repr=False,
    )
    redis_url: str | None = Field(None, validation_alias="REDIS_URL", repr=False)
    bot_token: SecretStr | None = Field(None, validation_alias=AliasChoices("BOT_TOKEN", "TELEGRAM_BOT_TOKEN"))
    telegram_api_url: str = Field("https://api.telegram.org", validation_alias="BESITOS_TELEGRAM_API_URL")
    host: str = Field("127.0.0.1", validation_alias="HOST")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(8000, validation_alias="PORT")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", validation_alias="LOG_LEVEL")
    log_format: Literal["auto", "json", "text"] = Field("auto", validation_alias="LOG_FORMAT")
    language: str = Field("es", validation_alias="BESITOS_LANGUAGE")
    keep_traces_days: Days = Field(90, validation_alias="BESITOS_KEEP_TRACES_DAYS")
    keep_events_days: Days = Field(90, validation_alias="BESITOS_KEEP_EVENTS_DAYS")
    keep_staff_log_days: Days = Field(730, validation_alias="BESITOS_KEEP_STAFF_LOG_DAYS")

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _in_small_letters(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, url: str) -> str:
        if not is_postgresql(url) and not url.startswith("sqlite:///"):
            message = "neither sqlite:///… nor postgresql://…"
            raise ValueError(message)
        return url

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """The settings of this process, also those that stand in files. `OSError` if such a file cannot be read."""
        return cls.model_validate(_from_files(environ))


def get_settings() -> Settings:
    """The settings, read anew each time: a process asks once, at its start."""
    return Settings.read(os.environ)


def default_database() -> str:
    """`besitos.db` of the current folder if there is one, or the one in the user's data folder."""
    here = Path(FILE_NAME)
    return f"sqlite:///{here if here.exists() else data_folder() / FILE_NAME}"


def data_folder() -> Path:
    """Where the database stands when nobody says otherwise (XDG)."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "besitos"


def _from_files(environ: Mapping[str, str]) -> dict[str, str]:
    named = {name: environ[f"{name}_FILE"] for name in SECRETS if environ.get(f"{name}_FILE") and not environ.get(name)}
    return {name: Path(file).read_text(encoding="utf-8").strip() for name, file in named.items()}
