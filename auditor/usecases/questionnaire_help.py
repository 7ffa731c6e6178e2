"""What the people who fill in a questionnaire need to know, in both languages."""

from __future__ import annotations

HELP_SHEETS = {"en": "How to fill in", "id": "Petunjuk"}


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


HELP = {
    "id": _paragraphs("""
Isilah lembar Jawaban, simpan sebagai .xlsx, lalu serahkan beserta berkas buktinya dalam satu folder.

Baris yang dibiarkan kosong tidak mengubah apa pun. Kolom Judul sampai dengan Catatan hanya untuk dibaca.

Jawaban: Sesuai, Sesuai Sebagian, atau Tidak Sesuai. Jawablah kontrol secara utuh pada kolom Jawaban, atau
terpisah pada kolom rancangan (ditetapkan dan tertulis), penerapan (dijalankan), dan keefektifan
(berhasil).

Selama salah satu dari ketiganya belum dijawab, kontrol paling tinggi dinilai Sesuai Sebagian.

Apabila bagian-bagian jawaban didukung bukti atau dijawab oleh orang yang berbeda, tambahkan baris dengan
kontrol yang sama.

Setiap jawaban memerlukan penjelasan dan nama penjawab. Jawaban Sesuai dan Sesuai Sebagian memerlukan
paling sedikit satu rujukan (misalnya nomor SK) atau satu berkas bukti.

Berkas bukti: nama berkas di folder yang sama atau di bawahnya, misalnya bukti/sk-tim.pdf, satu per baris.
Yang diawali sha256: sudah tersimpan dan tidak perlu diserahkan lagi.

Tanggal: tahun-bulan-hari, misalnya 2026-11-30. Tanggal jawaban yang kosong berarti hari penyerahan; masa
berlaku yang kosong berarti selama mungkin menurut kebijakan organisasi.

Untuk memperpanjang jawaban, tuliskan tanggal jawaban yang baru dan kosongkan masa berlakunya.

Berlaku: Ya dengan dasar pemberlakuannya (risiko, peraturan perundang-undangan, perjanjian, praktik baik;
boleh lebih dari satu, dipisahkan koma), atau Tidak dengan alasan dan nama pemberi persetujuan yang bukan
penetapnya.

Jawaban tidak mengubah hasil pengukuran: kontrol yang gagal saat dipindai tetap gagal, dan perbedaannya
ditampilkan. Mengosongkan jawaban tidak mencabutnya; pencabutan dilakukan oleh pengelola.

Kolom Entri log dibiarkan apa adanya: kolom itu mencegah jawaban yang masuk sesudah berkas ini dibuat
tertimpa tanpa terlihat.

Tempelkan isi sel sebagai nilai. Rumus, sel gabungan, dan makro ditolak.
"""),
    "en": _paragraphs("""
Fill in the sheet Answers, save it as .xlsx, and hand it in with its evidence files in one folder.

A row left empty changes nothing. The columns from Title to Note are only for reading.

Answers: Conforms, Partly conforms, or Does not conform. Answer the control as a whole under Answer, or
apart under design (decided and written), implementation (done) and effectiveness (it works).

While one of the three is missing, the control counts as partly conforming at best.

Where parts of an answer rest on other evidence or come from other people, add a row with the same
control.

Every answer needs a justification and the name of who answers. Conforms and Partly conforms need at least
one reference (such as the number of a decree) or one evidence file.

Evidence files: names of files in the same folder or below, such as evidence/decree.pdf, one per line.
What begins with sha256: is kept already and need not be handed in again.

Days: year-month-day, such as 2026-11-30. An empty day of answer is the day of handing in; an empty last
day is as late as the organisation's policy allows.

To renew an answer, write the new day of answer and empty its last day.

Applicable: Yes with its basis (risk, law and regulation, contract, good practice; several with commas),
or No with a justification and the name of an approver who is not who decided.

Answers change no measurement: a control that fails when scanned still fails, and the difference is shown.
Emptying an answer does not withdraw it; whoever runs the audit does that.

Leave the column Log entry as it is: it keeps answers that came in after this file was written from being
overwritten unseen.

Paste cells as values. Formulas, merged cells and macros are refused.
"""),
}
"""What stands on the second sheet of a workbook."""

YAML_HELP = {
    "id": (
        "answer: sesuai, sesuai-sebagian atau tidak-sesuai; utuh pada answer, atau terpisah pada design,",
        "implementation dan effectiveness. applicable: true dengan bases (risk, law, contract,",
        "practice), atau false dengan alasan dan approved_by. evidence: nama berkas di folder ini atau",
        "di bawahnya. Kosong: tidak berubah.",
    ),
    "en": (
        "answer: conforms, partial or does-not-conform; the whole under answer, or apart under design,",
        "implementation and effectiveness. applicable: true with bases (risk, law, contract, practice),",
        "or false with a justification and approved_by. evidence: files in this folder or below. Empty:",
        "nothing changes.",
    ),
}
"""Comments at the top of a YAML file."""
