"""The configuration: one class a section, which is also what the library's functions take."""
