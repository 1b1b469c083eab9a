"""Records out of rows, by mappings that are data.

A mapping is a TOML file in `by_source/`; `spec.py` says what may stand in it, `converters/` what its `as`
may name. `files.FileReading` reads a source's file through its mapping.
"""
