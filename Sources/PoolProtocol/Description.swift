import CPoolProtos
import CProtobufC
package import FramedRPC

package struct DescribeRequest: RPCMessage, Hashable {
  package init() {}

  package init(unpacking bytes: [UInt8]) throws(MessageError) {
    self = try CMessage.read(
      bytes, max: MessageLimits.small, kalepool_message_describe_request(),
      kalepool__v1__describe_request__unpack, kalepool__v1__describe_request__free_unpacked
    ) { (_) throws(MessageError) in DescribeRequest() }
  }

  package func pack() -> [UInt8] { [] }
}

/// What a coordinator serves: services with their methods, and the messages these need.
package struct Description: RPCMessage, Hashable {
  package struct Service: Sendable, Hashable {
    package var name: String
    package var methods: [Method]
  }

  package struct Method: Sendable, Hashable {
    package var id: UInt16
    package var name: String
    package var request: String
    package var response: String
    package var kind: CallKind
    package var isIdempotent: Bool
    package var isOpenToPending: Bool
    package var requestBytesMax: Int
    package var responseBytesMax: Int
  }

  package struct Message: Sendable, Hashable {
    package var name: String
    package var fields: [Field]
  }

  package struct Field: Sendable, Hashable {
    package var name: String
    package var number: UInt32
    /// `uint64`, `bytes`, …, or the name of a message or enum.
    package var type: String
    package var isRepeated: Bool
    package var isInOneof: Bool
  }

  package struct Enumeration: Sendable, Hashable {
    package var name: String
    package var values: [Value]
  }

  package struct Value: Sendable, Hashable {
    package var name: String
    package var number: Int32
  }

  package var services: [Service] = []
  package var messages: [Message] = []
  package var enums: [Enumeration] = []

  package init() {}

  package init(unpacking bytes: [UInt8]) throws(MessageError) {
    self = try CMessage.read(
      bytes, max: MessageLimits.standard, kalepool_message_description(),
      kalepool__v1__description__unpack, kalepool__v1__description__free_unpacked
    ) { (m) throws(MessageError) in
      var description = Description()
      description.services = try Self.list(m.services, m.n_services) {
        (service: Kalepool__V1__ServiceDescription) throws(MessageError) in
        Service(
          name: Self.text(service.name),
          methods: try Self.list(service.methods, service.n_methods) {
            (method: Kalepool__V1__MethodDescription) throws(MessageError) in
            try Method(method)
          })
      }
      description.messages = try Self.list(m.messages, m.n_messages) {
        (message: Kalepool__V1__MessageDescription) throws(MessageError) in
        Message(
          name: Self.text(message.name),
          fields: try Self.list(message.fields, message.n_fields) {
            (field: Kalepool__V1__FieldDescription) throws(MessageError) in Field(field)
          })
      }
      description.enums = try Self.list(m.enums, m.n_enums) {
        (one: Kalepool__V1__EnumDescription) throws(MessageError) in
        Enumeration(
          name: Self.text(one.name),
          values: try Self.list(one.values, one.n_values) {
            (value: Kalepool__V1__EnumValue) throws(MessageError) in
            Value(name: Self.text(value.name), number: value.number)
          })
      }
      return description
    }
  }

  package func pack() -> [UInt8] {
    CArena.with { arena in
      var m = Kalepool__V1__Description()
      kalepool__v1__description__init(&m)
      m.n_services = services.count
      m.services = arena.list(services) { $0.made(arena) }
      m.n_messages = messages.count
      m.messages = arena.list(messages) { $0.made(arena) }
      m.n_enums = enums.count
      m.enums = arena.list(enums) { $0.made(arena) }
      return CMessage.pack(
        &m, kalepool__v1__description__get_packed_size, kalepool__v1__description__pack)
    }
  }

  fileprivate static func text(_ text: UnsafeMutablePointer<CChar>?) -> String {
    text.map { String(cString: $0) } ?? ""
  }

  private static func list<C, R>(
    _ items: UnsafeMutablePointer<UnsafeMutablePointer<C>?>?, _ count: Int,
    _ read: (C) throws(MessageError) -> R
  ) throws(MessageError) -> [R] {
    var out: [R] = []
    for at in 0..<count {
      guard let item = items?[at]?.pointee else { continue }
      out.append(try read(item))
    }
    return out
  }
}

