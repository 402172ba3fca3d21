"""Ten thousand requests made up from the server's own description, against a real server of a demo shop.

In: the program `custody`. Out: nothing, or what was answered otherwise than described. Must not: count a request that
was not sent, or leave a server running.
"""

import collections
import concurrent.futures
import os
import pathlib
import re
import secrets
import subprocess
import sys
import tempfile

import requests

CASES_MIN = 10_000
# Two at a time, each with its share of the routes, and how many requests for each of those. An order takes ten times as
# long to make up as anything else. Some routes can be asked in a few ways only.
ORDERS = "/api/v1/orders"
SHARES = [
    ("reading", ["--include-method", "GET"], 800),
    ("saying", ["--include-method", "POST", "--exclude-path", ORDERS], 800),
    ("ordering", ["--include-path", ORDERS], 200),
]
SECONDS_MAX = 900
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
]
HERE = pathlib.Path(__file__).parent


def token(custody, data):
    said = subprocess.run([custody, "token", "create", "--data", data, "--name", "made-up"], check=True, capture_output=True, text=True)
    found = re.search(r"\b[A-Za-z0-9_-]{32,}\b", said.stdout)
    return found.group()


def ask(share, address, folder, tokens, seed):
    name, routes, cases = share
    surroundings = os.environ | {
        "CUSTODY_ADDRESS": address,
        "CUSTODY_TOKENS": ",".join(tokens),
        "CUSTODY_COUNTED": str(folder / f"counted-{name}"),
        "SCHEMATHESIS_HOOKS": str(HERE / "hooks.py"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    program = [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/api/v1/openapi.json"]
    words = ["--phases", "coverage,fuzzing", "--max-examples", str(cases), "--seed", seed, "--checks", ",".join(CHECKS)]
    words += ["--continue-on-failure", "--suppress-health-check", "all", "--warnings", "off", "--request-timeout", "20"]
    # Its own files are left where the server's are.
    place = folder / name
    place.mkdir()
    ended = subprocess.run(
        program + words + routes,
        env=surroundings,
        cwd=place,
        timeout=SECONDS_MAX,
        check=False,
        capture_output=True,
        text=True,
    )
    if ended.returncode != 0:
        print(ended.stdout, ended.stderr, sep="\n", flush=True)
    return ended.returncode


def ask_all(address, folder, tokens):
    seed = os.environ.get("CUSTODY_SEED", str(secrets.randbelow(2**32)))
    print(f"seed {seed}; again with CUSTODY_SEED={seed}", flush=True)
    with concurrent.futures.ThreadPoolExecutor(len(SHARES)) as pool:
        asked = [pool.submit(ask, share, address, folder, tokens, seed) for share in SHARES]
        return max(one.result() for one in asked)


def judge(code, folder):
    lines = [line for counted in folder.glob("counted-*") for line in counted.read_text().splitlines()]
    statuses = collections.Counter(int(line.split(" ", 1)[0]) for line in lines)
    cases = sum(statuses.values())
    told = ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items()))
    print(f"{cases} requests: {told}")
    if code != 0:
        sys.exit("Some answers are not those described; see above.")
    if cases < CASES_MIN:
        sys.exit(f"Only {cases} requests were made up; it should be {CASES_MIN}. Raise SHARES in tests/openapi/run.py.")
    if statuses[429] > cases // 20:
        sys.exit("So many requests were turned away as too many that the rest says little. Ask more slowly.")
    if statuses[200] < cases // 20:
        sys.exit("Hardly a request was understood, so this says little. See who signs them in tests/openapi/hooks.py.")


def main(custody):
    with tempfile.TemporaryDirectory(prefix="custody-openapi-") as named:
        folder = pathlib.Path(named)
        data = str(folder / "shop")
        command = [custody, "serve", "--demo", "--data", data, "--listen", "127.0.0.1:0"]
        said = folder / "server.log"
        with said.open("w") as log, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as server:
            try:
                address = re.search(r"http://[0-9.:]+", server.stdout.readline())
                if address is None:
                    sys.exit(f"The server did not start: {said.read_text()}")
                tokens = [token(custody, data) for _ in range(4)]
                code = ask_all(address.group(), folder, tokens)
                health = requests.get(f"{address.group()}/healthz", timeout=20)
                if server.poll() is not None or health.status_code != 200:
                    sys.exit("The server did not survive it.")
            finally:
                server.terminate()
                server.wait(30)
        judge(code, folder)


main(sys.argv[1])
