"""Where records come from: files that are dropped, and sources that are asked about one vehicle.

`connector.Connector` is what a source is, `asking.Asker` asks one within its limits and never fails, `rest` asks
over HTTP as a mapping says, `bulk` finds dropped files, `simulator` answers in place of a source, with faults.
"""
