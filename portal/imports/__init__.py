"""Files that bring data from other systems: upload, preview, confirm, report."""
