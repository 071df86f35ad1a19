"""The checks of an item in the order of its paper."""

from __future__ import annotations

from portal.documents.models import Document
from portal.verification.checking import course, degree, paper
from portal.verification.checking.common import number, signatures, twins
from portal.verification.checking.known import Known
from portal.verification.checking.light import Check
from portal.verification.checking.titles import title
from portal.vocabulary import DocumentKind


def all_checks(document: Document, known: Known) -> list[Check]:
    """Every check that this kind of item has."""
    read = [*paper.checks(document, known.reading), *signatures(document), *number(document)]
    if document.kind is DocumentKind.IJAZAH:
        own = list(degree.checks(document, known))
    else:
        own = [*course.checks(document, known), *title(document)]
    return [*read, *own, *twins(document, known)]
