"""Written English as it is read aloud, where the natural voices' own reader would read it otherwise.

That reader (`hibari.g2p.normalize`) knows times, dates, most money, units and abbreviations. What stands here
was found by comparing its readings with those of people over the texts of
`tests/engine/speech/words/written_and_said.py`, and comes before it.
"""

# ruff: noqa: RUF001 (typographic signs)
from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_DIGITS = ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_CURRENCIES = {"$": "dollar", "£": "pound", "€": "euro"}
_SCALES = {"k": "thousand", "m": "million", "b": "billion", "bn": "billion"}
_COUNTRIES = {"US": "U.S.", "C": "Canadian", "CA": "Canadian", "A": "Australian", "AU": "Australian"}
# Units that the reader lacks, or that it takes for letters: one, several.
_UNITS = {
    "m": ("meter", "meters"), "l": ("liter", "liters"), "L": ("liter", "liters"), "g": ("gram", "grams"),
    "t": ("ton", "tons"), "h": ("hour", "hours"), "s": ("second", "seconds"), "V": ("volt", "volts"),
    "W": ("watt", "watts"), "A": ("ampere", "amperes"), "K": ("kelvin", "kelvin"),
    "ha": ("hectare", "hectares"), "in": ("inch", "inches"), "yr": ("year", "years"),
    "yrs": ("year", "years"), "dB": ("decibel", "decibels"), "kcal": ("kilocalorie", "kilocalories"),
    "MP": ("megapixel", "megapixels"), "px": ("pixel", "pixels"),
}  # fmt: skip
_PER = {"m/s": "meters per second", "g/l": "grams per liter", "mg/l": "milligrams per liter"}
_LENGTHS = {"km": "kilometers", "m": "meters", "cm": "centimeters", "mm": "millimeters", "ft": "feet"}
# Before a noun a measure is one: a five dollar bill, a sixteen gigabyte phone. The reader says many.
_ADJECTIVE_UNITS = {
    "GB": "gigabyte", "MB": "megabyte", "TB": "terabyte", "km": "kilometer", "cm": "centimeter",
    "mm": "millimeter", "kg": "kilogram", "mg": "milligram", "lb": "pound", "oz": "ounce", "mi": "mile",
    "ft": "foot", "min": "minute", "hr": "hour", "W": "watt", "V": "volt", "m": "meter", "kW": "kilowatt",
    "MP": "megapixel",
}  # fmt: skip
_ABBREVIATIONS = {
    "e.g.": "for example", "i.e.": "that is", "approx.": "approximately", "Approx.": "Approximately",
    "ca.": "about", "max.": "maximum", "incl.": "including", "resp.": "respectively",
    "Dept.": "Department", "dept.": "department", "Sq.": "Square", "Pl.": "Place", "Ct.": "Court",
    "Nr.": "Number", "p.": "page", "sec.": "seconds", "hrs.": "hours", "misc.": "miscellaneous",
    "'n'": "and", "n/a": "not applicable", "N/A": "not applicable", "c/o": "care of",
}  # fmt: skip
_ROADS = "St|Ave|Blvd|Rd|Ln|Dr|Hwy|Way|Street|Avenue|Road|Boulevard|Lane|Drive"
# Their numbers are said by the hundreds, as those of houses are.
_NUMBERED = "Room|Suite|Apartment|Apt\\.|Route|Highway|Interstate|Gate|Flight|Boeing|Airbus|Bus|Area"
_QUARTERS = {"NW": "northwest", "NE": "northeast", "SW": "southwest", "SE": "southeast"}
# Only after a comma, as in an address: alone, many of them are words.
_STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho",
    "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina",
    "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania",
    "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas",
    "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington", "WV": "West Virginia",
    "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_SITES = "com|org|net|edu|gov|io|co|uk|de|fr|eu|info|app|dev|tv|me|ai"
_FILES = "csv|pdf|jpg|png|mp3|mp4|txt|exe|zip|json|html|xml|doc|xls|py|js|wav|gif"
_IN_ADDRESS = {
    ".": " dot ", "/": " slash ", "@": " at ", "-": " dash ", "_": " underscore ", ":": " colon ",
    "?": " question mark ", "=": " equals ", "&": " and ", "#": " hash ", "%": " percent ", "+": " plus ",
    "~": " tilde ",
}  # fmt: skip
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_SCALE = r"(?: ?(thousand|million|billion|trillion|bn|[kKmMbB])\b)?"
_SAYABLE = r"(?<![\w.,/-])"
_ENDS = r"(?![\w/-]|[.,]\d)"


def as_read_aloud(text: str) -> str:
    """English with its signs, addresses, measures and numbers in words, as far as the reader would miss them.

    Words are left as they are, and so is white space at both ends.
    """
    for pattern, reading in _READINGS:
        text = pattern.sub(reading, text)
    return text


