"""Metrics, their baselines, verdicts and the report."""
