"""Ways to bring what a source holds now: a file for each transport, and what they share.

context        what a reading may use, and until when      reading      what it brings
web_document   one document at a web address               disk_files   the files of a folder
issue          a newspaper's pages of a day                mails        the mails of an account
entries        the pages that entries lead to              documents    one document, parsed in a worker process
table          transport → its function
"""
