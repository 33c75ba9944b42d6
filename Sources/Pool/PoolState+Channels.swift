package import Bytes
package import KaleRules

/// Accounts that only serve the others: channels lend their sequence numbers, so that several
/// transactions of one farmer run at once; the sponsor pays where fees have risen beyond what a
/// wallet kept back. They need an account and no trustline.
extension PoolState {
  /// Channels that can be used, ascending.
  package var channels: [Bytes32] {
    wallets.values.filter { $0.kind == .channel && $0.hasAccount }.map(\.key).sorted()
  }

  /// The sponsor, where there is one that can pay.
  package var sponsor: Bytes32? {
    guard let wallet = wallets.values.first(where: { $0.kind == .sponsor && $0.hasAccount }),
      sponsorSpare > 0
    else { return nil }
    return wallet.key
  }

  /// What the sponsor may still spend, in stroops of XLM: its balance is its budget, less the
  /// reserves that it bears.
  package var sponsorSpare: Int64 {
    guard let wallet = wallets.values.first(where: { $0.kind == .sponsor }) else { return 0 }
    let borne = wallets.values.reduce(0) { $0 + $1.sponsoredReserves }
    return max(
      0,
      balance(.wallet(wallet.key), .xlm) - settings.serviceMinimumBalance.rawValue
        - borne * settings.baseReserve.rawValue)
  }

  /// Why nobody is planted while fees are as they are; nil: they are not too high.
  ///
  /// A wallet keeps back what its works and harvests cost at ``PoolSettings/feeReserve``. Where a call
  /// costs more, the sponsor has to step in for works and harvests; what is left of its budget is
  /// kept for those that are planted already, and nothing new is planted.
  func whyTooDear(_ view: ChainView) -> String? {
    guard let fee = view.feeNow, fee > settings.feeReserve,
      sponsorSpare < settings.sponsorFloor.rawValue
    else { return nil }
    return "the network's fees are too high at present"
  }

  // MARK: - Making them

  /// The treasury makes as many as it can pay for, in one transaction.
  func createServiceWallets(_ treasury: Bytes32, _ view: ChainView) -> Submission? {
    let missing = wallets.values.filter { $0.isService && !$0.hasAccount }.map(\.key)
      .filter { !view.funded.contains($0) }.sorted()
    let kept = settings.minimumBalance.rawValue + settings.feeReserve.rawValue
    let affordable =
      (balance(.wallet(treasury), .xlm) - kept) / settings.serviceWalletXLM.rawValue
    let made = missing.prefix(Int(min(Self.createdMax, max(0, affordable))))
    guard !made.isEmpty else { return nil }
    var submission = Submission(
      wallet: treasury, kind: .createWallets, amount: settings.serviceWalletXLM)
    submission.target = made.map(\.description).joined(separator: ",")
    return submission
  }

  /// Well below the 100 operations of a transaction.
  private static let createdMax: Int64 = 50

  /// The sponsor makes farmers' wallets, with their trustlines, and bears the reserves, which come
  /// back when a wallet is closed. What it keeps for fees is not touched.
  func sponsorWallets(_ view: ChainView) -> Submission? {
    guard settings.sponsorsWallets, let sponsor, isIdle(sponsor, view) else { return nil }
    let missing = wallets.values.filter {
      $0.kind == .farmer && !$0.isReady && !$0.hasAccount && !$0.isClosed
        && !view.funded.contains($0.key)
    }.map(\.key).sorted()
    let each = Wallet.reserves * settings.baseReserve.rawValue
    let affordable = (sponsorSpare - settings.sponsorFloor.rawValue) / each
    let made = missing.prefix(Int(min(Self.sponsoredMax, max(0, affordable))))
    guard !made.isEmpty else { return nil }
    var submission = Submission(wallet: sponsor, kind: .createWallets)
    submission.target = made.map(\.description).joined(separator: ",")
    return submission
  }

  /// Each wallet signs beside the sponsor, and a transaction has 20 signatures at most.
  private static let sponsoredMax: Int64 = 19

  /// What a farmer's wallet has above its own reserves, in stroops of XLM; the sponsor may bear some
  /// of them.
  package func spareXLM(of wallet: Bytes32) -> Int64 {
    let borne = (wallets[wallet]?.sponsoredReserves ?? 0) * settings.baseReserve.rawValue
    return balance(.wallet(wallet), .xlm) - settings.minimumBalance.rawValue + borne
  }

  // MARK: - Using them

  /// Gives free channels what the farmers' own lanes cannot do now: works whose wallet is held up,
  /// then harvests. The farmer pays either way. `work` is what a wallet of its own would hand over.
  func decideForChannels(
    _ view: ChainView, _ turns: TurnOrder, into decision: inout Decision,
    work: (Farmer) -> Planting.Nonce?
  ) {
    var free = channels.filter { isIdle($0, view) }
    guard !free.isEmpty else { return }
    let chosen = Set(decision.submissions.compactMap(ChainTask.init))
    func send(_ task: ChainTask, _ farmer: Farmer, _ nonce: Planting.Nonce?) {
      guard let channel = free.first, !view.tasks.contains(task), !chosen.contains(task) else {
        return
      }
      free.removeFirst()
      var submission = Submission(
        wallet: channel, kind: task.kind, farmer: farmer.id, block: task.block)
      submission.payer = farmer.wallet
      submission.nonce = nonce
      decision.submissions.append(submission)
    }
    for id in turns.farmers where turns.worksSoon && !free.isEmpty {
      guard let farmer = farmers[id], !farmer.hasLeft, view.busy.contains(farmer.wallet) else {
        continue
      }
      if let nonce = work(farmer) {
        send(ChainTask(farmer: id, block: view.farmIndex, kind: .work), farmer, nonce)
      }
    }
    for id in turns.farmers where !free.isEmpty {
      guard let farmer = farmers[id], !farmer.hasLeft else { continue }
      for block in harvestsDue(of: farmer, view) {
        guard coversFee(farmer) else { break }
        send(ChainTask(farmer: id, block: block, kind: .harvest), farmer, nil)
      }
    }
  }

  func coversFee(_ farmer: Farmer) -> Bool {
    spareXLM(of: farmer.wallet) >= settings.feeReserve.rawValue
  }
}

/// What a transaction under way does for one farmer's block.
package struct ChainTask: Sendable, Hashable {
  package let farmer: FarmerID
  package let block: BlockIndex
  package let kind: TransactionKind

  package init(farmer: FarmerID, block: BlockIndex, kind: TransactionKind) {
    self.farmer = farmer
    self.block = block
    self.kind = kind
  }

  /// Nil for what is of no farmer's block.
  package init?(_ submission: Submission) {
    guard let farmer = submission.farmer, let block = submission.block else { return nil }
    self.init(farmer: farmer, block: block, kind: submission.kind)
  }
}

extension Wallet {
  /// Base reserves of an account with a trustline.
  static let reserves: Int64 = 3

  /// A channel or the sponsor.
  package var isService: Bool { kind == .channel || kind == .sponsor }

  /// Its account stands on chain.
  package var hasAccount: Bool { isFunded || isReady }
}
