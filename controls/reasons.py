"""Why a verdict could not be reached, in both languages."""

from __future__ import annotations

from functools import lru_cache

from auditor.model.check import Text
from auditor.model.evidence import Failure, FailureKind
from auditor.model.plan import SkipReason

FAILURES: dict[FailureKind, Text] = {
    FailureKind.TIMEOUT: {"en": "no answer in time", "id": "tidak menjawab dalam batas waktu"},
    FailureKind.REFUSED: {"en": "connection refused", "id": "sambungan ditolak"},
    FailureKind.UNREACHABLE: {"en": "cannot be reached", "id": "tidak dapat dijangkau"},
    FailureKind.RESET: {"en": "connection broken off", "id": "sambungan diputus"},
    FailureKind.PROTOCOL: {"en": "unexpected answer", "id": "jawaban tidak sesuai protokol"},
    FailureKind.TOOL_MISSING: {"en": "a tool is not installed", "id": "alat belum terpasang"},
    FailureKind.TOOL_FAILED: {"en": "the tool failed", "id": "alat gagal berjalan"},
    FailureKind.STOPPED: {"en": "stopped before it was measured", "id": "dihentikan sebelum diukur"},
    FailureKind.NO_CREDENTIAL: {
        "en": "no key to log in with",
        "id": "tidak ada kunci untuk masuk ke server",
    },
    FailureKind.HOST_KEY_CHANGED: {
        "en": "the server shows another host key than the pinned one; nothing was offered to it",
        "id": "server menunjukkan kunci host yang berbeda dari yang dicatat; tidak ada kredensial yang dikirim",
    },
    FailureKind.LOGIN_REFUSED: {"en": "the login was refused", "id": "akun audit ditolak masuk"},
    FailureKind.INTERNAL: {"en": "a fault of the auditor", "id": "kesalahan pada aplikasi audit"},
}

SKIPS: dict[SkipReason, Text] = {
    SkipReason.NO_AUTHORIZATION: {
        "en": "no authorization covers this address",
        "id": "alamat ini tidak tercakup surat tugas",
    },
    SkipReason.NOT_YET_VALID: {
        "en": "the authorization is not valid yet",
        "id": "surat tugas belum berlaku",
    },
    SkipReason.EXPIRED: {"en": "the authorization has expired", "id": "surat tugas sudah berakhir"},
    SkipReason.EXCLUDED: {
        "en": "the authorization excludes this address",
        "id": "alamat ini dikecualikan surat tugas",
    },
    SkipReason.METHOD: {
        "en": "the authorization does not allow this method",
        "id": "surat tugas tidak mengizinkan metode ini",
    },
    SkipReason.UNRESOLVED: {"en": "the name does not resolve", "id": "nama tidak dapat diterjemahkan"},
    SkipReason.FORBIDDEN: {
        "en": "an address that is never measured",
        "id": "alamat yang tidak pernah diukur",
    },
    SkipReason.TOO_LARGE: {
        "en": "a network too large to search",
        "id": "jaringan terlalu besar untuk diperiksa seluruhnya",
    },
    SkipReason.NOT_SELECTED: {"en": "not selected for this audit", "id": "tidak dipilih pada audit ini"},
}

NOT_MEASURED: Text = {"en": "not measured", "id": "belum diukur"}

LOOKS_DIFFER: Text = {
    "en": "measured twice with different results; it is measured again in the next audit",
    "id": "diukur dua kali dengan hasil berbeda; diukur lagi pada audit berikutnya",
}
"""A failure that a second look did not find again."""

SECOND_LOOK_FAILED: Text = {
    "en": "a new failure that could not be measured a second time",
    "id": "kegagalan baru yang tidak dapat diukur untuk kedua kalinya",
}

TOO_FRAGILE: Text = {
    "en": "not asked of an embedded machine",
    "id": "tidak ditanyakan kepada perangkat tertanam",
}

ABSENT: Text = {
    "en": "nothing of this kind was found at this address",
    "id": "tidak ditemukan layanan jenis ini pada alamat ini",
}


@lru_cache(maxsize=1024)
def failure_text(failure: Failure) -> Text:
    """Return a failure as text in both languages, with its detail."""
    detail = f" ({failure.detail})" if failure.detail else ""
    return {language: text + detail for language, text in FAILURES[failure.kind].items()}


@lru_cache(maxsize=1024)
def missing_text(names: tuple[str, ...]) -> Text:
    """Name the facts that were not observed."""
    listed = ", ".join(names[:5])
    return {"en": f"not observed: {listed}", "id": f"tidak teramati: {listed}"}


@lru_cache(maxsize=1024)
def error_text(message: str) -> Text:
    """Describe a check that could not be evaluated because of our own mistake."""
    return {
        "en": f"the check itself could not be evaluated: {message}",
        "id": f"butir periksa tidak dapat dievaluasi: {message}",
    }
