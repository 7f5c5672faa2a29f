"""Source kinds: bytes → articles, pure. A kind is one file in kinds/ and one row in KINDS (kinds/table.py).

docs/how-to/add-a-source.md says how to add one.

    page      a newspaper page, as text, PDF or picture → its articles
    feed      RSS, Atom, JSON Feed → entries → articles
    webpage   an article's web page → the article
    site      a section page → entries, whose articles stand on other pages
    epaper    an electronic newspaper → one day's issue, page by page
    telegram  a public channel's preview → its messages as articles
    mailbox   newsletters, over IMAP or as files → their items as articles
    folder    texts, Markdown, HTML, PDF, pictures and mails dropped into a folder → an article each

Beside the kinds: html (web pages → prose and articles), teasers (teaser + page → article), opml (lists of
feeds), discovery (what stands at an address), robots, picture (the main image's address), pdf and scan (lines
with their places), mail_reader, markdown, and parsing, which composes them to what a worker process is asked
for.

Nothing is imported here, since the readers' libraries take longer to load than a page takes to be read.
"""
