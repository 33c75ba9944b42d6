"""A devnet of its own, and what a client does with one."""

import os
import re
import subprocess
import time

import requests
from stellar_sdk import Asset, Keypair, SorobanServer, TransactionBuilder, scval
from stellar_sdk.soroban_rpc import GetTransactionStatus, SendTransactionStatus

# The SDK's time bounds follow the machine's clock. Ledger time runs fifty times as fast, so it begins in the past.
HEAD_START_SECONDS = 20_000


class Devnet:
    """Ten ledgers a second, twelve ledgers a block."""

    def __init__(self, *options):
        self.process = subprocess.Popen(
            [
                os.environ["KALEPOOL"], "devnet", "--port", "0", "--speed", "50",
                "--block-seconds", "60",
                "--genesis-time", str(int(time.time()) - HEAD_START_SECONDS), *options,
            ],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        line = self.process.stdout.readline()
        self.url = re.search(r"http://\S+", line).group()
        self.server = SorobanServer(self.url)
        self.network = self.server.get_network()
        self.state = self.own("devnet_state")
        contracts = self.state["contracts"]
        self.farm = contracts["farm"]
        self.kale_contract = contracts["kale"]
        code, issuer = contracts["kaleAsset"].split(":")
        self.kale = Asset(code, issuer)

    def stop(self):
        self.server.close()
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def own(self, method, **params):
        """One of the devnet's own methods."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        answer = requests.post(self.url, json=body, timeout=30).json()
        assert "error" not in answer, answer
        return answer["result"]

    def funded(self):
        """A new account, by the friendbot that getNetwork names."""
        pair = Keypair.random()
        gift = requests.get(self.network.friendbot_url, {"addr": pair.public_key}, timeout=30)
        assert gift.status_code == 200, gift.text
        return pair

    def farmer(self, kale):
        """An account with a KALE trustline and so many stroops of it."""
        pair = self.funded()
        trust = self.builder(pair).append_change_trust_op(self.kale).build()
        self.settled(trust, pair)
        self.own("devnet_grantKale", address=pair.public_key, amount=str(kale))
        return pair

    def builder(self, pair):
        account = self.server.load_account(pair.public_key)
        builder = TransactionBuilder(account, self.network.passphrase, base_fee=100)
        return builder.set_timeout(300)

    def call(self, pair, function, *arguments):
        """An unprepared transaction with a call of the farm."""
        return (
            self.builder(pair)
            .append_invoke_contract_function_op(self.farm, function, list(arguments))
            .build()
        )

    def done(self, transaction, pair):
        """Simulates, prepares, signs, sends and polls."""
        return self.settled(self.server.prepare_transaction(transaction), pair)

    def settled(self, transaction, *signers):
        for signer in signers:
            transaction.sign(signer)
        return self.landed(transaction)

    def landed(self, transaction):
        sent = self.server.send_transaction(transaction)
        assert sent.status == SendTransactionStatus.PENDING, sent
        result = self.server.poll_transaction(sent.hash, max_attempts=100, sleep_strategy=lambda _: 0.1)
        assert result.status == GetTransactionStatus.SUCCESS, result
        return result

    def entry(self, *key):
        """A temporary entry of the farm as Python has it, or None."""
        from stellar_sdk.soroban_server import Durability

        found = self.server.get_contract_data(self.farm, scval.to_vec(list(key)), Durability.TEMPORARY)
        if found is None:
            return None
        from stellar_sdk import xdr

        data = xdr.LedgerEntryData.from_xdr(found.xdr)
        return {
            scval.from_symbol(item.key): scval.to_native(item.val)
            for item in data.contract_data.val.map.sc_map
        }

    def block(self, index):
        return self.entry(scval.to_symbol("Block"), scval.to_uint32(index))

    def pail(self, pair, index):
        return self.entry(
            scval.to_symbol("Pail"), scval.to_address(pair.public_key), scval.to_uint32(index)
        )

    @property
    def farm_index(self):
        return self.own("devnet_state")["farmIndex"]

    def await_ledger(self, sequence):
        while self.server.get_latest_ledger().sequence < sequence:
            time.sleep(0.02)

    def await_block_due(self):
        while True:
            state = self.own("devnet_state")
            if int(state["closeTime"]) >= int(state["blockDueAt"]):
                return
            time.sleep(0.05)
