"""One module a family of subcommands; see :mod:`linli.runtime.cli` for the list."""
