"""The pure scoring engine: facts of one person + a rule set + a year → points with reasons.

It imports the standard library and portal.vocabulary, reads no clock and no database, and does all
arithmetic in Decimal. Legal basis: PermenPANRB 38/2018 and Peraturan BKN 8/2019.
"""
