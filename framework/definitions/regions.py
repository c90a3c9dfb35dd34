"""Regions: where in the United Kingdom a supplier has its head office."""

from enum import StrEnum


class Region(StrEnum):
    """A region of England, a nation, or anywhere else."""

    NORTH_EAST = "north_east"
    NORTH_WEST = "north_west"
    YORKSHIRE = "yorkshire"
    EAST_MIDLANDS = "east_midlands"
    WEST_MIDLANDS = "west_midlands"
    EAST = "east"
    LONDON = "london"
    SOUTH_EAST = "south_east"
    SOUTH_WEST = "south_west"
    SCOTLAND = "scotland"
    WALES = "wales"
    NORTHERN_IRELAND = "northern_ireland"
    ABROAD = "abroad"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Region.NORTH_EAST: "North East England",
    Region.NORTH_WEST: "North West England",
    Region.YORKSHIRE: "Yorkshire and the Humber",
    Region.EAST_MIDLANDS: "East Midlands",
    Region.WEST_MIDLANDS: "West Midlands",
    Region.EAST: "East of England",
    Region.LONDON: "London",
    Region.SOUTH_EAST: "South East England",
    Region.SOUTH_WEST: "South West England",
    Region.SCOTLAND: "Scotland",
    Region.WALES: "Wales",
    Region.NORTHERN_IRELAND: "Northern Ireland",
    Region.ABROAD: "Outside the United Kingdom",
}
