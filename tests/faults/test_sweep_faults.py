"""Whatever befalls the sweep, the next one makes it good: nothing lost, nothing doubled.

RT lost 4 tickets in such a run, django-helpdesk 10; with two sweeps at once RT doubled 98 % of its escalations,
django-helpdesk 99.9 %. glpi adds the next level, deletes a row and updates the ticket without a transaction
(SlaLevel_Ticket.php), osTicket saves the flag and then sends the alert (class.ticket.php): a crash loses one or the
other, so we die before and after each write.
"""

from random import Random

from tests.faults import faults
from tests.faults.acts import PLAYS, play_round, points_of
from tests.faults.measuring import measure
from tests.faults.rounds import SEED, even, play, sweep_points
from tests.faults.scene import Fault, Scene
from tests.faults.stage import Stage
from tests.faults.tally import CONTROL, Figures, Tally


def test_after_every_round_of_faults_nothing_is_lost_or_doubled(stage: Stage, tally: Tally) -> None:
    """glpi's SlaLevel_Ticket.php: level, row and ticket without a transaction. osTicket's class.ticket.php: flag, then alert."""
    owed = play(stage, tally)
    assert even(measure(stage, owed)), "and no later round has touched what an earlier one had settled"


def control(stage: Stage, tally: Tally, kind: str, fault: Fault, step: int = 0) -> Figures:
    """Play one round in which something is missing that we rely on."""
    scene = Scene(stage, tally, Random(SEED), step)
    found = scene.end(fault(scene))
    tally.add(CONTROL + kind, stage.database, found)
    return found


def test_without_locks_the_unique_key_alone_keeps_each_level_single(stage: Stage, tally: Tally) -> None:
    """chatwoot's evaluate_applied_sla_service.rb asks and then creates: two workers, two events."""
    assert even(control(stage, tally, "no locks, unique key kept", faults.without_locks))


def test_without_locks_and_unique_key_the_same_script_finds_doubles(stage: Stage, tally: Tally) -> None:
    """chatwoot's evaluate_applied_sla_service.rb asks and then creates: two workers, two events."""
    faults.drop_unique_key()
    found = control(stage, tally, "no locks, no unique key", faults.without_locks)
    assert found.doubled_levels > 0
    assert found.doubled_events > 0


def test_with_locks_but_without_the_key_sweeps_share_the_work(stage: Stage, tally: Tally) -> None:
    """The locks and the key stand apart: either alone leaves no level to be climbed twice."""
    faults.drop_unique_key()
    assert even(control(stage, tally, "locks, no unique key", faults.many_at_once))


def test_without_the_one_transaction_the_same_script_finds_losses(stage: Stage, tally: Tally) -> None:
    """The control of the kills: a sweep that writes statement by statement loses what it had not come to."""
    killed = (
        control(stage, tally, "no transaction", faults.without_transaction, step)
        for step in range(1, sweep_points(stage), 3)
    )
    assert any(found.lost for found in killed)


def test_without_the_one_transaction_acts_of_a_person_are_half_done(stage: Stage, tally: Tally) -> None:
    """The control of their kills: written statement by statement, a pause cut off is there and can't be made whole."""
    pause = PLAYS["killed in a pause"]

    def cut_off(step: int) -> Figures:
        came_to = play_round(stage, tally, pause, step, tied=False)
        tally.add(f"{CONTROL}a pause without transaction", stage.database, came_to)
        return came_to

    assert any(not even(cut_off(step)) for step in range(4, points_of(stage, pause), 4)), (
        "nothing was half done"
    )
