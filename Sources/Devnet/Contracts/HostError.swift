import Bytes
import StellarXDR

/// Why a contract call failed; the whole transaction's effects are undone.
struct HostError: Error, Hashable, Sendable {
  let error: SCError
  let message: String
  /// The contract that raised it.
  var contract: Bytes32?

  init(_ error: SCError, _ message: String, contract: Bytes32? = nil) {
    self.error = error
    self.message = message
    self.contract = contract
  }

  static func contract(_ code: UInt32, _ message: String) -> HostError {
    HostError(.contract(code), message)
  }

  /// A key outside the declared footprint, or a write to one declared for reading.
  static let outsideFootprint = HostError(
    .host(.storage, .exceededLimit), "trying to access an entry outside of the footprint")

  static func unauthorized(_ address: SCAddress) -> HostError {
    HostError(.host(.auth, .invalidAction), "Unauthorized function call for address \(address)")
  }

  static func badArguments(_ function: String) -> HostError {
    HostError(
      .host(.value, .unexpectedType), "arguments of \(function) have other types or another number")
  }

  static func noFunction(_ function: String) -> HostError {
    HostError(.host(.wasmVM, .missingValue), "the contract has no function \(function)")
  }

  /// Arithmetic overflow in a contract.
  static let trap = HostError(
    .host(.wasmVM, .invalidAction), "VM call trapped: UnreachableCodeReached")
}
