"""An agent in Python farms a block with the real coordinator, and asks for what it must not get."""
import os
import struct
import sys
import time

import control_pb2 as control
import health_pb2 as health
import work_pb2 as work

from fsp import handshake, keys
from fsp.boxes import Refused
from fsp.handshake import Offer
from fsp.keccak import keccak256
from fsp.session import CallFailed, Closed, connect
from pool import Pool, address_key, until

PLANT, FACTS, ROTATE_KEY, SERVER_KEYS = 1, 2, 3, 4
ASSIGNMENTS, NONCES, REPORT, CAPACITY = 16, 17, 32, 33
INVALID_ARGUMENT, FAILED_PRECONDITION, UNIMPLEMENTED = 3, 9, 12
CLOSE_REVOKED = 6
SECONDS = 120


def zeros_of(digest):
    digits = digest.hex()
    return len(digits) - len(digits.lstrip("0"))


def offer(instance=bytes(range(16)), previous=bytes(16)):
    return Offer(name="python", version="python 1", instance=instance, previous_session=previous)


def status_of(action):
    try:
        action()
    except CallFailed as failure:
        return failure.trailers
    raise AssertionError("the call went well")


def refused(pool, server, secret, token=None):
    """The verdict on an agent that must not come in; None where the server keeps silent."""
    try:
        shake, session = connect(pool.agents, server, secret, offer(), token)
    except Refused:
        return None
    assert session is None
    return shake.verdict


def enrol(pool, server, pooler):
    """Every way in that must be closed, and the one that is open. Gives the agent's secret."""
    secret, stranger = os.urandom(32), os.urandom(32)
    token = keys.from_text(keys.TOKEN, pool.token(pooler))
    assert refused(pool, keys.public_of(os.urandom(32)), secret, token) is None
    assert refused(pool, server, secret) == handshake.UNKNOWN_KEY
    assert refused(pool, server, secret, os.urandom(16)) == handshake.BAD_TOKEN
    shake, session = connect(pool.agents, server, secret, offer(), token)
    assert shake.verdict == handshake.ACCEPTED
    assert shake.display_name == "python"
    session.close()
    assert session.closed and session.closed[0] == 0, "no CLOSE came back"
    assert refused(pool, server, stranger, token) == handshake.BAD_TOKEN, "a token was used twice"
    return secret, shake.session


class Agent:
    def __init__(self, session, farmer):
        self.session, self.farmer = session, farmer
        self.facts = session.open(FACTS, control.FarmFacts, request=control.FactsRequest())
        self.sets = session.open(
            ASSIGNMENTS, work.AssignmentSet, request=work.AssignmentsRequest())
        self.nonces = session.open(NONCES, work.NonceAck)
        session.call(CAPACITY, health.CapacityReport(hashes_per_second=1000), health.CapacityReply)
        self.asked = set()
        self.hashes = 0
        self.accepted = 0

    def farm(self):
        """Until a nonce of ours was accepted and its work is known to be on its way: the block."""
        deadline = time.monotonic() + SECONDS
        self.hash_one = None
        while time.monotonic() < deadline:
            self.session.pump(0 if self.hash_one else 0.25)
            while facts := self.session.take(self.facts, wait=False):
                self._plant(facts)
            while (found := self.session.take(self.sets, wait=False)) is not None:
                self._adopt(found)
            if self.hash_one and self._search():
                return self.set.block_index
        raise TimeoutError("no nonce was accepted")

    def _plant(self, facts):
        # The open block was begun without us, and may follow on no work: the next one is farmed.
        block = facts.block_index + 1
        if not facts.accepting or block in self.asked or facts.next_open_in_ms > 6_000:
            return
        reply = self.session.call(PLANT, control.PlantRequest(block_index=block),
                                  control.PlantReply)
        assert (reply.block_index, reply.already) == (block, False), reply
        again = self.session.call(PLANT, control.PlantRequest(block_index=block),
                                  control.PlantReply)
        assert again.already
        self.asked.add(block)

    def _adopt(self, found):
        self.set = found
        self.session.send(
            self.nonces, work.NonceReport(adopted=work.SetAdopted(version=found.version)))
        self.hash_one = None
        for one in found.assignments:
            assert bytes(one.farmer_key) == self.farmer, "another's farmer"
            assert found.block_index in self.asked and len(found.entropy) == 32
            self.hash_one, self.at, self.best = one, one.nonce_first, -1

    def _search(self):
        """Some hashes; reports improvements. True once the block's zeros are reached."""
        one, head = self.hash_one, struct.pack(">I", self.set.block_index)
        tail = bytes(self.set.entropy) + bytes(one.farmer_key)
        # Few enough for a slow machine to find within a block.
        wanted = min(self.set.max_zeros, 2)
        for nonce in range(self.at, min(self.at + 100, one.nonce_last + 1)):
            zeros = zeros_of(keccak256(head + struct.pack(">Q", nonce) + tail))
            self.hashes += 1
            if zeros > self.best:
                self.best = zeros
                ack = self._deliver(nonce, zeros)
                assert (ack.verdict, ack.zeros) == (work.NONCE_VERDICT_ACCEPTED, zeros), ack
                self.accepted += 1
            if self.best >= wanted:
                self._tell_lies(nonce)
                return True
        self.at += 100
        return False

    def _deliver(self, nonce, zeros, handle=None):
        found = work.NonceFound(
            handle=handle or self.hash_one.handle, block_index=self.set.block_index, nonce=nonce,
            zeros=zeros, hashes_done=self.hashes)
        self.session.send(self.nonces, work.NonceReport(found=found))
        return self.session.take(self.nonces)

    def _tell_lies(self, nonce):
        assert self._deliver(nonce, self.best).verdict == work.NONCE_VERDICT_NOT_BETTER
        assert self._deliver(nonce + 1, 60).verdict == work.NONCE_VERDICT_INVALID
        assert self._deliver(nonce, 1, handle=12345).verdict == work.NONCE_VERDICT_STALE
        done = work.WorkDone(
            handle=self.hash_one.handle, block_index=self.set.block_index,
            hashes_done=self.hashes)
        self.session.send(self.nonces, work.NonceReport(done=done))


