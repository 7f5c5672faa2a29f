"""The ways to read the present content of a source: a file for each transport, and what they share.

context        what a reading may use, and its deadline   reading      its result web_document   one document
at a web address               disk_files   the files of a folder issue          the pages of a newspaper's
issue           mails        the mails of an account entries        the pages of entries
documents    one document, parsed in a worker process table          transport → its function
"""
