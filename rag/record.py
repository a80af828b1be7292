"""The façade: builds the parts from the settings and offers what the doors need.

The only place that chooses, and longer than other modules for it; the way of a question
through the parts is in `rag.asking`. LlamaIndex, Chroma and ONNX Runtime are imported
when a question is asked or a file is added, not when a citation is looked up.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.cite import find_citations
from rag.config import Settings, load_settings
from rag.domain import (
    QA,
    AddReport,
    Answer,
    Claim,
    Document,
    Exchange,
    Filters,
    Found,
    NoAnswer,
    Passage,
    ResolvedCitation,
    SourceText,
)
from rag.errors import BadInput, FetchFailed, UnreadableFile

if TYPE_CHECKING:
    import numpy as np
    from llama_index.core.llms import LLM
    from numpy.typing import NDArray

    from rag.adding import Adding
    from rag.answer.evidence import Candidate
    from rag.answer.upheld import Meaning
    from rag.asking import Asking
    from rag.conversations import Conversations
    from rag.reader import Reader
    from rag.retriever import RecordQueryEngine, RecordRetriever
    from rag.store.index import Encode, Index

PARSER = 3  # grows when reading gives other paragraphs, so that files are read again

Progress = Callable[[str, int, int], None]  # (what, done, total)


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What is in the index and how it was built."""

    path: Path
    documents: int
    paragraphs: int
    chunks: int
    embedder: str
    chunk_tokens: int
    revision: int
    pending: tuple[str, ...]


