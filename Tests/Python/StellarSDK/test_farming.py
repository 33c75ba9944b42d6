"""A pool's whole life on the devnet, by the Python SDK: what it can do, a real node can."""

import unittest

from stellar_sdk import Keypair, TransactionBuilder, scval, xdr
from stellar_sdk.contract import ContractClient
from stellar_sdk.exceptions import PrepareTransactionException
from stellar_sdk.soroban_rpc import (
    EventFilter, EventFilterType, GetTransactionStatus, SendTransactionStatus,
)

from devnet import Devnet
from fsp.keccak import keccak256

KALE = 10_000_000


def address(pair):
    return scval.to_address(pair.public_key)


def hash_of(index, nonce, entropy, pair):
    return keccak256(
        index.to_bytes(4, "big") + nonce.to_bytes(8, "big") + entropy + pair.raw_public_key()
    )


def returned(result):
    """What the call gave, from the meta of version 4."""
    meta = xdr.TransactionMeta.from_xdr(result.result_meta_xdr)
    return meta.v4.soroban_meta.return_value


class Farming(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.devnet = Devnet()

    @classmethod
    def tearDownClass(cls):
        cls.devnet.stop()

    def plant(self, pair, stake):
        call = self.devnet.call(pair, "plant", address(pair), scval.to_int128(stake))
        return self.devnet.done(call, pair)

    def opened(self, stake):
        """A farmer who opens a block; gives the farmer and the block's index."""
        farmer = self.devnet.farmer(50 * KALE)
        self.devnet.await_block_due()
        self.plant(farmer, stake)
        return farmer, self.devnet.farm_index

    def error_of(self, pair, function, *arguments):
        call = self.devnet.call(pair, function, *arguments)
        simulation = self.devnet.server.simulate_transaction(call)
        with self.assertRaises(PrepareTransactionException):
            self.devnet.server.prepare_transaction(call)
        return simulation.error

    def test_plant_work_harvest(self):
        devnet = self.devnet
        farmer, index = self.opened(10 * KALE)
        block = devnet.block(index)
        pail = devnet.pail(farmer, index)
        self.assertEqual(pail["stake"], 10 * KALE)
        self.assertIsNone(pail["zeros"])
        self.assertEqual(self.kale(farmer), 40 * KALE)

        # A simulation in the ledger of the plant would find no gap yet.
        devnet.await_ledger(pail["sequence"] + 1)
        nonce = 7
        proof = hash_of(index, nonce, block["entropy"], farmer)
        worked = devnet.done(
            devnet.call(
                farmer, "work", address(farmer), scval.to_bytes(proof), scval.to_uint64(nonce)
            ),
            farmer,
        )
        gap = scval.from_uint32(returned(worked))
        self.assertEqual(gap, worked.ledger - pail["sequence"])
        self.assertEqual(devnet.pail(farmer, index)["gap"], gap)
        zeros = len(proof.hex()) - len(proof.hex().lstrip("0"))
        self.assertEqual(devnet.pail(farmer, index)["zeros"], zeros)

        # The contract's errors come out of the simulation: not before the next block.
        harvest = (farmer, "harvest", address(farmer), scval.to_uint32(index))
        self.assertIn("Error(Contract, #14)", self.error_of(*harvest))
        other, _ = self.opened(0)
        harvested = devnet.done(devnet.call(*harvest), farmer)
        reward = scval.from_int128(returned(harvested))
        self.assertGreater(reward, 0)
        self.assertEqual(self.kale(farmer), 50 * KALE + reward)
        self.assertIsNone(devnet.pail(farmer, index))
        self.assertIn("Error(Contract, #9)", self.error_of(*harvest))

        # Burn and mint are seen as events, the deposit as well.
        events = devnet.server.get_events(
            start_ledger=1_000,
            filters=[
                EventFilter(
                    event_type=EventFilterType.CONTRACT, contract_ids=[devnet.kale_contract],
                    topics=[["*", address(farmer).to_xdr(), "*"], ["*", "*", address(farmer).to_xdr(), "*"]],
                )
            ],
        ).events
        names = [scval.from_symbol(event.topic[0]) for event in events]
        self.assertEqual(names, ["transfer", "burn", "mint"])
        self.assertEqual(scval.from_int128(events[2].value), 10 * KALE + reward)

    def kale(self, pair):
        return int(
            ContractClient(self.devnet.kale_contract, self.devnet.url, self.devnet.network.passphrase)
            .invoke(
                "balance", [address(pair)], source=pair.public_key,
                parse_result_xdr_fn=scval.from_int128,
            )
            .result()
        )

    def test_contract_errors(self):
        farmer, index = self.opened(0)
        self.assertIn(
            "Error(Contract, #8)",
            self.error_of(farmer, "plant", address(farmer), scval.to_int128(0)),
        )
        self.assertIn(
            "Error(Contract, #6)",
            self.error_of(farmer, "plant", address(farmer), scval.to_int128(-1)),
        )
        self.devnet.await_ledger(self.devnet.pail(farmer, index)["sequence"] + 1)
        wrong = (scval.to_bytes(bytes(32)), scval.to_uint64(1))
        self.assertIn("Error(Contract, #13)", self.error_of(farmer, "work", address(farmer), *wrong))
        stranger = Keypair.random()
        self.assertIn(
            "Error(Contract, #9)", self.error_of(farmer, "work", address(stranger), *wrong)
        )
        # The token's errors pass through: more than there is, and no trustline.
        rich = self.devnet.farmer(1)
        self.assertIn(
            "Error(Contract, #10)",
            self.error_of(rich, "plant", address(rich), scval.to_int128(2)),
        )
        bare = self.devnet.funded()
        self.assertIn(
            "Error(Contract, #13)",
            self.error_of(bare, "plant", address(bare), scval.to_int128(2)),
        )

    def test_the_sdks_own_contract_client(self):
        devnet = self.devnet
        farmer = devnet.farmer(KALE)
        devnet.await_block_due()
        client = ContractClient(devnet.farm, devnet.url, devnet.network.passphrase)
        planting = client.invoke(
            "plant", [address(farmer), scval.to_int128(5)], farmer.public_key, farmer
        )
        planting.sign_and_submit()
        self.assertEqual(devnet.pail(farmer, devnet.farm_index)["stake"], 5)

    def test_a_plant_for_another_account(self):
        """The source pays; the farmer signs an authorization entry of version 2."""
        devnet = self.devnet
        farmer, payer = devnet.farmer(KALE), devnet.funded()
        devnet.await_block_due()
        client = ContractClient(devnet.farm, devnet.url, devnet.network.passphrase)
        planting = client.invoke(
            "plant", [address(farmer), scval.to_int128(3)], payer.public_key, payer
        )
        self.assertEqual(planting.needs_non_invoker_signing_by(), {farmer.public_key})
        planting.sign_auth_entries(farmer)
        planting.sign_and_submit()
        self.assertEqual(devnet.pail(farmer, devnet.farm_index)["stake"], 3)

    def test_fee_bump(self):
        """A channel account's transaction, for which the farmer pays."""
        devnet = self.devnet
        farmer, channel = devnet.farmer(0 + KALE), devnet.funded()
        before = devnet.server.load_account(channel.public_key).sequence
        devnet.await_block_due()
        # Nobody needs to sign for a plant but its farmer: by source here, as the inner transaction.
        inner = devnet.server.prepare_transaction(
            devnet.call(channel, "plant", address(channel), scval.to_int128(0))
        )
        inner.sign(channel)
        bump = TransactionBuilder.build_fee_bump_transaction(
            farmer, 500, inner, devnet.network.passphrase
        )
        bump.sign(farmer)
        landed = devnet.landed(bump)
        self.assertTrue(landed.fee_bump)
        result = xdr.TransactionResult.from_xdr(landed.result_xdr)
        self.assertEqual(
            result.result.code, xdr.TransactionResultCode.txFEE_BUMP_INNER_SUCCESS
        )
        # It is known by the inner hash as well; the channel paid nothing but its sequence number.
        by_inner = devnet.server.get_transaction(inner.hash_hex())
        self.assertEqual(by_inner.status, GetTransactionStatus.SUCCESS)
        self.assertEqual(by_inner.ledger, landed.ledger)
        self.assertEqual(devnet.server.load_account(channel.public_key).sequence, before + 1)

    def test_refusals(self):
        devnet = self.devnet
        pair = devnet.funded()
        payment = devnet.builder(pair).append_payment_op(pair.public_key, devnet.kale, "1").build()
        self.assertEqual(devnet.server.send_transaction(payment).status, SendTransactionStatus.ERROR)
        payment.sign(pair)
        first = devnet.server.send_transaction(payment)
        self.assertEqual(first.status, SendTransactionStatus.PENDING)
        self.assertEqual(
            devnet.server.send_transaction(payment).status, SendTransactionStatus.DUPLICATE
        )
        failed = devnet.server.poll_transaction(first.hash, sleep_strategy=lambda _: 0.1)
        self.assertEqual(failed.status, GetTransactionStatus.FAILED)
        again = devnet.server.send_transaction(payment)
        self.assertEqual(again.status, SendTransactionStatus.ERROR)
        result = xdr.TransactionResult.from_xdr(again.error_result_xdr)
        self.assertEqual(result.result.code, xdr.TransactionResultCode.txBAD_SEQ)

    def test_the_other_methods(self):
        server = self.devnet.server
        health = server.get_health()
        self.assertEqual(health.status, "healthy")
        self.assertGreaterEqual(server.get_version_info().protocol_version, 27)
        latest = server.get_latest_ledger()
        self.assertGreaterEqual(latest.sequence, health.latest_ledger)
        self.assertEqual(server.get_fee_stats().soroban_inclusion_fee.ledger_count > 0, True)
        ledgers = server.get_ledgers(start_ledger=health.oldest_ledger, limit=2).ledgers
        self.assertEqual([ledger.sequence for ledger in ledgers], [1_000, 1_001])
        header = xdr.LedgerHeaderHistoryEntry.from_xdr(ledgers[1].header_xdr)
        self.assertEqual(header.header.ledger_seq.uint32, 1_001)
        xdr.LedgerCloseMeta.from_xdr(ledgers[1].metadata_xdr)
        pair = self.devnet.funded()
        transactions = server.get_transactions(start_ledger=1_000, limit=200).transactions
        self.assertTrue(transactions)
        # The network's settings, by which clients keep within its limits.
        setting = xdr.LedgerKey(
            xdr.LedgerEntryType.CONFIG_SETTING,
            config_setting=xdr.LedgerKeyConfigSetting(
                xdr.ConfigSettingID.CONFIG_SETTING_CONTRACT_COMPUTE_V0
            ),
        )
        entry = server.get_ledger_entries([setting]).entries[0]
        compute = xdr.LedgerEntryData.from_xdr(entry.xdr).config_setting.contract_compute
        self.assertEqual(compute.ledger_max_instructions.int64, 580_000_000)
        balance = server.get_sac_balance(self.devnet.kale_contract, self.devnet.kale, self.devnet.network.passphrase)
        self.assertIsNone(balance.balance_entry)
        self.assertEqual(server.load_account(pair.public_key).account.account_id, pair.public_key)


if __name__ == "__main__":
    unittest.main()
