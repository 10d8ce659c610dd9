"""Plots: what a plot shows, as arrays, and matplotlib that draws it."""
