"""Mail arrives encrypted and whole, or a problem says why it did not, without any secret."""

from __future__ import annotations

import base64
import socket
import ssl
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from auditor.model.host_access import SecretReference, SecretSource
from auditor.model.message import Channel, Delivery, Encryption, Message
from auditor.usecases.sending.connection import Limits
from auditor.usecases.sending.problem import SendProblem
from auditor.usecases.sending.send import send
from tests.auditor.usecases.sending.post import (
    LIMITS,
    MESSAGE,
    NOW,
    PASSWORD,
    Post,
    context,
    delivery,
    mail_channel,
    post_office,
    secret_file,
)
from tests.scanners.loopback import serve, unused_port


def refused(
    channel: Channel, told: Delivery | None = None, message: Message = MESSAGE, limits: Limits = LIMITS
) -> SendProblem:
    with pytest.raises(SendProblem) as found:
        send(channel, told or delivery(), message, NOW, limits)
    assert PASSWORD not in str(found.value)
    return found.value


def parsed(content: bytes) -> EmailMessage:
    read = message_from_bytes(content, policy=default)
    assert isinstance(read, EmailMessage)
    return read


def test_a_mail_arrives_encrypted_with_text_and_html(tmp_path: Path) -> None:
    post = Post()
    with post_office(post, starttls=context()) as port:
        send(mail_channel(tmp_path, port), delivery(), MESSAGE, NOW, LIMITS)
    (envelope,) = post.mails
    assert post.encrypted == [True]
    assert (envelope.mail_from, envelope.rcpt_tos) == (
        "tilik@kabupaten.example.go.id",
        ["ti@dinkes.example.go.id"],
    )
    assert isinstance(envelope.content, bytes)
    assert envelope.content.isascii()
    mail = parsed(envelope.content)
    assert mail["Subject"] == MESSAGE.subject
    assert mail["From"] == "Tilik Audit <tilik@kabupaten.example.go.id>"
    assert mail["To"] == "ti@dinkes.example.go.id"
    assert mail["Message-ID"] == "<M-0123456789abcdef0123@kabupaten.example.go.id>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Sensitivity"] == "Company-Confidential"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None and text.get_content().replace("\r\n", "\n") == MESSAGE.text
    assert html is not None and "lewat tenggat – é" in html.get_content()


def test_every_attempt_sends_the_same_bytes(tmp_path: Path) -> None:
    post = Post()
    with post_office(post, starttls=context()) as port:
        channel = mail_channel(tmp_path, port)
        for _ in range(2):
            send(channel, delivery(), MESSAGE, NOW, LIMITS)
    assert post.mails[0].content == post.mails[1].content


def test_tls_may_begin_at_once(tmp_path: Path) -> None:
    post = Post()
    with post_office(post, at_once=context()) as port:
        channel = mail_channel(tmp_path, port, encryption=Encryption.TLS)
        send(channel, delivery(), MESSAGE, NOW, LIMITS)
    assert len(post.mails) == 1


def test_nothing_is_sent_where_starttls_is_not_offered(tmp_path: Path) -> None:
    post = Post()
    with post_office(post) as port:
        problem = refused(mail_channel(tmp_path, port))
    assert "no STARTTLS" in problem.problem
    assert problem.whole_channel
    assert post.mails == []


@pytest.mark.parametrize("encryption", [Encryption.STARTTLS, Encryption.TLS])
def test_a_certificate_must_be_trusted_and_have_the_right_name(
    encryption: Encryption, tmp_path: Path
) -> None:
    at_once = encryption is Encryption.TLS
    post = Post()
    wrong_name = context("lain.example.go.id")
    with post_office(post, **({"at_once": wrong_name} if at_once else {"starttls": wrong_name})) as port:
        channel = mail_channel(tmp_path, port, encryption=encryption)
        assert "not trusted" in refused(channel).problem
    right_name = context()
    with post_office(post, **({"at_once": right_name} if at_once else {"starttls": right_name})) as port:
        channel = mail_channel(tmp_path, port, encryption=encryption, ca="")
        assert "not trusted" in refused(channel).problem
    assert post.mails == []


def test_a_wrong_password_is_told_without_it(tmp_path: Path) -> None:
    post = Post()
    with post_office(post, starttls=context()) as port:
        channel = mail_channel(tmp_path, port, secret=secret_file(tmp_path, "salah-total"))
        problem = refused(channel)
    assert "refused the login (535)" in problem.problem
    assert "salah" not in problem.problem
    assert problem.whole_channel
    assert not problem.lasting


def answers(*said: bytes) -> Callable[[socket.socket], None]:
    """Return a server without TLS that gives these answers one after the other, whatever it is told."""

    def handle(connection: socket.socket) -> None:
        connection.settimeout(10)
        for answer in said:
            connection.sendall(answer)
            connection.recv(65536)

    return handle


def test_what_a_server_repeats_of_a_login_is_told_nowhere(tmp_path: Path) -> None:
    login = base64.b64encode(f"\0tilik\0{PASSWORD}".encode())
    said = (b"220 hai\r\n", b"250-hai\r\n250 AUTH PLAIN\r\n", b"235 ok\r\n", b"550 no " + login + b"\r\n")
    with serve(answers(*said, b"250 ok\r\n")) as server:
        channel = mail_channel(tmp_path, server.port, encryption=Encryption.NONE)
        problem = refused(channel)
    assert login.decode() not in problem.problem
    assert "***" in problem.problem


