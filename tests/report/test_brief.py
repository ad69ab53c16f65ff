from __future__ import annotations

from dataclasses import replace

from weighbridge.app.answer import Hearing, Reply, Stand
from weighbridge.app.quote import Correction, Quoted
from weighbridge.app.recommend import recommend
from weighbridge.catalogue import find_cards, find_questions, load_policy
from weighbridge.core.candidate import Artefact, Belonging, Candidate, Claims, Role, Said, Subject, Triage
from weighbridge.core.canon import digest_of
from weighbridge.core.evidence import Asked, Evidence, Measured, NotMeasured, Outcome, Quantity
from weighbridge.core.wording import phrase
from weighbridge.report.brief import Brief, render_brief

POST = Artefact(
    role=Role.RELEASE_TEXT, label="post.txt", digest=digest_of("p"), size_bytes=1, format="text", belongs=Belonging.EVIDENCE_ONLY
)  # fmt: skip
DATA = replace(POST, role=Role.DATA, label="t.csv", digest=digest_of("t"), format="csv", belongs=Belonging.DATA)
TOY = Candidate(
    name="toy\u202e", version="1", artefacts=(DATA, POST), subjects=(Subject.TABLE,), claims=Claims(languages=("en", "sw")),
    triage=Triage(about_people=Said.YES, private=Said.YES, harm=Said.YES, generates=Said.NO, identifies=Said.NO),
)  # fmt: skip


def _evidence(probe: str, outcome: Outcome, about: Candidate) -> Evidence:
    asked = Asked(
        candidate=about.digest, reading=about.reading, probe=probe, version=1, settings=(), seed=0, budget_seconds=1.0
    )
    return Evidence(asked=asked, outcome=outcome)


def _count(metric: str, value: float, **by: str) -> Quantity:
    return Quantity(
        metric=metric,
        value=value,
        low=value,
        high=value,
        confidence=1,
        unit="count",
        n=9,
        n_of="file",
        by=tuple(by.items()),
    )


def _brief(
    answers: dict[str, str] | None = None,
    quoted: tuple[Quoted, ...] = (),
    more: tuple[Quantity, ...] = (),
    unique: Outcome | None = None,
) -> str:
    about = replace(TOY, answers=tuple(sorted((k, (v,)) for k, v in (answers or {}).items())))
    claims = Measured(
        quantities=(
            _count("all-unbacked-claims", 2), _count("unbacked-claims", 2, kind="superlative"),
            _count("claims", 1, kind="privacy"),
        )
    )  # fmt: skip
    found = (
        _evidence("artefact-safety", Measured(quantities=(_count("secrets", 0), *more)), about),
        _evidence("release-claims", claims, about),
        _evidence(
            "unique-combinations", unique or NotMeasured(because=phrase("no rows"), remedy=phrase("more")), about
        ),
    )
    weighing = recommend(about, found, load_policy(), find_cards())
    known = {q.slug: q for q in find_questions()}
    hearings = [
        Hearing(
            question=known[slug], stand=Stand.COUNTS,
            replies=(Reply(choice=(v,), role="", at="2026-01-01", version="1", entry=digest_of(v), says=None, by=None),),
        )
        for slug, v in (answers or {}).items()
    ]  # fmt: skip
    return render_brief(
        Brief(
            weighing=weighing,
            cards=find_cards(),
            hearings=hearings,
            quoted=quoted,
            rules=load_policy().rule,
            path="'my model'",
        )
    )


def test_each_claim_stands_beside_its_number_and_limits() -> None:
    told = _brief()
    assert "**0; counted over all there is** `artefact-safety`" in told
    assert "That a file is harmless" in told
    assert "which was not measured" in told
    assert "2 sentences of the release text claim of superlative" in told
    assert "\u202e" not in told


def test_languages_that_were_not_tested_are_named() -> None:
    assert "Claimed and not tested: en, sw." in _brief()
    assert "Nothing was tested language by language" in _brief()


def test_the_topic_and_the_training_say_whether_to_speak() -> None:
    told = _brief({"story-topic": "elections", "spokesperson": "untrained"})
    assert "**Hold the interview.**" in told
    assert "**Elections: with most care" in told
    assert "Hold the interview" not in _brief({"story-topic": "elections", "spokesperson": "trained"})
    assert "Not answered yet" not in _brief()  # nobody is asked at this impact: the command would be refused


def test_commands_can_be_pasted() -> None:
    assert "PATH" not in _brief()
    assert "weighbridge press quoted 'my model' --outlet" in _brief()


def test_what_is_said_of_the_release_text_is_nothing_to_say() -> None:
    say = _brief().split("## What you can say")[1].split("##")[0]
    assert "release-claims" not in say


def test_the_worst_of_what_rules_watch_is_told_first() -> None:
    many = tuple(_count("entries", 0) for _n in range(3))
    say = _brief(more=(*many, _count("secrets", 5))).split("## What you can say")[1]
    assert "**5; counted over all there is** `artefact-safety`" in say.splitlines()[2]


def test_a_claim_of_privacy_stands_beside_what_was_found_against_it() -> None:
    rule = next(
        r for r in load_policy().rule if r.watch and r.watch.probe == "unique-combinations" and not r.watch.over
    )
    assert rule.watch is not None
    bad = 1e9 if rule.safe.at_most is not None else -1e9
    found = Measured(quantities=(_count(rule.watch.metric, bad, **dict(rule.watch.where)),))
    assert "claims of privacy; against it stands" in _brief(unique=found)
    assert "against it stands" not in _brief()


def test_what_was_printed_wrongly_asks_for_a_correction() -> None:
    one = Quoted(
        number=7, at="2026-01-02T00:00", correction=Correction.NOT_ASKED, outlet=digest_of("o"), printed=digest_of("p"), meant=digest_of("m")
    )  # fmt: skip
    assert "entry 7 of 2026-01-02: correction not-asked" in _brief(quoted=(one,))
    assert "Ask for a correction" in _brief(quoted=(one,))
    assert "Ask for a correction" not in _brief(quoted=(replace(one, correction=Correction.MADE),))
