"""What differs between kinds of data."""
