"""Beranda, Skor and the history of the score: what a person comes for first."""
