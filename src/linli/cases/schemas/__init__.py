"""What the API takes and gives for cases, with examples; the OpenAPI document is made from these."""
