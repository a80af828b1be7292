"""Ask the record from a LlamaIndex program, and get an answer that was checked.

    python examples/llamaindex_query_engine.py

Runs on the sample record without a network or a language model. To have a model
write, pass `llm=` any LLM of LlamaIndex, or a name as `rag ask --llm` takes it; what
it writes goes through the same checks before it is shown.
"""

import asyncio
import tempfile
from pathlib import Path

import rag
from rag.config import Settings
from rag.record import Record


async def main() -> None:
    """Ask what the record answers, and what it does not."""
    with tempfile.TemporaryDirectory() as folder:
        record = Record(Settings(index=Path(folder) / "index"))
        record.add([Path(rag.__file__).parent / "sample"])
        engine = record.as_query_engine()

        answer = engine.query("How many prisoners were unable to vote?")
        print(answer)
        for node in answer.source_nodes:
            print("rests on", node.metadata["citation"])
        for claim in answer.metadata["claims"]:
            print("quotes  ", claim["quote"])

        refused = await engine.aquery("What is the boiling point of tungsten?")
        print()
        print(refused)
        print("answered:", refused.metadata["answered"])


if __name__ == "__main__":
    asyncio.run(main())
