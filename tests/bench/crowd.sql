-- A crowd of :people around the cast, written by the database itself: a million people in minutes.
-- Numbers come from md5, so that the crowd is the same everywhere. Triggers of foreign keys rest.
SET session_replication_role = replica;

CREATE FUNCTION pg_temp.lot(salt text, number int, kinds int) RETURNS int LANGUAGE sql IMMUTABLE
AS $$ SELECT ('x' || substr(md5(number || salt), 1, 7))::bit(28)::int % kinds $$;

INSERT INTO pegawai (id, instansi_id, opd_id, nip, nama, gelar_depan, gelar_belakang,
  jenis_pegawai, kedudukan_hukum, kelompok_jabatan, jabatan, golongan, syarat_pendidikan, email)
SELECT md5('p' || i)::uuid, :instansi, (:units)[1 + i % array_length(:units, 1)],
  (180000000000000000 + i)::text, 'Rekan Nomor ' || i, '', 'S.Pd.',
  CASE WHEN i % 8 = 0 THEN 'PPPK' ELSE 'PNS' END, '01',
  (ARRAY['fungsional', 'fungsional', 'fungsional', 'fungsional', 'fungsional', 'pelaksana',
    'pelaksana', 'pelaksana', 'pengawas', 'administrator', 'jpt_pratama'])
    [1 + pg_temp.lot('post', i, 11)],
  'Guru Ahli Muda', 'III/c',
  (ARRAY['S-1', 'S-1', 'D-III', 'SLTA', NULL])[1 + pg_temp.lot('required', i, 5)], ''
FROM generate_series(1, :people) AS i;

INSERT INTO pendidikan (id, pegawai_id, sumber, urutan, tingkat, program_studi,
  perguruan_tinggi, nomor, tanggal_lulus, gelar)
SELECT md5('d' || i || j)::uuid, md5('p' || i)::uuid, 'riwayat', j,
  (ARRAY['SLTA', 'D-III', 'S-1', 'S-1', 'S-2'])[1 + pg_temp.lot('degree', i, 4) + j],
  'Pendidikan Matematika', 'Universitas Contoh', '',
  date '2000-07-01' + pg_temp.lot('graduated' || j, i, 6000), ''
FROM generate_series(1, :people) AS i, generate_series(0, 1) AS j WHERE j = 0 OR i % 5 = 0;

INSERT INTO pengembangan (id, pegawai_id, sumber, urutan, jenis, nama, penyelenggara, nomor,
  tanggal_selesai, jp, latihan_struktural)
SELECT md5('c' || i || j)::uuid, md5('p' || i)::uuid, 'riwayat', j,
  CASE WHEN j > 0 THEN (ARRAY['3', '9', '16', '4', '3'])[1 + pg_temp.lot('kind' || j, i, 5)]
    WHEN i % 3 = 0 THEN '1' ELSE '2' END,
  'Pelatihan Peningkatan Kompetensi Nomor ' || i % 977, 'Badan Diklat', '',
  date '2022-01-01' + pg_temp.lot('ended' || j, i, 1780), 2 + pg_temp.lot('jp' || j, i, 30),
  CASE WHEN j = 0 AND i % 3 = 0 THEN (ARRAY['2', '3', '4'])[1 + pg_temp.lot('pim', i, 3)] END
FROM generate_series(1, :people) AS i, generate_series(0, 3) AS j;

INSERT INTO kinerja (id, pegawai_id, sumber, urutan, tahun, predikat)
SELECT md5('s' || i || j)::uuid, md5('p' || i)::uuid, 'riwayat', j, :year - 3 + j,
  (ARRAY['Baik', 'Baik', 'Sangat Baik', 'Butuh Perbaikan'])[1 + pg_temp.lot('skp' || j, i, 4)]
FROM generate_series(1, :people) AS i, generate_series(0, 2) AS j;

INSERT INTO hukdis (id, pegawai_id, sumber, urutan, tingkat, tmt, akhir)
SELECT md5('h' || i)::uuid, md5('p' || i)::uuid, 'riwayat', 0, 'ringan',
  make_date(:year, 2, 1), make_date(:year, 8, 1)
FROM generate_series(1, :people) AS i WHERE i % 200 = 0;
