"""The quick way through `hitung`: people who must be answered alike are recognised as such.

Nothing here knows a number of the rules or a word of the answers. Each fact of a person is reduced
to the little that the engine's answer can depend on (a course to its kind, its year and its level);
the first person of such a kind is put to the engine, and what it says is kept for the others. A
line that is unusual in any way is left to portal.scoring.hitung.careful. Tests hold both ways
against each other, byte for byte.
"""
