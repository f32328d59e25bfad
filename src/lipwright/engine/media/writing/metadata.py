"""The tags by which a written file says that it is synthetic.

`comment` and `description` are what players and file managers show. The IPTC term in `keywords` and
`digital_source_type` is what provenance tools look for: a real picture whose mouth was made by a model.
"""

from __future__ import annotations

from lipwright import __version__

# https://cv.iptc.org/newscodes/digitalsourcetype, "composite with trained algorithmic media".
DIGITAL_SOURCE_TYPE = "compositeWithTrainedAlgorithmicMedia"
_DIGITAL_SOURCE_TYPE_URI = f"http://cv.iptc.org/newscodes/digitalsourcetype/{DIGITAL_SOURCE_TYPE}"

SYNTHETIC_NOTE = (
    f"Synthetic media: the movements of the face were generated. Made with Lipwright {__version__}."
)


def synthetic_tags() -> dict[str, str]:
    """Tags for every file that Lipwright writes; each container keeps those that it has a place for."""
    return {
        "comment": SYNTHETIC_NOTE,
        "description": SYNTHETIC_NOTE,
        "synopsis": f"{SYNTHETIC_NOTE} {_DIGITAL_SOURCE_TYPE_URI}",
        "keywords": f"synthetic media, {DIGITAL_SOURCE_TYPE}",
        "digital_source_type": _DIGITAL_SOURCE_TYPE_URI,
        "encoding_tool": f"Lipwright {__version__}",
        "make": "Lipwright",
    }
