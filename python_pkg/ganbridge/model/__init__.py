"""What a user holds after training: the fit, its samples and its file."""
