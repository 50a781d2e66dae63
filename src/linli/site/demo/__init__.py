"""The demo: three communities, their people and a few months of their life, all of it synthetic (`loading.py`)."""
