"""`SearchIndex` on Elasticsearch, of 8.19 or 9.

A copy is an index, `NAME-1`, `NAME-2` and so on, and NAME the alias of the one that is looked into. How they
are made stands in `template.json`; `grams` and `documents` say what a document is there, and `queries` what a
question is.

Only whoever opens an index loads the client.
"""
