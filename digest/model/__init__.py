"""The nouns of the newsletter and their arithmetic: frozen, typed, without files, sockets, clocks or SQL.

A noun says what a thing is and what can be computed from it alone. Everything else is done to it elsewhere.
"""
