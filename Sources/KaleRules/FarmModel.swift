package import Bytes

/// A ledger with nothing but a farm and its asset, in memory: for tests and simulations.
///
/// Reading an expired entry gives nil; it is dropped when the ledger advances.
package struct FarmModel: Sendable {
  /// What a call is signed with.
  package enum Authorization: Sendable {
    /// The call and whatever it calls.
    case full
    /// The call without the nested `burn`.
    case rootOnly
    case none
  }

  /// A temporary entry and the last ledger in which it can be used.
  package struct Live<Value: Hashable & Sendable>: Hashable, Sendable {
    package var value: Value
    package var until: LedgerSequence

    package init(_ value: Value, until: LedgerSequence) {
      self.value = value
      self.until = until
    }
  }

  package struct PailKey: Hashable, Sendable {
    package var farmer: FarmAddress
    package var index: BlockIndex

    package init(_ farmer: FarmAddress, _ index: BlockIndex) {
      self.farmer = farmer
      self.index = index
    }
  }

  package let contract: FarmContract
  /// Ledgers that a temporary entry lives, its first included; mainnet has 17,280.
  package let temporaryLedgers: UInt32
  package private(set) var sequence: LedgerSequence
  package private(set) var time: UInt64
  package var farm: FarmInstance
  package var token: TokenModel
  package var blocks: [BlockIndex: Live<FarmBlock>] = [:]
  package var pails: [PailKey: Live<Pail>] = [:]
  private var authorization = Authorization.none

  package init(
    contract: FarmContract = FarmContract(), temporaryLedgers: UInt32 = 17_280,
    sequence: LedgerSequence, time: UInt64, farm: FarmInstance, token: TokenModel
  ) {
    self.contract = contract
    self.temporaryLedgers = temporaryLedgers
    self.sequence = sequence
    self.time = time
    self.farm = farm
    self.token = token
  }

  /// Closes `ledgers` ledgers, each `seconds` after the one before.
  package mutating func advance(ledgers: UInt32, seconds: UInt64) {
    sequence = sequence + ledgers
    time += UInt64(ledgers) * seconds
    blocks = blocks.filter { $0.value.until >= sequence }
    pails = pails.filter { $0.value.until >= sequence }
  }

  package mutating func plant(
    farmer: FarmAddress, amount: Int128, authorization: Authorization = .full
  ) throws(FarmFailure) {
    self.authorization = authorization
    try contract.plant(farmer: farmer, amount: amount, on: &self)
  }

  package mutating func work(farmer: FarmAddress, hash: Bytes32, nonce: UInt64)
    throws(FarmFailure) -> UInt32
  {
    try contract.work(farmer: farmer, hash: hash, nonce: nonce, on: &self)
  }

  package mutating func harvest(farmer: FarmAddress, index: BlockIndex) throws(FarmFailure)
    -> Int128
  {
    try contract.harvest(farmer: farmer, index: index, on: &self)
  }

  package mutating func pause(authorization: Authorization = .full) throws(FarmFailure) {
    self.authorization = authorization
    try contract.pause(on: &self)
  }

  package mutating func unpause(authorization: Authorization = .full) throws(FarmFailure) {
    self.authorization = authorization
    try contract.unpause(on: &self)
  }

  package mutating func removeBlock(_ index: BlockIndex, authorization: Authorization = .full)
    throws(FarmFailure)
  {
    self.authorization = authorization
    try contract.removeBlock(index, on: &self)
  }
}

extension FarmModel: FarmHost {
  package func instance() -> FarmInstance { farm }

  package mutating func store(_ instance: FarmInstance) { farm = instance }

  package func block(_ index: BlockIndex) -> FarmBlock? { blocks[index]?.value }

  package mutating func store(_ block: FarmBlock?, at index: BlockIndex) {
    blocks[index] = block.map { Live($0, until: blocks[index]?.until ?? lifeFromNow) }
  }

  package func pail(of farmer: FarmAddress, in index: BlockIndex) -> Pail? {
    pails[PailKey(farmer, index)]?.value
  }

  package mutating func store(_ pail: Pail?, of farmer: FarmAddress, in index: BlockIndex) {
    let key = PailKey(farmer, index)
    pails[key] = pail.map { Live($0, until: pails[key]?.until ?? lifeFromNow) }
  }

  package func requireAuthorization(of address: FarmAddress) throws(FarmFailure) {
    if case .none = authorization { throw .unauthorized }
  }

  package mutating func burn(_ amount: Int128, from farmer: FarmAddress, asset: Bytes32)
    throws(FarmFailure)
  {
    guard farmer != token.issuer else { throw .token(.operationNotSupported) }
    guard case .full = authorization else { throw .unauthorized }
    try token.burn(amount, from: farmer)
  }

  package mutating func mint(_ amount: Int128, to farmer: FarmAddress, asset: Bytes32)
    throws(FarmFailure)
  { try token.mint(amount, to: farmer) }

  package func extendInstance() {}

  private var lifeFromNow: LedgerSequence { sequence + (temporaryLedgers - 1) }
}
