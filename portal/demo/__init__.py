"""The demo agency: an invented kabupaten whose 600 people, histories and papers are generated.

Everything comes from a constant seed, so that it is the same everywhere; only the running year
follows the calendar. People enter through the importer, papers through the real acts.
"""
