"""A pool to farm with: the real devnet and coordinator, and one farmer, made as a person would."""
import base64
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from nacl.signing import SigningKey

from fsp.keys import crc16

GRANT_STROOPS = 10_000_000_000


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def until(what, condition, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise TimeoutError(f"{what} did not come within {seconds} s")


class Pool:
    def __init__(self, programs):
        self.kalepool = os.path.join(programs, "kalepool")
        # Others may pass through it: as root, the database runs as a user of its own.
        self.folder = tempfile.mkdtemp(prefix="kpy-", dir="/tmp")
        os.chmod(self.folder, 0o755)
        self.data = os.path.join(self.folder, "data")
        self.children = []
        self.cookie = None

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, kind, *_):
        self._stop(shows_logs=kind is not None)

    def _start(self):
        devnet, http, agents = free_port(), free_port(), free_port()
        self.devnet, self.url = f"http://127.0.0.1:{devnet}", f"http://127.0.0.1:{http}"
        self.agents = ("127.0.0.1", agents)
        # A ledger each 250 ms, a block each 15 s; strangers open blocks and find a few zeros.
        self._run("devnet", "devnet", "--port", str(devnet), "--speed", "20",
                  "--outside-farmers", "3")
        until("the devnet", lambda: self._is_up(self.devnet, {"method": "getHealth"}))
        self._run("coordinator", "coordinator", "--data", self.data, "--network", "devnet",
                  "--rpc", self.devnet, "--http-port", str(http), "--agent-host", "127.0.0.1",
                  "--agent-port", str(agents), "--hand-over-ledgers", "16",
                  "--poll-milliseconds", "60")
        until("the coordinator", lambda: self._is_up(self.url + "/readyz"), 120)
        with open(os.path.join(self.data, "keys", "server.pub"), encoding="utf-8") as file:
            self.server_key = file.read().strip()

    def _run(self, name, *arguments):
        self._alive()
        log = open(os.path.join(self.folder, name + ".log"), "wb")
        self.children.append((name, subprocess.Popen(
            [self.kalepool, *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log)))

    def _alive(self):
        for name, child in self.children:
            if child.poll() is not None:
                raise RuntimeError(f"{name} ended with status {child.returncode}")

    def _is_up(self, url, call=None):
        self._alive()
        try:
            body = call and json.dumps({"jsonrpc": "2.0", "id": 1, **call}).encode()
            self._http(url, body)
        except (OSError, urllib.error.URLError):
            return False
        return True

    def _stop(self, shows_logs=False):
        for name, child in reversed(self.children):
            child.terminate()
            try:
                child.wait(40)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            if shows_logs:
                with open(os.path.join(self.folder, name + ".log"), errors="replace") as log:
                    print(f"--- {name}\n{''.join(log.readlines()[-15:])}", flush=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    # HTTP and commands.

    def _http(self, url, body=None, method=None):
        request = urllib.request.Request(url, body, method=method)
        if body is not None:
            request.add_header("Content-Type", "application/json")
        if self.cookie:
            request.add_header("Cookie", self.cookie)
        with urllib.request.urlopen(request, timeout=30) as reply:
            if cookie := reply.headers.get("Set-Cookie"):
                self.cookie = cookie.split(";")[0]
            return reply.read()

    def api(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        return json.loads(self._http(self.url + path, data, method) or b"null")

    def devnet_call(self, method, params):
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        answer = json.loads(self._http(self.devnet, body.encode()))
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def command(self, *arguments):
        done = subprocess.run(
            [self.kalepool, *arguments, "--url", self.url, "--data", self.data],
            capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"{arguments}: {done.stderr}")
        return done.stdout

    # People.

    def new_pooler(self, name):
        added = self.command("pooler", "add", "--name", name, "--wallet", new_address(), "--json")
        return json.loads(added)["id"]

    def token(self, pooler):
        return self.command("enrol", "--pooler", str(pooler)).strip()

    def new_farmer(self, pooler):
        """Registers, funds and joins; back when the pool farms for them."""
        made = self.api("POST", "/api/v1/farmers", {
            "handle": "python", "password": os.urandom(8).hex(), "custodyAccepted": True,
            "payoutAddress": new_address()})
        wallet = made["walletAddress"]
        dashboard = lambda: self.api("GET", "/api/v1/dashboard")
        self._http(f"{self.devnet}/friendbot?addr={wallet}")
        until("the trustline", lambda: dashboard()["wallet"]["trustline"])
        self.devnet_call("devnet_grantKale", {"address": wallet, "amount": str(GRANT_STROOPS)})
        until("KALE", lambda: int(dashboard()["wallet"]["kale"]["stroops"]) >= GRANT_STROOPS)
        self.api("POST", "/api/v1/membership", {
            "pooler": pooler, "shareBps": 5000, "stakeBps": 2000, "harvestAfterBlocks": 1})
        until("the place at the pooler", lambda: dashboard()["status"] == "farming")
        return wallet

    def block(self, index):
        """The farmer's part in a block, or None."""
        rows = self.api("GET", f"/api/v1/blocks?limit=1&before={index + 1}")["rows"]
        return rows[0] if rows and rows[0]["block"] == index else None


def new_address():
    """G…, of a key that nobody needs."""
    raw = b"\x30" + bytes(SigningKey.generate().verify_key)
    return base64.b32encode(raw + crc16(raw).to_bytes(2, "little")).decode()


def address_key(address):
    """The 32 bytes of a G… address."""
    return base64.b32decode(address)[1:-2]
