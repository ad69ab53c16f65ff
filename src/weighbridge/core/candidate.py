"""The candidate: what may leave, as digests and claims."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from weighbridge.core.canon import Digest, digest_of
from weighbridge.core.plans import UNDECLARED, Worth
from weighbridge.core.replication import Replication
from weighbridge.core.rungs import Rung
from weighbridge.core.shape import LEFT_OUT, plain

Scalar = bool | int | float | str


class Role(StrEnum):
    """What an artefact is in the candidate."""

    WEIGHTS = "weights"
    TOKENIZER = "tokenizer"
    DATA = "data"
    TRAIN_DATA = "train-data"
    HELD_OUT = "held-out"
    CODE = "code"
    PAPER = "paper"
    CARD = "card"
    LICENCE = "licence"
    DETECTOR = "detector"
    SAMPLES = "samples"
    HUMAN_TEXT = "human-text"
    OUTPUTS = "outputs"
    REFERENCE_WEIGHTS = "reference-weights"
    POPULATION = "population"
    PARALLEL_TEXT = "parallel-text"
    RELEASE_TEXT = "release-text"
    RECIPE = "recipe"


class Component(StrEnum):
    """What is released, or not, as one thing."""

    WEIGHTS = "weights"
    DATA = "data"
    TRAIN_DATA = "train-data"
    CODE = "code"
    PAPER = "paper"
    DETECTOR = "detector"
    SAMPLES = "samples"


class Belonging(StrEnum):
    """The component an artefact is released with, or that it serves as evidence only."""

    WEIGHTS = "weights"
    DATA = "data"
    TRAIN_DATA = "train-data"
    CODE = "code"
    PAPER = "paper"
    DETECTOR = "detector"
    SAMPLES = "samples"
    EVIDENCE_ONLY = "evidence-only"


class Subject(StrEnum):
    """What a probe can be about; found at the door from what the artefacts hold."""

    CAUSAL_LM = "causal-lm"
    CLASSIFIER = "classifier"
    TABLE = "table"
    TEXT = "text"
    BYTES = "bytes"
    MEDIA = "media"  # pictures, sound or film, or an archive or table that may hold some
    UNREAD_DATA = "unread-data"  # data to be released in a form whose rows no probe can read
    UNTOLD_MODEL = "untold-model"  # weights that are neither a causal language model nor a classifier we can open


class Said(StrEnum):
    """An answer to a triage question."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Impact(StrEnum):
    """How much hangs on the release: which rules and questions apply and who must sign."""

    LIGHT = "light"
    STANDARD = "standard"
    HIGH = "high"


class Documents(StrEnum):
    """How a plain text file is cut into documents."""

    LINE = "line"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What the owner says of one artefact's inside.

    An absent declaration is empty, and a probe may guess and say so.
    """

    text_field: Annotated[str, "column that holds the text"] = ""
    private_field: Annotated[str, "column that is true (or not empty) in rows that are private"] = ""
    canary_field: Annotated[str, "column that is true in rows planted as canaries"] = ""
    private: Annotated[bool, "every row is private"] = False
    canaries: Annotated[bool, "every row is a planted canary"] = False
    documents: Annotated[Documents | None, "how a .txt file is cut: a line or a paragraph is one document"] = None
    about_people: Annotated[bool | None, "whether the rows are about people; left out: guessed from the columns"] = None
    person: Annotated[str, "column that names the person; classes then count persons, not rows"] = ""
    population_size: Annotated[
        int, "how many people there are of whom those in the rows are a sample; 0: not said; as many: it is all of them"
    ] = field(default=0, metadata={LEFT_OUT: True})
    quasi_identifiers: Annotated[tuple[str, ...], "columns somebody else could know"] = ()
    sensitive: Annotated[tuple[str, ...], "columns that would hurt if known"] = ()
    target: Annotated[str, "column that the model is to predict"] = ""
    other_label: Annotated[str, "column that says what somebody else would read the model's answers as"] = ""
    features: Annotated[
        tuple[str, ...], "columns that the model takes, in its order; left out: by name, or all others"
    ] = ()
    secret_field: Annotated[str, "column with the secret inside the text, such as the code of a planted canary"] = ""
    language: Annotated[str, "language that all of its text is in, such as en (BCP 47)"] = ""
    language_field: Annotated[str, "column that holds the language of each text (BCP 47)"] = ""
    source_field: Annotated[
        str,
        "column that says which prompt or source a row comes from, such as an address or the number of a post; "
        "texts of one source are never parted",
    ] = ""
    published_before: Annotated[
        bool | None, "whether its rows stood in public before; false: they were given to you and never did"
    ] = field(default=None, metadata={LEFT_OUT: True})
    source_status_field: Annotated[
        str, "column that says whether its source was still there when you looked: there, gone or unknown"
    ] = field(default="", metadata={LEFT_OUT: True})
    checked_on: Annotated[str, "the day on which you looked whether the sources were still there (ISO 8601)"] = field(
        default="", metadata={LEFT_OUT: True}
    )
    audience_field: Annotated[
        str, "column with how many people could see it where it was first published, such as followers then"
    ] = field(default="", metadata={LEFT_OUT: True})
    date_field: Annotated[str, "column that holds the date a text was written, or a thing happened (ISO 8601)"] = ""
    domain_field: Annotated[str, "column that holds the kind of a text, such as news or poem"] = ""
    group_field: Annotated[
        str, "column that says who wrote a text as a group, such as non-native; never who it was"
    ] = ""
    decoding_field: Annotated[str, "column that says how a generated text was drawn, such as top-k-40"] = ""
    arm: Annotated[
        str, "what was done to the model or its text before: raw, fine-tuned, edited or paraphrased; left out: raw"
    ] = ""
    arm_field: Annotated[str, "column that says so of each text"] = ""
    score_field: Annotated[str, "column with the score of a test of your own, higher for what a machine made"] = ""
    machine_field: Annotated[str, "column that is true in rows that a machine made, beside score_field"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """One file.

    What a path becomes at the door. The label is its path below the candidate, for people; the digest is its name.
    """

    role: Role
    label: str
    digest: Digest
    size_bytes: int
    format: str  # "safetensors", "parquet", "csv", "jsonl", "text", "onnx", "skops", "json", "pickle", ..., by content
    belongs: Belonging
    declared: Declared = Declared()


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """The six questions that set the impact."""

    about_people: Annotated[Said, "is any of it about people?"] = Said.UNKNOWN
    private: Annotated[Said, "is any of it private, or was it given in confidence?"] = Said.UNKNOWN
    harm: Annotated[Said, "could anyone be persecuted or hurt by what it shows or does?"] = Said.UNKNOWN
    generates: Annotated[Said, "does it generate text, images, sound or other content?"] = Said.UNKNOWN
    identifies: Annotated[Said, "does it identify people or places?"] = Said.UNKNOWN
    languages: Annotated[
        tuple[str, ...], "which languages is it in, and will it be used in? (BCP 47; empty: not answered)"
    ] = ()

    @property
    def impact(self) -> Impact:
        """High where people may be hurt or private people are in it.

        Light only where all was answered and all is no.
        """
        answers = (self.about_people, self.private, self.harm, self.generates, self.identifies)
        if self.harm is Said.YES or (self.private is Said.YES and self.about_people is Said.YES):
            return Impact.HIGH
        return Impact.LIGHT if all(answer is Said.NO for answer in answers) else Impact.STANDARD


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What the owner says of the whole."""

    purpose: str = ""
    audience: str = ""
    languages: tuple[str, ...] = ()
    data_sources: tuple[str, ...] = ()
    licence: str = ""  # SPDX identifier that the release claims


