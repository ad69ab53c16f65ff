from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from weighbridge.adapters.formats.candidate_file import TriageEntry, parse_candidate
from weighbridge.adapters.formats.draft import Found, draft, replace_triage, write_draft
from weighbridge.core.candidate import Role, Said
from weighbridge.core.replication import Replication, doubts

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(
    lambda t: t.strip() and "/" not in t
)


@given(
    names,
    st.lists(
        st.tuples(names, st.sampled_from(["csv", "safetensors", "text", "unknown", "pdf"])), min_size=1, max_size=6
    ),
)
def test_a_draft_reads_back(name: str, files: list[tuple[str, str]]) -> None:
    found = [Found(label=label, format=kind) for label, kind in files]
    made = draft(name, found, base_name="some/base")
    again = parse_candidate(write_draft(made), file="f")
    assert again.name == name
    assert [(e.role, e.path) for e in again.artefact] == [(g.entry.role, g.entry.path) for g in made.guesses]


def test_a_folder_of_one_kind_is_one_entry() -> None:
    found = [Found(label=f"images/{n}.png", format="png") for n in range(3)] + [Found(label="a.csv", format="csv")]
    assert [g.entry.path for g in draft("c", found).guesses] == ["a.csv", "images"]


def test_each_guess_has_its_reason() -> None:
    made = draft(
        "c", [Found(label="m/model.safetensors", format="safetensors"), Found(label="m/train.csv", format="csv")]
    )
    written = write_draft(made)
    assert {g.entry.role for g in made.guesses} == {Role.WEIGHTS, Role.TRAIN_DATA}
    assert all(f"# {guess.why}" in written for guess in made.guesses)
    assert 'component = "train-data"' in written


def test_native_models_of_boosting_are_weights() -> None:
    found = [Found(label="m.json", format="xgboost"), Found(label="m.txt", format="lightgbm")]
    made = draft("c", [*found, Found(label="train.csv", format="csv")])
    assert [g.entry.role for g in made.guesses] == [Role.WEIGHTS, Role.WEIGHTS, Role.TRAIN_DATA]


def test_answers_replace_their_table_and_nothing_else() -> None:
    entry = '[[artefact]]\nrole = "data"\npath = "a"  # mended by hand\n'
    answers = TriageEntry(harm=Said.NO, languages=("en",), answered_by="R.")
    for before in (
        f'name = "c"\n{entry}',
        f'name = "c"\n[triage]\nharm = "yes"\nreason = "old"\n\n{entry}',
        f'name = "c"\n{entry}[triage]  # last\nharm = "yes"\n',
    ):
        after = replace_triage(before, answers)
        made = parse_candidate(after, file="f")
        assert made.triage == answers
        assert "# mended by hand" in after
        assert replace_triage(after, answers) == after


def test_what_the_weights_tell_is_filled_in_and_said_to_be_a_guess() -> None:
    found = [Found(label="model.safetensors", format="safetensors")]
    written = write_draft(draft("c", found, n_parameters=124_439_808))
    assert "parameters = 124439808  # guessed" in written
    facts = parse_candidate(written, file="f").replication
    assert facts == Replication(parameters=124439808.0)
    assert facts == draft("c", found, n_parameters=124_439_808).file.replication
    for n in (0, 15):  # so few would be asked back
        unfilled = draft("c", found, n_parameters=n)
        assert unfilled.file.replication is None
        assert parse_candidate(write_draft(unfilled), file="f").replication is None
    head, told, rest = written.partition("[replication]")
    whole = parse_candidate(head + told + rest.replace("\n# ", "\n"), file="f").replication
    assert whole is not None
    assert whole.tokens
    assert whole.data
    assert whole.staff.months
    assert whole.fine_tuning
    assert whole.distillation
    assert doubts(whole) == ()
    assert "# tokens" in written
    assert "# tokens" not in write_draft(draft("c", [Found(label="a.csv", format="csv")]))


def test_a_publishers_bundle_belongs_to_the_model_that_it_signs() -> None:
    bundle, model = Found(label="model.sig", format="json"), Found(label="m.safetensors", format="safetensors")
    assert {g.entry.path: g.entry.role for g in draft("c", [bundle, model]).guesses}["model.sig"] is Role.WEIGHTS
    assert [g.entry.role for g in draft("c", [bundle]).guesses] == [Role.DATA]
    rows = Found(label="model.sig", format="csv")  # a table by another name is data
    assert {g.entry.path: g.entry.role for g in draft("c", [rows, model]).guesses}["model.sig"] is Role.DATA


def test_ranks_are_a_tokenizer_also_without_a_model() -> None:
    (guess,) = draft("t", [Found(label="cl100k_base.tiktoken.gz", format="text")]).guesses
    assert guess.entry.role is Role.TOKENIZER