@pytest.mark.parametrize(("answer", "lasting"), [("550 no such user", True), ("450 come later", False)])
def test_a_refused_address_says_whether_it_is_for_good(answer: str, lasting: bool, tmp_path: Path) -> None:
    post = Post(to_answers=[answer])
    with post_office(post, starttls=context()) as port:
        problem = refused(mail_channel(tmp_path, port))
        assert (problem.lasting, problem.whole_channel) == (lasting, False)
        assert answer[:3] in problem.problem
        send(mail_channel(tmp_path, port), delivery(), MESSAGE, NOW, LIMITS)
    assert len(post.mails) == 1


def test_a_mail_that_is_refused_for_now_arrives_the_next_time(tmp_path: Path) -> None:
    post = Post(data_answers=["451 later"])
    with post_office(post, starttls=context()) as port:
        problem = refused(mail_channel(tmp_path, port))
        assert not problem.lasting
        send(mail_channel(tmp_path, port), delivery(), MESSAGE, NOW, LIMITS)
    assert len(post.mails) == 1


def test_nobody_there_is_told_as_such(tmp_path: Path) -> None:
    port = unused_port()
    problem = refused(mail_channel(tmp_path, port))
    assert problem.problem == f"127.0.0.1, port {port}: the connection was refused"


def silent(connection: socket.socket) -> None:
    connection.settimeout(30)
    while connection.recv(65536):
        pass


def dripping(connection: socket.socket) -> None:
    """Say a byte now and then, so that no single step ever takes too long."""
    connection.settimeout(0.02)
    while True:
        connection.sendall(b"2")
        try:
            if not connection.recv(1):
                return
        except TimeoutError:
            continue


def hanging_up(connection: socket.socket) -> None:
    connection.sendall(b"220 hai\r\n")


def garbage_for_tls(connection: socket.socket) -> None:
    answers(b"220 hai\r\n", b"250-hai\r\n250 STARTTLS\r\n", b"220 go\r\n", b"bukan TLS sama sekali\r\n")(
        connection
    )


@pytest.mark.parametrize(
    ("server", "limits", "told"),
    [
        (silent, Limits(0.1, 10), "no answer within 0.1 seconds"),
        (dripping, Limits(10, 0.3), "not done within 0.3 seconds"),
        (hanging_up, LIMITS, "broken off"),
        (garbage_for_tls, LIMITS, "TLS failed"),
    ],
)
def test_a_server_that_misbehaves_holds_nobody(
    server: Callable[[socket.socket], None], limits: Limits, told: str, tmp_path: Path
) -> None:
    with serve(server) as listener:
        problem = refused(mail_channel(tmp_path, listener.port), limits=limits)
    assert told in problem.problem
    assert problem.whole_channel


def test_a_handshake_that_never_ends_is_ended(tmp_path: Path) -> None:
    with serve(silent) as listener:
        channel = mail_channel(tmp_path, listener.port, encryption=Encryption.TLS)
        assert "no answer" in refused(channel, limits=Limits(0.1, 10)).problem


def test_no_text_becomes_a_header(tmp_path: Path) -> None:
    post = Post()
    message = replace(MESSAGE, subject="Halo\r\nBcc: musuh@example.com\r\n\r\nisi\u202e" + "x" * 500)
    with post_office(post, starttls=context()) as port:
        send(mail_channel(tmp_path, port), delivery(), message, NOW, LIMITS)
    content = post.mails[0].content
    assert isinstance(content, bytes)
    mail = parsed(content)
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("Halo\\x0d\\x0aBcc: musuh@example.com")
    assert len(mail["Subject"]) < 250
    assert post.mails[0].rcpt_tos == ["ti@dinkes.example.go.id"]


@pytest.mark.parametrize("to", ["a@b.id\r\nBcc: c@d.id", "a@b.id\nRCPT TO:<c@d.id>", "ü@b.id", "a@b\0.id"])
def test_an_address_that_is_none_is_not_used(to: str, tmp_path: Path) -> None:
    post = Post()
    with post_office(post, starttls=context()) as port:
        assert refused(mail_channel(tmp_path, port), delivery(to)).lasting
    assert post.mails == []


def test_a_name_before_the_address_stays_a_name(tmp_path: Path) -> None:
    post = Post()
    with post_office(post, starttls=context()) as port:
        told = delivery("Tim TI Dinkes <ti@dinkes.example.go.id>")
        send(mail_channel(tmp_path, port), told, MESSAGE, NOW, LIMITS)
    assert post.mails[0].rcpt_tos == ["ti@dinkes.example.go.id"]


def test_a_secret_that_is_not_there_or_open_to_others_is_told(tmp_path: Path) -> None:
    channel = mail_channel(tmp_path, 25)
    gone = replace(channel, secret=SecretReference(SecretSource.FILE, str(tmp_path / "tidak-ada")))
    assert "tidak-ada" in refused(gone).problem
    assert "chmod 600" in refused(replace(channel, secret=secret_file(tmp_path, mode=0o644))).problem
    assert "empty" in refused(replace(channel, secret=secret_file(tmp_path, "\n"))).problem


def test_a_file_without_certificates_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "bukan-ca.pem"
    broken.write_text("bukan sertifikat")
    channel = mail_channel(tmp_path, 25, ca=str(broken))
    assert f"{broken}: no certificates" in refused(channel).problem
    assert ssl.OPENSSL_VERSION not in refused(channel).problem


@pytest.mark.parametrize("host", ["mail..kab.go.id", ".id", f"{'a' * 64}.go.id"])
@pytest.mark.parametrize("encryption", [Encryption.STARTTLS, Encryption.TLS])
def test_a_name_that_is_none_is_a_problem_of_the_message(
    host: str, encryption: Encryption, tmp_path: Path
) -> None:
    problem = refused(mail_channel(tmp_path, 25, host=host, encryption=encryption))
    assert "correct it in the policy" in problem.problem
