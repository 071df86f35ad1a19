"""`hitung` and `contoh-pegawai`: many people from a file, at the speed of the nation."""
