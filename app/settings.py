"""Everything that may differ between two deployments; the only reader of the environment."""

import os
from functools import cached_property
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Each is read from the environment under its name in capitals after MINUTES_."""

    model_config = SettingsConfigDict(env_prefix="MINUTES_", frozen=True)

    database_url: str = Field(
        "sqlite:///var/minutes.db",
        description="A SQLite file (sqlite:///path) or PostgreSQL (postgresql://user:password@host/name).",
    )
    allow_weak_durability: bool = Field(
        default=False, description="Run although the database may lose acknowledged writes. For tests."
    )
    signing_keys: str | None = Field(
        None,
        description="The folder of the private keys that sign minutes. Default: beside the SQLite file "
        "(<file>.keys), else var/keys/<database>.",
    )
    pool_size: int = Field(10, ge=1, description="PostgreSQL connections of one worker for writing.")
    read_pool_size: int = Field(8, ge=1, description="PostgreSQL connections of one worker for reading.")
    request_seconds: int = Field(30, ge=1, description="What a statement may take, and a body to arrive.")
    body_bytes: int = Field(1_048_576, ge=1024, description="The largest JSON body that is read.")
    requests_a_minute: int = Field(6_000, ge=1, description="Requests a minute of one principal.")
    refusals_a_minute: int = Field(
        300, ge=1, description="Requests a minute without a valid credential of one address."
    )
    attachments: str | None = Field(
        None,
        pattern=r"^(file:///.|s3://[^/?#])",
        description="Where files lie: file:///folder or s3://bucket?endpoint_url=… (a folder beside SQLite's "
        "file, else in var).",
    )
    cors_origins: str = Field("", description="Origins whose pages may call, divided by commas; * for all.")
    public_reading: bool = Field(
        default=False, description="Show public meetings to callers without a credential."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="debug, info, warning or error. At info, each request leaves one line."
    )
    drain_seconds: float = Field(
        5, ge=0, le=20, description="How long a worker told to stop (SIGTERM) still serves, as not ready."
    )
    metrics_folder: str | None = Field(
        None,
        validation_alias="PROMETHEUS_MULTIPROC_DIR",  # the metrics library's own name
        description="Where several workers add up their figures. `serve --workers` makes one.",
    )

    @cached_property
    def origins(self) -> tuple[str, ...]:
        """The origins of CORS, one by one."""
        return tuple(one.strip() for one in self.cors_origins.split(",") if one.strip())


def share_metrics(folder: str) -> None:
    """Tell the workers that this process starts where to add up their figures, unless they have been told."""
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", folder)
