import CPoolProtos
import CProtobufC
import FramedRPC

extension Description {
  /// All that the protocol has, from libprotobuf-c's descriptors and the table of methods.
  package static let pool: Description = {
    var walk = DescriptorWalk()
    for descriptor in ServiceDescriptor.pointers { walk.add(service: descriptor) }
    return walk.description
  }()
}

/// Collects services, and every message and enum that can be reached from them.
private struct DescriptorWalk {
  private(set) var description = Description()
  private var seen: Set<String> = []

  mutating func add(service: UnsafePointer<ProtobufCServiceDescriptor>) {
    let name = String(cString: service.pointee.short_name)
    var methods: [Description.Method] = []
    for at in 0..<Int(service.pointee.n_methods) {
      let method = service.pointee.methods[at]
      let methodName = String(cString: method.name)
      guard
        let info = PoolMethods.all.first(where: { $0.service == name && $0.name == methodName })
      else { preconditionFailure("\(name).\(methodName) has no number") }
      methods.append(
        Description.Method(
          id: info.id, name: methodName, request: String(cString: method.input.pointee.short_name),
          response: String(cString: method.output.pointee.short_name), kind: info.kind,
          isIdempotent: info.isIdempotent, isOpenToPending: info.isOpenToPending,
          requestBytesMax: info.requestBytesMax, responseBytesMax: info.responseBytesMax))
      add(message: method.input)
      add(message: method.output)
    }
    description.services.append(Description.Service(name: name, methods: methods))
  }

  /// Depth is that of our own .proto files, which do not recur.
  private mutating func add(message: UnsafePointer<ProtobufCMessageDescriptor>) {
    let name = String(cString: message.pointee.short_name)
    guard seen.insert(name).inserted else { return }
    var fields: [Description.Field] = []
    var inner: [UnsafePointer<ProtobufCMessageDescriptor>] = []
    for at in 0..<Int(message.pointee.n_fields) {
      let field = message.pointee.fields[at]
      var type = Self.names[field.type] ?? "?"
      switch field.type {
      case PROTOBUF_C_TYPE_MESSAGE:
        let descriptor = field.descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
        type = String(cString: descriptor.pointee.short_name)
        inner.append(descriptor)
      case PROTOBUF_C_TYPE_ENUM:
        let descriptor = field.descriptor.assumingMemoryBound(to: ProtobufCEnumDescriptor.self)
        type = String(cString: descriptor.pointee.short_name)
        add(enumeration: descriptor)
      default: break
      }
      fields.append(
        Description.Field(
          name: String(cString: field.name), number: field.id, type: type,
          isRepeated: field.label == PROTOBUF_C_LABEL_REPEATED,
          isInOneof: field.flags & UInt32(PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue) != 0))
    }
    description.messages.append(Description.Message(name: name, fields: fields))
    for descriptor in inner { add(message: descriptor) }
  }

  private mutating func add(enumeration: UnsafePointer<ProtobufCEnumDescriptor>) {
    let name = String(cString: enumeration.pointee.short_name)
    guard seen.insert(name).inserted else { return }
    let values = (0..<Int(enumeration.pointee.n_values)).map { at in
      let value = enumeration.pointee.values[at]
      return Description.Value(name: String(cString: value.name), number: Int32(value.value))
    }
    description.enums.append(Description.Enumeration(name: name, values: values))
  }

  private static let names: [ProtobufCType: String] = [
    PROTOBUF_C_TYPE_INT32: "int32", PROTOBUF_C_TYPE_SINT32: "sint32",
    PROTOBUF_C_TYPE_SFIXED32: "sfixed32", PROTOBUF_C_TYPE_INT64: "int64",
    PROTOBUF_C_TYPE_SINT64: "sint64", PROTOBUF_C_TYPE_SFIXED64: "sfixed64",
    PROTOBUF_C_TYPE_UINT32: "uint32", PROTOBUF_C_TYPE_FIXED32: "fixed32",
    PROTOBUF_C_TYPE_UINT64: "uint64", PROTOBUF_C_TYPE_FIXED64: "fixed64",
    PROTOBUF_C_TYPE_FLOAT: "float", PROTOBUF_C_TYPE_DOUBLE: "double",
    PROTOBUF_C_TYPE_BOOL: "bool", PROTOBUF_C_TYPE_STRING: "string",
    PROTOBUF_C_TYPE_BYTES: "bytes",
  ]
}
