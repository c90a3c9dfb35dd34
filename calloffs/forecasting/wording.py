"""A forecast in words: its headline, what comes first, when to start again, and the one line for whoever decides."""

from datetime import date

from calloffs.forecasting.forecast import LEAST, Forecast, Outlook
from framework.definitions.dates import in_words


def month_of(day: date) -> str:
    """Such as "March 2027"."""
    return f"{day:%B %Y}"


def between(earliest: date, latest: date) -> str:
    """Both months, or the one that they share."""
    one, other = month_of(earliest), month_of(latest)
    return f"in {one}" if one == other else f"between {one} and {other}"


def headline(name: str, found: Forecast) -> str:
    """What the picture shows, in a sentence without its stop."""
    last = in_words(found.last_day)
    match found.outlook:
        case Outlook.ENDED:
            return f"{name}: the agreement ended on {last}"
        case Outlook.REACHED:
            return f"{name}: nothing is left under the ceiling"
        case Outlook.NOT_ENOUGH:
            return f"{name}: not enough data for a forecast"
        case Outlook.LASTS:
            return f"{name}: the ceiling lasts until the agreement ends on {last}"
        case Outlook.MAY_RUN_OUT:
            assert found.earliest is not None
            return f"{name}: the ceiling may run out from {month_of(found.earliest)}, before the agreement ends on {last}"
    assert found.earliest is not None
    assert found.latest is not None
    return f"{name}: the ceiling runs out {between(found.earliest, found.latest)}, before the agreement ends on {last}"


def runs_out(found: Forecast) -> str:
    """The month or months for a table."""
    match found.outlook:
        case Outlook.ENDED:
            return "The agreement has ended"
        case Outlook.REACHED:
            return "Reached"
        case Outlook.NOT_ENOUGH:
            return "Not enough data"
        case Outlook.LASTS:
            return "Not before the end"
        case Outlook.MAY_RUN_OUT:
            assert found.earliest is not None
            return f"{month_of(found.earliest)}, or not before the end"
    assert found.earliest is not None
    assert found.latest is not None
    first, last = month_of(found.earliest), month_of(found.latest)
    return first if first == last else f"{first} to {last}"


def why_not(found: Forecast) -> str:
    """Why nothing is forecast, or blank."""
    if found.outlook is Outlook.NOT_ENOUGH:
        known = len(found.history)
        months = "1 whole month" if known == 1 else f"{known or 'no'} whole months"
        return f"A forecast needs {LEAST} whole months since the first commitment. There are {months}."
    return ""


def start(found: Forecast) -> str:
    """When a re-procurement has to start; blank once the agreement has ended."""
    if found.outlook is Outlook.ENDED:
        return ""
    if found.start_by is None:
        return "Start now: nothing is left."
    if found.is_late:
        return f"Start now: it should have begun by {in_words(found.start_by)}."
    return f"Start a new procurement by {in_words(found.start_by)}."


def begin(found: Forecast) -> str:
    """The same for a table's cell."""
    if found.outlook is Outlook.ENDED:
        return "The agreement has ended"
    if found.start_by is None:
        return "Now"
    return f"Now: due by {in_words(found.start_by)}" if found.is_late else f"By {in_words(found.start_by)}"


def lasts(found: Forecast) -> str:
    """How long what is left lasts, to follow a comma: "lasts until about March 2027"; blank where nothing can be said."""
    match found.outlook:
        case Outlook.RUNS_OUT:
            assert found.earliest is not None
            assert found.latest is not None
            first, last = month_of(found.earliest), month_of(found.latest)
            return f"lasts until about {first}" + ("" if first == last else f", at the slow rate {last}")
        case Outlook.MAY_RUN_OUT:
            assert found.earliest is not None
            return (
                f"lasts until about {month_of(found.earliest)} at the fast rate, at the slow rate to the end"
            )
        case Outlook.LASTS:
            return f"lasts to the last day of the agreement, {in_words(found.last_day)}"
        case Outlook.NOT_ENOUGH:
            return "not enough data to say how long it lasts"
    return ""


def left_line(found: Forecast) -> str:
    """Such as "£312,400 of £1,200,000 left, lasts until about March 2027", on the agreement's basis."""
    if found.left.pence < 0:
        return f"{(-found.left).short} more than is left of {found.ceiling.short}"
    said = f"{found.left.short} of {found.ceiling.short} left"
    return f"{said}, {words}" if (words := lasts(found)) else said
