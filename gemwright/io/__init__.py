"""Reading and writing: atomic files, checked Parquet tables, FASTA, delimited tables."""
