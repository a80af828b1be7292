"""One `Settings`: `rag.toml` beside you, then `RAG_*` in the environment, then arguments.

Unknown keys are refused: a misspelt setting must not silently do nothing.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rag.errors import ConfigError


class Settings(BaseSettings):
    """Everything a user may choose."""

    model_config = SettingsConfigDict(
        env_prefix="RAG_", toml_file="rag.toml", extra="forbid", frozen=True
    )

    index: Path = Field(default=Path("index"), description="folder of the stored index")
    embedder: str = Field(default="minilm", description="embedding model: minilm, or openai:NAME")
    chunk_tokens: int = Field(default=200, ge=32, le=8000, description="token budget of a chunk")
    llm: str | None = Field(default=None, description="language model, e.g. ollama:llama3.1")
    llm_choices: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="further language models that the app offers, with commas between"
    )
    llm_timeout: float = Field(default=60.0, gt=0, description="seconds for one request to a model")
    llm_patience: float = Field(
        default=120.0, gt=0, description="seconds for all requests of one answer, waits included"
    )
    llm_budget: int = Field(
        default=6000, ge=500, le=1_000_000, description="tokens of what a model is sent"
    )
    llm_price_in: float | None = Field(
        default=None, ge=0, description="price of a million tokens that a model is sent"
    )
    llm_price_out: float | None = Field(
        default=None, ge=0, description="price of a million tokens that a model writes"
    )
    limit: int = Field(default=10, ge=1, le=200, description="paragraphs a search gives")
    fusion: Literal["convex", "ranks"] = Field(
        default="convex", description="how both engines are joined: by scores, or by ranks"
    )
    meaning_weight: float = Field(
        default=0.5, ge=0, le=1, description="share of the embedder in the fused score"
    )
    pair_weight: float = Field(
        default=0.4, ge=0, le=5, description="what two neighbouring words count for beside one"
    )
    feedback: float = Field(
        default=0.4, ge=0, le=1, description="share of the first paragraphs found in the meaning"
    )
    neighbour_weight: float = Field(
        default=0.1, ge=0, le=1, description="what the paragraph before or after counts for"
    )
    sentence_weight: float = Field(
        default=1.5, ge=0, le=5, description="what the nearest sentence counts for"
    )
    lock_timeout: float = Field(default=2.0, ge=0, description="seconds to wait for a busy index")
    ods_url: str = Field(
        default="https://documents.un.org/api/symbol/access",
        description="where `rag fetch` asks for official documents",
    )
    fetch_timeout: float = Field(
        default=300.0, gt=0, description="seconds before a download is given up"
    )

    @field_validator("llm_choices", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(name for part in value.split(",") if (name := part.strip()))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments over environment over `rag.toml`."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**chosen: Any) -> Settings:
    """Read the settings; `chosen` (those not None) override file and environment.

    Raises:
        ConfigError: a key is unknown or a value is of the wrong kind.

    """
    known = {f"RAG_{name.upper()}" for name in Settings.model_fields}
    strange = sorted(k for k in os.environ if k.startswith("RAG_") and k not in known)
    if strange:
        raise ConfigError(
            f"Unknown setting {strange[0]} in the environment; known are {', '.join(sorted(known))}."
        )
    try:
        return Settings(**{key: value for key, value in chosen.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"Setting {name!r}: {first['msg']}; see rag.toml or RAG_*.") from error
    except ValueError as error:  # a rag.toml that is not TOML
        raise ConfigError(f"rag.toml cannot be read: {error}") from error
