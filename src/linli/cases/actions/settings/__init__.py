"""What a community decides about its cases, changed by its leader or admin: dated rows, audited."""
