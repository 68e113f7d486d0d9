"""What users hand in: the organism sheet, tables, and their checks."""
