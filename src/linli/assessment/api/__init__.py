"""The API of assessment."""
