"""Sends the same bytes to H3, nginx and Node, and compares what each takes for a request.

streams makes them, servers and exchange carry them, framing and rules say what RFC 9112 makes of them, judge compares,
minimize shrinks what is found.
"""
