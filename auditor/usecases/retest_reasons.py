"""Why a finding is not measured again, in both languages."""

from __future__ import annotations

from auditor.model.check import Text

CHECK_OFF: Text = {
    "en": "its check is switched off, or no longer in the catalogue",
    "id": "pemeriksaannya dinonaktifkan atau tidak ada lagi dalam katalog",
}
SERVER_GONE: Text = {
    "en": "its server is not in the inventory any more",
    "id": "servernya tidak ada lagi dalam inventaris",
}
ADDRESS_GONE: Text = {
    "en": "this address does not belong to the server any more; the next audit follows it",
    "id": "alamat ini bukan lagi milik server tersebut; audit berikutnya menelusurinya",
}
NAME_GONE: Text = {
    "en": "this name is not registered for the server any more; the next audit decides",
    "id": "nama ini tidak lagi terdaftar untuk server tersebut; audit berikutnya yang menentukan",
}
PORT_NOT_ASKED: Text = {
    "en": "the policy does not ask this port any more, or not on a delicate server that does not declare it",
    "id": "port ini tidak lagi diperiksa menurut kebijakan, atau tidak didaftarkan pada server yang peka",
}
NO_CONSENT: Text = {
    "en": "no authorization consents to this check any more",
    "id": "tidak ada lagi surat tugas yang menyetujui pemeriksaan ini",
}
NEEDS_REPORT: Text = {
    "en": "rests on a report of another tool, and no newer one was handed in; hand in one: auditor import",
    "id": "bersumber dari laporan alat lain dan laporan yang lebih baru belum diserahkan; serahkan dengan:"
    " auditor import",
}
GONE: Text = {
    "en": "what it was about is not there any more",
    "id": "objek temuan ini sudah tidak ada",
}


def asked_enough(times: int) -> Text:
    """Return that a finding was measured as often as one day allows."""
    return {
        "en": f"measured again {times} times today, which is as often as the policy allows",
        "id": f"hari ini sudah diuji ulang {times} kali, batas menurut kebijakan",
    }


def agency_asked_enough(opd: str, times: int) -> Text:
    """Return that an agency had as many re-tests as one day allows."""
    return {
        "en": f"{opd} had {times} re-tests today, which is as many as the policy allows",
        "id": f"hari ini {opd} sudah menjalani {times} kali uji ulang, batas menurut kebijakan",
    }


def blacked_out(why: str) -> Text:
    """Return that its agency must not be measured now, for the reason that the policy gives."""
    return {
        "en": f"must not be measured now: {why}",
        "id": f"saat ini tidak boleh diukur: {why}",
    }
