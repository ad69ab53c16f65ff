"""Which model of the candidate is opened, by which adapter, with which recipe."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from weighbridge.adapters.door import CLASSIFIER_FORMATS, Opened
from weighbridge.adapters.models.recipe_file import RecipeFile
from weighbridge.core.candidate import Artefact, Candidate, Role
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import _, phrase
from weighbridge.probekit.ports import Classifier, LanguageModel, Rewriter

PARAPHRASED = "paraphrased"  # the arm that a recipe makes which rewrites texts
KEY = "WEIGHBRIDGE_SERVED_KEY"  # the variable of the environment that holds a server's key


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What the user allows by name, on the command line; nothing in a candidate can."""

    served: str = ""  # URL at which the candidate's model is served; its inputs are sent there
    served_model: str = ""  # the name it has there, where one server has several
    trusted: tuple[str, ...] = ()  # labels of recipes that may be run, those that rewrite texts included

    def told(self, candidate: Candidate) -> tuple[tuple[str, str], ...]:
        """What a measurement is made under, for its record: where without credentials or query, and which code."""
        recipes = [a for a in candidate.of_role(Role.RECIPE) if a.label in self.trusted]
        places = (("served", server_of(self.served)), ("served-model", self.served_model))
        return (*(pair for pair in places if pair[1]), *(("trusted", a.digest) for a in recipes))


def server_of(url: str) -> str:
    """Scheme, host and port of a server, and its path; nothing that could be a credential."""
    if not url:
        return ""
    parts = urlsplit(url)
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        port = ""
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
        raise Unusable(
            _("cannot ask the server that --served names"),
            _("it should be http:// or https://, a host, a port and a path; a key goes into {name}").format(name=KEY),
            _("for example: weighbridge weigh DIR --served http://127.0.0.1:8000/v1"),
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}{parts.path.rstrip('/')}"


def open_model(opened: Opened, role: Role, allowed: Allowed, kept: Path) -> LanguageModel:
    """The language model of a role: from its files, or, for the weights, where it is served."""
    folder = _model_folder(opened, role, is_served=bool(allowed.served))
    if role is Role.WEIGHTS and allowed.served:
        from weighbridge.adapters.served.language_model import open_served_lm

        return open_served_lm(allowed.served, model=allowed.served_model, tokenizer=folder, label=role.value, kept=kept)
    try:
        from weighbridge.adapters.models.causal_lm import open_causal_lm
    except ModuleNotFoundError:
        not_measured(
            phrase("language models need packages that are not installed"),
            phrase("pip install 'weighbridge[lm]'"),
        )
    is_adapter = role is Role.WEIGHTS and (folder / "adapter_config.json").exists()
    return open_causal_lm(folder, label=role.value, base=opened.base_folder if is_adapter else None)


def open_the_classifier(opened: Opened, allowed: Allowed, spill: Path) -> Classifier:
    """The classifier among the weights, or where it is served, with the recipe that is named or that it carries."""
    recipe = _recipe_file(opened, allowed)
    if allowed.served:
        from weighbridge.adapters.served.classifier import open_served_classifier

        return open_served_classifier(allowed.served, model=allowed.served_model, recipe=recipe, spill=spill)
    found = [a for a in opened.candidate.of_role(Role.WEIGHTS) if a.format in CLASSIFIER_FORMATS]
    folders = () if found else opened.model_folders()
    if not found and not folders:
        not_measured(
            phrase("there is no classifier among the weights"),
            phrase(
                "save it as .skops, .onnx, XGBoost's .json or .ubj, LightGBM's .txt, or as a folder of transformers"
            ),
        )
    if len(found) + len(folders) > 1:
        not_measured(
            phrase(
                "the candidate holds {n} classifiers, and only one can be tried at a time",
                n=len(found) + len(folders),
            ),
            phrase("weigh the folder of each by itself"),
        )
    if found:
        from weighbridge.adapters.models.classifier import open_classifier

        return open_classifier(
            opened.path(found[0].label), label=found[0].label, format=found[0].format, recipe=recipe, spill=spill
        )
    from weighbridge.adapters.models.sequence_classifier import open_sequence_classifier

    return open_sequence_classifier(
        folders[0], label=Role.WEIGHTS.value, base=opened.base_folder, recipe=recipe, spill=spill
    )


def open_the_rewriter(opened: Opened, allowed: Allowed, spill: Path) -> Rewriter | None:
    """The command that rewrites texts: a recipe whose arm is declared as paraphrased."""
    _check_trusted(opened, allowed)
    found = [a for a in opened.candidate.of_role(Role.RECIPE) if _rewrites(a)]
    if not found:
        return None
    if len(found) > 1:
        not_measured(
            phrase("the candidate names {n} commands that rewrite texts, and one is tried at a time", n=len(found)),
            phrase('leave one [[artefact]] of role = "recipe" with arm = "{arm}"', arm=PARAPHRASED),
        )
    from weighbridge.adapters.models.rewriter import open_rewriter

    return open_rewriter(_as_file(opened, allowed, found[0]), spill=spill)


def _rewrites(artefact: Artefact) -> bool:
    return artefact.declared.arm == PARAPHRASED


def _as_file(opened: Opened, allowed: Allowed, artefact: Artefact) -> RecipeFile:
    return RecipeFile(
        path=opened.path(artefact.label), label=artefact.label, format=artefact.format,
        is_trusted=artefact.label in allowed.trusted,
    )  # fmt: skip


def _check_trusted(opened: Opened, allowed: Allowed) -> None:
    found = opened.candidate.of_role(Role.RECIPE)
    unknown = sorted(set(allowed.trusted) - {a.label for a in found})
    if unknown:
        raise Unusable(
            _("cannot trust {label}").format(label=unknown[0]),
            _("the candidate names no recipe of that path"),
            _('add to weighbridge.toml: [[artefact]] role = "recipe" path = "{label}"').format(label=unknown[0]),
        )


def _recipe_file(opened: Opened, allowed: Allowed) -> RecipeFile | None:
    _check_trusted(opened, allowed)
    found = [a for a in opened.candidate.of_role(Role.RECIPE) if not _rewrites(a)]
    if len(found) > 1:
        not_measured(
            phrase("the candidate names {n} recipes, and it is not said which made the classifier", n=len(found)),
            phrase('leave one [[artefact]] of role = "recipe" in weighbridge.toml'),
        )
    return _as_file(opened, allowed, found[0]) if found else None


def _model_folder(opened: Opened, role: Role, *, is_served: bool) -> Path:
    """The folder of a model; of a served one it is enough to have its tokenizer."""
    folders = opened.model_folders()
    if len(folders) > 1 and role is Role.WEIGHTS:
        not_measured(
            phrase("the candidate holds {n} models, and only one can be tried at a time", n=len(folders)),
            phrase("weigh the folder of each by itself"),
        )
    folder = opened.base_folder if role is Role.REFERENCE_WEIGHTS else next(iter(folders), None)
    if folder is None and role is Role.WEIGHTS and is_served:
        folder = opened.tokenizer_folder()
    if folder is None:
        not_measured(
            phrase("the candidate names no language model of role {role}", role=role.value),
            phrase("name the model's folder in weighbridge.toml"),
        )
    return folder
