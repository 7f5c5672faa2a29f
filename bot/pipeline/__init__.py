"""Collect → publish → deliver: the only place where things happen in order. Each step may be run again, late, or by
two processes at once; what must happen once is decided by the database.
"""
