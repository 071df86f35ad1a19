"""Portal IP ASN: the employee self-service portal for the Indeks Profesionalitas ASN."""
