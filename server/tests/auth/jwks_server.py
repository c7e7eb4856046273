"""A real HTTP server that publishes a key set, and can be slow, wrong or away."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class JwksServer:
    """Serves `document` on loopback. Close it; it can be started again on the same port."""

    def __init__(self, document: bytes) -> None:
        self.document = document
        self.status = 200
        self.headers: dict[str, str] = {}
        self.requests: list[str] = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        self._arrival = threading.Condition()
        self._port = 0
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/api/auth/jwks"

    def wait_for_requests(self, count: int) -> None:
        """Blocks until so many requests have come in."""
        with self._arrival:
            if not self._arrival.wait_for(lambda: len(self.requests) >= count, timeout=10):
                raise TimeoutError(f"{len(self.requests)} requests instead of {count}")

    def start(self) -> None:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with owner._arrival:
                    owner.requests.append(self.path)
                    owner._arrival.notify_all()
                owner.may_answer.wait(10)
                self.send_response(owner.status)
                self.send_header("content-length", str(len(owner.document)))
                for name, value in owner.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(owner.document)

            def log_message(self, *args: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        self._port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self.may_answer.set()
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
        self._server = self._thread = None
