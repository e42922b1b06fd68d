"""What a publication thinks a good comparison is: the weights of its parts, as whole numbers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from digest.model.noun import Noun

Points = Annotated[int, Field(ge=0, le=1_000)]


class PairingRules(Noun):
    """The table [pairing] of digest.toml.

    Attributes:
        floor: A pair with fewer points never stands in an issue.
        recent: For how many weeks a tool that was never compared stays a candidate.
        category: Points for standing on the same shelf.
        word: Points a unit of a shared word: 1 where both descriptions have it, 2 where one has it in its tagline,
            4 where both have.
        panel: Points where every reviewer would ship the one and skip the other; fewer split, fewer points.
        price: Points where one is free and the other has a price.
        licence: Points where one is open and the other closed.
        freshness: Points a tool of this week's; half of them for one that waited.
        interest: Points for the category that readers like best; as many less for the one they like least.
    """

    floor: Annotated[int, Field(ge=1, le=10_000)] = 70
    recent: Annotated[int, Field(ge=0, le=52)] = 8
    category: Points = 40
    word: Points = 3
    panel: Points = 24
    price: Points = 8
    licence: Points = 8
    freshness: Points = 8
    interest: Points = 10
