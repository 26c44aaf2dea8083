"""The command line: each file here with ``add_arguments`` and ``run`` is a command of that name.

Their first docstring line is the help. ``run(args) -> int`` returns the exit status; a Refusal it
lets out is said in one line. ``args.out`` (see ``out.py``) prints for people or, with --json, for machines.
"""
