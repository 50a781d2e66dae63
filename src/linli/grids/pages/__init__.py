"""Pages of the places, one topic a file: scan, maps, settings of places, duties and wishes, homes."""
