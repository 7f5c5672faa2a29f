"""The command line, and the one place where the parts are put together.

What a command needs is imported inside it, so that `zhaibao --help` answers at once.

    main            the program: its commands, its errors, its exit status
    setup … steps   the commands, a file a subject
    assembly        the parts of the program, put together from the settings
    printing        what commands show on a terminal
"""
