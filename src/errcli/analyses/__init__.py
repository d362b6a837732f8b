"""The questions: each a module that declares parameters and rows, and the SQL beside it that answers.

To add one: `NAME.sql`, `NAME.py` with an `ANALYSIS`, and a case in `tests/cases/NAME/`; nothing to register.
"""
