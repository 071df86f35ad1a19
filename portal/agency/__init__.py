"""The agency: instansi, its tree of OPD and units, and its settings for measuring."""
