import Bytes
import StellarXDR

extension Operation {
  /// Which of an account's thresholds (master, low, medium, high) its signatures must reach.
  var thresholdIndex: Int {
    switch body {
    case .accountMerge: 3
    case .bumpSequence: 1
    case .setOptions(let options): options.changesWhoMaySign ? 3 : 2
    default: 2
    }
  }
}

extension Operation.Body {
  /// Whether it can never succeed by its own fields.
  func isMalformed(source: AccountID) -> Bool {
    switch self {
    case .createAccount(let destination, let balance): balance < 0 || destination == source
    case .payment(_, _, let amount): amount <= 0
    case .changeTrust(_, let limit): limit < 0
    case .accountMerge(let destination): destination.accountID == source
    case .beginSponsoringFutureReserves(let sponsored): sponsored == source
    default: false
    }
  }

  /// What a success of this kind carries before it was tried.
  var emptyPayload: OperationResult.Payload {
    switch self {
    case .invokeHostFunction: .invoked(hash: .zero)
    case .accountMerge: .merged(balance: 0)
    default: .none
    }
  }
}

extension Operation.Body {
  /// Whether footprint and operation go together.
  func fits(_ data: SorobanTransactionData, _ rules: NetworkRules) -> Bool {
    let footprint = data.resources.footprint
    return switch self {
    case .extendFootprintTTL(let ledgers):
      footprint.readWrite.isEmpty && ledgers < rules.archival.ttlMax
        && footprint.readOnly.allSatisfy { !$0.isClassic }
    case .restoreFootprint:
      footprint.readOnly.isEmpty && footprint.readWrite.allSatisfy(\.isPersistentSoroban)
    default: true
    }
  }
}

extension SorobanTransactionData {
  /// Ascending, within the entries that are written, and persistent.
  var namesArchivedEntriesWell: Bool {
    let indexes = archivedEntries ?? []
    let written = resources.footprint.readWrite
    return zip(indexes, indexes.dropFirst()).allSatisfy { $0 < $1 }
      && indexes.allSatisfy { $0 < written.count && written[Int($0)].isPersistentSoroban }
  }
}

extension LedgerKey {
  fileprivate var isPersistentSoroban: Bool {
    switch self {
    case .contractData(_, _, let durability): durability == .persistent
    case .contractCode: true
    default: false
    }
  }
}
