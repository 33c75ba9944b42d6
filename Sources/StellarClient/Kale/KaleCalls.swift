package import Bytes
package import KaleRules
package import StellarXDR

/// The operations the pool sends, for one network. Amounts are stroops.
package struct KaleCalls: Sendable {
  package let network: KaleNetwork

  package init(_ network: KaleNetwork) { self.network = network }

  // MARK: The farm. `plant` needs the farmer's authorisation, the others nobody's.

  package func plant(_ farmer: AccountID, stake: Stroops) -> Operation {
    .invoke(
      network.farmContract, "plant",
      [.address(.account(farmer)), .amount(stake.rawValue)])
  }

  package func work(_ farmer: AccountID, hash: Bytes32, nonce: UInt64) -> Operation {
    .invoke(
      network.farmContract, "work",
      [.address(.account(farmer)), .bytes(hash.bytes), .u64(nonce)])
  }

  package func harvest(_ farmer: AccountID, _ block: BlockIndex) -> Operation {
    .invoke(
      network.farmContract, "harvest", [.address(.account(farmer)), .u32(block.rawValue)])
  }

  // MARK: The split contract, all with the farmer's authorisation but `terms`

  package func join(
    _ farmer: AccountID, pooler: SCAddress, bondWallet: SCAddress, share: BasisPoints,
    payout: SCAddress
  ) throws(NoSplitContract) -> Operation {
    .invoke(
      try splitContract(), "join",
      [
        .address(.account(farmer)), .address(pooler), .address(bondWallet),
        .u32(UInt32(share.rawValue)), .address(payout),
      ])
  }

  package func setPayout(
    _ farmer: AccountID, _ payout: SCAddress
  ) throws(NoSplitContract) -> Operation {
    .invoke(
      try splitContract(), "set_payout", [.address(.account(farmer)), .address(payout)])
  }

  /// Divides `amount`; a second call with the same `exitID` pays nothing.
  package func settle(
    _ farmer: AccountID, exitID: Bytes32, amount: Stroops, rewards: Stroops, loss: Stroops,
    held: Stroops
  ) throws(NoSplitContract) -> Operation {
    .invoke(
      try splitContract(), "settle",
      [
        .address(.account(farmer)), .bytes(exitID.bytes), .amount(amount.rawValue),
        .amount(rewards.rawValue), .amount(loss.rawValue), .amount(held.rawValue),
      ])
  }

  package func terms(_ farmer: AccountID) throws(NoSplitContract) -> Operation {
    .invoke(try splitContract(), "terms", [.address(.account(farmer))])
  }

  /// The network has no split contract that this program knows of: its id is a setting.
  package struct NoSplitContract: Error, Sendable, CustomStringConvertible {
    package let network: String

    package var description: String {
      "no split contract is known on \(network): set its id, or use a network that has one"
    }
  }

  private func splitContract() throws(NoSplitContract) -> Bytes32 {
    guard let contract = network.splitContract else {
      throw NoSplitContract(network: network.name)
    }
    return contract
  }

  // MARK: Classic operations

  /// A trustline for KALE; a limit of 0 removes it.
  package func trustKale(limit: Stroops = Stroops(.max), source: AccountID? = nil) -> Operation {
    Operation(
      .changeTrust(.asset(network.asset), limit: limit.rawValue),
      source: source.map { .account($0) })
  }

  package func payKale(
    to destination: MuxedAccount, _ amount: Stroops, source: AccountID? = nil
  ) -> Operation {
    pay(to: destination, network.asset, amount, source)
  }

  package func payXLM(
    to destination: MuxedAccount, _ amount: Stroops, source: AccountID? = nil
  ) -> Operation {
    pay(to: destination, .native, amount, source)
  }

  private func pay(
    to destination: MuxedAccount, _ asset: Asset, _ amount: Stroops, _ source: AccountID?
  ) -> Operation {
    Operation(
      .payment(destination: destination, asset: asset, amount: amount.rawValue),
      source: source.map { .account($0) })
  }

  package func createAccount(
    _ account: AccountID, startingBalance: Stroops, source: AccountID? = nil
  ) -> Operation {
    Operation(
      .createAccount(destination: account, startingBalance: startingBalance.rawValue),
      source: source.map { .account($0) })
  }

  /// An account with KALE's trustline and no XLM, whose reserves the transaction's source bears; the
  /// new account signs as well. Source: stellar.md §4, the sponsored sandwich.
  package func createSponsored(_ account: AccountID) -> [Operation] {
    [
      Operation(.beginSponsoringFutureReserves(sponsored: account)),
      createAccount(account, startingBalance: 0),
      trustKale(source: account),
      Operation(.endSponsoringFutureReserves, source: .account(account)),
    ]
  }

  /// Closes the source account; what XLM it has goes to the destination.
  package func merge(into destination: MuxedAccount, source: AccountID? = nil) -> Operation {
    Operation(.accountMerge(destination: destination), source: source.map { .account($0) })
  }
}
