"""What the process counts for Prometheus."""

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from besitos.engine.outcome import Outcome
from besitos.store.retention import Cleared

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
SIZES = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000)


class Metrics:
    """One application's counters, in a registry of their own: two applications in a process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._requests = Counter(
            "besitos_http_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self._latency = Histogram(
            "besitos_http_seconds", "Seconds until the answer.", ("route",), buckets=BUCKETS, registry=self.registry
        )
        self._batches = Histogram(
            "besitos_engine_batch_size", "Activities committed together.", buckets=SIZES, registry=self.registry
        )
        self._outcomes = Counter(
            "besitos_engine_outcomes", "Activities by how they ended.", ("status",), registry=self.registry
        )
        self._letters = Gauge("besitos_dead_letters", "Activities that failed and wait.", registry=self.registry)
        self._lag = Gauge("besitos_timers_lag_seconds", "How late the oldest due timer is.", registry=self.registry)
        self._version = Gauge("besitos_game_version", "The game in force.", registry=self.registry)
        self._audit = Gauge(
            "besitos_audit_violations", "Rules that the last audit found broken; -1 before it.", registry=self.registry
        )
        self._audit.set(-1)
        self._cleared_at = Gauge(
            "besitos_retention_timestamp_seconds",
            "When what is past its time was last cleared, since 1970; 0 before it.",
            registry=self.registry,
        )
        self._cleared = Gauge(
            "besitos_retention_rows", "Rows cleared in all, by what they were.", ("what",), registry=self.registry
        )
        self._latencies: dict[str, Histogram] = {}
        self._answered: dict[tuple[str, str, int], Counter] = {}

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request. The meter of each combination is looked up once: doing so costs more than counting."""
        name = (method, route, status)
        counter = self._answered.get(name)
        if counter is None:
            counter = self._answered[name] = self._requests.labels(method, route, str(status))
        latency = self._latencies.get(route)
        if latency is None:
            latency = self._latencies[route] = self._latency.labels(route)
        counter.inc()
        latency.observe(seconds)

    def committed(self, outcomes: Sequence[Outcome]) -> None:
        """Count a batch of the engine."""
        self._batches.observe(len(outcomes))
        for outcome in outcomes:
            self._outcomes.labels("replayed" if outcome.replayed else outcome.status.value).inc()

    def audited(self, violations: int) -> None:
        """What the last audit found, in whichever process it was made."""
        self._audit.set(violations)

    def cleared(self, gone: Cleared) -> None:
        """What of the past is gone, whichever process cleared it."""
        self._cleared_at.set(0 if gone.at is None else gone.at.timestamp())
        for what, rows in gone.rows.items():
            self._cleared.labels(what).set(rows)

    def condition(self, dead_letters: int, timers_lag: float, game_version: int) -> None:
        """What was found in the database just now."""
        self._letters.set(dead_letters)
        self._lag.set(timers_lag)
        self._version.set(game_version)

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self.registry)