def ask_amiss(session):
    """Calls that end with a status, in words and in numbers."""
    far = control.PlantRequest(block_index=1_000_000)
    trailers = status_of(lambda: session.call(PLANT, far, control.PlantReply))
    assert trailers.code == FAILED_PRECONDITION and trailers.HasField("stale_block"), trailers
    trailers = status_of(lambda: session.call(PLANT, far, control.PlantReply, remaining_ms=0))
    assert trailers.code == INVALID_ARGUMENT, trailers
    trailers = status_of(lambda: session.call(999, far, control.PlantReply))
    assert trailers.code == UNIMPLEMENTED, trailers
    # Two hundred fields that nobody knows.
    odd = health.HealthReport()
    odd.MergeFromString(b"\xa0\x1f\x01" * 200)
    trailers = status_of(lambda: session.call(REPORT, odd, health.HealthReply))
    assert trailers.code == INVALID_ARGUMENT, trailers


def rotate(pool, server, session, secret):
    """Names the next key, comes back with it, and finds the old one retired."""
    known = session.call(SERVER_KEYS, control.ServerKeysRequest(), control.ServerKeysReply).keys
    assert list(known) == [server]
    following = os.urandom(32)
    proof = session.shake.rotation(following, os.urandom(16))
    broken = control.RotateKeyRequest(proof=proof[:-1] + bytes([proof[-1] ^ 1]))
    trailers = status_of(lambda: session.call(ROTATE_KEY, broken, control.RotateKeyReply))
    assert trailers.code == INVALID_ARGUMENT, trailers
    reply = session.call(
        ROTATE_KEY, control.RotateKeyRequest(proof=proof), control.RotateKeyReply)
    assert reply.expires_at_s > time.time()
    session.close()
    shake, session = connect(pool.agents, server, following, offer())
    assert shake.verdict == handshake.ACCEPTED
    assert refused(pool, server, secret) in (handshake.REVOKED, handshake.UNKNOWN_KEY)
    return following, session


def be_revoked(pool, server, session, secret):
    """The operator shuts this agent out: its session ends at once, with that reason."""
    text = keys.to_text(keys.AGENT_PUBLIC, keys.public_of(secret))
    pool.command("keys", "revoke", text)
    start = time.monotonic()
    try:
        while time.monotonic() - start < 5:
            session.pump()
        raise AssertionError("a revoked session went on")
    except Closed:
        assert session.closed and session.closed[0] == CLOSE_REVOKED, session.closed
    seconds = time.monotonic() - start
    assert refused(pool, server, secret) == handshake.REVOKED
    return seconds


def main():
    start = time.monotonic()
    with Pool(sys.argv[1]) as pool:
        server = keys.from_text(keys.SERVER_PUBLIC, pool.server_key)
        pooler = pool.new_pooler("Python")
        wallet = pool.new_farmer(pooler)
        secret, before = enrol(pool, server, pooler)
        shake, session = connect(pool.agents, server, secret, offer(previous=before))
        assert shake.verdict == handshake.ACCEPTED
        ask_amiss(session)
        session.rekey()
        session.ping()
        agent = Agent(session, address_key(wallet))
        block = agent.farm()
        session.call(REPORT, health.HealthReport(hashes_total=agent.hashes, threads=1),
                     health.HealthReply)
        assert session.pongs >= 1, "a ping was not answered"

        def worked():
            session.pump(0)
            # Streams that are not read would stop their senders.
            for stream in (agent.facts, agent.sets):
                while session.take(stream, wait=False) is not None:
                    pass
            row = pool.block(block)
            return row if row and row["state"] in ("worked", "harvested") else None

        row = until("the work on chain", worked)
        assert row["zeros"] >= agent.best, row
        secret, session = rotate(pool, server, session, secret)
        revoked = be_revoked(pool, server, session, secret)
    print(f"block {block}: {agent.hashes} hashes, {agent.accepted} nonces accepted, "
          f"{row['zeros']} zeros {row['state']} on chain; "
          f"key rotated; revoked after {revoked:.1f} s; {time.monotonic() - start:.0f} s in all")


main()
