"""From the files of a person to one checked PDF with page pictures.

Nothing that came in is trusted: the kind is read from the content, pictures are decoded and
encoded anew, PDFs are stripped to what is seen. `convert_isolated` does it in a child process
with bounded memory and time. Importing this package loads no decoder.
"""

from portal.documents.intake.isolated import convert_isolated, shrink_isolated
from portal.documents.intake.limits import Limits
from portal.documents.intake.names import display_name
from portal.documents.intake.result import Converted

__all__ = ["Converted", "Limits", "convert_isolated", "display_name", "shrink_isolated"]