@dataclass(frozen=True, slots=True, kw_only=True)
class Misuse:
    """One use of it that somebody would be hurt by, and the languages it would happen in."""

    says: Annotated[str, "the misuse, in a sentence; or why none can be named"]
    languages: Annotated[
        tuple[str, ...], "languages in which it would happen (BCP 47); none: no misuse in any language can be named"
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The public model that the candidate comes from."""

    name: str
    digest: Digest | None = None  # over its files, where they are at hand
    licence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What may leave. Two candidates with the same bytes under the same labels have the same digest."""

    name: str
    version: str
    artefacts: tuple[Artefact, ...]
    subjects: tuple[Subject, ...]
    claims: Claims = Claims()
    triage: Triage = Triage()
    base: Base | None = None
    plan: tuple[tuple[str, Rung], ...] = ()  # component to the rung its owner proposes
    probes: tuple[tuple[str, tuple[tuple[str, Scalar], ...]], ...] = ()  # settings by probe slug
    served: Subject | None = None  # what is asked where it is served, with or without weights at hand
    misuses: tuple[Misuse, ...] = ()  # named by people, by language; no probe sees them
    answers: tuple[tuple[str, tuple[str, ...]], ...] = ()  # of the interview, by question; no probe sees them
    # All that was said and that no other answer took the place of, whether or not it counts: a stop hears it all.
    asserted: tuple[tuple[str, tuple[str, ...]], ...] = ()
    replication: Replication | None = None  # not in `reading`: only probes whose card declares it see it
    worth: Worth = UNDECLARED  # not in `reading` either: no probe sees it

    @property
    def digest(self) -> Digest:
        """Over the sorted pairs of label and digest."""
        return digest_of(sorted([a.label, a.digest] for a in self.artefacts))

    @property
    def reading(self) -> Digest:
        """Over everything else that a measurement may depend on: roles, formats, declarations, base, subjects, claims.

        Not over triage, purpose, audience and plan: no probe may read them, so that answering a question repeats no
        measurement.
        """
        parts = sorted(
            ([a.label, a.role.value, a.format, a.belongs.value, plain(a.declared)] for a in self.artefacts),
            key=lambda part: str(part[0]),
        )
        return digest_of(
            [parts, plain(self.subjects), plain(self.base), self.claims.licence, plain(self.claims.languages)]
        )

    @property
    def release(self) -> Digest:
        """Over what leaves and how it was declared: evidence that comes to lie beside it makes no difference."""
        leaving = sorted((a for a in self.artefacts if a.belongs is not Belonging.EVIDENCE_ONLY), key=lambda a: a.label)
        parts = [[a.label, a.digest, a.role.value, a.format, a.belongs.value, plain(a.declared)] for a in leaving]
        return digest_of(
            [parts, plain(self.base), plain(self.served), self.claims.licence, plain(self.claims.languages)]
        )

    @property
    def components(self) -> tuple[Component, ...]:
        """The components that hold at least one artefact, in declared order; weights also where they are served."""
        held = {a.belongs.value for a in self.artefacts} | ({"weights"} if self.served else set())
        return tuple(c for c in Component if c.value in held)

    def of_role(self, *roles: Role) -> tuple[Artefact, ...]:
        """The artefacts of these roles, by label."""
        return tuple(sorted((a for a in self.artefacts if a.role in roles), key=lambda a: a.label))
