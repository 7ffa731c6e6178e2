"""Take in what hosts send to the log collector of the lab, and forget it: python -m tests.lab.hosts.sink."""

from __future__ import annotations

import socketserver
import sys


class _Forget(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while self.rfile.read1(65536):
            pass


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    with _Server((sys.argv[1], int(sys.argv[2])), _Forget) as server:
        server.serve_forever()
