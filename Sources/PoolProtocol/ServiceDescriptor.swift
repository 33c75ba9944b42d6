import CPoolProtos
import CProtobufC

/// libprotobuf-c's own description of a service, against which the method tables are tested.
struct ServiceDescriptor {
  struct Method: Equatable {
    let name: String
    let input: String
    let output: String
  }

  let name: String
  let methods: [Method]

  static let all = pointers.map { ServiceDescriptor($0.pointee) }

  /// C's own constants.
  static var pointers: [UnsafePointer<ProtobufCServiceDescriptor>] {
    [
      kalepool_service_control(), kalepool_service_work(), kalepool_service_health(),
      kalepool_service_readiness(), kalepool_service_reflection(),
    ].map { pointer in
      guard let pointer else { preconditionFailure("a service is missing") }
      return pointer
    }
  }

  private init(_ descriptor: ProtobufCServiceDescriptor) {
    name = String(cString: descriptor.short_name)
    methods = (0..<Int(descriptor.n_methods)).map { at in
      let method = descriptor.methods[at]
      return Method(
        name: String(cString: method.name),
        input: String(cString: method.input.pointee.short_name),
        output: String(cString: method.output.pointee.short_name))
    }
  }
}
