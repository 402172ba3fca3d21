"""Who asks: programs with a token, and devices that sign.

In: the server's address, tokens. Out: requests that get past the door in most cases, and messages that can be read in
some. Must not: sign a request for an endless stream, or two requests with one nonce.
"""

import hashlib
import itertools
import os
import random
import struct

import cbor2
import requests
import schemathesis
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import strategies as st

ADDRESS = os.environ["CUSTODY_ADDRESS"]
TOKENS = os.environ["CUSTODY_TOKENS"].split(",")
NONCES = itertools.count(1)
# Of ten requests, so many are of nobody.
STRANGERS = 1


def digest(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


class Device:
    """A device of the shop, taken in without a code as a demo on this machine allows."""

    def __init__(self, name):
        self.key = Ed25519PrivateKey.generate()
        public = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        proof = self.key.sign(digest(b"custody-enrol-1\n", b"", b"\n", public))
        ask = {0: "", 1: name, 2: 0, 3: public, 4: proof}
        answer = requests.post(f"{ADDRESS}/v1/enrol", data=cbor2.dumps(ask), timeout=20)
        answer.raise_for_status()
        enrolled = cbor2.loads(answer.content)
        self.store = enrolled[0].hex()
        self.id = enrolled[1][0].hex()

    def sign(self, request):
        nonce = struct.pack(">QQ", 0, next(NONCES)).hex()
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        head = f"custody-request-1\n{request.method}\n{request.path_url}\n0\n{nonce}\n{digest(body).hex()}"
        request.headers["Custody-Device"] = self.id
        request.headers["Custody-Time"] = "0"
        request.headers["Custody-Nonce"] = nonce
        request.headers["Custody-Signature"] = self.key.sign(digest(head.encode())).hex()


DEVICES = [Device(f"Made up {number}") for number in range(4)]
STORE = DEVICES[0].store
DICE = random.Random(1)


class Asker(requests.auth.AuthBase):
    def __call__(self, request):
        path = request.path_url.split("?")[0]
        if DICE.randrange(10) < STRANGERS or path.endswith("/hints"):
            return request
        if path.startswith("/api/"):
            request.headers["Authorization"] = f"Bearer {DICE.choice(TOKENS)}"
        elif path.startswith("/v1/stores/"):
            DICE.choice(DEVICES).sign(request)
        return request


ASKER = Asker()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Last, so that whoever is made up in the place of a device or a program does not come in its way."""
    kwargs["auth"] = ASKER


def a_known_order():
    """An order to be found: what the demo's are called is its own affair."""
    window = {"start": "2036-11-24T16:15:00-08:00", "end": "2036-11-24T16:45:00-08:00"}
    line = {"sku": "MADE-UP", "product": "Made up", "quantity": 1, "unit_price_cents": 100}
    order = {"id": "MADE-1", "source": "made-up", "channel": "pickup", "placed_at": window["start"], "promise": window}
    order |= {"customer": {"name": "A. Sample"}, "lines": [line]}
    headers = {"Authorization": f"Bearer {TOKENS[0]}"}
    answer = requests.post(f"{ADDRESS}/api/v1/orders?products=add", json=order, headers=headers, timeout=20)
    answer.raise_for_status()
    return {"source": order["source"], "id": order["id"]}


ORDER = a_known_order()


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """The shop's own name in most cases, and an order's in some: behind others there is nothing to find."""
    if path_parameters and "store" in path_parameters and DICE.randrange(10):
        path_parameters["store"] = STORE
    if path_parameters and "source" in path_parameters and DICE.randrange(2):
        path_parameters |= ORDER
    return path_parameters


@schemathesis.hook
def after_call(context, case, response):
    with open(os.environ["CUSTODY_COUNTED"], "a", encoding="utf-8") as counted:
        counted.write(f"{response.status_code} {case.method} {case.path}\n")


# Identifiers and hashes are as long as they should be or not, and pages are named as a device names them.
HEXADECIMAL = st.one_of(st.binary(min_size=16, max_size=16), st.binary(min_size=32, max_size=32), st.binary(max_size=40))
schemathesis.openapi.format("hexadecimal", HEXADECIMAL.map(bytes.hex))
PAGE = st.tuples(st.integers(0, 13), st.integers(0, 300)).map(lambda pair: f"{pair[0]}.{pair[1]}")
schemathesis.openapi.format("pages", st.lists(PAGE, max_size=5).map(",".join))

# Messages as devices send them, each field right or nearly so, and bytes that are none.
LEAF = st.one_of(
    st.integers(-(2**40), 2**64 - 1),
    st.binary(max_size=40),
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=32, max_size=32),
    st.text(max_size=40),
    st.booleans(),
    st.none(),
)
TREE = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.integers(0, 12), inner, max_size=6), max_leaves=12)
SIXTEEN = st.binary(min_size=16, max_size=16)
THIRTY_TWO = st.binary(min_size=32, max_size=32)
OWN = st.sampled_from([bytes.fromhex(device.id) for device in DEVICES])
EVENT = st.tuples(st.binary(max_size=80), st.binary(min_size=64, max_size=64)).map(lambda pair: list(pair))
PART = st.fixed_dictionaries({0: OWN | SIXTEEN, 1: SIXTEEN, 2: st.integers(0, 3), 3: st.lists(EVENT, max_size=4)}, optional={4: st.booleans(), 8: st.integers(0, 9)})
CURSOR = st.fixed_dictionaries({0: SIXTEEN, 1: st.integers(0, 2**40), 2: st.integers(0, 3)})
PUSH = st.fixed_dictionaries({0: st.lists(PART, max_size=3), 1: CURSOR, 2: st.text(max_size=9)})
CLAIM = st.fixed_dictionaries({0: st.integers(0, 9), 1: st.lists(SIXTEEN, max_size=4)}, optional={2: OWN})
SIGN_IN = st.fixed_dictionaries({0: st.integers(100, 2**32 - 1), 1: st.text("0123456789", max_size=9)}, optional={2: st.text("0123456789", max_size=9)})
ENROL = st.fixed_dictionaries({0: st.text(max_size=14), 1: st.text(max_size=40), 2: st.integers(0, 2), 3: THIRTY_TWO, 4: st.binary(min_size=64, max_size=64)})
MESSAGE = st.one_of(PUSH, CLAIM, SIGN_IN, ENROL, TREE).map(cbor2.dumps)
schemathesis.openapi.media_type("application/cbor", st.one_of(MESSAGE, st.binary(max_size=200)))
