from replays import HEALTH, candidate, compared, detected, gpt2, imagined, weighing, with_substitute
from weighbridge.app.account import assumptions
from weighbridge.core.plans import Worth


def test_the_worksheet_has_six_steps_and_says_which_are_not_known() -> None:
    steps = gpt2().worksheet
    assert len(steps) == 6
    assert [step.is_known for step in steps] == [False, False, False, False, False, True]
    assert "as long as nothing else serves as well" in str(steps[3].says[0])
    assert "in en: not measured" in str(steps[2].says[0])


def test_a_shown_substitute_tells_what_risk_there_is_already_and_what_is_added() -> None:
    steps = compared(weighing(worth=with_substitute(1000, 20000))).worksheet
    assert steps[1].is_known
    assert "grover" in str(steps[1].says[0])
    assert steps[3].is_known
    assert "were there no substitute" in str(steps[3].says[0])


def test_a_measured_defence_is_told() -> None:
    steps = compared(weighing(evidence=(detected(0.7, 0.8, 0.9),))).worksheet
    assert "80%" in str(steps[2].says[0])


def test_every_actor_and_every_chance_stands_among_the_assumptions_with_its_source() -> None:
    told = [str(text) for text in gpt2().assumptions]
    for actor in gpt2().actors:
        assert any(actor.says in text and "assumed" in text for text in told)
    assert sum("gets out within a year" in text for text in told) == 4
    assert any("were made again" in text and "missing" in text for text in told)
    assert any("no share is all" in text for text in told)


def test_it_is_said_that_how_many_a_benefit_serves_moves_no_figure() -> None:
    with_one, without = candidate(worth=Worth(benefits=(HEALTH,))), candidate()
    assert any("How many they are moves no figure" in str(text) for text in assumptions(imagined(with_one)))
    assert not any("moves no figure" in str(text) for text in assumptions(imagined(without)))
