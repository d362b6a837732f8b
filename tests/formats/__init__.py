"""Fixtures of the formats: what real libraries wrote, the scripts that had them write it, and what tests share."""
