"""Metrics: arrays in, named numbers out; never a model."""
