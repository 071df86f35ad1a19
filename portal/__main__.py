"""`python -m portal …`."""

import os

from portal.cli import main

if __name__ == "__main__":
    os.umask(0o077)  # database, objects and backups hold people's data: for this user alone
    main()
