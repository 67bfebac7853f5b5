"""The graph in other people's libraries and formats, and back: networkx, node-link JSON, py2neo.

What goes out are folded nodes and edges, as an answer holds them. What comes back are
facts, ready to be claimed: a library has no word for which source said what and when.
``attributes`` says once which attributes stand for what; the others only carry them.
"""
