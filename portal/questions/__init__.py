"""Tanya BKD: short threads about items and score rows, and the answers worth keeping."""
