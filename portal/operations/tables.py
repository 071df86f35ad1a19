"""Imports every module that declares tables, so that the metadata is complete."""

from portal import audit, jobs
from portal.accounts import models as accounts
from portal.agency import models as agency
from portal.documents import arrivals
from portal.documents import models as documents
from portal.imports import models as imports
from portal.notifications import models as notifications
from portal.operations import models as operations
from portal.people import models as people
from portal.scoring import models as scoring

TABLES_OF = (
    audit,
    jobs,
    accounts,
    agency,
    documents,
    arrivals,
    imports,
    notifications,
    operations,
    people,
    scoring,
)
