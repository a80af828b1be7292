"""The name of a language model in the settings → a LlamaIndex model that is ready to be asked.

Integrations are imported only when a model of theirs is named.
"""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from rag.errors import ModelUnavailable

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

ANSWER_TOKENS = 4096  # where an integration has a limit of its own: Anthropic's is 512
NO_MORE = 0  # LlamaIndex's OpenAI makes six requests of 2: it retries at two levels
OLLAMA_CONTEXT = 16_384  # the model's own, often 131,072, may not fit the machine's memory

_INTEGRATIONS = {  # provider → module and class; the pip extra has the provider's name
    "openai": ("llama_index.llms.openai", "OpenAI"),
    "anthropic": ("llama_index.llms.anthropic", "Anthropic"),
    "ollama": ("llama_index.llms.ollama", "Ollama"),
    "openai-like": ("llama_index.llms.openai_like", "OpenAILike"),
}


def model_named(name: str, *, timeout: float) -> LLM:
    """Make the model that a name in the settings stands for.

    Args:
        name: `openai:MODEL`, `anthropic:MODEL`, `ollama:MODEL` or `openai-like:URL#MODEL`.
            The last is any server with OpenAI's chat completions; URL ends in `/v1`, and
            without `#MODEL` the model is called `default`. Keys are read from
            OPENAI_API_KEY, ANTHROPIC_API_KEY and (optional) OPENAI_LIKE_API_KEY; Ollama's
            address from OLLAMA_HOST.
        timeout: seconds for one request; it is `calls` that makes another.

    Raises:
        ModelUnavailable: the name is unknown, its integration is not installed, or it
            needs a key that is not set.

    """
    provider, model = _parted(name)
    arguments = _arguments(provider, model, timeout)
    module, kind = _INTEGRATIONS[provider]
    try:
        integration = getattr(import_module(module), kind)
    except ImportError as error:
        raise _uninstalled(name, provider) from error
    try:
        llm: LLM = integration(temperature=0.0, **arguments)
        if provider in ("openai", "anthropic"):
            _ = llm.metadata  # both integrations serve only models that they know
    except ValueError as error:
        raise ModelUnavailable(
            f"The installed integration does not know {name!r}; correct the model's name or "
            f"update {module.replace('.', '-').replace('_', '-')}."
        ) from error
    return llm


def check(name: str) -> None:
    """See whether a model can be had, as far as that can be told without loading what asks it.

    Raises:
        ModelUnavailable: as `model_named`, but for a model that its integration does not know.

    """
    provider, model = _parted(name)
    _arguments(provider, model, 1.0)
    try:
        found = find_spec(_INTEGRATIONS[provider][0])
    except ModuleNotFoundError:  # not even the package around it
        found = None
    if found is None:
        raise _uninstalled(name, provider)


def _parted(name: str) -> tuple[str, str]:
    """The provider and the model of a name."""
    provider, _, model = name.partition(":")
    if provider not in _INTEGRATIONS or not model:
        raise ModelUnavailable(
            f"There is no language model {name!r}; known are openai:MODEL, anthropic:MODEL, "
            "ollama:MODEL and openai-like:URL#MODEL."
        )
    return provider, model


def _uninstalled(name: str, provider: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"Language model {name!r} needs: pip install 'pinpoint-record[{provider}]'"
    )


def _arguments(provider: str, model: str, timeout: float) -> dict[str, Any]:
    """Gather what a provider's class is made with."""
    if provider == "ollama":
        return {
            "model": model,
            "base_url": os.environ.get("OLLAMA_HOST") or "http://localhost:11434",
            "request_timeout": timeout,
            "context_window": OLLAMA_CONTEXT,
            "additional_kwargs": {"num_predict": ANSWER_TOKENS},
        }
    common: dict[str, Any] = {"model": model, "timeout": timeout, "max_retries": NO_MORE}
    if provider == "openai":
        _require(f"openai:{model}", "OPENAI_API_KEY")
        return common
    if provider == "anthropic":
        _require(f"anthropic:{model}", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN")
        return {**common, "max_tokens": ANSWER_TOKENS}
    url, served = urldefrag(model)
    if not url.startswith(("http://", "https://")):
        raise ModelUnavailable(
            f"openai-like:{model} names no server; write openai-like:http://HOST:PORT/v1#MODEL."
        )
    return {
        **common,
        "model": served or "default",
        "api_base": url,
        "api_key": os.environ.get("OPENAI_LIKE_API_KEY") or "none",  # servers at home ask for none
        "is_chat_model": True,
    }


def _require(name: str, *variables: str) -> None:
    if not any(os.environ.get(variable) for variable in variables):
        raise ModelUnavailable(f"Language model {name!r} needs an API key; set {variables[0]}.")
