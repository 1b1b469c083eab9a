"""veraPDF, which says whether a PDF keeps to PDF/A-2b and PDF/UA-1.

`python -m tests.servers.verapdf` fetches it, once; without it the tests that ask it are skipped.
"""
