"""Linli 邻里: a platform on which a community governs itself with its residents."""

from __future__ import annotations

__version__ = "0.1.0"
