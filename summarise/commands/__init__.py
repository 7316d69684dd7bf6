"""The bodies of the commands, one module a group: they open what is needed, show, and end with an exit code."""
