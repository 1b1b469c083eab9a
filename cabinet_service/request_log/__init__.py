"""The requests that programs of a company made with its keys, for whoever manages these."""
