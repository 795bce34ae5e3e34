"""A client of yaml-language-server: LSP over the standard streams of a process."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any


class Client:
    """Opens documents in a language server and asks it about them.

    Parameters
    ----------
    command : list of str
        Starts the server.
    schema : pathlib.Path
        The JSON Schema that holds for all documents.
    """

    def __init__(self, command: list[str], schema: Path) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.settings = {
            "yaml": {
                "schemas": {schema.as_uri(): "*.yaml"},
                "completion": True,
                "validate": True,
                "hover": True,
                "schemaStore": {"enable": False},
            },
            "[yaml]": {},
            "http": {},
            "editor": {},
            "files": {},
        }
        self.number = 0
        self.told: dict[str, list[dict[str, Any]]] = {}
        capabilities = {
            "workspace": {"configuration": True},
            "textDocument": {"completion": {"completionItem": {"snippetSupport": True}}},
        }
        self.ask(
            "initialize",
            {"processId": None, "rootUri": None, "capabilities": capabilities},
        )
        self.tell("initialized", {})
        self.tell("workspace/didChangeConfiguration", {"settings": self.settings})

    def open(self, name: str, text: str) -> str:
        """Open a document; return its address."""
        uri = f"file:///scenarios/{name}"
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def problems(self, uri: str) -> list[dict[str, Any]]:
        """Return what the server says is wrong with a document."""
        while uri not in self.told:
            self._handle(self._read())
        return self.told[uri]

    def complete(self, uri: str, line: int, character: int) -> list[dict[str, Any]]:
        """Return what the server offers at a place, counted from 0."""
        answer = self.ask("textDocument/completion", _at(uri, line, character))
        items: list[dict[str, Any]] = answer["items"] if isinstance(answer, dict) else answer
        return items

    def hover(self, uri: str, line: int, character: int) -> str:
        """Return what the server says about what stands at a place."""
        answer = self.ask("textDocument/hover", _at(uri, line, character))
        said = "" if answer is None else answer["contents"]
        return str(said["value"] if isinstance(said, dict) else said)

    def close(self) -> None:
        """Stop the server."""
        self.ask("shutdown", None)
        self.tell("exit", None)
        self.process.wait(timeout=20)

    def ask(self, method: str, params: Any) -> Any:
        """Send a request and return its answer."""
        self.number += 1
        number = self.number
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == number and "method" not in message:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self._handle(message)

    def tell(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def _handle(self, message: dict[str, Any]) -> None:
        if message.get("method") == "textDocument/publishDiagnostics":
            self.told[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif message.get("method") == "workspace/configuration":
            wanted = [item.get("section") for item in message["params"]["items"]]
            result = [self.settings.get(section, {}) for section in wanted]
            self._send({"id": message["id"], "result": result})
        elif "id" in message and "method" in message:
            self._send({"id": message["id"], "result": None})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        length = 0
        while (line := self.process.stdout.readline().strip()) or not length:
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            elif self.process.poll() is not None:
                raise RuntimeError("the language server has gone")
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        return message


def _at(uri: str, line: int, character: int) -> dict[str, Any]:
    return {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
