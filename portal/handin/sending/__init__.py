"""/kirim: the addresses that the script on phones speaks to, in JSON (docs/decisions/0010)."""
