"""The pages of the digest: reading editions and articles, signing up, and a subscriber's settings.

    application   the routes, and what holds for every answer (guard.py)
    editions      the newest edition, each edition, the list, feeds and search
    articles      the article of a story with the digest's sentences marked
    sign_up       the form, the mailed link and its confirmation
    preferences   a subscriber's own page, and unsubscribing by one click

Every page comes from the database, so several machines may serve them.
"""
