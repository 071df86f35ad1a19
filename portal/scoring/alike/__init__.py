"""Stored scores of very many people: those who must be answered alike are recognised as such.

As in `hitung`, nothing here knows a number of the rules or a word of their reasons. The records of
a person are reduced to what the engine's answer can depend on; the first of a kind is put to the
engine under marks instead of names and keys, and the row of the ledger that it answers with is kept
as a form, into which the others write their own. Tests hold every stored row against the one that
an approval would write.
"""
