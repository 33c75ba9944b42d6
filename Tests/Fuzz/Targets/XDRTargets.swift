import Bytes
import Foundation

@testable import StellarXDR

/// A type that is read from XDR, without its name.
private struct XDRType: Sendable {
  let name: String
  /// Reads it; false: refused.
  let run: @Sendable ([UInt8]) -> Bool

  init<T: XDRCodable & SendableMetatype>(_ type: T.Type) {
    name = "\(type)"
    run = { input in
      guard let value = try? T(xdr: input) else { return false }
      let written = value.xdr
      precondition(written == input, "\(T.self) is written otherwise than it was read")
      if let value = value as? SCVal {
        precondition(!(value < value))
      }
      if let envelope = value as? TransactionEnvelope {
        _ = envelope.hash(networkID: .zero)
      }
      return true
    }
  }

  static let all: [XDRType] = [
    XDRType(TransactionEnvelope.self), XDRType(TransactionResult.self),
    XDRType(TransactionMeta.self), XDRType(SCVal.self), XDRType(LedgerEntry.self),
    XDRType(LedgerKey.self), XDRType(LedgerHeader.self), XDRType(LedgerCloseMeta.self),
    XDRType(ContractEvent.self), XDRType(DiagnosticEvent.self), XDRType(TransactionEvent.self),
    XDRType(SorobanTransactionData.self), XDRType(SorobanAuthorizationEntry.self),
    XDRType(HashIDPreimage.self), XDRType(GeneralizedTransactionSet.self),
    XDRType(StellarValue.self), XDRType(LedgerEntryChange.self), XDRType(OperationResult.self),
    XDRType(Operation.self), XDRType(SignerKey.self), XDRType(Asset.self),
    XDRType(ContractSpec.Entry.self), XDRType(ContractMeta.Entry.self),
    XDRType(LedgerEntryData.self), XDRType(SorobanCredentials.self),
  ]
}

extension FuzzTarget {
  static let xdrTargets: [FuzzTarget] =
    XDRType.all.prefix(8).map { type in
      FuzzTarget("xdr-\(type.name)", seeds: { Seeds.xdr(type.run) }, run: { _ = type.run($0) })
    } + [anyXDR]

  /// The first byte says which.
  private static let anyXDR = FuzzTarget(
    "xdr-any",
    seeds: {
      XDRType.all.enumerated().flatMap { at, type in
        Seeds.xdr(type.run).prefix(40).map { [UInt8(at)] + $0 }
      }
    },
    run: { input in
      guard let first = input.first else { return }
      _ = XDRType.all[Int(first) % XDRType.all.count].run(Array(input.dropFirst()))
    })

  private static let typeNames = XDRJSON.typeNames

  /// The first two bytes name one of all types of Stellar, the third says whether XDR follows or
  /// JSON: what is taken comes out again by way of the other.
  static let xdrJSON = FuzzTarget(
    "xdr-json",
    seeds: {
      let names = Self.typeNames
      let types = XDRType.all.compactMap { type in
        names.firstIndex(of: type.name).map { ($0, type) }
      }
      precondition(types.count > 10)
      return types.flatMap { index, type in
        let name = [UInt8(index >> 8), UInt8(index & 255)]
        return Seeds.xdr(type.run).prefix(20).flatMap { xdr in
          let json = (try? XDRJSON.json(xdr, as: type.name)).map { name + [1] + $0.utf8 }
          return [name + [0] + xdr] + (json.map { [$0] } ?? [])
        }
      }
    },
    run: { input in
      guard input.count > 3 else { return }
      let names = Self.typeNames
      let name = names[(Int(input[0]) << 8 | Int(input[1])) % names.count]
      let content = Array(input.dropFirst(3))
      let xdr: [UInt8]
      if input[2] & 1 == 0 {
        guard (try? XDRJSON.json(content, as: name)) != nil else { return }
        xdr = content
      } else {
        let text = String(decoding: content, as: UTF8.self)
        guard let encoded = try? XDRJSON.xdr(text, as: name) else { return }
        xdr = encoded
      }
      guard let json = try? XDRJSON.json(xdr, as: name),
        let again = try? XDRJSON.xdr(json, as: name)
      else { preconditionFailure("\(name) cannot be read again") }
      precondition(again == xdr, "\(name) comes out otherwise")
    })

  static let strKey = FuzzTarget(
    "strkey",
    seeds: {
      let payloads: [StrKey.Kind: [UInt8]] = [
        .muxedAccount: [UInt8](repeating: 1, count: 40),
        .muxedContract: [UInt8](repeating: 1, count: 40),
        .claimableBalance: [0] + [UInt8](repeating: 1, count: 32),
        .signedPayload: [UInt8](repeating: 1, count: 32) + [0, 0, 0, 2, 7, 7, 0, 0],
      ]
      return StrKey.Kind.allCases.map {
        Array(StrKey.encode($0, payloads[$0] ?? [UInt8](repeating: 1, count: 32)).utf8)
      } + [Array("MAAAA".utf8)]
    },
    run: { input in
      let text = String(decoding: input, as: UTF8.self)
      guard let (kind, payload) = StrKey.decode(text) else { return }
      precondition(StrKey.encode(kind, payload) == text)
    })
}

/// Valid inputs out of the published vectors, where there are any.
enum Seeds {
  /// Every text of the sets that is hex or base64 of what `accepts` takes.
  static func xdr(_ accepts: ([UInt8]) -> Bool) -> [[UInt8]] {
    var found: [[UInt8]] = [[0, 0, 0, 0], [UInt8](repeating: 0, count: 64)]
    for bytes in decoded where accepts(bytes) { found.append(bytes) }
    return found
  }

  private static let decoded: [[UInt8]] = {
    var all: Set<[UInt8]> = []
    for text in texts where text.utf8.count <= 20_000 {
      if let bytes = Hex.decode(text) { all.insert(bytes) }
      if let bytes = Base64.decode(text) { all.insert(bytes) }
    }
    return all.sorted { $0.count < $1.count }
  }()

  private static let texts: [String] = {
    guard let folder = ProcessInfo.processInfo.environment["KALEPOOL_VECTORS"] else { return [] }
    var texts: [String] = []
    func walk(_ value: Any) {
      switch value {
      case let text as String: texts.append(text)
      case let items as [Any]: for item in items { walk(item) }
      case let members as [String: Any]: for item in members.values { walk(item) }
      default: break
      }
    }
    let files = FileManager.default
    for name in (try? files.contentsOfDirectory(atPath: folder + "/stellar")) ?? []
    where name.hasSuffix(".json") {
      guard let data = files.contents(atPath: folder + "/stellar/" + name),
        let value = try? JSONSerialization.jsonObject(with: data)
      else { continue }
      walk(value)
    }
    return texts
  }()
}
