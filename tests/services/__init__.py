"""The servers that tests, benchmarks and the soak need: found on this machine, started, stopped, killed.

Nothing here knows pytest; the fixtures stand in `tests/conftest.py`.
"""
