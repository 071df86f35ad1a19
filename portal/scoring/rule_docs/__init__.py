"""docs/aturan.md: the rule sets in words."""
