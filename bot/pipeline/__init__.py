"""The steps collect → publish → deliver, in this order. Each step may run again, late, or in two processes at
once; the database decides what happens only once.
"""