extension Description.Method {
  fileprivate init(_ m: Kalepool__V1__MethodDescription) throws(MessageError) {
    guard let id = UInt16(exactly: m.id) else { throw MessageError("method \(m.id)") }
    let kind: CallKind =
      switch (m.request_streams != 0, m.response_streams != 0) {
      case (false, false): .unary
      case (false, true): .serverStream
      case (true, false): .clientStream
      case (true, true): .bidirectional
      }
    self.init(
      id: id, name: Description.text(m.name), request: Description.text(m.request),
      response: Description.text(m.response), kind: kind, isIdempotent: m.idempotent != 0,
      isOpenToPending: m.open_to_pending != 0, requestBytesMax: Int(m.request_bytes_max),
      responseBytesMax: Int(m.response_bytes_max))
  }

  fileprivate func made(_ arena: CArena) -> Kalepool__V1__MethodDescription {
    var m = Kalepool__V1__MethodDescription()
    kalepool__v1__method_description__init(&m)
    m.id = UInt32(id)
    m.name = arena.text(name)
    m.request = arena.text(request)
    m.response = arena.text(response)
    m.request_streams = kind.requestStreams ? 1 : 0
    m.response_streams = kind.responseStreams ? 1 : 0
    m.idempotent = isIdempotent ? 1 : 0
    m.open_to_pending = isOpenToPending ? 1 : 0
    m.request_bytes_max = UInt32(clamping: requestBytesMax)
    m.response_bytes_max = UInt32(clamping: responseBytesMax)
    return m
  }
}

extension Description.Service {
  fileprivate func made(_ arena: CArena) -> Kalepool__V1__ServiceDescription {
    var m = Kalepool__V1__ServiceDescription()
    kalepool__v1__service_description__init(&m)
    m.name = arena.text(name)
    m.n_methods = methods.count
    m.methods = arena.list(methods) { $0.made(arena) }
    return m
  }
}

extension Description.Message {
  fileprivate func made(_ arena: CArena) -> Kalepool__V1__MessageDescription {
    var m = Kalepool__V1__MessageDescription()
    kalepool__v1__message_description__init(&m)
    m.name = arena.text(name)
    m.n_fields = fields.count
    m.fields = arena.list(fields) { $0.made(arena) }
    return m
  }
}

extension Description.Field {
  fileprivate init(_ m: Kalepool__V1__FieldDescription) {
    self.init(
      name: Description.text(m.name), number: m.number, type: Description.text(m.type),
      isRepeated: m.repeated != 0, isInOneof: m.in_oneof != 0)
  }

  fileprivate func made(_ arena: CArena) -> Kalepool__V1__FieldDescription {
    var m = Kalepool__V1__FieldDescription()
    kalepool__v1__field_description__init(&m)
    m.name = arena.text(name)
    m.number = number
    m.type = arena.text(type)
    m.repeated = isRepeated ? 1 : 0
    m.in_oneof = isInOneof ? 1 : 0
    return m
  }
}

extension Description.Enumeration {
  fileprivate func made(_ arena: CArena) -> Kalepool__V1__EnumDescription {
    var m = Kalepool__V1__EnumDescription()
    kalepool__v1__enum_description__init(&m)
    m.name = arena.text(name)
    m.n_values = values.count
    m.values = arena.list(values) { value in
      var m = Kalepool__V1__EnumValue()
      kalepool__v1__enum_value__init(&m)
      m.name = arena.text(value.name)
      m.number = value.number
      return m
    }
    return m
  }
}
