"""A folder of files about one order: written anew as often as one likes, without touching what is not ours."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from agent.desk.questions import Unknown
from agent.vocabulary.visible import visible

MANIFEST = "manifest.json"


def replace_files(out: Path, order_id: str, files: dict[str, bytes]) -> None:
    """Put the files there, and take away those of an earlier call; nothing else is touched."""
    out.mkdir(parents=True, exist_ok=True)
    earlier = _written_before(out, order_id)
    for name in files:
        if os.path.lexists(out / name) and not (name in earlier and _is_ours(out / name, earlier[name])):
            raise Unknown(f"{out / name} is not of this order or was changed since: name an empty folder")
    manifest = json.loads(files.pop(MANIFEST))
    manifest["files"] = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    for name in earlier.keys() - files.keys() - {MANIFEST}:
        if _is_ours(out / name, earlier[name]):
            (out / name).unlink()
    for name, content in files.items():
        _put(out / name, content)
    _put(out / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode() + b"\n")


def _written_before(out: Path, order_id: str) -> dict[str, str | None]:
    """Name → SHA-256 of what an earlier call for the same order wrote here."""
    path = out / MANIFEST
    if not path.is_file() or path.is_symlink():
        return {}
    try:
        found: Any = json.loads(path.read_bytes())
        if found["order_id"] != order_id:
            raise Unknown(f"{out} is of order {visible(str(found['order_id']))}: name another folder")
        names = {str(name): str(sha256) for name, sha256 in found["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {MANIFEST: None, **{name: sha256 for name, sha256 in names.items() if Path(name).name == name}}


def _is_ours(path: Path, sha256: str | None) -> bool:
    """A plain file that an earlier call wrote and nobody changed since; the manifest itself is known by its order."""
    if path.is_symlink() or not path.is_file():
        return False
    return path.name == MANIFEST or hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _put(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    half = path.with_name(f".{path.name}.part")
    half.write_bytes(content)
    half.replace(path)
