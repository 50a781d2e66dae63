"""Pages of the cases: the residents' (report, mine, one case, files, public list) and the workbench."""
