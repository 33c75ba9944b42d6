package import Bytes

/// What became of one operation.
package enum OperationResult: XDRCodable {
  /// It was tried; `code` is 0 for success, else the operation's own negative code.
  case tried(OperationType, code: Int32, Payload)
  /// It could not be tried.
  case refused(Refusal)

  /// What a success brings along.
  package enum Payload: Hashable, Sendable {
    case none
    /// invokeHostFunction: SHA-256 of return value and events.
    case invoked(hash: Bytes32)
    /// accountMerge: the stroops moved.
    case merged(balance: Int64)
  }

  package enum Refusal: Int32, Sendable {
    case badAuth = -1
    case noAccount = -2
    case notSupported = -3
    case tooManySubentries = -4
    case exceededWorkLimit = -5
    case tooManySponsoring = -6
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    let outer = try reader.i32()
    guard outer == 0 else {
      guard let refusal = Refusal(rawValue: outer) else {
        throw .unknownArm(type: "OperationResult", value: outer)
      }
      self = .refused(refusal)
      return
    }
    let type: OperationType = try reader.choice()
    guard let lowest = Self.lowestCode[type] else {
      throw .unknownArm(type: "OperationResult of \(type)", value: type.rawValue)
    }
    let code = try reader.i32()
    guard (lowest...0).contains(code) else {
      throw .unknownArm(type: "\(type) result", value: code)
    }
    switch (type, code) {
    case (.invokeHostFunction, 0):
      self = .tried(type, code: 0, .invoked(hash: try reader.bytes32()))
    case (.accountMerge, 0): self = .tried(type, code: 0, .merged(balance: try reader.i64()))
    default: self = .tried(type, code: code, .none)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    switch self {
    case .refused(let refusal): writer.choice(refusal)
    case .tried(let type, let code, let payload):
      writer.u32(0)
      writer.choice(type)
      writer.i32(code)
      switch payload {
      case .none: break
      case .invoked(let hash): writer.bytes32(hash)
      case .merged(let balance): writer.i64(balance)
      }
    }
  }

  package var isSuccess: Bool { if case .tried(_, code: 0, _) = self { true } else { false } }

  /// The lowest code of every operation whose failures carry nothing.
  private static let lowestCode: [OperationType: Int32] = [
    .createAccount: -4, .payment: -9, .setOptions: -10, .changeTrust: -8, .allowTrust: -6,
    .accountMerge: -7, .manageData: -4, .bumpSequence: -1, .claimClaimableBalance: -6,
    .beginSponsoringFutureReserves: -3, .endSponsoringFutureReserves: -1, .revokeSponsorship: -5,
    .clawback: -4, .clawbackClaimableBalance: -3, .setTrustLineFlags: -5,
    .liquidityPoolDeposit: -8, .liquidityPoolWithdraw: -6, .invokeHostFunction: -5,
    .extendFootprintTTL: -3, .restoreFootprint: -3,
  ]
}

/// A text for the operator, e.g. `invokeHostFunction trapped (-2)`.
extension OperationResult: CustomStringConvertible {
  package var description: String {
    switch self {
    case .refused(let refusal): "\(refusal) (\(refusal.rawValue))"
    case .tried(let type, code: 0, _): "\(type) succeeded"
    case .tried(let type, let code, _):
      "\(type) \(Self.names[type]?[Int(-code - 1)] ?? "failed") (\(code))"
    }
  }

  private static let names: [OperationType: [String]] = [
    .invokeHostFunction: [
      "malformed", "trapped", "resource limit exceeded", "entry archived",
      "refundable fee too low",
    ],
    .extendFootprintTTL: ["malformed", "resource limit exceeded", "refundable fee too low"],
    .restoreFootprint: ["malformed", "resource limit exceeded", "refundable fee too low"],
    .createAccount: ["malformed", "underfunded", "low reserve", "already exists"],
    .payment: [
      "malformed", "underfunded", "source has no trustline", "source not authorized",
      "no destination", "no trustline", "not authorized", "line full", "no issuer",
    ],
    .changeTrust: [
      "malformed", "no issuer", "invalid limit", "low reserve", "self not allowed",
      "trustline missing", "cannot delete", "not authorized to maintain liabilities",
    ],
    .accountMerge: [
      "malformed", "no account", "immutable", "has subentries", "sequence too far",
      "destination full", "is sponsor",
    ],
    .beginSponsoringFutureReserves: ["malformed", "already sponsored", "recursive"],
    .endSponsoringFutureReserves: ["not sponsored"],
  ]
}
