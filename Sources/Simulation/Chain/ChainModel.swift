import Bytes
import KaleRules
import Pool

/// A network with a farm, its asset, native coins and the split contract, in memory.
///
/// The farm is `KaleRules`' own contract; the rest is modelled here without a line of the pool's
/// code, so that books can be held against it.
final class ChainModel {
  struct Account {
    var xlm: Int64
    /// The sequence number used last, with the ledgers in which it changed lately.
    var sequences: [(ledger: LedgerSequence, value: Int64)]
    var createdIn: LedgerSequence
    var trustsSince: LedgerSequence?

    var sequence: Int64 { sequences.last?.value ?? 0 }
  }

  struct Live<Value> {
    var value: Value
    var until: LedgerSequence
  }

  struct PailKey: Hashable {
    var farmer: Bytes32
    var block: BlockIndex
  }

  /// How the farm stood when a ledger closed.
  struct Snapshot {
    var ledger: LedgerSequence
    var closeTime: Int64
    var instance: FarmInstance
    var block: FarmBlock?
  }

  let contract: FarmContract
  let temporaryLedgers: UInt32
  var sequence: LedgerSequence = 1_000
  var closeTime: Int64
  var farm: FarmInstance
  var token: TokenModel
  var blocks: [BlockIndex: Live<FarmBlock>] = [:]
  var pails: [PailKey: Live<Pail>] = [:]
  var accounts: [Bytes32: Account] = [:]
  var terms: [Bytes32: ChainCall.Terms] = [:]
  var exits: [Bytes32: [ExitID: ChainCall.Settlement]] = [:]
  /// One transaction for each source.
  var mempool: [Bytes32: ChainTransaction] = [:]
  var outcomes: [Bytes32: ChainOutcome] = [:]
  var transfers: [ChainTransfer] = []
  private(set) var snapshots: [Snapshot] = []
  /// KALE minted less burnt, so that the supply can be checked.
  var minted: Int128 = 0
  /// Multiplies fees.
  var feeFactor: Int64 = 1
  private var transferNumber = 0

  /// An account's least balance, with and without a trustline.
  static let reserve: Int64 = 10_000_000
  static let trustReserve: Int64 = 5_000_000
  static let snapshotsKept = 60

  init(time: Int64, temporaryLedgers: UInt32) {
    contract = FarmContract()
    self.temporaryLedgers = temporaryLedgers
    closeTime = time
    let farmKey = Dice.key(1, 1, 1, 1)
    farm = FarmInstance(
      homesteader: .account(farmKey), asset: Dice.key(2, 2, 2, 2), deployedAt: UInt64(time - 1_000))
    token = TokenModel(issuer: .account(Dice.key(3, 3, 3, 3)))
    remember()
  }

  // MARK: - Reading

  var farmIndex: BlockIndex { farm.index }
  var openedAt: Int64 { Int64(farm.farmBlock.timestamp) }

  func kale(_ wallet: Bytes32) -> Int64 { token.trustlines[.account(wallet)]?.balance ?? 0 }
  func xlm(_ wallet: Bytes32) -> Int64 { accounts[wallet]?.xlm ?? 0 }

  func pail(_ farmer: Bytes32, _ block: BlockIndex) -> Pail? {
    guard let live = pails[PailKey(farmer: farmer, block: block)], live.until >= sequence else {
      return nil
    }
    return live.value
  }

  /// The network as a node that lags by `ledgers` has it.
  func snapshot(lag: Int) -> Snapshot {
    snapshots[max(0, snapshots.count - 1 - lag)]
  }

  func sequence(of wallet: Bytes32, at ledger: LedgerSequence) -> Int64? {
    guard let account = accounts[wallet], account.createdIn <= ledger else { return nil }
    return account.sequences.last { $0.ledger <= ledger }?.value ?? account.sequences.first?.value
  }

  /// Whether a later ledger may have a transaction that waits.
  func mayStillInclude(_ hash: Bytes32, of source: Bytes32) -> Bool {
    guard let waiting = mempool[source], waiting.hash == hash else { return false }
    return waiting.maxTime > closeTime
  }

  func available(_ wallet: Bytes32) -> Int64 {
    guard let account = accounts[wallet] else { return 0 }
    let reserve = Self.reserve + (account.trustsSince == nil ? 0 : Self.trustReserve)
    return account.xlm - reserve
  }

  // MARK: - Time

  func remember() {
    let index = farm.index
    snapshots.append(
      Snapshot(
        ledger: sequence, closeTime: closeTime, instance: farm, block: blocks[index]?.value))
    if snapshots.count > 2 * Self.snapshotsKept { snapshots.removeFirst(Self.snapshotsKept) }
  }

  /// What has expired is dropped; nobody could read it any more anyway.
  func evict() {
    blocks = blocks.filter { $0.value.until >= sequence }
    pails = pails.filter { $0.value.until >= sequence }
  }

  // MARK: - Money from outside

  /// Somebody sends native coins; makes the account where there is none.
  func sendXLM(_ amount: Int64, to wallet: Bytes32, dice: inout Dice) {
    if accounts[wallet] == nil {
      accounts[wallet] = Account(
        xlm: amount, sequences: [(sequence, Int64(sequence.rawValue) << 32)], createdIn: sequence)
    } else {
      accounts[wallet]?.xlm += amount
    }
    note(isKale: false, to: wallet, from: nil, amount, transaction: dice.key())
  }

  /// Somebody sends KALE; false: the account takes none.
  func sendKale(_ amount: Int64, to wallet: Bytes32, dice: inout Dice) -> Bool {
    guard accounts[wallet] != nil, token.trustlines[.account(wallet)] != nil else { return false }
    token.trustlines[.account(wallet)]?.balance += amount
    minted += Int128(amount)
    note(isKale: true, to: wallet, from: nil, amount, transaction: dice.key())
    return true
  }

  func note(
    isKale: Bool, to: Bytes32, from: Bytes32?, _ amount: Int64, isMint: Bool = false,
    block: BlockIndex? = nil, transaction: Bytes32
  ) {
    transferNumber += 1
    transfers.append(
      ChainTransfer(
        id: "\(sequence)-\(transferNumber)", ledger: sequence, isMint: isMint, isKale: isKale,
        to: to, from: from, amount: amount, block: block, transaction: transaction))
  }
}
