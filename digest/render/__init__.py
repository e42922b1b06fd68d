"""An issue becomes a mail: Jinja2 → MJML → HTML with its plain rules inlined, and a text part that says the same.

Importing this package costs nothing; `digest.render.email` brings the compiler and the inliner with it.
"""
