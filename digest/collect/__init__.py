"""From a feed's bytes to tools: parse, recognise, identify.

    bytes → parse_feed → entries → recognise → launches → identify → tools

Each step is a pure function of plain values; fetching, storing and the clock belong to the job that calls them.
"""
