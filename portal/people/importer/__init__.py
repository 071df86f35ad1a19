"""Taking over people from SIASN's "Export Data ASN" and the tables beside it.

export.py, posts.py and units.py read files into checked rows and never touch the database; every
fault of every row is collected with line, column, value and remedy (faults.py). merge.py writes
the rows, all or nothing.
"""
