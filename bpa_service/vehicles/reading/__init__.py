"""Rows out of files of any kind, streamed: memory does not grow with the file.

`read` finds out by the content what a file is, not by its name: delimited text, NDJSON, JSON, XLSX or Parquet, as
it is or within gzip or zip. What cannot be a row is a reject with its place and reason; where no more can be read
`FileRefused` is raised, and all that came before it stands.
"""