def spelled_digits(digits: str, *, pauses: bool = False) -> str:
    """A row of digits one by one, `oh` for zero; other characters are passed over."""
    return (", " if pauses else " ").join(_DIGITS[int(char)] for char in digits if char.isdecimal())


def _web_address(found: re.Match[str]) -> str:
    address = re.sub(r"^(?:https?|ftp)://", "", found.group(), flags=re.IGNORECASE)
    end = address[len(address.rstrip(".,;:!?")) :]
    address = address.rstrip(".,;:!?/")
    address = re.sub(r"^www(?=\.)", "W W W", address, flags=re.IGNORECASE)
    return "".join(_IN_ADDRESS.get(char, char) for char in address).strip() + end


def _amount(sign: str, number: str, scale: str | None, country: str = "", *, is_one: bool) -> str:
    word = _SCALES.get((scale or "").lower(), scale or "")
    unit = _CURRENCIES[sign] if is_one else _CURRENCIES[sign] + "s"
    return " ".join(filter(None, (number, word, country, unit)))


def _foreign_money(found: re.Match[str]) -> str:
    country, number, scale = found.groups()
    return _amount("$", number, scale, _COUNTRIES[country], is_one=number == "1" and not scale)


def _money_before_noun(found: re.Match[str]) -> str:
    return _amount(*found.groups(), is_one=True)


def _money_after(found: re.Match[str]) -> str:
    number, sign = found[1], found[2]
    # The comma of the continent is a decimal point.
    return f"{sign}{re.sub(r',(?=[0-9]{2}$)', '.', number)}"


def _unit(found: re.Match[str]) -> str:
    one, several = _UNITS[found[2]]
    return f"{found[1]} {one if found[1] == '1' else several}"


def _hours(found: re.Match[str]) -> str:
    parts = (
        f"{number} {unit if number == '1' else unit + 's'}"
        for number, unit in zip(found.groups(), ("hour", "minute", "second"), strict=True)
        if number
    )
    return " ".join(parts)


def _height(found: re.Match[str]) -> str:
    return f"{found[1]} foot {found[2] or ''}".rstrip()


def _mixed(found: re.Match[str]) -> str:
    whole, above, below = found.groups()
    parts = {"2": "half", "3": "third", "4": "quarter", "5": "fifth", "8": "eighth"}.get(below)
    if parts is None:
        return found.group()
    if above == "1":
        return f"{whole} and a{'n' if below == '8' else ''} {parts}"
    return f"{whole} and {above} {parts}s"


def _phone(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found.group())
    return ("plus " if found.group().startswith("+") else "") + spelled_digits(digits, pauses=True)


def _house(found: re.Match[str]) -> str:
    return f"{_by_hundreds(found[1])} {found[2] or ''}".strip()


def _by_hundreds(number: str) -> str:
    """The number of a house, a room or a road as people say it: two twenty-one, three oh five."""
    if len(number) != 3 or number.endswith("00"):
        return number
    return f"{number[0]} oh {number[2]}" if number[1] == "0" else f"{number[0]} {number[1:]}"


def _month_and_day(found: re.Match[str]) -> str:
    return f"{_MONTHS[int(found[1]) - 1]} {found[2]}"


def _version(found: re.Match[str]) -> str:
    return " point ".join(found.group().split("."))


def _agent(found: re.Match[str]) -> str:
    return f"double oh {_DIGITS[int(found[1])]}"


