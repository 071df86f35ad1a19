"""Rencana pengembangan: the steps that somebody chose for a year."""
