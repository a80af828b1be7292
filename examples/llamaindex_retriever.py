"""Take paragraphs, not chunks, into a LlamaIndex program of your own.

    python examples/llamaindex_retriever.py

Adds the sample record to a throw-away index and retrieves from it, without a
network or a language model. Each node is one numbered paragraph and carries its
citation; a model is shown the citation and the speaker with the words.
"""

import asyncio
import tempfile
from pathlib import Path

from llama_index.core.schema import MetadataMode

import rag
from rag.config import Settings
from rag.domain import Filters
from rag.record import Record

QUESTION = "How many prisoners were unable to vote?"


async def main() -> None:
    """Retrieve, look around what was found, and search within what a delegation said."""
    with tempfile.TemporaryDirectory() as folder:
        record = Record(Settings(index=Path(folder) / "index"))
        record.add([Path(rag.__file__).parent / "sample"])

        retriever = record.as_retriever(limit=3)
        nodes = retriever.retrieve(QUESTION)
        for node in nodes:
            print(f"{node.metadata['citation']}  {node.score:.2f}")

        print("\nAs a language model is shown it:")
        print(nodes[0].node.get_content(MetadataMode.LLM))

        print("\nBefore and after it:")
        for neighbour in retriever.neighbours(nodes[0]):
            print(neighbour.metadata["citation"])
        print("\nThe whole turn:")
        for part in retriever.turn(nodes[0]):
            print(part.metadata["citation"])

        print("\nOf what the delegation said:")
        theirs = record.as_retriever(filters=Filters(role="delegation"), limit=2)
        for node in await theirs.aretrieve(QUESTION):
            print(f"{node.metadata['citation']}  {node.metadata['speaker']}")


if __name__ == "__main__":
    asyncio.run(main())