class Record:
    """An index of records that can be asked, searched and cited from."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or load_settings()
        self._index: Index | None = None
        self._encoder: Encode | None = None
        self._reader: Reader | None = None
        self._meaning: Meaning | None = None
        self._opening = threading.RLock()

    # -- parts, made when first needed -----------------------------------------------------

    @property
    def _catalog(self) -> Any:
        from rag.store.catalog import Catalog

        return self._index.catalog if self._index else Catalog(self.settings.index / "catalog.db")

    @property
    def index(self) -> Index:
        """The stores behind this record."""
        with self._opening:
            if self._index is None:
                from rag.store.index import Index

                self._index = Index(
                    self.settings.index,
                    embedder=self.settings.embedder,
                    chunk_tokens=self.settings.chunk_tokens,
                    lock_timeout=self.settings.lock_timeout,
                )
            return self._index

    @property
    def encoder(self) -> Encode:
        """Texts → unit vectors, shape (n, dimension), with the model that the settings name."""
        with self._opening:
            if self._encoder is None:
                self._encoder = _encoder_named(self.settings.embedder)
            return self._encoder

    @property
    def reader(self) -> Reader:
        """What tells whether a text answers a question: the model that comes with the product."""
        with self._opening:
            if self._reader is None:
                from rag.reader import Reader

                self._reader = Reader()
            return self._reader

    @property
    def meaning(self) -> Meaning:
        """What tells what a statement and the record mean: the models that come with the product."""
        with self._opening:
            if self._meaning is None:
                from rag.answer.upheld import Meaning
                from rag.encoder import LocalEncoder
                from rag.reader import Entailment

                within = getattr(self.encoder, "within", None)  # the local embedder's
                self._meaning = Meaning(within or LocalEncoder().within, Entailment().upholds)
            return self._meaning

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.encoder(texts)

    def model(self, named: str | LLM | None = None) -> LLM | None:
        """The language model of this name, or else the settings'; None where there is none.

        An empty name means none, whatever the settings say.

        Raises:
            ModelUnavailable: it cannot be had.

        """
        named = self.settings.llm if named is None else named
        if isinstance(named, str) and named:
            from rag.answer.models import model_named

            return model_named(named, timeout=self.settings.llm_timeout)
        return named or None

    @property
    def _asking(self) -> Asking:
        from rag.asking import Asking

        return Asking(self)

    @property
    def conversations(self) -> Conversations:
        """The conversations that are kept with this index."""
        from rag.conversations import Conversations

        return Conversations(self.settings.index / "conversations")

    def ask_in(
        self,
        conversation: str,
        question: str,
        *,
        filters: Filters | None = None,
        llm: str | LLM | None = None,
    ) -> Answer | NoAnswer:
        """Ask as `ask` does, within a named conversation that is kept, and keep the answer.

        Raises:
            PinpointError: as `ask`; the name is none, or what is kept cannot be read.

        """
        from rag.conversations import Exchanged, Setting

        kept = self.conversations
        outcome = self.ask(question, filters=filters, history=kept.history(conversation), llm=llm)
        model = self.settings.llm if llm is None else llm
        named = model if isinstance(model, str) or model is None else model.metadata.model_name
        setting = Setting(filters or Filters(), named or None, self.settings.embedder)
        kept.append(conversation, Exchanged.of(outcome, setting, datetime.now(UTC)))
        return outcome

    # -- what is in it ---------------------------------------------------------------------

    def documents(self) -> tuple[Document, ...]:
        """Every document, in order of its id."""
        return tuple(self._catalog.document(name) for name in self._catalog.ids())

    def document(self, name: str) -> Document:
        """One document by id or symbol.

        Raises:
            UnknownDocument: it is not in the index.

        """
        return self._catalog.document(name)

    def exchanges(self, name: str) -> tuple[Exchange, ...]:
        """What members asked in a record, in its order, each with the delegation's reply.

        Replies may stand in the record of a later meeting on the same State, if it is here.

        Raises:
            UnknownDocument: it is not in the index.
            StoreError: the index cannot be used.

        """
        from rag.linking import exchanges_of

        return tuple(exchanges_of(self, self._catalog.find(name)))

    def speakers(self) -> tuple[str, ...]:
        """Everybody who holds the floor somewhere."""
        return tuple(dict.fromkeys(name for name, _, _ in self._catalog.speakers()))

    def status(self) -> IndexStatus:
        """Counts and settings of the index."""
        catalog = self._catalog
        documents, paragraphs, chunks = catalog.counts()
        return IndexStatus(
            path=self.settings.index,
            documents=documents,
            paragraphs=paragraphs,
            chunks=chunks,
            embedder=self.settings.embedder,
            chunk_tokens=self.settings.chunk_tokens,
            revision=catalog.revision(),
            pending=tuple(catalog.pending()),
        )

    # -- writing ---------------------------------------------------------------------------

    def add(
        self,
        paths: Sequence[Path],
        *,
        symbol: str | None = None,
        progress: Progress | None = None,
    ) -> AddReport:
        """Read files and folders into the index; what is unchanged stays as it is.

        One file that cannot be read does not stop the others: it is named in the
        report's `failed`.

        Raises:
            BadInput: nothing was given, or `symbol` with more than one file.
            StoreError: the index cannot be written to.

        """
        files, failed = _expand(paths)
        if symbol is not None and len(files) != 1:
            raise BadInput("A symbol can be given for one file at a time.")
        if not files:
            return AddReport(failed=tuple(failed))
        from rag.read import read

        cut = _cutter(symbol)
        with self._adding(AddReport(failed=tuple(failed)), progress) as adding:
            for number, path in enumerate(files):
                if progress:
                    progress(path.name, number, len(files))
                try:
                    adding.source(read(path), cut, symbol)
                except BadInput as error:
                    adding.failed(path, error)
        if progress:
            progress("", len(files), len(files))
        return adding.report

    def add_documents(
        self, documents: Iterable[Document], *, progress: Progress | None = None
    ) -> AddReport:
        """Add documents made elsewhere; one that is there already, word for word, stays.

        They are taken one after another and written some thousand chunks at a time, so
        that any number of them needs no more memory than these.

        Raises:
            StoreError: the index cannot be written to.

        """
        with self._adding(AddReport(), progress) as adding:
            for document in documents:
                adding.document(document)
        return adding.report

    @contextmanager
    def _adding(
        self, report: AddReport, progress: Progress | None, *, fresh: bool = False
    ) -> Generator[Adding]:
        from rag.adding import Adding

        with self.index.writing(fresh=fresh):
            adding = Adding(
                self.index, self.encoder, parser=PARSER, report=report, progress=progress
            )
            yield adding
            adding.flush()

    def fetch(
        self,
        symbols: Sequence[str],
        *,
        language: str = "en",
        format: str = "pdf",  # noqa: A002 - as the service calls it
        progress: Progress | None = None,
    ) -> AddReport:
        """Download official files by symbol, and add those that bear it to the index.

        One document that cannot be had does not stop the others: it is named in the
        report's `failed`. The files are kept under the index, in `downloads`.

        Args:
            symbols: as printed; spaces and letter case are repaired.
            language: en, fr, es, ru, ar or zh.
            format: pdf, docx or doc.
            progress: told the bytes of each download.

        Raises:
            BadInput: the language or format is none of these.
            StoreError: the index cannot be written to.

        """
        from rag.read.ods import check

        check(language, format, self.settings.ods_url)
        with self.index.writing():
            pass  # an index that cannot be written to is told before anything is downloaded
        report = AddReport()
        for symbol in dict.fromkeys(symbols):
            try:
                report = self._fetch(symbol, language, format, report, progress)
            except BadInput as error:
                report = replace(report, failed=(*report.failed, (symbol, str(error))))
        return report

    def _fetch(
        self, asked: str, language: str, form: str, report: AddReport, progress: Progress | None
    ) -> AddReport:
        from rag.parse.bears import stranger
        from rag.read import read
        from rag.read.ods import Order, download

        symbol = _symbol(asked) or asked
        settings = self.settings
        order = Order(symbol, language, form, settings.ods_url, settings.fetch_timeout)
        with download(order, settings.index / "downloads", progress=progress) as arrived:
            try:
                source = read(arrived.path)
            except UnreadableFile as error:
                why = str(error).replace(str(arrived.path), "the file")
                raise FetchFailed(f"What came for {symbol} cannot be used: {why}") from error
            other = stranger(source, symbol)
            if other is not None:
                raise FetchFailed(f"What arrived bears {other}, not {symbol}; check the symbol.")
            path = arrived.keep()
        with self._adding(report, None) as adding:
            adding.source(replace(source, path=path), _cutter(symbol), symbol)
        return adding.report

    def remove(self, name: str) -> str:
        """Forget a document; gives the id of what was removed.

        Raises:
            UnknownDocument: it is not in the index.

        """
        found: str = self._catalog.find(name)
        with self.index.writing(fresh=True):
            self.index.remove(found)
        return found

    def rebuild(self, progress: Progress | None = None) -> int:
        """Make words and vectors again from the catalogue, with the present settings."""
        catalog = self._catalog
        with self._adding(AddReport(), progress, fresh=True) as adding:
            names = catalog.ids()
            parsers = catalog.parsers()
            self.index.clear_derived()
            for number, name in enumerate(names):
                if progress:
                    progress(name, number, len(names))
                adding.again(catalog.document(name), parsers[name])
            self.index.write_manifest()
        return len(names)

    def save_upload(self, name: str, data: bytes) -> Path:
        """Write an uploaded file under the index, whatever its name says.

        Raises:
            UnreadableFile: the name is of no format that can be read.

        """
        from rag.read import readable

        base = re.split(r"[/\\]", name)[-1]
        plain = unicodedata.normalize("NFKD", base).encode("ascii", "ignore").decode()
        safe = re.sub(r"[^A-Za-z0-9._-]+", "_", plain).lstrip("._-")[-120:] or "upload.txt"
        if not readable(Path(safe)):
            raise UnreadableFile(
                f"{base} is of a format that is not read; save it as PDF, Word, HTML or text."
            )
        folder = self.settings.index / "uploads"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / safe
        path.write_bytes(data)
        return path

    # -- asking ----------------------------------------------------------------------------

    def search(
        self, query: str, *, filters: Filters | None = None, limit: int | None = None
    ) -> list[Passage]:
        """Rank the paragraphs that bear on a question.

        Raises:
            BadQuestion: it is empty or too long.
            StoreError: the index cannot be used.

        """
        return self._asking.search(query, filters or Filters(), limit or self.settings.limit)

    def ask(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        history: Sequence[QA] = (),
        llm: str | LLM | None = None,
    ) -> Answer | NoAnswer:
        """Answer a question with claims that were checked, or say that the record does not.

        Args:
            question: in plain words.
            filters: what to search in.
            history: earlier questions of the conversation, oldest first.
            llm: the language model to use, by name or as LlamaIndex's; the settings' when None,
                none when that is None, or where the name is empty.

        Raises:
            BadQuestion: the question is empty or too long.
            StoreError: the index cannot be used.
            ModelUnavailable: the model that was named cannot be had.

        """
        for event in self._asking.answering(question, filters, history, llm, streamed=False):
            if isinstance(event, Answer | NoAnswer):
                return event
        raise AssertionError("an answer is the last event")

    def ask_stream(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        history: Sequence[QA] = (),
        llm: str | LLM | None = None,
    ) -> Generator[Found | Claim | Answer | NoAnswer]:
        """Answer as `ask` does, and tell each step: what was found, each claim, the answer.

        A claim comes as soon as the model has written it, with its checks: `verified`
        tells whether it passed. Without a model all claims come at once. The last event is
        the answer, and it alone counts: a model may take back what it wrote at first.

        Raises:
            PinpointError: as `ask`; where a model fails midway, after the claims so far.

        """
        return self._asking.answering(question, filters, history, llm, streamed=True)

    def candidates(
        self, question: str, *, history: Sequence[QA] = (), read: int | None = None
    ) -> list[Candidate]:
        """The passages that a question finds, each with the evidence for it (for calibration).

        `read` is how many of them are read at most; all, if not told.
        """
        return self._asking.candidates(question, history, read)

    def understood(self, question: str, *, history: Sequence[QA] = ()) -> str:
        """The question as it stands alone, read by rules with what was asked before."""
        return self._asking.understood(question, history)

    def as_retriever(
        self, *, filters: Filters | None = None, limit: int | None = None
    ) -> RecordRetriever:
        """The retriever for other LlamaIndex programs; nodes are paragraphs."""
        from rag.retriever import RecordRetriever

        return RecordRetriever(
            lambda text: self.search(text, filters=filters, limit=limit), self.document
        )

    def as_query_engine(
        self, *, llm: str | LLM | None = None, filters: Filters | None = None
    ) -> RecordQueryEngine:
        """The checked answer for other LlamaIndex programs.

        Args:
            llm: what writes; a name as in the settings, or an LLM of LlamaIndex. The
                settings' when None; where they name none, nothing writes and LlamaIndex's
                own default is not asked for.
            filters: what to search in.

        """
        from rag.retriever import RecordQueryEngine

        return RecordQueryEngine(
            lambda text: self.ask(text, filters=filters, llm=llm),
            self.as_retriever(filters=filters),
        )

    # -- citing ----------------------------------------------------------------------------

    def cite(self, text: str, *, within: str | None = None) -> list[ResolvedCitation]:
        """Find every citation in a text and the paragraphs it points at.

        Args:
            text: any text.
            within: the document, by id or symbol, that the text is of, if any; it tells what
                "paragraph 151 of the replies to the list of issues" means.

        """
        from rag.resolve import resolve_all

        return resolve_all(find_citations(text), self._catalog, within=within)


def _encoder_named(name: str) -> Encode:
    """The local model as it is; any other through its LlamaIndex integration."""
    if name == "minilm":
        from rag.encoder import LocalEncoder

        return LocalEncoder()
    from rag.embed import embedder_named, encode

    embedder = embedder_named(name)
    return lambda texts: encode(embedder, texts)


def _symbol(symbol: str | None) -> str | None:
    from rag.cite import normalise_symbol

    if symbol is None:
        return None
    known = normalise_symbol(symbol)
    if known is None:
        raise BadInput(f"{symbol!r} is not a document symbol such as CCPR/C/SR.3272.")
    return known


def _cutter(symbol: str | None) -> Callable[[SourceText], Document]:
    """What cuts a file as read into a document, under a symbol if one is given."""
    from rag.parse import segment

    return lambda source: segment(source, symbol=_symbol(symbol))


def _expand(paths: Sequence[Path]) -> tuple[list[Path], list[tuple[str, str]]]:
    """Files of folders, in order; and what is wrong with those that give none."""
    from rag.read import readable

    files: list[Path] = []
    failed: list[tuple[str, str]] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and readable(p))
            if not inside:
                failed.append((str(path), f"{path} holds no file of a format that is read."))
            files += inside
        else:
            files.append(path)
    return list(dict.fromkeys(files)), failed
