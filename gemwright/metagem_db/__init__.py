"""MetaGEM-DB: enzyme-metabolite pairs from the public databases (section 4.1 of the paper)."""
