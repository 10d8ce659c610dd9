"""What metrics are computed on: a column, a channel, a pair of columns, whole rows, a prediction, privacy.

A subject holds rows of the generated data and of the baseline, and hands arrays of both to a metric in the same way.
"""
