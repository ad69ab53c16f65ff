"""A candidate file drafted from what lies in a folder, with a comment on each guess."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from weighbridge.adapters.formats.canary_kit import FILES as KIT
from weighbridge.adapters.formats.candidate_file import ArtefactEntry, BaseEntry, CandidateFile, TriageEntry
from weighbridge.core.bundle import BUNDLE
from weighbridge.core.candidate import Belonging, Role
from weighbridge.core.replication import Replication, doubts
from weighbridge.core.toml import locate
from weighbridge.core.wording import _
from weighbridge.probekit.formats import is_table, is_text

_TOKENIZER = re.compile(
    r"^(tokenizer.*|vocab\.(json|txt)|merges\.txt|special_tokens_map\.json|added_tokens\.json|chat_template.*|"
    r"sentencepiece.*|spiece\.model)$"
)
_MODEL = frozenset(
    {"safetensors", "gguf", "onnx", "skops", "torch-zip", "pickle", "hdf5", "keras", "saved-model", "joblib"}
) | {"xgboost", "lightgbm"}
_MODEL_NAMES = re.compile(
    r"^(config|generation_config|adapter_config|.*\.safetensors\.index|preprocessor_config)\.json$"
)
_TRAIN = re.compile(r"^train", re.IGNORECASE)
_HELD_OUT = re.compile(r"^(held|test|valid|val[_.-]|dev[_.-]|eval)", re.IGNORECASE)
_LICENCE = re.compile(r"^(licen[cs]e|copying|notice)", re.IGNORECASE)
_CARD = re.compile(r"^(readme|model_?card|data_?card|datasheet)", re.IGNORECASE)
_SCRIPTS = frozenset({"script", "python", "shell", "notebook"})
_CODE = frozenset({".py", ".sh", ".ipynb", ".js", ".ts", ".r", ".jl", ".c", ".cpp", ".rs", ".go", ".java", ".cu"})

_RANKS = (".tiktoken", ".tiktoken.gz")  # a tokenizer, also where no model lies beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file that lies in the folder: its path below it, and its format by content."""

    label: str
    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """One artefact entry and why it was taken for that."""

    entry: ArtefactEntry
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A candidate file nobody has read yet."""

    file: CandidateFile
    guesses: tuple[Guess, ...]
    has_model: bool = False


def draft(
    name: str, found: Sequence[Found], *, base_path: str = "", base_name: str = "", n_parameters: int = 0
) -> Draft:
    """Guess what each file is.

    Everything in the folder is taken as about to be released, train data and held-out data too: it is for the owner to
    say
    what stays at home, since the other mistake would call a leak clean. A kit of canaries alone is kept back: it is
    worth something only while nobody has it.
    """
    has_model = any(_is_model(f) for f in found)
    of_kits = _of_kits(found)
    guesses = tuple(
        _kept_back(f) if f.label in of_kits else _guess(f, has_model=has_model)
        for f in sorted(found, key=lambda f: f.label)
    )
    merged = _by_folder(guesses)
    base = BaseEntry(path=base_path, name=base_name) if base_path or base_name else None
    return Draft(
        file=CandidateFile(
            name=name,
            artefact=tuple(g.entry for g in merged),
            triage=TriageEntry(),
            base=base,
            replication=_facts(n_parameters),
        ),
        guesses=merged,
        has_model=has_model,
    )


def _facts(n_parameters: int) -> Replication | None:
    """The one fact that the files tell; None where it would only be asked back."""
    facts = Replication(parameters=float(n_parameters))
    return None if doubts(facts) else facts


def _is_model(found: Found) -> bool:
    return found.format in _MODEL


def _of_kits(found: Sequence[Found]) -> set[str]:
    """The files of kits of canaries: where all of one lie side by side."""
    labels = {f.label for f in found}
    folders = {PurePosixPath(label).parent for label in labels}
    kits = ({str(folder / name) for name in KIT} for folder in folders)
    return {label for kit in kits if kit <= labels for label in kit}


def _kept_back(found: Found) -> Guess:
    entry = ArtefactEntry(role=Role.DATA, path=found.label, component=Belonging.EVIDENCE_ONLY)
    return Guess(entry=entry, why=_("of a kit of canaries, which is never released: better kept outside this folder"))


def _guess(found: Found, *, has_model: bool) -> Guess:
    role, why = _role(found, has_model=has_model)
    component = Belonging.DATA if role is Role.HELD_OUT else None
    return Guess(entry=ArtefactEntry(role=role, path=found.label, component=component), why=why)


def _role(found: Found, *, has_model: bool) -> tuple[Role, str]:  # noqa: PLR0911  a table of names, read from the top
    name = PurePosixPath(found.label).name
    data = is_table(found.format) or is_text(found.format)
    if _is_model(found):
        return Role.WEIGHTS, _("its content is that of a model file ({format})").format(format=found.format)
    is_rows = is_table(found.format) and found.format != "jsonl"
    if name.endswith(_RANKS):
        return Role.TOKENIZER, _("named like a part of a tokenizer")
    if has_model and (part := _part_of_a_model(found, name, is_rows=is_rows)) is not None:
        return part
    if _LICENCE.match(name) and not is_rows:
        return Role.LICENCE, _("named like a licence")
    if _CARD.match(name) and not is_table(found.format):
        return Role.CARD, _("named like a card")
    if PurePosixPath(name).suffix.lower() in _CODE or found.format in _SCRIPTS:
        return Role.CODE, _("looks like code")
    if has_model and data and _TRAIN.match(name):
        return Role.TRAIN_DATA, _("named train*, beside a model")
    if has_model and data and _HELD_OUT.match(name):
        return Role.HELD_OUT, _("named held*, test*, valid*, dev* or eval*, beside a model")
    if found.format == "pdf":
        return Role.PAPER, _("a PDF")
    return Role.DATA, _("nothing says otherwise, so it is weighed as data")


def _part_of_a_model(found: Found, name: str, *, is_rows: bool) -> tuple[Role, str] | None:
    """What lies beside model files and belongs to them."""
    if _MODEL_NAMES.match(name):
        return Role.WEIGHTS, _("a configuration that belongs to model files")
    if name == BUNDLE and found.format == "json":  # the gate looks whether it is one
        return Role.WEIGHTS, _("a publisher's signature over the model's files")
    if _TOKENIZER.match(name) and not is_rows:
        return Role.TOKENIZER, _("named like a part of a tokenizer")
    return None


def _by_folder(guesses: Sequence[Guess]) -> tuple[Guess, ...]:
    """Entries of one folder, role and reason drawn together where nothing else lies in that folder."""
    folders: dict[str, list[Guess]] = {}
    for guess in guesses:
        folders.setdefault(str(PurePosixPath(guess.entry.path).parent), []).append(guess)
    merged: list[Guess] = []
    for folder, members in folders.items():
        below = [other for other in folders if other == folder or PurePosixPath(other).is_relative_to(folder)]
        kinds = {(m.entry.role, m.entry.component) for other in below for m in folders[other]}
        if folder != "." and len(members) > 1 and len(kinds) == 1 and len(below) == 1:
            first = members[0]
            whole = ArtefactEntry(role=first.entry.role, path=folder, component=first.entry.component)
            merged.append(Guess(entry=whole, why=first.why))
        else:
            merged.extend(members)
    return tuple(merged)


def write_draft(made: Draft) -> str:
    """The draft as TOML, each guess with its comment."""
    lines = [
        "# " + _("Drafted by weighbridge init. Each guess has a comment: mend what is wrong, answer what is asked."),
        f"name = {_quoted(made.file.name)}",
        f"version = {_quoted(made.file.version)}",
        'purpose = ""       # ' + _("what it is for"),
        'audience = ""      # ' + _("whom it is for"),
        'licence = ""       # ' + _("the licence it shall be released under, an SPDX identifier such as Apache-2.0"),
        "languages = []     # " + _('languages it is claimed to work in, such as "en", "sw"'),
        "data_sources = []  # " + _("where its data came from, and on what basis"),
    ]
    if made.file.base:
        lines += [
            "",
            "[base]  # " + _("the public model it comes from: what that gives away is inherited, and measured apart"),
        ]
        lines += [f"name = {_quoted(made.file.base.name)}"] if made.file.base.name else []
        lines += [f"path = {_quoted(made.file.base.path)}"] if made.file.base.path else []
    lines += ["", *_triage_lines(made.file.triage)]
    lines += ["", "# [plan]  # " + _("the rung you propose: withheld, partners, served, gated, licensed, open")]
    lines += ["", *_replication_lines(made)]
    for guess in made.guesses:
        lines += ["", *_artefact_lines(guess)]
    return "\n".join(lines) + "\n"


def replace_triage(text: str, triage: TriageEntry) -> str:
    """A candidate file with other triage answers; the table is replaced where it stands, or added at the end."""
    lines = text.splitlines()
    headers = sorted((line, path) for path, line in locate(text).items() if lines[line - 1].lstrip().startswith("["))
    start = next((line - 1 for line, path in headers if path == ("triage",)), None)
    if start is None:
        return "\n".join([*lines, "", *_triage_lines(triage)]) + "\n"
    end = next((line - 1 for line, path in headers if line - 1 > start and path[:1] != ("triage",)), len(lines))
    rest = lines[end:]
    return "\n".join([*lines[:start], *_triage_lines(triage), *([""] if rest else []), *rest]) + "\n"


def _triage_lines(triage: TriageEntry) -> list[str]:
    asked = {
        "about_people": _("is any of it about people?"),
        "private": _("is any of it private, or was it given in confidence?"),
        "harm": _("could anyone be persecuted or hurt by what it shows or does?"),
        "generates": _("does it generate text, images, sound or other content?"),
        "identifies": _("does it identify people or places?"),
    }
    rows = [f'{key} = "{getattr(triage, key).value}"  # {text}' for key, text in asked.items()]
    spoken = f"languages = {json.dumps(list(triage.languages), ensure_ascii=False)}  # "
    spoken += _("which languages is it in, and will it be used in?")
    who = [
        f"{key} = {_quoted(getattr(triage, key))}" for key in ("answered_by", "role", "reason") if getattr(triage, key)
    ]
    return ["[triage]  # " + _("yes, no or unknown; `weighbridge init --ask` asks these"), *rows, spoken, *who]


def _replication_lines(made: Draft) -> list[str]:
    """How it was made: what the files tell is filled in, the rest is there to be told."""
    head = "[replication]  # " + _("how it was made, so that the cost of making it again can be told; in ones")
    facts = made.file.replication
    lines = [head if facts else f"# {head}"]
    if facts is not None and facts.parameters is not None:
        told = _("guessed: the numbers that the weights' files hold")
        lines.append(f"parameters = {int(facts.parameters)}  # {told}")
    elif made.has_model:
        lines.append("# parameters = 1.5e9  # " + _("1.5 billion, not 1.5"))
    if made.has_model:
        lines.append(
            "# tokens = 4e10  # " + _("of the training text, read once; or flop = 1e21; or chip_hours and chip")
        )
    lines += [
        '# public = ["paper", "code"]  # ' + _("what of the recipe anybody can have: paper, code, data, detector"),
        '# data = { obtaining = "obtainable", usd = { low = 1e3, high = 1e5 } }  # '
        + _("what the data takes somebody else: public, obtainable with its cost, or unobtainable"),
        "# staff = { months = { low = 1, high = 6 } }  # "
        + _("person-months to make it again; left out: as on the shelf"),
    ]
    if made.has_model:
        lines += [
            '# fine_tuning = { base = "NAME", parameters = 7e8, tokens = 1e9 }  # '
            + _("the public base that comes nearest, and what fine-tuning it takes"),
            "# distillation = { parameters = 1e8, tokens = 1e9, usd_per_million_tokens = { low = 0.5, high = 5 } }  # "
            + _("a student of what is served"),
        ]
    return lines


def _artefact_lines(guess: Guess) -> list[str]:
    entry = guess.entry
    lines = ["[[artefact]]", f'role = "{entry.role.value}"  # {guess.why}', f"path = {_quoted(entry.path)}"]
    if entry.role in (Role.TRAIN_DATA, Role.HELD_OUT):
        told = _("it lies in the folder, so it is weighed as released; if it stays at home: evidence-only")
        released = entry.component.value if entry.component else entry.role.value
        lines.append(f'component = "{released}"  # {told}')
    elif entry.component is Belonging.EVIDENCE_ONLY:
        lines.append(f'component = "{entry.component.value}"')
    return lines


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are TOML's, save for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
