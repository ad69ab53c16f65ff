"""A policy file: what it becomes, and its faults with their lines."""

from __future__ import annotations

import pytest

from policy.toys import ATTACK, CARDS, PLAIN, WATCHED, policy, rule, written
from weighbridge.core.candidate import Impact
from weighbridge.core.decision import SignerRole
from weighbridge.core.errors import Fault, Faulty
from weighbridge.core.rungs import Rung
from weighbridge.policy.parse import parse_policy


def faults(text: str) -> tuple[Fault, ...]:
    with pytest.raises(Faulty) as caught:
        parse_policy(text, file="toy.toml", cards=CARDS)
    return caught.value.faults


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if part in line)


def test_a_rule_is_read_whole() -> None:
    (made,) = policy(
        rule(
            'component = "weights"\nwhen = { subject = ["causal-lm"], private = ["yes"] }\nmission = [1, 2]\nminutes = 3\n'
            'watch = { probe = "plain-toy", metric = "bad-share", where = { part = "a" }, over = "worst(language)" }\n'
            "safe = { at_least = 0, at_most = 0.5 }"
        )
    ).rule
    assert made.watch is not None
    assert (made.watch.axis, made.watch.where) == ("language", (("part", "a"),))
    assert made.when == (("private", ("yes",)), ("subject", ("causal-lm",)))
    assert made.forbidden == (Rung.GATED, Rung.LICENSED, Rung.OPEN)
    assert str(made.safe) == "≥ 0 ≤ 0.5"


def test_the_digest_covers_all_that_is_said_and_no_order() -> None:
    one, two = rule(slug="one"), rule(slug="two")
    assert policy(one, two).digest == policy(two, one).digest
    assert policy(one, two).digest != policy(one).digest
    assert policy(one).digest != policy(one, confidence=0.9).digest
    assert policy(one).digest != policy(one.replace("mend it", "mend that")).digest


CASES = [
    # what is written in a rule, the part of the line that is named, and what the fault says
    (WATCHED.replace("bad-share", "bad-shares"), "watch", "no metric 'bad-shares'; did you mean 'bad-share'?"),
    (WATCHED.replace("bad-share", "leaked"), "watch", "it is reported by attack-toy"),
    (WATCHED.replace("plain-toy", "plane-toy"), "watch", "did you mean 'plain-toy'?"),
    (
        WATCHED.replace("bad-share", "bad-count").replace(" }", ', where = { part = "a" } }', 1),
        "watch",
        "not broken down",
    ),
    (WATCHED.replace(" }", ', where = { prt = "a" } }', 1), "watch", "did you mean 'part'?"),
    (WATCHED.replace(" }", ', where = { part = "c" } }', 1), "watch", "'c' is not known; known: a, b"),
    (WATCHED.replace(" }", ', over = "best(part)" }', 1), "watch", 'should be "worst(AXIS)"'),
    (WATCHED.replace(" }", ', over = "worst(pat)" }', 1), "watch", "did you mean 'part'?"),
    (WATCHED.replace(" }", ', over = "worst(free)" }', 1), "watch", "nobody would notice"),
    (WATCHED.replace(" }", ', over = "worst(language)", among = "misuse" }', 1), "watch", "is no fact"),
    (WATCHED.replace(" }", ', among = "misuse-language" }', 1), "watch", "goes with over"),
    (WATCHED.replace(" }", ', where = { part = "a" }, over = "worst(part)" }', 1), "watch", "at one value already"),
    (WATCHED.replace("at_most = 0.1", "at_most = 10"), "safe", "is a share"),
    (WATCHED.replace("at_most = 0.1", "at_most = 0.1, at_least = 0.2"), "safe", "holds no number"),
    (WATCHED.replace("at_most = 0.1", "any = true"), "safe", "a number is safe by"),
    (WATCHED.replace("at_most = 0.1", ""), "safe", "a number is safe by"),
    (WATCHED + '\nanswer = "private"', "[[rule]]", "one of the two"),
    ("safe = { at_most = 1 }", "[[rule]]", "one of the two"),
    ('answer = "privat"\nsafe = { any = true }', "answer", "did you mean 'private'?"),
    ('answer = "private"\nsafe = { choices = ["nope"] }', "safe", "did you mean 'no'?"),
    ('answer = "private"\nsafe = { choices = ["no"], any = true }', "safe", "one of the two"),
    ('answer = "private"\nsafe = { at_most = 1 }', "safe", "one of the two"),
    (WATCHED + '\nwhen = { subjct = ["text"] }', "when", "did you mean 'subject'?"),
    (WATCHED + '\nwhen = { subject = ["texts"] }', "when", "did you mean 'text'?"),
    (WATCHED + "\nwhen = { subject = [] }", "when", "never apply"),
    (WATCHED + "\ncomponent = []", "component", "never apply"),
    (WATCHED + "\nminutes = -1", "minutes", "0 or more"),
]