def _table(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_Reading = str | Callable[[re.Match[str]], str]
_PLAN: tuple[tuple[str, _Reading], ...] = (
    # Addresses come first, before their signs are read one by one.
    (r"\b(?:(?:https?|ftp)://|www\.)[^\s<>\"')\]]+", _web_address),
    (r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+", _web_address),
    (rf"\b(?:[\w-]+\.)+(?:{_SITES})(?:/[^\s<>\"')\]]*)?(?![\w.]\w)", _web_address),
    (rf"\b(\w+)\.({_FILES})\b", lambda found: f"{found[1]} dot {' '.join(found[2].upper())}"),
    (r"(?<!\w)@(?=[A-Za-z])", "at "),
    # Telephones: with a country, an area, or the seven figures of a place.
    (r"(?<![\w.])\+\d{1,3}(?:[ .-]?\(?\d{2,4}\)?){2,4}(?!\w)", _phone),
    (r"(?<![\w.])\(\d{3}\) ?\d{3}[-. ]\d{4}(?!\w)", _phone),
    (r"(?<![\w.-])(?:\d[-. ])?(?:\d{3}[-. ])?\d{3}-\d{4}(?![\w-])", _phone),
    (r"(?i)(?<=\bdial )(\d{3})\b|(?<=\bcall )([19]\d\d)(?!\w|[,.]\d)", _phone),
    (r"(?<![\w.,])00(\d)\b", _agent),
    (r"(?<=, [A-Z]{2} )\d{5}(?:-\d{4})?(?!\w)", lambda found: spelled_digits(found.group())),
    (rf"(?<=, )({_table(_STATES)})(?=[.,;]?(?:\s|$)|\s+\d)", lambda found: _STATES[found[1]]),
    (rf"\b(\d{{3,4}})([A-Z])?(?= (?:[A-Z]\w+ ){{1,2}}(?:{_ROADS})\b)", _house),
    (r"(?<=[a-z.] )(NW|NE|SW|SE)\b(?=[.,;]|\s|$)", lambda found: _QUARTERS[found[1]]),
    (r"(?<=[a-z]) Dr\.(?=,|$| [a-z])", " Drive"),
    (rf"\b({_NUMBERED}) (\d\d\d)(?!\w|[,.]\d)", lambda found: f"{found[1]} {_by_hundreds(found[2])}"),
    # Money.
    (rf"(?<![\w.])({_NUMBER}|\d+,\d\d)\s?([€£])(?!\w)", _money_after),
    (rf"([$€£]{_NUMBER})\s?[-–]\s?(?=[$€£]?\d)", r"\1 to "),
    (rf"\b({_table(_COUNTRIES)})\$({_NUMBER}){_SCALE}", _foreign_money),
    (rf"(?<=\b[Aa] )([$€£])({_NUMBER}){_SCALE}(?=[ -][a-z])", _money_before_noun),
    # Measures.
    (r"(?<![\w.])(\d+)h ?(?:(\d+)m(?:in)?)?(?: ?(\d+)s)?(?!\w)", _hours),
    (r"(?<![\w.])(\d+)(?:'|′|ft) ?(?:(\d+)(?:\"|''|″|in))?(?=[\s.,;-]|$)", _height),
    (r"(?<=\b[Aa] )(\d+(?:\.\d+)?)(?:\"|″)(?!\w)", r"\1 inch"),
    (r"(?<![\w\"])(\d+(?:\.\d+)?)[\"″](?=[\s.,;]|$)", r"\1 inches"),
    (
        rf"(?:(?<=\b[Aa] )|(?<=\b[Tt]he ))({_NUMBER})[ -]?({_table(_ADJECTIVE_UNITS)})(?=[ -][a-z])",
        lambda found: f"{found[1]} {_ADJECTIVE_UNITS[found[2]]}",
    ),
    (rf"{_SAYABLE}({_NUMBER})\s?({_table(_PER)})(?!\w)", lambda found: f"{found[1]} {_PER[found[2]]}"),
    (
        rf"{_SAYABLE}({_NUMBER})\s?({_table(_LENGTHS)})([²³])",
        lambda found: f"{found[1]} {'square' if found[3] == '²' else 'cubic'} {_LENGTHS[found[2]]}",
    ),
    (
        rf"{_SAYABLE}({_NUMBER})(?:\s?(?=[A-Za-z]{{2}}|[VWALlgt]\b)|\s(?=m\b))"
        rf"(?!in\b(?! of\b|[.,;]| (?:wide|long|tall|high|deep|thick)))({_table(_UNITS)})"
        r"(?![\w'/.]\w|\w|\s?=)",
        _unit,
    ),
    (r"\b(\d+) ?[x×] ?(?=\d)", r"\1 by "),
    (r"\b(\d+(?:\.\d+)?)x\b", r"\1 times"),
    # Numbers.
    (rf"{_SAYABLE}(\d+) (\d)/(\d+){_ENDS}", _mixed),
    (r"(?<=\d) [-−–] (?=\d+\s*=)", " minus "),
    (r"(?<=\d) \* (?=\d)", " times "),
    (rf"{_SAYABLE}(\d{{1,4}})[-–](?=\d{{1,4}}(?:[.,;:!?]?(?:\s|$)|[)\"]))", r"\1 to "),
    (r"(?<![\w.])\d+(?:\.\d+){2,}(?!\w)", _version),
    (r"\b24/7\b", "twenty-four seven"),
    (r"\b9/11\b", "nine eleven"),
    (r"(?<=\b(?:By|by|On|on) )(1[0-2]|[1-9])/(3[01]|[12]\d|[1-9])(?![\w/]|\.\d)", _month_and_day),
    (r"(?<![\w:.])(\d{1,2}):(\d)(?![\w:])", r"\1 to \2"),
    (r"\b(\w+)/(?=or\b)", r"\1 "),
    (r"(?<![\w.'])'n'(?!\w)", "and"),
    (rf"(?<![\w.])({_table(_ABBREVIATIONS)})(?!\w)", lambda found: _ABBREVIATIONS[found[1]]),
)  # fmt: skip
_READINGS = tuple((re.compile(pattern), reading) for pattern, reading in _PLAN)
