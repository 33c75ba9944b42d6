import CPoolProtos
import CProtobufC
import Foundation
import FramedRPC
import Testing

@testable import PoolProtocol

/// The method tables against the .proto files and what libprotobuf-c was given of them.
@Suite struct MethodTests {
  struct ProtoMethod: Equatable {
    var id: UInt16
    var service: String
    var name: String
    var kind: CallKind
  }

  /// `// Method N.` and the `rpc` lines; the generated code has lost `stream`.
  static func protoMethods() throws -> [ProtoMethod] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    var found: [ProtoMethod] = []
    for file in ["control", "work", "health", "readiness", "reflection"] {
      let url = root.appendingPathComponent("Protos/\(file).proto")
      let text = try String(contentsOf: url, encoding: .utf8)
      var service = ""
      var id: UInt16?
      for line in text.split(separator: "\n").map({ $0.trimmingCharacters(in: .whitespaces) }) {
        if let match = line.wholeMatch(of: /service (\w+) \{/) { service = String(match.1) }
        if let match = line.firstMatch(of: /\/\/ Method (\d+)\./) { id = UInt16(match.1) }
        let rpc = /rpc (\w+)\((stream )?\w+\) returns \((stream )?\w+\);/
        guard let match = line.wholeMatch(of: rpc) else { continue }
        let kind: CallKind =
          switch (match.2 != nil, match.3 != nil) {
          case (false, false): .unary
          case (false, true): .serverStream
          case (true, false): .clientStream
          case (true, true): .bidirectional
          }
        found.append(
          ProtoMethod(
            id: try #require(id, "\(line) has no number"), service: service,
            name: String(match.1), kind: kind))
        id = nil
      }
    }
    return found
  }

  @Test func theTableIsWhatTheProtosSay() throws {
    let table = PoolMethods.all.map {
      ProtoMethod(id: $0.id, service: $0.service, name: $0.name, kind: $0.kind)
    }
    #expect(try Self.protoMethods() == table)
    #expect(Set(table.map(\.id)).count == table.count)
  }

  @Test func theTableIsWhatTheDescriptorsSay() {
    for descriptor in ServiceDescriptor.all {
      let table = PoolMethods.all.filter { $0.service == descriptor.name }.map(\.name)
      #expect(descriptor.methods.map(\.name) == table)
    }
  }

  /// What Reflection tells, against the .proto files' own words.
  @Test func theDescriptionIsWhatTheProtosSay() throws {
    let description = Description.pool
    #expect(
      description.services.map(\.name) == ["Control", "Work", "Health", "Readiness", "Reflection"])
    let methods = description.services.flatMap { service in
      service.methods.map {
        ProtoMethod(id: $0.id, service: service.name, name: $0.name, kind: $0.kind)
      }
    }
    #expect(methods == (try Self.protoMethods()))
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    var seen = 0
    for file in ["control", "work", "health", "readiness", "reflection"] {
      let url = root.appendingPathComponent("Protos/\(file).proto")
      var message: Description.Message?
      for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
        if let match = line.wholeMatch(of: /message (\w+) \{.*/) {
          message = description.messages.first { $0.name == match.1 }
          #expect(message != nil, "\(match.1) is not described")
        }
        guard let match = line.firstMatch(of: /^ +(repeated )?(\w+) (\w+) = (\d+);/),
          let field = message?.fields.first(where: { $0.name == match.3 })
        else { continue }
        #expect(field.number == UInt32(match.4) && field.type == match.2)
        #expect(field.isRepeated == (match.1 != nil))
        seen += 1
      }
    }
    #expect(seen == description.messages.map(\.fields.count).reduce(0, +))
    #expect(description.messages.first { $0.name == "NonceReport" }?.fields[0].isInOneof == true)
    #expect(description.enums.map(\.name) == ["NonceVerdict", "ServingStatus"])
    let bytes = description.pack()
    #expect(bytes.count < MessageLimits.standard / 2, "\(bytes.count) bytes")
    #expect(try Description(unpacking: bytes) == description)
  }

  @Test func readinessGoesThere() throws {
    for status in [ServingStatus.unspecified, .serving, .notServing, .serviceUnknown] {
      let reply = ReadinessReply(status: status)
      #expect(try ReadinessReply(unpacking: reply.pack()) == reply)
    }
    let request = ReadinessRequest(service: "Work")
    #expect(try ReadinessRequest(unpacking: request.pack()) == request)
    #expect(try ReadinessRequest(unpacking: []) == ReadinessRequest())
    #expect(throws: MessageError.self) {
      try ReadinessRequest(
        unpacking: ReadinessRequest(service: String(repeating: "a", count: 129)).pack())
    }
  }

  @Test func limitsHold() {
    for method in PoolMethods.all {
      #expect(max(method.requestBytesMax, method.responseBytesMax) <= 524_288)
    }
  }

  /// Headers and trailers are written by hand below libprotobuf-c; it reads the same in them.
  @Test func trailersAreTheProtosMessage() throws {
    var error = RPCError(
      .failedPrecondition, "too late", detail: .invalidNonce(zerosExpected: 7, zerosGot: 5))
    error.domainCode = 12
    error.retryAfterMs = 900
    let bytes = Trailers.encode(error)
    let message = try #require(kalepool__v1__trailers__unpack(nil, bytes.count, bytes))
    defer { kalepool__v1__trailers__free_unpacked(message, nil) }
    #expect(message.pointee.code == 9 && message.pointee.domain_code == 12)
    #expect(String(cString: message.pointee.text) == "too late")
    #expect(message.pointee.retry_after_ms == 900)
    #expect(message.pointee.detail_case == KALEPOOL__V1__TRAILERS__DETAIL_INVALID_NONCE)
    #expect(message.pointee.invalid_nonce.pointee.zeros_expected == 7)
    #expect(message.pointee.invalid_nonce.pointee.zeros_got == 5)
  }

  @Test func headersAreTheProtosMessage() throws {
    var headers = Headers()
    headers.requestID = [UInt8](repeating: 8, count: 16)
    headers.metadata = [.init(key: "a", value: "b")]
    let bytes = headers.encoded()
    let message = try #require(kalepool__v1__headers__unpack(nil, bytes.count, bytes))
    defer { kalepool__v1__headers__free_unpacked(message, nil) }
    #expect(message.pointee.request_id.len == 16 && message.pointee.n_metadata == 1)
    #expect(message.pointee.metadata[0].map { String(cString: $0.pointee.key) } == "a")
  }
}
