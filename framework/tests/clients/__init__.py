"""Real clients and proxies against h3-demo: one table of what each does, checked by content.

exchanges is the table, site the server with its files, and the other modules are the clients.
"""
