import Bytes
import Sodium
import StellarXDR

/// What there is to say of a transaction envelope.
struct TransactionReport: Encodable {
  /// Where it is to be sent: the hash that is signed depends on it.
  struct Place {
    var name: String
    var id: Bytes32
    /// Contracts of this network that have a name here.
    var contracts: [Bytes32: String] = [:]

    init(passphrase: String) {
      name = passphrase
      id = sha256(Array(passphrase.utf8))
    }

    init(_ network: KaleNetwork) {
      name = network.name
      id = network.networkID
      contracts = [
        network.farmContract: "KALE farm", network.assetContract: "KALE asset",
        network.xlmContract: "XLM asset",
      ]
      if let split = network.splitContract { contracts[split] = "split" }
    }
  }

  struct Signature: Encodable {
    var hint: String
    /// The account of this transaction whose signature it is; nil if it is none of theirs.
    var by: String?
  }

  struct Operation: Encodable {
    var source: String?
    var text: String
  }

  var network: String
  /// By which the network knows it: the outer one of a fee bump.
  var hash: String
  var innerHash: String?
  var feeSource: String?
  var source: String
  var sequence: Int64
  /// The most that may be charged, in stroops.
  var fee: Int64
  /// Of it for resources; the rest bids for inclusion.
  var resourceFee: Int64?
  /// Unix seconds; 0 is without an end.
  var minTime: UInt64?
  var maxTime: UInt64?
  var memo: String?
  var operations: [Operation]
  var footprint: Footprint?
  var signatures: [Signature]
  var innerSignatures: [Signature]?

  struct Footprint: Encodable {
    var readOnly: Int
    var readWrite: Int
    var instructions: UInt32
    var writeBytes: UInt32
  }

  init(_ envelope: TransactionEnvelope, on place: Place) {
    let inner = envelope.inner
    network = place.name
    hash = "\(envelope.hash(networkID: place.id))"
    source = "\(inner.source)"
    sequence = inner.sequence
    fee = Int64(inner.fee)
    resourceFee = inner.sorobanData?.resourceFee
    let bounds: TimeBounds? =
      switch inner.preconditions {
      case .none: nil
      case .time(let bounds): bounds
      case .v2(let all): all.timeBounds
      }
    minTime = bounds?.min
    maxTime = bounds?.max
    if inner.memo != .none { memo = Self.json(inner.memo.xdr, "Memo") }
    operations = inner.operations.map { operation in
      Operation(
        source: operation.source.map { "\($0)" }, text: Self.text(operation.body, place))
    }
    if let data = inner.sorobanData {
      footprint = Footprint(
        readOnly: data.resources.footprint.readOnly.count,
        readWrite: data.resources.footprint.readWrite.count,
        instructions: data.resources.instructions, writeBytes: data.resources.writeBytes)
    }
    let accounts =
      [inner.source.accountID] + inner.operations.compactMap { $0.source?.accountID }
    let innerHash = inner.hash(networkID: place.id)
    switch envelope {
    case .transaction(_, let signatures):
      self.signatures = Self.signatures(signatures, innerHash, accounts)
    case .feeBump(let bump, let signatures):
      fee = bump.fee
      feeSource = "\(bump.feeSource)"
      self.innerHash = "\(innerHash)"
      self.signatures = Self.signatures(
        signatures, bump.hash(networkID: place.id), [bump.feeSource.accountID])
      innerSignatures = Self.signatures(bump.innerSignatures, innerHash, accounts)
    }
  }

  private static func signatures(
    _ signatures: [DecoratedSignature], _ hash: Bytes32, _ accounts: [Bytes32]
  ) -> [Signature] {
    signatures.map { signature in
      Signature(
        hint: Hex.encode(signature.hint),
        by: accounts.first { signature.isValid(for: hash, by: $0) }.map(StrKey.account))
    }
  }

  /// A contract's call as it would be written, everything else as its JSON.
  private static func text(
    _ body: StellarXDR.Operation.Body, _ place: Place
  ) -> String {
    guard case .invokeHostFunction(.invoke(let call), let authorizations) = body else {
      return json(StellarXDR.Operation(body).xdr, "Operation")
    }
    var name = "\(call.contract)"
    if case .contract(let id) = call.contract, let known = place.contracts[id] { name = known }
    let arguments = call.arguments.map { json($0.xdr, "SCVal") }.joined(separator: ", ")
    let count = authorizations.count
    return "\(name): \(call.function)(\(arguments))"
      + (count == 0 ? "" : ", \(count) authorization\(count == 1 ? "" : "s")")
  }

  private static func json(_ xdr: [UInt8], _ type: String) -> String {
    do { return try XDRJSON.json(xdr, as: type) } catch { return "(\(error))" }
  }
}
