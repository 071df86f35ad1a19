"""Handing in: the pages and acts of /dokumen, from the photo of a certificate to its receipt."""
