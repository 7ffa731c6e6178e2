"""National rules that an audit of a regency's servers rests on, by their official titles."""

from __future__ import annotations

NATIONAL = (
    "Peraturan Pemerintah Nomor 71 Tahun 2019 tentang Penyelenggaraan Sistem dan Transaksi Elektronik",
    "Peraturan Presiden Nomor 95 Tahun 2018 tentang Sistem Pemerintahan Berbasis Elektronik",
    "Peraturan Badan Siber dan Sandi Negara Nomor 8 Tahun 2020 tentang Sistem Pengamanan dalam "
    "Penyelenggaraan Sistem Elektronik",
    "Peraturan Badan Siber dan Sandi Negara Nomor 4 Tahun 2021 tentang Pedoman Manajemen Keamanan Informasi "
    "Sistem Pemerintahan Berbasis Elektronik dan Standar Teknis dan Prosedur Keamanan Sistem Pemerintahan "
    "Berbasis Elektronik",
)
"""Official titles are Indonesian and are not translated. An organisation names its own in the inventory."""
