"""Why a verdict could not be reached, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from auditor.model.check import Text
from auditor.model.evidence import Failure, FailureKind
from auditor.model.facts import Facts
from auditor.model.plan import SkipReason
from controls.record_facts import APPROVED_FACTS, RECORD_FACTS

UNREAD = "host.unread"
"""Fact of a host's evidence that names what could not be read, with reason and detail."""

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
        "id": "kunci host server berbeda dari yang dicatat; tidak ada kredensial yang dikirim",
    },
    FailureKind.LOGIN_REFUSED: {"en": "the login was refused", "id": "akun audit ditolak masuk"},
    FailureKind.NO_EVIDENCE: {"en": "the report proves nothing", "id": "laporan tidak memuat bukti"},
    FailureKind.BLACKOUT: {
        "en": "must not be measured at that time",
        "id": "tidak boleh diukur pada waktu tersebut",
    },
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

DEPARTURES: Mapping[str, Text] = {
    "check_off": {"en": "the check is switched off", "id": "pemeriksaan dinonaktifkan"},
    "server_gone": {"en": "the server is not registered any more", "id": "server tidak lagi terdaftar"},
    "address_gone": {
        "en": "the server does not have this address any more",
        "id": "server tidak lagi memiliki alamat ini",
    },
    "name_gone": {
        "en": "this name is not registered for the server any more",
        "id": "nama ini tidak lagi terdaftar untuk server tersebut",
    },
    "port_not_asked": {
        "en": "this port is not asked any more, so nobody knows whether it is closed",
        "id": "port ini tidak diperiksa lagi sehingga tidak diketahui apakah sudah ditutup",
    },
    "merged": {
        "en": "an earlier finding of the same fault moved here and goes on in its place",
        "id": "temuan terdahulu atas kelemahan yang sama berpindah ke sini dan menggantikannya",
    },
    "retired": {
        "en": "the server was retired and does not answer",
        "id": "server tidak dipakai lagi dan tidak menjawab",
    },
}
"""Why nobody looks at the place of a finding any more."""

IMPORT_STALE: Text = {
    "en": "the newest report that was handed in is too old; hand in a new one: auditor import",
    "id": "laporan terakhir yang diserahkan sudah terlalu lama; serahkan yang baru: auditor import",
}
"""A report of another tool that stands for a server, and is older than the policy takes."""

IMPORT_NARROW: Text = {
    "en": "the port scan that was handed in looked at fewer ports than the audit does",
    "id": "pindai port yang diserahkan mencakup port lebih sedikit daripada audit",
}

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

NO_WAY_IN: Text = {
    "en": "no access to the inside of this server is set up; 'auditor host-access' prints what it takes",
    "id": "akses ke dalam server ini belum disiapkan; 'auditor host-access' mencetak yang diperlukan",
}

_ELSEWHERE = {
    "record.leavers": "leavers",
    "record.accepted": "record: admission: accepted",
    "record.published": "record: admission: published",
    "record.runbook_reviewed": "record: runbook: reviewed",
    "record.exercise": "record: exercise: day",
    "record.exercise_good": "record: exercise: good",
    "record.firmware_reviewed": "record: asset: firmware_reviewed",
}


def _written_at(fact: str) -> str:
    """Return the keys of the inventory under which a fact is written."""
    key = fact.partition(".")[2]
    asset = f"record: asset: {key.removeprefix('asset_')}" if key.startswith("asset_") else ""
    return _ELSEWHERE.get(fact) or asset or f"record: {key}"


def _decided_at(fact: str) -> str:
    """Return the keys of the policy under which a fact is written."""
    return f"host: {fact.replace('.', ': ')}"


NOT_WRITTEN: Mapping[str, Text] = {
    **{
        spec.name: {
            "en": f"nothing is written to compare with: in the inventory, {_written_at(spec.name)}",
            "id": f"belum ada catatan pembanding: pada inventaris, {_written_at(spec.name)}",
        }
        for spec in RECORD_FACTS
    },
    **{
        spec.name: {
            "en": f"it was not decided what is approved: in the policy, {_decided_at(spec.name)}",
            "id": f"belum ditetapkan apa yang disetujui: pada kebijakan, {_decided_at(spec.name)}",
        }
        for spec in APPROVED_FACTS
    },
}
"""Fact that people write down → what to say where nobody did."""

_UNREAD: Mapping[str, Text] = {
    "needs root": {
        "en": "needs a command as root that the audit account is not allowed",
        "id": "memerlukan perintah root yang tidak diizinkan bagi akun audit",
    },
    "timeout": {"en": "took too long on the server", "id": "terlalu lama dijalankan di server"},
    "too much": {
        "en": "the server printed more than is taken",
        "id": "keluaran server melebihi batas yang diterima",
    },
    "broken off": {"en": "the output broke off", "id": "keluaran terputus"},
    "tool missing": {
        "en": "the program that would tell is not on the server",
        "id": "program yang menunjukkannya tidak ada di server",
    },
    "not understood": {
        "en": "the server's answer was not understood",
        "id": "jawaban server tidak dapat dipahami",
    },
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


def unread_reasons(facts: Facts) -> dict[str, Text]:
    """Return fact → why a host did not tell it, as its evidence says."""
    listed = facts.get(UNREAD)
    records = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    return {str(one.get("fact")): _unread(str(one.get("reason")), str(one.get("detail"))) for one in records}


@lru_cache(maxsize=1024)
def _unread(reason: str, detail: str) -> Text:
    texts = _UNREAD.get(reason, NOT_MEASURED)
    return {language: f"{text} ({detail})" if detail else text for language, text in texts.items()}


@lru_cache(maxsize=1024)
def error_text(message: str) -> Text:
    """Describe a check that could not be evaluated because of our own mistake."""
    return {
        "en": f"the check itself could not be evaluated: {message}",
        "id": f"butir periksa tidak dapat dievaluasi: {message}",
    }
