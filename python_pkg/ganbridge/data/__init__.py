"""What users hold, in one form: the only reader of pandas and of R's plain lists."""
