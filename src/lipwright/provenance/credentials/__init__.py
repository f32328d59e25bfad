"""Content credentials after C2PA: who signs here, what an output says, and what a file's credentials say.

The libraries behind them are loaded when something is signed or read, not before.
"""

from lipwright.provenance.credentials.claim import Claim as Claim
from lipwright.provenance.credentials.claim import ClaimInput as ClaimInput
from lipwright.provenance.credentials.claim import InputRole as InputRole
from lipwright.provenance.credentials.claim import Product as Product
from lipwright.provenance.credentials.claim import prepare_claim as prepare_claim
from lipwright.provenance.credentials.identity import Identity as Identity
from lipwright.provenance.credentials.identity import import_certificate as import_certificate
from lipwright.provenance.credentials.identity import import_root as import_root
from lipwright.provenance.credentials.identity import known_installation as known_installation
from lipwright.provenance.credentials.identity import known_watermark_key as known_watermark_key
from lipwright.provenance.credentials.identity import make_watermark_secret as make_watermark_secret
from lipwright.provenance.credentials.identity import open_identity as open_identity
from lipwright.provenance.credentials.identity import own_roots as own_roots
from lipwright.provenance.credentials.identity import rotate as rotate
from lipwright.provenance.credentials.identity import trusted_roots as trusted_roots
from lipwright.provenance.credentials.library import load_library as load_library
from lipwright.provenance.credentials.media_types import SUFFIXES_WITH_SIDECAR as SUFFIXES_WITH_SIDECAR
from lipwright.provenance.credentials.media_types import media_type_of as media_type_of
from lipwright.provenance.credentials.reading import CredentialsFound as CredentialsFound
from lipwright.provenance.credentials.reading import CredentialsState as CredentialsState
from lipwright.provenance.credentials.reading import FoundInput as FoundInput
from lipwright.provenance.credentials.reading import FoundManifest as FoundManifest
from lipwright.provenance.credentials.reading import read_credentials as read_credentials
from lipwright.provenance.credentials.reading import sidecar_of as sidecar_of
from lipwright.provenance.credentials.signing import SignedOutput as SignedOutput
from lipwright.provenance.credentials.signing import sidecar_path as sidecar_path
from lipwright.provenance.credentials.signing import sign_output as sign_output
from lipwright.provenance.credentials.signing import sign_prepared as sign_prepared
from lipwright.provenance.credentials.store_search import has_store as has_store
