"""Metrics: numbers known of a member, counted over what they do."""

from collections.abc import Iterable

from besitos.core.activity import topic_of
from besitos.core.event import DailyClaimed, GiftReceived, GiftSent, MissionCompleted, RewardClaimed
from besitos.core.past import RecallMetric
from besitos.game.asking import Vocabulary, spans_asked
from besitos.game.catalogue import RESULTS
from besitos.game.document import Document
from besitos.game.measuring import Measure
from besitos.game.mechanic import Handles, Listens, Mechanic, Phase
from besitos.mechanics.metric.decide import MetricAtWork, has_rows, measure, needs, recall
from besitos.mechanics.metric.model import METRICS_SECTION, Metric

BUILT_IN: dict[str, str] = {
    "reactions": "reaction.added",
    "daily_gifts": topic_of(DailyClaimed),
    "purchases": "gamification.item_purchased",
    "trivia_answers": "gamification.trivia_answered",
    "gifts_sent": topic_of(GiftSent),
    "gifts_received": topic_of(GiftReceived),
    "auctions_won": "gamification.auction_won",
    "missions_completed": topic_of(MissionCompleted),
    "rewards_claimed": topic_of(RewardClaimed),
    "fragments_completed": "narrative.fragment_completed",
    "badges": "gamification.achievement_unlocked",
}
"""Metrics that every game counts, and what they count."""


def compile_metrics(document: Document) -> Iterable[tuple[str, MetricAtWork]]:
    """The metrics of the game, and those that every game has."""
    asked, stored = spans_asked(document), Vocabulary(document).stored
    built_in = {name: Metric.model_validate({"when": topic}) for name, topic in BUILT_IN.items()}
    for name, metric in {**built_in, **document.all("metric")}.items():
        assert isinstance(metric, Metric)
        yield (
            f"metric/{name}",
            MetricAtWork(
                Measure.of(name, metric, document, stored.get(name, "")),
                asked.get(name, ()),
                is_at_once=name in built_in and metric.when[0].partition(".")[0] in RESULTS,
            ),
        )


METRIC = Mechanic(
    name="metric",
    sections=(METRICS_SECTION,),
    compile=compile_metrics,
    listens=(
        Listens(
            lambda metric: () if metric.is_at_once else metric.measure.topics, measure, Phase.METRIC, needs, has_rows
        ),
        Listens(lambda metric: metric.measure.topics if metric.is_at_once else (), measure, Phase.AT_ONCE),
    ),
)


def compile_past(_: Document) -> Iterable[tuple[str, None]]:
    """What a metric was is said by whoever has computed it: the game has no part in it."""
    yield "metrics_past", None


METRICS_PAST = Mechanic(name="metrics_past", compile=compile_past, handles=(Handles(RecallMetric, recall),))
"""What metrics come to over the time before they were counted."""
