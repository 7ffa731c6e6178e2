"""The same reasons as the reader of a worksheet in Indonesian finds them."""

from __future__ import annotations

from collections.abc import Mapping

_FIREWALL = (
    "Teks ini untuk tembok api, sedangkan semua server laboratorium memakai tembok api mesin yang sama. "
)
_OUTSIDE_EN = "Its text fetches from a maker outside, whom no host of the lab can reach: "
_OUTSIDE = "Teks ini mengambil berkas dari pembuat di luar yang tidak terjangkau oleh server laboratorium: "

INDONESIAN: Mapping[str, str] = {
    "The lab has a stand-in that gives the answers of the real server, and no settings of it.": (
        "Laboratorium hanya memiliki tiruan yang memberi jawaban server aslinya, tanpa pengaturannya."
    ),
    "The remedy is work on an application; the lab has pages that look like one, and no application.": (
        "Perbaikannya adalah pekerjaan pada aplikasi; laboratorium hanya memiliki halaman yang menyerupainya."
    ),
    "The remedy is an upgrade; the lab runs what the distribution has.": (
        "Perbaikannya adalah pemutakhiran; laboratorium menjalankan versi yang disediakan distribusi."
    ),
    "The server has to ask its issuer's responder; the lab's CA has none.": (
        "Server harus bertanya kepada penjawab penerbit sertifikat; CA laboratorium tidak memilikinya."
    ),
    "The DS record has to go to the keeper of the parent zone, whom only people can ask.": (
        "Catatan DS harus diserahkan kepada pengelola zona induk, yang hanya dapat diminta oleh orang."
    ),
    "The name has to be asked for at the office that gives names below go.id.": (
        "Nama harus dimohonkan kepada instansi yang memberikan nama di bawah go.id."
    ),
    "The mailbox has to be asked for at the office that runs the mail.": (
        "Kotak surel harus dimohonkan kepada unit pengelola surel."
    ),
    "The site has to be built anew from a copy older than the break-in.": (
        "Situs harus dibangun ulang dari salinan yang lebih tua daripada peretasan."
    ),
    "Which outside hosts may stay is a decision, written into the policy.": (
        "Server luar yang boleh tetap ada merupakan keputusan yang ditulis dalam kebijakan."
    ),
    "The text is for a firewall, and all servers of the lab share that of the machine they run on. "
    "It closes with the remedy of network-telnet-absent.": (
        _FIREWALL + "Temuan tertutup oleh perbaikan network-telnet-absent."
    ),
    "The text is for a firewall, and all servers of the lab share that of the machine they run on. "
    "It closes with the remedy of database-access-restricted.": (
        _FIREWALL + "Temuan tertutup oleh perbaikan database-access-restricted."
    ),
    "The machine is to be switched off; on loopback an unused address answers too.": (
        "Mesin harus dimatikan; pada loopback alamat yang tidak dipakai pun menjawab."
    ),
    "The text is for the server of the kernel; the lab has one without it.": (
        "Teks ini untuk layanan di dalam kernel; laboratorium memakai layanan di luar kernel."
    ),
    "The remedy needs OpenSSL 3.5, which Debian 12 and Ubuntu 24.04 do not have.": (
        "Perbaikannya memerlukan OpenSSL 3.5, yang tidak tersedia pada Debian 12 dan Ubuntu 24.04."
    ),
    "No packaged server speaks SSL 3.0 any more; what does in the lab has no settings.": (
        "Tidak ada lagi paket layanan yang memakai SSL 3.0; yang ada di laboratorium tanpa pengaturan."
    ),
    "A session of the past stays in the records until they are rotated.": (
        "Sesi yang telah berlalu tetap ada dalam catatan sampai catatan itu dirotasi."
    ),
    "A login of the past stays in the log until it is rotated or explained.": (
        "Login yang telah berlalu tetap ada dalam log sampai log dirotasi atau dijelaskan."
    ),
    "What is to be changed has to be judged: the programs that take memory and time.": (
        "Yang harus diubah perlu dipertimbangkan: program yang memakai memori dan waktu."
    ),
    _OUTSIDE_EN + "the signatures of ClamAV.": _OUTSIDE + "tanda pengenal ClamAV.",
    _OUTSIDE_EN + "the release of WordPress.": _OUTSIDE + "rilis WordPress.",
    _OUTSIDE_EN + "the libraries of the application.": _OUTSIDE + "pustaka aplikasi.",
    "It stays undecided: OpenVPN keeps no record of the last use.": (
        "Tetap tidak dapat diputuskan: OpenVPN tidak mencatat pemakaian terakhir."
    ),
    "Its text is the upgrade to another release, or extended support.": (
        "Teksnya adalah pemutakhiran ke rilis lain atau dukungan yang diperpanjang."
    ),
    "Its text is another branch of a program; the release has none.": (
        "Teksnya adalah cabang lain dari suatu program; rilis tersebut tidak menyediakannya."
    ),
    "Audit rules are locked in the kernel, which the machine shares with no host.": (
        "Aturan audit dikunci dalam kernel, yang tidak dibagi oleh mesin kepada server laboratorium."
    ),
}
"""English → Indonesian."""
