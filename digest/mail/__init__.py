"""The mail's ground: the MIME message, its headers, the merge field."""
