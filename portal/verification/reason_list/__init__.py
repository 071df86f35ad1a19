"""The reasons to return, refuse and revoke, kept by the admin (/admin/alasan)."""
