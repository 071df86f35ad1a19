"""Which group an item waits for, until when, how many wait, and how they are found."""
