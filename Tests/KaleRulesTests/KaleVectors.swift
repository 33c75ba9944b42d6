import Bytes
import Foundation
import KaleRules
import TestKit

/// A scenario of `vectors/kale`, as its README describes it.
struct Scenario: Decodable {
  struct Parameters: Decodable {
    let blockInterval: UInt64
    let minTempEntryTtl: UInt32
    let issuer: String
    let homesteader: String
  }

  struct State: Decodable, Equatable {
    struct Ledger: Decodable, Equatable {
      let sequence: UInt32
      let timestamp: UInt64
    }

    let ledger: Ledger
    let farmIndex: UInt32
    let farmPaused: Bool
    let farmBlock: BlockFields
    let blocks: [BlockEntry]
    let pails: [PailEntry]
    let balances: [String: String?]
  }

  struct BlockFields: Decodable, Equatable {
    let timestamp: UInt64
    let minGap, maxGap, minZeros, maxZeros: UInt32
    let minStake, maxStake, stakedTotal, normalizedTotal: String
    let entropy: String
  }

  struct BlockEntry: Decodable, Equatable {
    let index: UInt32
    let liveUntil: UInt32
    let fields: BlockFields

    enum CodingKeys: String, CodingKey { case index, liveUntil }

    init(index: UInt32, liveUntil: UInt32, fields: BlockFields) {
      self.index = index
      self.liveUntil = liveUntil
      self.fields = fields
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      index = try container.decode(UInt32.self, forKey: .index)
      liveUntil = try container.decode(UInt32.self, forKey: .liveUntil)
      fields = try BlockFields(from: decoder)
    }
  }

  struct PailEntry: Decodable, Equatable {
    let farmer: String
    let index, liveUntil, sequence: UInt32
    let gap: UInt32?
    let stake: String
    let zeros: UInt32?
  }

  struct Step: Decodable {
    let op: String
    let ledgers: UInt32?
    let closeSeconds: UInt64?
    let farmer: String?
    let amount: String?
    let auth: String?
    let hash: String?
    let nonce: String?
    let index: UInt32?
    let expect: Expectation?
    let state: State
  }

  struct Expectation: Decodable, Equatable {
    struct Failure: Decodable, Equatable {
      let kind: String
      let source: String?
      let code: UInt32?
      let name: String?
    }

    let ok: Bool
    /// `null`, a number or a decimal string.
    let value: Value?
    let error: Failure?
  }

  enum Value: Decodable, Equatable {
    case number(UInt32)
    case decimal(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(UInt32.self) {
        self = .number(number)
      } else {
        self = .decimal(try container.decode(String.self))
      }
    }
  }

  let name: String
  let params: Parameters
  let initial: State
  let steps: [Step]

  /// Files of the set that are no scenarios; other suites read them.
  private static let others: Set = ["hashes.json", "mainnet.json"]

  /// The set's scenarios: every other file.
  static func all() throws -> [Scenario] {
    try Vectors.files(in: "kale").filter { !others.contains($0) }.map { file in
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      let scenario = try decoder.decode(Scenario.self, from: Vectors.data("kale/" + file))
      Vectors.tell("kale/\(file)", scenario.steps.count, "steps")
      return scenario
    }
  }
}

/// The vectors' text of an address, without a StrKey decoder: its checksum is not this suite's.
extension FarmAddress {
  init?(text: String) {
    guard let bytes = Base32.decode(text), bytes.count == 35,
      let key = Bytes32(bytes.dropFirst().prefix(32))
    else { return nil }
    switch text.first {
    case "G": self = .account(key)
    case "C": self = .contract(key)
    default: return nil
    }
  }

  var text: String {
    let version: UInt8
    switch self {
    case .account: version = 6 << 3
    case .contract: version = 2 << 3
    }
    let body = [version] + bytes.bytes
    let check = CRC16.xmodem(body)
    return Base32.encode(body + [UInt8(check & 255), UInt8(check >> 8)])
  }
}
