"""What a plot shows, as plain numpy arrays and labels; nothing here draws."""
