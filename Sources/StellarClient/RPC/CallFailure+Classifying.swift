import Bytes
import KaleRules
package import StellarXDR

extension CallFailure {
  /// From a simulation's text and events.
  ///
  /// A contract passes its callee's error up unchanged, so the number alone does not say whose it
  /// is: the oldest error event does, which the contract itself caused. Source: stellar.md §5.
  package init(
    simulation text: String, events: [DiagnosticEvent], call: InvokeContractArgs?,
    on network: KaleNetwork
  ) {
    let line = String(text.prefix { !$0.isNewline })
    guard let error = SCError(hostText: line) else {
      self.init(.other, line)
      return
    }
    let raiser =
      events.first { $0.event.isError }?.event.contract ?? Self.oldestRaiser(inLog: text)
    self.init(error, raisedBy: raiser, call: call, on: network, message: line)
  }

  /// From an error that is already known, with its contract where that is.
  init(
    _ error: SCError, raisedBy raiser: Bytes32?, call: InvokeContractArgs?,
    on network: KaleNetwork, message: String
  ) {
    guard case .contract(let code) = error else {
      self.init(.host(error), message)
      return
    }
    let contract = raiser ?? Self.likelyRaiser(code, call, network)
    switch contract {
    case network.farmContract:
      self.init(KaleError(rawValue: code).map { .kale($0) } ?? .contract(contract, code), message)
    case network.assetContract, network.xlmContract:
      self.init(TokenError(rawValue: code).map { .token($0) } ?? .contract(contract, code), message)
    default: self.init(.contract(contract, code), message)
    }
  }

  /// Where no event says whose error it is: what the called function can raise itself. #10 of
  /// harvest stays open. Source: kale.md §3.
  private static func likelyRaiser(
    _ code: UInt32, _ call: InvokeContractArgs?, _ network: KaleNetwork
  ) -> Bytes32? {
    guard let call, call.contract == .contract(network.farmContract) else { return nil }
    switch (call.function, code) {
    case ("plant", 4), ("plant", 6), ("plant", 8), ("work", _): return network.farmContract
    case ("harvest", 9), ("harvest", 11), ("harvest", 14): return network.farmContract
    case ("plant", _), ("harvest", 12), ("harvest", 13): return network.assetContract
    default: return nil
    }
  }

  /// The log has the newest event first: the last line about an error is the oldest.
  private static func oldestRaiser(inLog text: String) -> Bytes32? {
    let lines = text.split(whereSeparator: \.isNewline)
    guard let line = lines.last(where: { $0.contains("topics:[error, Error(Contract") }),
      let start = line.firstRange(of: "contract:")?.upperBound
    else { return nil }
    return StrKey.contract(String(line[start...].prefix(56)))
  }
}

extension ContractEvent {
  /// Whether it tells of an error: `[error, Error(…)]`.
  var isError: Bool {
    guard topics.count >= 2, topics[0] == .symbol("error"), case .error = topics[1] else {
      return false
    }
    return true
  }
}

extension SCError {
  /// The first `Error(Type, Code)` or `Error(Contract, #n)` in a host's text, or nil.
  init?(hostText text: String) {
    guard let start = text.firstRange(of: "Error(")?.upperBound,
      let end = text[start...].firstIndex(of: ")")
    else { return nil }
    let parts = text[start..<end].split(separator: ",").map { part in
      String(part.drop { $0 == " " })
    }
    guard parts.count == 2 else { return nil }
    if parts[0] == "Contract", parts[1].hasPrefix("#"), let code = UInt32(parts[1].dropFirst()) {
      self = .contract(code)
      return
    }
    for source in 1...9 {
      for code in 0...9 {
        guard let source = Source(rawValue: Int32(source)), let code = Code(rawValue: Int32(code)),
          SCError.host(source, code).description == "Error(\(parts[0]), \(parts[1]))"
        else { continue }
        self = .host(source, code)
        return
      }
    }
    return nil
  }
}
