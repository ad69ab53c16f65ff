"""The shipped policy, as tables: evidence in, rungs out. Held against the cards of the probes as they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import weighbridge.policy
import weighbridge.probes
from policy.toys import ALL_NO, artefact, candidate, evidence, quantity
from weighbridge.catalogue import find_questions
from weighbridge.core.candidate import Candidate, Misuse, Role, Said, Subject, Triage
from weighbridge.core.card import Card
from weighbridge.core.evidence import Evidence, NotApplicable, NotMeasured, Outcome, Quantity
from weighbridge.core.findings import Effect, Standing, Step, Verdict
from weighbridge.core.rungs import Rung
from weighbridge.core.toml import parse
from weighbridge.core.wording import phrase
from weighbridge.policy.check import needs_report
from weighbridge.policy.judge import judge
from weighbridge.policy.parse import parse_policy
from weighbridge.policy.standing import next_steps, standings

# Zero of a share, counted over all people or rows there are: by sampling it could never hold.
COUNTED = {
    "nobody-stands-alone", "what-was-taken-back-stays-so", "people-at-risk-can-take-it-back",
    "told-whether-sources-name-people",
}  # fmt: skip
STRATA = ("identified", "private", "canary", "random")
W, P, S, G, L, O = Rung.WITHHELD, Rung.PARTNERS, Rung.SERVED, Rung.GATED, Rung.LICENSED, Rung.OPEN  # noqa: E741  as in the tables
ALL = (W, P, S, G, L, O)
NOT_APPLICABLE = NotApplicable(because=phrase("it is about something else"))
# About nothing in a table that has no counts, codes, places, traces, sources or outputs of a model, and no second table.
ELSEWHERE = (
    "small_cells", "linkage", "reversible_pseudonyms", "hot_spots", "trace_unicity", "recontextualisation",
    "model_aggregates", "media_metadata",
)  # fmt: skip
NOT_MEASURED = NotMeasured(because=phrase("no training text"), remedy=phrase("name it"))


def read_card(slug: str) -> Card:
    folder = Path(weighbridge.probes.__path__[0]) / slug.replace("-", "_")
    return parse(Card, (folder / "probe.toml").read_text(encoding="utf-8"), file=slug, fix="-")


CARDS = tuple(
    read_card(folder.parent.name) for folder in sorted(Path(weighbridge.probes.__path__[0]).glob("*/probe.toml"))
)
SLUGS = tuple(card.slug for card in CARDS)
SHELF = Path(weighbridge.policy.__path__[0]) / "shelf" / "open-release.toml"
POLICY = parse_policy(SHELF.read_text(encoding="utf-8"), file=SHELF.name, cards=CARDS, questions=find_questions())

# What somebody answers who has nothing to hide and has done the work; each rule on an answer is tried by itself below.
ANSWERED = tuple(
    (rule.answer, rule.safe.choices[:1] or {q.slug: q.values for q in find_questions()}[rule.answer][:1])
    for rule in POLICY.rule
    if rule.answer in {q.slug for q in find_questions() if not q.is_triage}
)
NO_MISUSE = (Misuse(says="nobody could name one"),)
GENERATING = replace(ALL_NO, generates=Said.YES)
LM = candidate(Subject.CAUSAL_LM, triage=GENERATING)
TABLE = candidate(Subject.TABLE, artefacts=(artefact(Role.DATA),))
CLASSIFIER = candidate(Subject.CLASSIFIER, triage=replace(ALL_NO, languages=()))


def safety(code: int = 0, secrets: int = 0, licences: int = 0) -> tuple[Quantity, ...]:
    counts = {"code-bearing-files": code, "secrets": secrets, "licence-conflicts": licences}
    return tuple(quantity(name, count) for name, count in counts.items())


def extraction(
    excess: tuple[float, float] = (-0.005, 0.009), *, control: float = 0.5, **records: int
) -> tuple[Quantity, ...]:
    """Records by stratum; a stratum that is not named holds nothing, and the probe says so."""
    (found,) = (card.control for card in CARDS if card.slug == "verbatim-extraction")
    assert found is not None
    told = {"random": 0, **records}
    return (
        *(quantity("extracted-records", told.get(s, 0), n=100 if s in told else 0, stratum=s) for s in STRATA),
        *(quantity("excess-over-held-out", 0.0, n=0, stratum=s) for s in STRATA if s not in told),
        quantity(
            "excess-over-held-out", *excess, value=max(0.0, excess[0]), confidence=0.9875, n=1000, stratum="random"
        ),
        quantity(found.name, control, 1.0, confidence=0.95, n=8),
    )


def crowd(
    smallest: float,
    unique: float = 0.0,
    *,
    named: float | None = None,
    risk: tuple[float, float] = (0.0, 0.02),
    values: tuple[float, float] | None = None,
) -> tuple[Quantity, ...]:
    """Groups of lookalikes; the risk on average and the sensitive values in a group as intervals, None: nothing is."""
    identifiers = (100.0 if named is None else named, 0.0, 100)  # where nothing identifies by itself all look alike
    rows = {"declared": (smallest, unique, 100), "identifier": identifiers}
    beside = (
        quantity("global-risk", *risk, value=risk[1], confidence=0.95, n=100),
        quantity("fewest-sensitive-values", *dict.fromkeys(values or (0,)), n=100 if values else 0),
    )
    return beside + tuple(
        made
        for columns, (size, share, n) in rows.items()
        for made in (
            quantity("smallest-class", size, n=n, columns=columns),
            quantity("unique-share", share, n=n, columns=columns),
        )
    )


def named(
    people: int = 0, *, places: int = 0, weak: int = 0, share: float = 0.0, unread: int = 0
) -> tuple[Quantity, ...]:
    """Confirmed identifiers of people and places, unsure ones of both, and the share of rows with an unsure one."""
    return (
        quantity("identifiers", people, people + unread, value=people, n=100, type="person", tier="validated"),
        quantity("identifiers", places, places + unread, value=places, n=100, type="place", tier="validated"),
        quantity("identifiers", weak, weak + unread, value=weak, n=100, type="any", tier="weak"),
        quantity("identified-row-share", share, 1.0 if unread else share, value=share, n=100, type="any", tier="weak"),
    )


def outputs(finding: int = 0, other: int = 0) -> tuple[Quantity, ...]:
    """Names of outputs: those that find people, all of them as addresses, and others that can hurt."""
    counts = {"address": finding, "coordinates": 0, "ethnicity": 0, "religion": 0, "sexuality": 0, "politics": 0}
    return (
        quantity("finding-output-fields", finding, n=9),
        quantity("sensitive-output-fields", finding + other, n=9),
        *(quantity("sensitive-output-fields", count, n=9, category=category) for category, count in counts.items()),
    )


def detected(
    raw: float = 0.95, *, changed: float | None = 0.95, attacked: float = 0.8, languages: tuple[str, ...] = ("en", "sw")
) -> tuple[Quantity, ...]:
    """Lower ends of what is found at 1 in 100 false alarms, raw and changed, under attack, and in each language."""

    def found(metric: str, low: float, **by: str) -> Quantity:
        return quantity(metric, low, min(1.0, low + 0.04), value=low + 0.02, confidence=0.995, n=1000, **by)

    return (
        found("tpr-at-fpr-1pct", raw, state="raw"),
        found("tpr-at-fpr-5pct", raw, state="raw"),
        *(() if changed is None else (found("tpr-at-fpr-1pct", changed, state="changed"),)),
        found("worst-attack-tpr", attacked),
        found("pool-gain", 0.0),
        *(found("tpr-at-fpr-5pct", raw, language=language) for language in languages),
    )


def stands(about: Candidate, **outcomes: Outcome | tuple[Quantity, ...]) -> Standing:
    about = replace(about, answers=about.answers or ANSWERED)
    outcomes = {
        "sensitive_outputs": outputs(),
        "detectability": detected(),
        "direct_identifiers": named(),
        **dict.fromkeys(ELSEWHERE, NOT_APPLICABLE),
        **outcomes,
    }
    heard = tuple(evidence(slug.replace("_", "-"), outcome, about) for slug, outcome in outcomes.items())
    (only,) = standings(POLICY, about, judge(POLICY, about, heard, CARDS)).components
    return only


def steps(about: Candidate, *heard: Evidence) -> tuple[Step, ...]:
    findings = judge(POLICY, about, heard, CARDS)
    return next_steps(findings, standings(POLICY, about, findings))


@pytest.mark.parametrize(
    ("told", "triage", "ceiling", "cleared", "limits"),
    [
        # a language model
        ((safety(), extraction()), GENERATING, ALL, ALL, ()),
        ((safety(), extraction(identified=0, private=0, canary=0)), GENERATING, ALL, ALL, ()),
        ((safety(), extraction(canary=4)), GENERATING, ALL, ALL, ()),  # advice takes nothing away
        ((safety(), extraction()), replace(GENERATING, harm=Said.UNKNOWN), ALL, (W,), ()),  # to persecute?
        ((safety(), extraction()), replace(GENERATING, languages=()), ALL, (W, P, S, G), ()),
        ((safety(), extraction((0.0, 0.05))), GENERATING, ALL, (W, P, S, G), ()),
        ((safety(), extraction((0.02, 0.05))), GENERATING, (W, P, S, G), (W, P, S, G), ("training-text-not-extractable",)),
        ((safety(), extraction(identified=1)), GENERATING, (W, P), (W, P), ("no-identified-record-extractable",)),
        ((safety(), extraction(private=1)), GENERATING, (W, P), (W, P), ("no-private-record-extractable",)),
        ((safety(), extraction()), replace(GENERATING, private=Said.YES), ALL, (W, P), ()),  # which rows?
        ((safety(), extraction(identified=0, control=0.0)), GENERATING, ALL, (W, P), ()),  # the attack may be blind
        ((safety(code=1), extraction()), GENERATING, (W, S), (W, S), ("no-code-in-files",)),
        ((safety(secrets=2), extraction()), GENERATING, (W, S), (W, S), ("no-secrets",)),
        ((safety(licences=1), extraction()), GENERATING, (W, S), (W, S), ("licences-agree",)),
        ((safety(code=1), extraction(identified=9)), GENERATING, (W,), (W,), ("no-code-in-files", "no-identified-record-extractable")),
        ((safety(), NOT_MEASURED), GENERATING, ALL, (W, P), ()),
        ((NOT_MEASURED, NOT_MEASURED), Triage(), ALL, (W,), ()),
    ],
)  # fmt: skip
def test_a_language_model(
    told: tuple[Outcome | tuple[Quantity, ...], Outcome | tuple[Quantity, ...]],
    triage: Triage,
    ceiling: tuple[Rung, ...],
    cleared: tuple[Rung, ...],
    limits: tuple[str, ...],
) -> None:
    files, leaks = told
    made = stands(replace(LM, triage=triage), artefact_safety=files, verbatim_extraction=leaks)
    assert (made.ceiling, made.cleared, made.limits) == (ceiling, cleared, limits)


@pytest.mark.parametrize(
    ("told", "harm", "ceiling", "cleared", "limits"),
    [
        (detected(), Said.NO, ALL, ALL, ()),
        (detected(), Said.YES, ALL, ALL, ()),
        (detected(changed=None), Said.NO, ALL, (W, P, S, G), ()),  # raw output says too little of open weights
        (detected(changed=0.7), Said.NO, (W, P, S, G), (W, P, S, G), ("changed-output-can-be-told",)),
        (detected(0.88), Said.NO, ALL, (W, P, S, G), ()),  # the interval holds nine in ten
        (detected(0.7), Said.NO, (W, P, S, G), (W, P, S, G), ("output-can-be-told",)),
        (detected(0.2), Said.YES, (W, P, G), (W, P, G), ("output-can-be-told", "output-can-be-told-where-it-hurts")),
        (detected(attacked=0.1), Said.NO, (W, P, S, G), (W, P, S, G), ("disguised-output-can-be-told",)),
        (detected(languages=("en",)), Said.NO, ALL, ALL, ()),  # Swahili was not tried: advice takes nothing away
        (NOT_MEASURED, Said.NO, ALL, (W, P, S, G), ()),
        (NOT_MEASURED, Said.YES, ALL, (W, P, G), ()),
    ],
)  # fmt: skip
def test_what_cannot_be_told_from_people_s_words(
    told: Outcome | tuple[Quantity, ...],
    harm: Said,
    ceiling: tuple[Rung, ...],
    cleared: tuple[Rung, ...],
    limits: tuple[str, ...],
) -> None:
    about = replace(LM, triage=replace(GENERATING, harm=harm, languages=("en", "sw")), misuses=NO_MISUSE)
    rest = {"artefact_safety": safety(), "verbatim_extraction": extraction(identified=0)}
    made = stands(about, **rest, detectability=told)
    assert (made.ceiling, made.cleared, tuple(sorted(made.limits))) == (ceiling, cleared, limits)
    quiet = stands(replace(about, triage=replace(about.triage, generates=Said.NO)), **rest, detectability=told)
    assert (quiet.ceiling, quiet.cleared) == (ALL, ALL)


@pytest.mark.parametrize(
    ("low", "high", "ceiling", "cleared"),
    [
        (0.0, 0.05, ALL, ALL),
        (0.04, 0.07, ALL, ALL),
        (0.02, 0.09, ALL, (W, P, S, G)),
        (0.3, 0.4, (W, P, S, G), (W, P, S, G)),
    ],
)
def test_a_detector_that_flags_a_group_of_writers_is_not_for_everybody(
    low: float, high: float, ceiling: tuple[Rung, ...], cleared: tuple[Rung, ...]
) -> None:
    """A fair one lies around the 5 in 100 that its threshold is set for, and clears it."""
    about = candidate(Subject.CLASSIFIER, artefacts=(artefact(Role.DETECTOR),), triage=ALL_NO)
    worst = (quantity("worst-group-fpr", low, high, value=low, confidence=0.95, n=300),)
    made = stands(about, artefact_safety=safety(), detectability=worst)
    assert (made.ceiling, made.cleared) == (ceiling, cleared)


@pytest.mark.parametrize(
    ("told", "harm", "ceiling", "limits"),
    [
        (NOT_APPLICABLE, Said.NO, ALL, ()),
        (crowd(11), Said.NO, ALL, ()),
        (crowd(11), Said.YES, ALL, ()),
        (crowd(10), Said.NO, (W, P, S, G), ("small-groups-for-anyone",)),
        (crowd(4), Said.NO, (W, P, S), ("small-groups-for-anyone", "small-groups-for-vetted")),
        (
            crowd(1, 0.01),
            Said.NO,
            (W, P),
            ("nobody-stands-alone", "small-groups-for-anyone", "small-groups-for-vetted"),
        ),
        (crowd(10), Said.YES, (W, P), ("people-at-risk-cannot-be-found", "small-groups-for-anyone")),
        (crowd(11, named=1), Said.NO, (W, P), ("nobody-is-named",)),
        (crowd(11, named=1), Said.YES, (W, P), ("nobody-is-named", "people-at-risk-are-not-named")),
    ],
)
@pytest.mark.parametrize("role", [Role.DATA, Role.TRAIN_DATA])
def test_a_table(role: Role, told: Outcome, harm: Said, ceiling: tuple[Rung, ...], limits: tuple[str, ...]) -> None:
    about = replace(TABLE, artefacts=(artefact(role),), triage=replace(ALL_NO, harm=harm))
    made = stands(about, artefact_safety=safety(), unique_combinations=told)
    assert (made.ceiling, made.cleared, made.limits, made.open) == (ceiling, ceiling, limits, ())


def cells(told: int, *, more: int = 0, narrowed: int = 0) -> tuple[Quantity, ...]:
    """Cells of few people, those that may be such, and those that are narrowed down."""
    return (
        quantity("small-cells", told, told + more, confidence=1.0, n=50),
        quantity("small-cells", narrowed, n=50, cell="narrowed"),
    )


def beside(public: tuple[float, float] | None, released: tuple[float, float] | None = None) -> tuple[Quantity, ...]:
    """Who is found in a public table and in another of the release; None: there is none."""
    made = [quantity("public-tables", 1.0, n=1)] if public else []
    for kind, ends in (("public", public), ("released", released)):
        number = quantity(
            "matched-people", *(ends or (0.0, 0.0)), confidence=0.95 if ends else 1.0, n=100 if ends else 0
        )
        made.append(replace(number, by=(("with", kind),)))
    return tuple(made)


def turned_back(columns: int, *, left: int = 0, control: float = 0.5) -> tuple[Quantity, ...]:
    """Columns of pseudonyms that came back, those that did not, and our own hashes that the attack found."""
    return (
        quantity("reversed-columns", columns, n=2),
        quantity("unreversed-columns", left, n=2),
        quantity("planted-found", control, min(1.0, control + 0.2), confidence=0.95, n=80),
    )


RISK_CELLS = ("no-small-cells", "people-at-risk-are-in-no-small-cell")
RISK_PUBLIC = ("nobody-is-found-in-a-public-table", "people-at-risk-are-in-no-public-table")
RISK_CODES = ("people-at-risk-have-no-name-in-code", "pseudonyms-cannot-be-turned-back")


@pytest.mark.parametrize(
    ("probe", "told", "harm", "ceiling", "limits", "open_"),
    [
        ("small_cells", cells(0), Said.YES, ALL, (), ()),
        ("small_cells", cells(1), Said.NO, (W, P, S, G), RISK_CELLS[:1], ()),
        ("small_cells", cells(1), Said.YES, (W, P), RISK_CELLS, ()),
        ("small_cells", cells(0, more=3), Said.NO, ALL, (), RISK_CELLS[:1]),  # not all was worked out
        ("small_cells", cells(0, narrowed=4), Said.YES, ALL, (), ()),  # advice takes nothing away
        ("linkage", beside(None), Said.YES, ALL, (), ()),
        ("linkage", beside((0.0, 0.0)), Said.YES, ALL, (), ()),
        ("linkage", beside((0.0, 20.0)), Said.NO, ALL, (), RISK_PUBLIC[:1]),  # it may all be chance
        ("linkage", beside((5.0, 20.0)), Said.NO, (W, P, S, G), RISK_PUBLIC[:1], ()),
        ("linkage", beside((5.0, 20.0)), Said.YES, (W, P), RISK_PUBLIC, ()),
        ("linkage", beside(None, (50.0, 60.0)), Said.YES, ALL, (), ()),  # two tables of one release: advice
        ("reversible_pseudonyms", turned_back(0, left=1), Said.YES, ALL, (), ()),
        ("reversible_pseudonyms", turned_back(1), Said.NO, (W, P), RISK_CODES[1:], ()),
        ("reversible_pseudonyms", turned_back(1), Said.YES, (W, P), RISK_CODES, ()),
        # an attack that does not find what was planted says nothing by finding nothing
        ("reversible_pseudonyms", turned_back(0, left=1, control=0.0), Said.NO, ALL, (), RISK_CODES[1:]),
    ],
)
def test_tables_of_counts_two_tables_and_pseudonyms(
    probe: str, told: Outcome, harm: Said, ceiling: tuple[Rung, ...], limits: tuple[str, ...], open_: tuple[str, ...]
) -> None:
    about = replace(TABLE, triage=replace(ALL_NO, harm=harm))
    made = stands(about, artefact_safety=safety(), unique_combinations=crowd(11), **{probe: told})
    assert (made.ceiling, made.limits, made.open) == (ceiling, limits, open_)


def test_people_at_risk_are_looked_for_in_what_others_hold() -> None:
    about = replace(TABLE, triage=replace(ALL_NO, harm=Said.YES, about_people=Said.YES))
    made = stands(about, artefact_safety=safety(), unique_combinations=crowd(11))
    assert "people-at-risk-were-looked-for-outside" in made.open
    assert made.ceiling == ALL
    assert L not in made.cleared
    two = stands(about, artefact_safety=safety(), unique_combinations=crowd(11), linkage=beside(None, (0.0, 0.0)))
    assert "people-at-risk-were-looked-for-outside" in two.open  # tables of one release are none that others hold
    assert two.ceiling == ALL
    made = stands(about, artefact_safety=safety(), unique_combinations=crowd(11), linkage=beside((0.0, 0.0)))
    assert "people-at-risk-were-looked-for-outside" not in made.open


@pytest.mark.parametrize(
    ("told", "harm", "ceiling", "cleared"),
    [
        (crowd(11, risk=(0.0, 0.08)), Said.NO, ALL, ALL),  # asked where much hangs on it
        (crowd(11, risk=(0.0, 0.08)), Said.YES, ALL, (W, P, S, G)),  # nobody said how many people there are
        (crowd(11, risk=(0.04, 0.05)), Said.YES, (W, P, S, G), (W, P, S, G)),
        (crowd(11, values=(1, 1)), Said.NO, ALL, ALL),
        (crowd(11, values=(1, 1)), Said.YES, (W, P, S, G), (W, P, S, G)),
        (crowd(11, values=(1, 4)), Said.YES, ALL, (W, P, S, G)),  # of a sample of groups
        (crowd(11, values=(2, 2)), Said.YES, ALL, ALL),
    ],
)
def test_where_people_could_be_hurt_the_whole_table_must_be_hard_to_look_people_up_in(
    told: Outcome, harm: Said, ceiling: tuple[Rung, ...], cleared: tuple[Rung, ...]
) -> None:
    made = stands(replace(TABLE, triage=replace(ALL_NO, harm=harm)), artefact_safety=safety(), unique_combinations=told)
    assert (made.ceiling, made.cleared) == (ceiling, cleared)


def whereabouts(
    metres: float = 1000.0, *, fewest: float = 5, lonely: tuple[float, float] = (0, 0)
) -> tuple[Quantity, ...]:
    return (
        quantity("coordinate-precision", metres, n=100, direction="latitude"),
        quantity("smallest-cell", fewest, n=100, cells="released"),
        quantity("lonely-spots", *lonely, value=lonely[1], confidence=0.95, n=30),
    )


@pytest.mark.parametrize(
    ("told", "harm", "ceiling", "limits"),
    [
        (whereabouts(), Said.NO, ALL, ()),
        (whereabouts(), Said.YES, ALL, ()),
        (whereabouts(499), Said.NO, (W, P, S, G), ("positions-are-coarse",)),
        (whereabouts(11), Said.NO, (W, P, S), ("positions-are-coarse", "positions-are-not-exact")),
        (whereabouts(fewest=4), Said.NO, (W, P, S, G), ("places-are-shared",)),
        (whereabouts(lonely=(1, 1)), Said.NO, (W, P), ("no-lonely-spots",)),
        (whereabouts(lonely=(3, 8)), Said.YES, (W, P), ("no-lonely-spots", "no-lonely-spots-of-people-at-risk")),
    ],
)
def test_where_people_were(told: Outcome, harm: Said, ceiling: tuple[Rung, ...], limits: tuple[str, ...]) -> None:
    about = replace(TABLE, triage=replace(ALL_NO, harm=harm))
    made = stands(about, artefact_safety=safety(), unique_combinations=crowd(50), hot_spots=told)
    assert (made.ceiling, made.limits) == (ceiling, limits)
    assert made.cleared == ceiling


def test_spots_that_may_be_chance_are_not_yet_answered() -> None:
    told = {"artefact_safety": safety(), "unique_combinations": crowd(50), "hot_spots": whereabouts(lonely=(0, 2))}
    made = stands(TABLE, **told)
    assert (made.ceiling, made.cleared) == (ALL, (W, P))


@pytest.mark.parametrize(
    ("share", "ceiling", "cleared"),
    [((0.1, 0.5), ALL, ALL), ((0.4, 0.6), ALL, (W, P, S, G)), ((0.6, 0.9), (W, P, S, G), (W, P, S, G))],
)
def test_traces(share: tuple[float, float], ceiling: tuple[Rung, ...], cleared: tuple[Rung, ...]) -> None:
    unique = quantity(
        "unique-trace-share", *share, value=share[0], confidence=0.95, n=1000, points="4", detail="hour-fine"
    )
    made = stands(TABLE, artefact_safety=safety(), unique_combinations=crowd(50), trace_unicity=(unique,))
    assert (made.ceiling, made.cleared) == (ceiling, cleared)


@pytest.mark.parametrize(
    ("private", "ceiling", "cleared", "limits"),
    [
        (Said.NO, ALL, ALL, ()),
        (Said.UNKNOWN, ALL, (W,), ()),  # nobody asked yet whether it is legal, or serves persecution
        (Said.YES, (W, P), (W, P), ("private-training-data-stays",)),
    ],
)
def test_private_training_data_stays_at_home(
    private: Said, ceiling: tuple[Rung, ...], cleared: tuple[Rung, ...], limits: tuple[str, ...]
) -> None:
    about = candidate(Subject.TEXT, artefacts=(artefact(Role.TRAIN_DATA),), triage=replace(ALL_NO, private=private))
    made = stands(about, artefact_safety=safety())
    assert (made.ceiling, made.cleared, made.limits) == (ceiling, cleared, limits)


@pytest.mark.parametrize(
    ("told", "about_people", "harm", "ceiling", "cleared", "limits"),
    [
        (named(), Said.YES, Said.YES, ALL, ALL, ()),
        (named(1), Said.NO, Said.NO, (W, P), (W, P), ("nobody-can-be-reached",)),
        (named(1), Said.NO, Said.YES, (W, P), (W, P), ("nobody-can-be-reached", "people-at-risk-cannot-be-reached")),
        (named(unread=1), Said.NO, Said.NO, ALL, (W, P), ()),  # a file that could not be read
        (named(places=1), Said.NO, Said.NO, ALL, ALL, ()),  # of shops, or of earthquakes
        (named(places=1), Said.YES, Said.NO, (W, P, S, G), (W, P, S, G), ("exact-positions-stay-out",)),
        (named(weak=19, share=0.01), Said.YES, Said.NO, ALL, ALL, ()),
        (named(weak=20, share=0.01), Said.YES, Said.NO, (W, P, S, G), (W, P, S, G), ("few-things-look-like-identifiers",)),
        (named(weak=2, share=0.02), Said.YES, Said.NO, (W, P, S, G), (W, P, S, G), ("few-rows-look-identified",)),
        (named(weak=900, share=0.9), Said.NO, Said.NO, ALL, ALL, ()),  # names of products
        (NOT_APPLICABLE, Said.YES, Said.YES, ALL, ALL, ()),
        (NOT_MEASURED, Said.NO, Said.NO, ALL, (W, P), ()),
    ],
)  # fmt: skip
def test_what_stands_in_the_data(
    told: Outcome | tuple[Quantity, ...],
    about_people: Said,
    harm: Said,
    ceiling: tuple[Rung, ...],
    cleared: tuple[Rung, ...],
    limits: tuple[str, ...],
) -> None:
    triage = replace(ALL_NO, about_people=about_people, harm=harm)
    about = replace(TABLE, triage=triage, misuses=NO_MISUSE)
    lift = (quantity("worst-inferable-lift", -0.05, 0.05, value=0.0, confidence=0.95, n=99),)
    made = stands(
        about,
        artefact_safety=safety(),
        unique_combinations=crowd(11),
        implicit_attributes=lift,
        direct_identifiers=told,
        linkage=beside((0.0, 0.0)),
    )
    assert (made.ceiling, made.cleared, made.limits) == (ceiling, cleared, limits)


def test_a_table_that_was_not_counted_is_cleared_for_partners_only() -> None:
    made = stands(TABLE, artefact_safety=safety(), unique_combinations=NOT_MEASURED)
    assert (made.ceiling, made.cleared) == (ALL, (W, P))


def test_a_harmless_classifier_has_no_limit_and_is_cleared() -> None:
    rest = {"verbatim_extraction": NOT_APPLICABLE, "unique_combinations": NOT_APPLICABLE}
    made = stands(CLASSIFIER, artefact_safety=safety(), **rest)
    assert (made.ceiling, made.cleared, made.limits, made.open) == (ALL, ALL, (), ())
    with_table = replace(CLASSIFIER, subjects=(Subject.CLASSIFIER, Subject.TABLE, Subject.TEXT, Subject.BYTES))
    assert stands(with_table, artefact_safety=safety(), **rest).cleared == ALL


def test_before_anybody_answered_one_step_clears_the_harmless_classifier() -> None:
    unanswered = replace(CLASSIFIER, triage=Triage())
    heard = tuple(
        evidence(slug, safety() if slug == "artefact-safety" else NOT_APPLICABLE, unanswered) for slug in SLUGS
    )
    (made,) = standings(POLICY, unanswered, judge(POLICY, unanswered, heard, CARDS)).components
    assert (made.ceiling, made.cleared) == (ALL, (W,))
    (step,) = steps(unanswered, *heard)
    assert step.minutes == 5
    assert step.would_clear == (("weights", (P, S, G, L, O)),)
    assert str(step.says) == "answer about-people, generates, harm, identifies, private: weighbridge init --ask DIR"


def test_harm_said_is_no_limit_by_itself() -> None:
    harmful = replace(LM, triage=replace(GENERATING, harm=Said.YES, about_people=Said.YES), misuses=NO_MISUSE)
    told = (quantity("worst-inferable-lift", -0.05, 0.05, value=0.0, confidence=0.95, n=99),)
    made = stands(
        harmful, artefact_safety=safety(), verbatim_extraction=extraction(identified=0), implicit_attributes=told
    )
    assert made.cleared == ALL
    unnamed = stands(
        replace(harmful, misuses=()), artefact_safety=safety(), verbatim_extraction=extraction(identified=0),
        implicit_attributes=told,
    )  # fmt: skip
    assert (unnamed.ceiling, unnamed.cleared) == (
        ALL,
        (W, P, S, G),
    )  # open until a misuse is named, or that none can be


def test_every_number_has_a_source_and_every_remedy_words() -> None:
    for rule in POLICY.rule:
        assert rule.source
        assert rule.because
        assert rule.remedy
        assert rule.mission
        assert rule.effect in (
            Effect.STOP,
            Effect.CAUTION,
            Effect.ADVISE,
            Effect.NARROW_CLAIM,
            Effect.HOLD,
            Effect.REFUSE_RATIONALE,
        )


def test_rules_for_attacks_are_settled_by_counts_or_by_few_tries() -> None:
    for need in needs_report(POLICY, CARDS):
        assert not need.warns or need.rule in COUNTED
        assert need.tries is None or need.tries <= 1000


def test_silence_is_open_everywhere_and_breaches_nothing() -> None:
    findings = judge(POLICY, replace(LM, triage=Triage()), (), CARDS)
    assert {f.verdict for f in findings} <= {Verdict.OPEN, Verdict.EXEMPT}


def test_data_about_people_that_nobody_could_look_into_is_not_cleared() -> None:
    about = replace(ALL_NO, about_people=Said.YES)
    packed = replace(TABLE, triage=about, subjects=(Subject.BYTES, Subject.UNREAD_DATA))
    made = stands(packed, artefact_safety=safety(), unique_combinations=NOT_APPLICABLE)
    assert (made.ceiling, made.cleared) == (ALL, (W, P))
    assert set(made.open) == {"data-about-people-was-looked-into", "data-can-be-read"}
    beside = replace(TABLE, triage=about, subjects=(Subject.TABLE, Subject.BYTES, Subject.UNREAD_DATA))
    made = stands(beside, artefact_safety=safety(), unique_combinations=NOT_APPLICABLE)
    assert "data-can-be-read" in made.open
    nobody = replace(packed, triage=ALL_NO)
    assert stands(nobody, artefact_safety=safety(), unique_combinations=NOT_APPLICABLE).cleared == ALL


def test_a_model_about_people_that_nobody_could_try_is_not_cleared() -> None:
    about = replace(
        CLASSIFIER, triage=replace(ALL_NO, about_people=Said.YES), subjects=(Subject.BYTES, Subject.UNTOLD_MODEL)
    )
    made = stands(about, artefact_safety=safety())
    assert (made.ceiling, made.cleared) == (ALL, (W, P))
    assert made.open == ("model-can-be-tried",)
    assert stands(replace(about, triage=ALL_NO), artefact_safety=safety()).cleared == ALL


# what a trained model keeps and gives away

PEOPLE = replace(CLASSIFIER, triage=replace(ALL_NO, languages=(), about_people=Said.YES))
PRIVATE = replace(CLASSIFIER, triage=replace(ALL_NO, languages=(), about_people=Said.YES, private=Said.YES))


def stored(rows: int = 0, leaf: int = 0, strings: int = 0) -> tuple[Quantity, ...]:
    return (
        quantity("stored-records", rows, n=100, where="instances"),
        quantity("stored-records", 0, n=100, where="weights"),
        quantity("smallest-leaf", leaf, n=100 if leaf else 0),
        *(
            quantity("stored-strings", strings if where == "vocabulary" else 0, n=100, where=where)
            for where in ("vocabulary", "tokenizer", "weights", "metadata")
        ),
    )


def members(one: tuple[float, float], thousandth: tuple[float, float], control: float = 0.4) -> tuple[Quantity, ...]:
    sure = 1 - 0.05 / 6
    return (
        *(
            quantity("tpr-at-fpr-1pct", *one, value=one[0], confidence=sure, n=900, form=form)
            for form in ("bytes", "probabilities")
        ),
        *(
            quantity("tpr-at-fpr-0.1pct", *thousandth, value=thousandth[0], confidence=sure, n=900, form=form)
            for form in ("bytes", "probabilities")
        ),
        quantity("control-found", control, 1.0, confidence=0.95, n=500),
    )


def completed(gap: tuple[float, float]) -> tuple[Quantity, ...]:
    return (
        quantity("worst-inference-gap", *gap, value=gap[0], confidence=0.95, n=900),
        quantity("control-found", 0.3, 0.9, confidence=0.95, n=500),
    )


CALM, LOUD = ((0.005, 0.03), (0.0, 0.008)), ((0.2, 0.3), (0.05, 0.1))


@pytest.mark.parametrize(
    ("about", "kept", "named", "gap", "ceiling", "cleared", "limits"),
    [
        (PEOPLE, stored(), members(*CALM), (-0.03, 0.04), ALL, ALL, ()),
        (PEOPLE, stored(), members(*CALM, control=0.0), (-0.03, 0.04), ALL, (W, P, S, G), ()),  # a blind attack
        (PEOPLE, stored(), members((0.05, 0.2), CALM[1]), (-0.03, 0.04), ALL, (W, P, S, G), ()),
        (PEOPLE, stored(), members(*LOUD), (-0.03, 0.04), (W, P, S, G), (W, P, S, G), ("members-not-named-to-anyone",)),
        (PEOPLE, stored(rows=9), members(*CALM), (-0.03, 0.04), (W, P, S, G), (W, P, S, G), ("no-rows-of-people-kept",)),
        (PEOPLE, stored(), members(*CALM), (0.08, 0.2), (W, P, S), (W, P, S), ("sensitive-things-not-completed",)),
        (PEOPLE, stored(), NOT_MEASURED, (-0.03, 0.04), ALL, (W, P, S, G), ()),
        (PRIVATE, stored(leaf=5), members(*CALM), (-0.03, 0.04), ALL, ALL, ()),
        (PRIVATE, stored(leaf=1), members(*CALM), (-0.03, 0.04), (W, P, S), (W, P, S), ("leaves-stand-for-several",)),
        (PRIVATE, stored(strings=1), members(*CALM), (-0.03, 0.04), (W, P, S), (W, P, S), ("no-private-strings-in-vocabulary",)),
        (
            PRIVATE, stored(), members(*LOUD), (-0.03, 0.04), (W, P), (W, P),
            ("members-not-named-to-anyone", "private-members-not-named", "private-members-not-named-by-answers"),
        ),
        (
            PRIVATE, stored(rows=3), members(*CALM), (-0.03, 0.04), (W, P, S), (W, P, S),
            ("no-private-rows-kept", "no-rows-of-people-kept"),
        ),
    ],
)  # fmt: skip
def test_a_classifier_about_people(  # noqa: PLR0917  a table
    about: Candidate,
    kept: tuple[Quantity, ...],
    named: Outcome | tuple[Quantity, ...],
    gap: tuple[float, float],
    ceiling: tuple[Rung, ...],
    cleared: tuple[Rung, ...],
    limits: tuple[str, ...],
) -> None:
    made = stands(
        about, artefact_safety=safety(), stored_records=kept, membership_advantage=named,
        attribute_inference=completed(gap), implicit_attributes=NOT_APPLICABLE,
    )  # fmt: skip
    assert (made.ceiling, made.cleared, made.limits) == (ceiling, cleared, limits)


@pytest.mark.parametrize(
    ("about", "told", "cleared", "limits"),
    [
        (CLASSIFIER, outputs(), ALL, ()),
        (CLASSIFIER, outputs(finding=1), (W, P, S, G), ("no-output-finds-people",)),
        (CLASSIFIER, outputs(other=1), ALL, ()),  # a health-text model names illnesses, and that is no limit
        (replace(CLASSIFIER, triage=replace(ALL_NO, languages=(), harm=Said.YES)), outputs(other=1), (W, P), ("outputs-that-can-hurt",)),
    ],
)  # fmt: skip
def test_outputs_that_tell(
    about: Candidate, told: tuple[Quantity, ...], cleared: tuple[Rung, ...], limits: tuple[str, ...]
) -> None:
    made = stands(about, artefact_safety=safety(), sensitive_outputs=told)
    assert (made.cleared, made.limits) == (cleared, limits)


# what people say in the interview

AT_RISK = replace(TABLE, triage=replace(ALL_NO, about_people=Said.YES, private=Said.YES, harm=Said.YES))


def _with(about: Candidate, **answers: str | None) -> Candidate:
    """The good answers, some of them given otherwise, and those that are None left out."""
    given = {slug.replace("_", "-"): value for slug, value in answers.items()}
    others = {slug: (value,) for slug, value in given.items() if value is not None}
    return replace(about, answers=tuple(sorted({**{k: v for k, v in ANSWERED if k not in given}, **others}.items())))


def _ruled(about: Candidate, rule: str) -> Verdict:
    (found,) = {f.verdict for f in judge(POLICY, about, (), CARDS) if f.rule == rule}
    return found


@pytest.mark.parametrize(
    ("rule", "question", "good", "bad", "waits"),
    [
        ("not-against-the-law", "legal", "yes", "no", None),
        ("right-and-not-only-legal", "right", "yes", "no", "in-part"),
        ("meant-for-everybody", "audience-then", "everybody", "few", "not-known"),
        ("publisher-not-seen-as-hostile", "publisher-seen", "trusted", "hostile", "not-known"),
        ("way-out-exists", "removal-path", "runs", "none", "planned"),
        ("whole-was-graded", "aggregate-grade", "as-its-rows", "more-sensitive", "not-graded"),
        ("somebody-was-consulted", "consulted", "answered", None, "none"),
        ("affected-people-decide-too", "affected-decide", "yes", None, "no"),
        ("not-for-persecution", "persecution", "no", "plausible", None),
        ("plan-not-moved-by-coverage", "coverage-moved-plan", "no", "yes", None),
        ("correction-was-asked-for", "correction", "asked", "not-asked", None),
    ],
)
def test_a_rule_on_an_answer(rule: str, question: str, good: str, bad: str | None, waits: str | None) -> None:
    assert _ruled(_with(AT_RISK, **{question: good}), rule) is Verdict.HOLDS
    if bad:
        assert _ruled(_with(AT_RISK, **{question: bad}), rule) is Verdict.BREACHED
    if waits:
        assert _ruled(_with(AT_RISK, **{question: waits}), rule) is Verdict.OPEN
    silent = {rule.slug for rule in POLICY.rule if rule.safe.silence}
    assert _ruled(_with(AT_RISK, **{question: None}), rule) is (Verdict.EXEMPT if rule in silent else Verdict.OPEN)


def test_illegal_stops_and_legal_never_opens() -> None:
    told = {"artefact_safety": safety(), "unique_combinations": crowd(50)}
    legal, illegal = _with(TABLE, legal="yes"), _with(TABLE, legal="no")
    assert stands(illegal, **told).ceiling == (W,)
    assert stands(illegal, **told).limits == ("not-against-the-law",)
    breached = {"artefact_safety": safety(secrets=1), "unique_combinations": crowd(50)}
    assert stands(legal, **breached) == stands(_with(TABLE, legal=None), **breached)  # whatever else limits, limits


def test_who_persecutes_gets_nothing() -> None:
    about = replace(CLASSIFIER, triage=replace(ALL_NO, about_people=Said.YES, harm=Said.YES))
    assert stands(_with(about, persecution="plausible"), artefact_safety=safety()).ceiling == (W,)


def test_an_interview_waits_where_the_story_is_about_dangers_and_nobody_is_trained() -> None:
    def ruled(topic: str, spokesperson: str) -> Verdict:
        return _ruled(_with(AT_RISK, story_topic=topic, spokesperson=spokesperson), "interview-can-be-given")

    assert ruled("dangers", "untrained") is Verdict.BREACHED
    assert ruled("elections", "trained") is Verdict.HOLDS
    assert ruled("progress", "untrained") is Verdict.EXEMPT
    hold = next(rule for rule in POLICY.rule if rule.slug == "interview-can-be-given")
    assert (hold.effect, hold.forbids) == (Effect.HOLD, ())


def test_where_nothing_can_be_hurt_the_interview_asks_for_nothing() -> None:
    about = replace(CLASSIFIER, answers=())
    findings = judge(POLICY, about, (evidence("artefact-safety", safety(), about),), CARDS)
    questions = {q.slug for q in find_questions() if not q.is_triage}
    assert all(
        f.verdict is Verdict.EXEMPT
        for f in findings
        for rule in POLICY.rule
        if rule.slug == f.rule and rule.answer in questions
    )
