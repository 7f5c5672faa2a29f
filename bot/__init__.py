"""Zhaibao 摘报: reads newspaper pages and feeds, condenses each article to its own sentences, delivers a
digest.
"""
