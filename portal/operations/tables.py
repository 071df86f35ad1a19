"""Imports every module that declares tables, so that the metadata is complete."""

from portal import audit, jobs
from portal.accounts import models as accounts
from portal.agency import models as agency
from portal.audit import chain
from portal.documents import arrivals
from portal.documents import models as documents
from portal.imports import models as imports
from portal.notifications import models as notifications
from portal.operations import models as operations
from portal.people import models as people
from portal.questions import models as questions
from portal.scoring import models as scoring
from portal.verification import models as verification

TABLES_OF = (
    audit,
    chain,
    jobs,
    accounts,
    agency,
    documents,
    arrivals,
    imports,
    notifications,
    operations,
    people,
    questions,
    scoring,
    verification,
)
