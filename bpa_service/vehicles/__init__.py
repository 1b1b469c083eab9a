"""What many sources know of vehicles: read, brought to one form, and told apart from silence.

`records` is that one form, and says how it is to be read. `reading` takes rows out of files of any kind,
`mappings` makes records of them by tables that are data, `sources` asks for them.
"""
