"""What each format may hold: which are known to hold no code, which are code, which must be looked into."""

from __future__ import annotations

from weighbridge.probekit.compression import UNPACK

TEXT = frozenset({
    "json", "jsonl", "csv", "tsv", "toml", "yaml", "markdown", "html", "xml", "svg", "text", "python", "shell",
    "script", "notebook",
})  # fmt: skip
BINARY_TABLES = frozenset({"parquet", "arrow", "arrow-stream", "feather"})
SCRIPTS = frozenset({"python", "shell", "script", "notebook"})
ZIPS = frozenset({"zip", "torch-zip", "skops", "keras", "npz", "jar", "ooxml"})
CONTAINERS = ZIPS | UNPACK.keys() | {"tar"}
SEALED = frozenset({"7z", "rar"})  # archives that we have no reader for

# The allow-list: formats whose usual readers run nothing that the file brings. Graphs, schemas and archives are on it
# because they are looked into, and what they hold counts by itself.
KNOWN = (
    (TEXT - {"html", "svg"})
    | BINARY_TABLES
    | (CONTAINERS - {"jar", "ooxml"})
    | {"safetensors", "gguf", "onnx", "tflite", "sentencepiece", "npy", "sqlite"}
    | {"png", "jpeg", "gif", "webp", "tiff", "bmp", "wav", "flac", "ogg", "mp3", "mp4", "pdf", "empty"}
)

CODE = {
    "pickle": "pickle",
    "torch-zip": "pickle",
    "npy-object": "pickle",
    "saved-model": "operators",
    "elf": "program",
    "pe": "program",
    "mach-o": "program",
    "java-class": "program",
    "dex": "program",
    "wasm": "program",
    "llvm-bitcode": "program",
    "pyc": "program",
}
"""Formats that are code, or whose readers run code that the file brings, and the kind they count as."""

KINDS = ("pickle", "program", "script", "operators", "types", "remote-code", "escaping-path", "hidden")

_SETTINGS = frozenset({"json", "yaml", "toml", "python", "shell", "script", "notebook", "xml"})
_SETTINGS_NAMES = (".env", ".ini", ".cfg", ".conf", ".properties", ".envrc", ".netrc")
_VOCABULARIES = (
    "tokenizer.json",
    "vocab.json",
    "merges.txt",
    "added_tokens.json",
    "vocab.txt",
    "special_tokens_map.json",
)
_UNQUOTED = frozenset({"yaml", "shell", "toml"})


def is_settings(name: str, format_: str) -> bool:
    """Whether a value that a file of this name calls a password is one; in prose and tables it is a word."""
    short = name.rpartition("/")[2].lower()
    if short.endswith(_VOCABULARIES):
        return False
    return format_ in _SETTINGS or _has_settings_name(short)


def is_unquoted(name: str, format_: str) -> bool:
    """Whether values in such a file stand without quotes."""
    return format_ in _UNQUOTED or _has_settings_name(name.rpartition("/")[2].lower())


def _has_settings_name(short: str) -> bool:
    return short.endswith(_SETTINGS_NAMES) or short.startswith(".env")
