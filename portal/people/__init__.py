"""Civil servants and their records: education, development, performance, discipline."""
