"""The door for programs that speak the Model Context Protocol: `summarise mcp`, over stdio or HTTP.

    settings   what the server was told when it was started
    allowed    the folders that may be read, and nothing outside them
    runs       briefs being made, whether or not somebody waits for them
    told       what tools return, beside the types of the brief's own contract
    making, reading, resources   the tools, and what can be read by address
    guard, server                Host, Origin, token and size over HTTP; both transports

Everything is `summarise.abrief` and the store beneath: the same inputs make the same brief as at every other door.
Needs the extra `mcp`, which is loaded when the server starts and not before.
"""
