"""Two ways of measuring over the same people: dry runs, their results, and putting one to use."""
