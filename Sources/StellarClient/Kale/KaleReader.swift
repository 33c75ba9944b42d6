package import KaleRules
package import StellarXDR

/// A value of the farm's with its time to live.
package struct Live<Value: Sendable & Hashable>: Sendable, Hashable {
  package let value: Value
  /// The last ledger in which it can be used.
  package let liveUntil: LedgerSequence
}

/// The farm as of a ledger.
package struct FarmState: Sendable, Hashable {
  package let instance: FarmInstance
  /// The newest block; nil where none was ever opened or it has expired or been removed.
  package let block: Live<FarmBlock>?
  package let ledger: LedgerSequence

  package var index: BlockIndex { instance.index }

  package var sighting: FarmSighting {
    FarmSighting(
      index: index, openedAt: instance.farmBlock.timestamp, entropy: block?.value.entropy,
      ledger: ledger)
  }
}

/// A wallet as of a ledger. Stroops.
package struct WalletState: Sendable, Hashable {
  package let account: AccountEntry
  /// Nil without a trustline.
  package let kale: TrustLineEntry?

  /// XLM that the network holds back: two base reserves, one for each further entry.
  package func reserve(baseReserve: Int64 = 5_000_000) -> Int64 {
    let entries =
      2 + Int64(account.subentries) + Int64(account.sponsoring) - Int64(account.sponsored)
    return entries * baseReserve
  }
}

/// A pail's name.
package struct PailID: Sendable, Hashable {
  package let farmer: AccountID
  package let block: BlockIndex

  package init(_ farmer: AccountID, _ block: BlockIndex) {
    self.farmer = farmer
    self.block = block
  }
}

/// Reads what is KALE's on a network, in batches.
package struct KaleReader: Sendable {
  package let rpc: RPCClient
  package let keys: KaleKeys

  package init(_ rpc: RPCClient, network: KaleNetwork) {
    self.rpc = rpc
    keys = KaleKeys(network)
  }

  /// The farm and its newest block, from a node that has seen the ledger `since`. Two calls: the
  /// block's number stands in the instance.
  package func farm(since: LedgerSequence = 0) async throws(RPCError) -> FarmState {
    try await farm(.any, since: since)
  }

  /// The same from the first node, in order of trust, whose answer can be accepted; nil where some
  /// answered and none can.
  package func farm(
    since: LedgerSequence, where isAcceptable: (FarmState) -> Bool
  ) async throws(RPCError) -> FarmState? {
    var failure: RPCError?
    var someAnswered = false
    for node in rpc.nodeOrder {
      do throws(RPCError) {
        let farm = try await farm(.only(node), since: since)
        if isAcceptable(farm) { return farm }
        rpc.noteDisagreement(of: node, in: farm.ledger)
        someAnswered = true
      } catch {
        failure = error
      }
    }
    if let failure, !someAnswered { throw failure }
    return nil
  }

  func farm(
    _ choice: RPCClient.NodeChoice, since: LedgerSequence = 0
  ) async throws(RPCError) -> FarmState {
    let entries = try await rpc.getLedgerEntries([keys.farm], since: since, choice)
    guard let value = entries[keys.farm]?.contractValue, let instance = FarmInstance(value) else {
      throw RPCError(
        .badAnswer, "there is no farm on \(keys.network.name): is it the right network?")
    }
    let key = keys.block(instance.index)
    let block = try await rpc.getLedgerEntries([key], since: since, choice)[key]
    return FarmState(
      instance: instance, block: block?.live(FarmBlock.init), ledger: entries.latestLedger)
  }

  /// The blocks among these that live.
  package func blocks(
    _ indexes: [BlockIndex]
  ) async throws(RPCError) -> [BlockIndex: Live<FarmBlock>] {
    guard !indexes.isEmpty else { return [:] }
    let entries = try await rpc.getLedgerEntries(indexes.map(keys.block))
    var found: [BlockIndex: Live<FarmBlock>] = [:]
    for index in indexes { found[index] = entries[keys.block(index)]?.live(FarmBlock.init) }
    return found
  }

  /// The pails among these that live.
  package func pails(_ ids: [PailID]) async throws(RPCError) -> [PailID: Live<Pail>] {
    guard !ids.isEmpty else { return [:] }
    let entries = try await rpc.getLedgerEntries(ids.map { keys.pail($0.farmer, $0.block) })
    var found: [PailID: Live<Pail>] = [:]
    for id in ids { found[id] = entries[keys.pail(id.farmer, id.block)]?.live(Pail.init) }
    return found
  }

  /// The accounts among these that exist, with their KALE.
  package func wallets(
    _ accounts: [AccountID]
  ) async throws(RPCError) -> [AccountID: WalletState] {
    guard !accounts.isEmpty else { return [:] }
    return try await walletsAndLedger(accounts).wallets
  }

  /// The same with the ledger of which all of it holds; at least one account.
  package func walletsAndLedger(
    _ accounts: [AccountID]
  ) async throws(RPCError) -> (wallets: [AccountID: WalletState], ledger: LedgerSequence) {
    let entries = try await rpc.getLedgerEntries(
      accounts.flatMap { [keys.account($0), keys.kale($0)] })
    var found: [AccountID: WalletState] = [:]
    for account in accounts {
      guard case .account(let entry)? = entries[keys.account(account)]?.data else { continue }
      var kale: TrustLineEntry?
      if case .trustline(let line)? = entries[keys.kale(account)]?.data { kale = line }
      found[account] = WalletState(account: entry, kale: kale)
    }
    return (found, entries.latestLedger)
  }

  /// A farmer's live terms, nil where there are none or no split contract.
  package func terms(_ farmer: AccountID) async throws(RPCError) -> SplitTermsOnChain? {
    guard let key = keys.terms(farmer) else { return nil }
    return try await rpc.getLedgerEntries([key])[key]?.contractValue.flatMap(
      SplitTermsOnChain.init)
  }
}

extension LiveLedgerEntry {
  /// The value of a contract's entry.
  package var contractValue: SCVal? {
    if case .contractData(let entry) = data { entry.value } else { nil }
  }

  fileprivate func live<Value>(_ make: (SCVal) -> Value?) -> Live<Value>? {
    guard let liveUntil, let value = contractValue.flatMap(make) else { return nil }
    return Live(value: value, liveUntil: liveUntil)
  }
}