@pytest.mark.parametrize(("lines", "part", "says"), CASES)
def test_every_fault_names_its_line(lines: str, part: str, says: str) -> None:
    text = written(rule(lines))
    found = faults(text)
    assert [says in fault.says for fault in found] == [True], found
    assert found[0].line == line_of(text, part)
    assert found[0].file == "toy.toml"


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        (written(), "rule", "is missing"),
        (written() + "rule = []", "rule", "there is no rule"),
        (written(rule(), confidence=1.0), "confidence", "between 0 and 1"),
        (written(rule()).replace("version = 1", "version = 0"), "version", "1 or more"),
        (written(rule()).replace('name = "toy"', 'name = " "'), "name", "is empty"),
        (written(rule(slug="Not A Slug")), "rule[1].slug", "lower-case"),
        (written(rule(forbids='["withheld"]')), "rule[1].forbids", "withholding"),
        (written(rule(forbids="[]")), "rule[1].forbids", "at least one rung"),
        (written(rule(effect="stop") + 'countered_by = ["defence"]'), "rule[1].countered_by", "only a caution"),
        (written(rule(effect="advise") + 'forbids = ["open"]'), "rule[1].forbids", "only stop and caution"),
        (written(rule()).replace('"Why."', '"{why}"'), "rule[1].because", "braces"),
        (written(rule()).replace('"nobody"', '""'), "rule[1].source", "is empty"),
        (written(rule()).replace("effect =", "eeffect ="), "rule[1].eeffect", "did you mean 'effect'?"),
        (written(rule()) + "minuten = 3\n", "rule[1].minuten", "did you mean 'minutes'?"),
    ],
)
def test_faults_outside_what_is_watched(text: str, key: str, says: str) -> None:
    assert any(fault.key == key and says in fault.says for fault in faults(text)), faults(text)


def test_all_faults_are_told_at_once() -> None:
    text = written(
        rule(WATCHED.replace("bad-share", "bad-sare")),
        rule(WATCHED.replace("plain-toy", "x"), slug="other"),
        rule(WATCHED, forbids="[]"),
    )
    found = faults(text)
    assert {fault.key for fault in found} == {
        "rule[1].watch.metric",
        "rule[2].watch.probe",
        "rule[3].slug",
        "rule[3].forbids",
    }
    slugs = [n for n, line in enumerate(text.splitlines(), 1) if line.startswith('slug = "toy"')]
    assert next(f for f in found if f.key == "rule[3].slug").line == slugs[1]


def test_the_toys_are_what_the_tests_say() -> None:
    assert ATTACK.control is not None
    assert PLAIN.control is None


APPROVAL = '[[approval]]\nimpact = "{}"\nroles = [{}]\n'


def _approving(*said: tuple[str, str]) -> str:
    return written(rule()) + "".join(APPROVAL.format(impact, roles) for impact, roles in said)


def test_who_signs_is_read_by_impact() -> None:
    text = _approving(("light", '"owner"'), ("standard", '"owner"'), ("high", '"security", "owner"'))
    made = parse_policy(text, file="toy.toml", cards=CARDS)
    assert made.signers(Impact.HIGH) == (SignerRole.SECURITY, SignerRole.OWNER)
    assert made.signers(Impact.LIGHT) == (SignerRole.OWNER,)
    assert made.digest != parse_policy(written(rule()), file="toy.toml", cards=CARDS).digest
    assert parse_policy(written(rule()), file="toy.toml", cards=CARDS).signers(Impact.LIGHT) == ()


OWNER = '"owner"'


@pytest.mark.parametrize(
    ("said", "key", "says"),
    [
        ((("light", OWNER), ("standard", OWNER)), "approval", "light, standard and high"),
        ((("light", OWNER), ("standard", OWNER), ("high", "")), "approval[3].roles", "names nobody"),
        ((("light", OWNER), ("standard", OWNER), ("high", f"{OWNER}, {OWNER}")), "approval[3].roles", "twice"),
        ((("light", OWNER), ("light", OWNER)), "approval[2].impact", "was said before"),
        ((("light", OWNER), ("standard", OWNER), ("high", '"security"')), "approval[3].roles", "lacks owner"),
        ((("light", OWNER), ("standard", OWNER), ("high", '"press"')), "approval[3].roles[1]", "press"),
    ],
)
def test_faults_of_who_signs(said: tuple[tuple[str, str], ...], key: str, says: str) -> None:
    found = faults(_approving(*said))
    assert any(fault.key == key and says in fault.says for fault in found), found
