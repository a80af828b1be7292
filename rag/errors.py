"""Every error this package raises on purpose.

    PinpointError
    ├── BadInput                 what was given cannot be used
    │   ├── UnreadableFile       missing, empty, binary, too large, unknown format
    │   ├── NoParagraphs         read, but nothing in it is a numbered paragraph
    │   ├── BadQuestion          empty, or longer than a question can be
    │   ├── BadCitation          a canonical citation that is none
    │   ├── FetchFailed          a document could not be downloaded, or another one came
    │   ├── UnknownDocument      the index holds no such document
    │   └── UnknownConversation  no conversation of that name is kept
    ├── ConfigError              a setting is unknown or has a wrong value
    │   └── ModelUnavailable     the embedder or language model named cannot be had
    └── StoreError
        ├── IndexMismatch        built with another model, budget or format
        ├── IndexLocked          another process is writing
        ├── IndexDamaged         the files are there and cannot be opened
        ├── ConversationLocked   another process is writing conversations
        └── ConversationDamaged  the file is there and cannot be read

Each message is one sentence that says what to do; a door prints it and exits
with status 2.
"""


class PinpointError(Exception):
    """The root: catch it at a door."""


class BadInput(PinpointError):
    """What was given cannot be used."""


class UnreadableFile(BadInput):
    """The file is missing, empty, binary, too large or of an unknown format."""


class NoParagraphs(BadInput):
    """The file was read, but nothing in it is a numbered paragraph."""


class BadQuestion(BadInput):
    """The question is empty or longer than a question can be."""


class BadCitation(BadInput):
    """The text is not a citation in canonical form."""


class FetchFailed(BadInput):
    """A document could not be downloaded, or something else came in its place."""


class UnknownDocument(BadInput):
    """The index holds no such document."""


class UnknownConversation(BadInput):
    """No conversation of that name is kept."""


class ConfigError(PinpointError):
    """A setting is unknown or has a wrong value."""


class ModelUnavailable(ConfigError):
    """The embedder or language model that was named cannot be had."""


class StoreError(PinpointError):
    """The stored index cannot be used."""


class IndexMismatch(StoreError):
    """The index was built with another model, chunk budget or format."""


class IndexLocked(StoreError):
    """Another process is writing to the index."""


class IndexDamaged(StoreError):
    """The index is there but cannot be opened."""


class ConversationLocked(StoreError):
    """Another process is writing conversations."""


class ConversationDamaged(StoreError):
    """A conversation's file is there but cannot be read, or not by this version."""
