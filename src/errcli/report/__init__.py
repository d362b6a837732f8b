"""The report: the five questions of one window as one HTML page, with pictures, that needs nothing else.

It stands on the registry of analyses: each table is a `Result` of the runner, and each picture is drawn of one.
Needs the extra `report`.
"""
