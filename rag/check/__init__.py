"""A draft → a verdict on every citation and every quotation in it."""

from rag.check.checking import Checked, check
from rag.check.findings import VERDICTS, Finding, Where, as_row, shown

__all__ = ["VERDICTS", "Checked", "Finding", "Where", "as_row", "check", "shown"]
