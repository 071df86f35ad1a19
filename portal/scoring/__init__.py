"""The index of a person: a pure engine, rule sets as data, stored scores, and their commands."""
