"""Items that people hand in: tables, files, and the pure transition table."""
