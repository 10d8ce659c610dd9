"""What a user holds after training: the fit, its description, its samples and its file."""
