import Foundation
import TestKit
import Testing

/// `wire/handshake.json`, as its README describes it.
struct WireVectors: Decodable, Sendable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let random: [String: String?]
    let fields: Fields
    let text: [String: String]
    let expect: [String: String]
    let records: Records?

    var testDescription: String { name }
  }

  struct Fields: Decodable, Sendable {
    let versionMin: UInt8, versionMax: UInt8
    let serverVersionMin: UInt8, serverVersionMax: UInt8
    let featuresOffered: String, featuresKnown: String
    let agentVersion: String, agentName: String, displayName: String
    let verdict: UInt8, resumed: UInt8
    let pingMs: UInt32, deadMs: UInt32, streamsMax: UInt32
    let connectionCreditBytes: UInt32, streamCreditMessages: UInt32
    let messageBytesMax: UInt32, retryAfterMs: UInt32
    let serverTimeMs: String
  }

  struct Records: Decodable, Sendable {
    let agentToServer: [Record]
    let serverToAgent: [Record]
  }

  struct Record: Decodable, Sendable {
    let epoch: UInt32
    let counter: UInt64
    let boxNonce: String
    let plain: String?
    let wire: String?
    let plainBytes: Int?
    let wireBlake2b256: String?
  }

  struct Refusal: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let by: String
    let kind: String
    let message: String

    var testDescription: String { name }
  }

  let schema: String
  let cases: [Case]
  let refusals: [Refusal]

  static func load() throws -> WireVectors {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(WireVectors.self, from: Vectors.data("wire/handshake.json"))
  }
}
