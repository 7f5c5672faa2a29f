"""The command line, and the only place that connects the parts of the program.

Each command imports what it needs in its function, so that `zhaibao --help` starts quickly.

    main            the program: its commands, its errors, its exit status
    setup … steps   the commands, one file per subject
    assembly        builds the parts of the program from the settings
    printing        the output of the commands on a terminal
"""
