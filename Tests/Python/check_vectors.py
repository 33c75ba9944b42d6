"""Plays the agent's end of every published vector, byte for byte."""
import base64
import json
import struct
import sys

from fsp import keys, records
from fsp.boxes import Refused, b256, record_nonce
from fsp.handshake import PENDING, Handshake, Offer
from fsp.keccak import keccak256

TEXT = {
    "server_public": keys.SERVER_PUBLIC, "server_secret": keys.SERVER_SECRET,
    "agent_public": keys.AGENT_PUBLIC, "agent_secret": keys.AGENT_SECRET, "token": keys.TOKEN,
}


def made(case):
    """The handshake of a case, with its randomness."""
    random = {name: value and bytes.fromhex(value) for name, value in case["random"].items()}
    fields = case["fields"]
    offer = Offer(
        name=fields["agent_name"], version=fields["agent_version"], instance=random["instance"],
        previous_session=random["previous_session"] or bytes(16),
        version_min=fields["version_min"], version_max=fields["version_max"],
        features=int(fields["features_offered"]),
        ephemeral_secret=random["agent_ephemeral_secret"], vouch_nonce=random["vouch_nonce"],
        token_nonce=random["token_nonce"] or bytes(16))
    server = keys.public_of(random["server_secret"])
    return Handshake(server, random["agent_secret"], offer, random["token"]), random


def check(case):
    shake, random = made(case)
    expect = {name: bytes.fromhex(value) for name, value in case["expect"].items()}
    text = case["text"]
    for name in TEXT.keys() & text.keys():
        payload = keys.from_text(TEXT[name], text[name])
        assert payload == (random.get(name) or expect.get(name)), name
        assert keys.to_text(TEXT[name], payload) == text[name]
        for at in range(len(text[name])):
            wrong = text[name][:at] + ("A" if text[name][at] != "A" else "B") + text[name][at + 1 :]
            try:
                keys.from_text(TEXT[name], wrong)
            except ValueError:
                continue
            raise AssertionError(f"{wrong} was taken")
    assert shake.C == expect["agent_public"] and shake.h == expect["h0"]
    assert shake.hello() == expect["hello"] and shake.h == expect["h1"]
    if "h2" not in expect:
        refuses(lambda: shake.welcome(expect["welcome"]), "a version that is not there")
        return 0
    assert shake.welcome(expect["welcome"]) == expect["initiate"] and shake.h == expect["h3"]
    assert (shake.k_es, shake.k_ee, shake.k_se) == tuple(
        expect[name] for name in ("k_es", "k_ee", "k_se"))
    shake.ready(expect["ready"])
    fields = case["fields"]
    assert shake.h == expect["h4"] and shake.session == random["session_id"]
    assert (shake.verdict, shake.resumed) == (fields["verdict"], fields["resumed"] == 1)
    assert shake.display_name == fields["display_name"]
    assert [
        shake.terms.ping_ms, shake.terms.dead_ms, shake.terms.streams_max,
        shake.terms.connection_credit, shake.terms.stream_credit, shake.terms.message_max,
        shake.terms.retry_after_ms, str(shake.terms.server_time_ms),
    ] == [
        fields[name] for name in (
            "ping_ms", "dead_ms", "streams_max", "connection_credit_bytes",
            "stream_credit_messages", "message_bytes_max", "retry_after_ms", "server_time_ms")
    ]
    if shake.verdict > PENDING:
        return 0
    assert (shake.k_c2s, shake.k_s2c) == (expect["k_c2s"], expect["k_s2c"])
    assert shake.rotation(random["next_agent_secret"], random["rotate_nonce"]) == expect["rotate"]
    count = 0
    for way, key, label in (
        ("agent_to_server", shake.k_c2s, b"FSP1-C2S"), ("server_to_agent", shake.k_s2c, b"FSP1-S2C"),
    ):
        sender, receiver = records.Direction(key, label), records.Direction(key, label)
        for one in case["records"][way]:
            plain = bytes.fromhex(one["plain"]) if "plain" in one else records.frame(
                records.DATA, records.MORE, 1,
                bytes(i % 251 for i in range(one["plain_bytes"] - 8)))
            assert (sender.epoch, sender.counter) == (one["epoch"], one["counter"])
            assert record_nonce(label, sender.epoch, sender.counter).hex() == one["box_nonce"]
            wire = sender.seal(plain)
            if "wire" in one:
                assert wire.hex() == one["wire"]
            else:
                assert b256(wire).hex() == one["wire_blake2b_256"]
            assert receiver.open(wire[2:]) == plain
            if any(kind == records.REKEY for kind, *_ in records.frames(plain)):
                sender.rekey()
                receiver.rekey()
            count += 1
    return count


def check_work():
    """PROTOCOL.md, "The work": a nonce of KALE's main network."""
    entropy = bytes.fromhex("0000000009faeb2ff8dc93fb334dabc1398e359a163a6bb538f633fdb9b327ca")
    farmer = base64.b32decode("GBQHTQ7NTSKHVTSVM6EHUO3TU4P4BK2TAAII25V2TT2Q6OWXUJWEKALE")[1:-2]
    digest = keccak256(struct.pack(">IQ", 37, 20495217910) + entropy + farmer)
    assert digest.hex() == "0000000099be0037e5a48324959cb9dd10965ae59511cfd1996f9b917aad9980"


def refuses(action, name):
    try:
        action()
    except Refused:
        return
    raise AssertionError(f"{name} was taken")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        vectors = json.load(file)
    assert vectors["schema"] == "fsp-wire-vectors/1" and vectors["cases"]
    count = sum(check(case) for case in vectors["cases"])
    first = vectors["cases"][0]
    refused = 0
    for refusal in vectors["refusals"]:
        if refusal["by"] != "agent":
            continue
        message = bytes.fromhex(refusal["message"])
        shake, _ = made(first)
        shake.hello()
        if refusal["kind"] == "WELCOME":
            refuses(lambda: shake.welcome(message), refusal["name"])
        else:
            shake.welcome(bytes.fromhex(first["expect"]["welcome"]))
            refuses(lambda: shake.ready(message), refusal["name"])
        refused += 1
    assert count and refused
    check_work()
    print(f"vectors: {len(vectors['cases'])} handshakes, {count} records, {refused} refusals")


main()
