"""Places of the four levels, their codes, boundaries and QR codes; duties: who has which role where."""
