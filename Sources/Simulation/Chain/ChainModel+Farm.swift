import Bytes
import KaleRules

/// The farm's contract on this network: read first, written last, so that a failed call has
/// changed nothing.
extension ChainModel: FarmHost {
  var time: UInt64 { UInt64(closeTime) }
  var life: LedgerSequence { sequence + (temporaryLedgers - 1) }

  func instance() -> FarmInstance { farm }
  func store(_ instance: FarmInstance) { farm = instance }

  func block(_ index: BlockIndex) -> FarmBlock? {
    guard let live = blocks[index], live.until >= sequence else { return nil }
    return live.value
  }

  func store(_ block: FarmBlock?, at index: BlockIndex) {
    guard let block else {
      blocks[index] = nil
      return
    }
    if let live = blocks[index], live.until >= sequence {
      blocks[index]?.value = block
    } else {
      blocks[index] = Live(value: block, until: life)
    }
  }

  func pail(of farmer: FarmAddress, in index: BlockIndex) -> Pail? { pail(farmer.bytes, index) }

  func store(_ pail: Pail?, of farmer: FarmAddress, in index: BlockIndex) {
    let key = PailKey(farmer: farmer.bytes, block: index)
    guard let pail else {
      pails[key] = nil
      return
    }
    if let live = pails[key], live.until >= sequence {
      pails[key]?.value = pail
    } else {
      pails[key] = Live(value: pail, until: life)
    }
  }

  func requireAuthorization(of address: FarmAddress) {}

  func burn(_ amount: Int128, from farmer: FarmAddress, asset: Bytes32) throws(FarmFailure) {
    // Outsiders are known by having no account: their stakes are nobody's.
    guard accounts[farmer.bytes] != nil else { return }
    try token.burn(amount, from: farmer)
    minted -= amount
  }

  func mint(_ amount: Int128, to farmer: FarmAddress, asset: Bytes32) throws(FarmFailure) {
    try token.mint(amount, to: farmer)
    minted += amount
  }

  func extendInstance() {}
}

/// A call that is only tried: what it would write is forgotten, but for which block it touched.
struct DryFarm: FarmHost {
  let chain: ChainModel
  let sequence: LedgerSequence
  let time: UInt64
  let known: FarmInstance
  var touched: BlockIndex?

  init(_ chain: ChainModel, at snapshot: ChainModel.Snapshot) {
    self.chain = chain
    sequence = snapshot.ledger
    time = UInt64(snapshot.closeTime)
    known = snapshot.instance
  }

  func instance() -> FarmInstance { known }
  func store(_ instance: FarmInstance) {}

  func block(_ index: BlockIndex) -> FarmBlock? {
    index > known.index ? nil : chain.block(index)
  }

  func store(_ block: FarmBlock?, at index: BlockIndex) {}
  func pail(of farmer: FarmAddress, in index: BlockIndex) -> Pail? {
    index > known.index ? nil : chain.pail(of: farmer, in: index)
  }
  mutating func store(_ pail: Pail?, of farmer: FarmAddress, in index: BlockIndex) {
    touched = index
  }
  func requireAuthorization(of address: FarmAddress) {}

  func burn(_ amount: Int128, from farmer: FarmAddress, asset: Bytes32) throws(FarmFailure) {
    var token = chain.token.trustlines[farmer].map { [farmer: $0] } ?? [:]
    try Self.withToken(&token) { (model) throws(FarmFailure) in
      try model.burn(amount, from: farmer)
    }
  }

  func mint(_ amount: Int128, to farmer: FarmAddress, asset: Bytes32) throws(FarmFailure) {
    var token = chain.token.trustlines[farmer].map { [farmer: $0] } ?? [:]
    try Self.withToken(&token) { (model) throws(FarmFailure) in
      try model.mint(amount, to: farmer)
    }
  }

  private static func withToken(
    _ lines: inout [FarmAddress: TokenModel.Trustline],
    _ body: (inout TokenModel) throws(FarmFailure) -> Void
  ) throws(FarmFailure) {
    var model = TokenModel(issuer: .contract(.zero))
    model.trustlines = lines
    try body(&model)
  }

  func extendInstance() {}
}
