"""What an audience may see of a figure by place: the rules are the metric layer's."""

from obhvat.metrics.audience import hidden_municipalities, hidden_schools, is_hidden

__all__ = ["hidden_municipalities", "hidden_schools", "is_hidden"]
