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

  static let all = [
    ServiceDescriptor(kalepool_service_control()), ServiceDescriptor(kalepool_service_work()),
    ServiceDescriptor(kalepool_service_health()),
  ]

  private init(_ descriptor: UnsafePointer<ProtobufCServiceDescriptor>?) {
    guard let descriptor = descriptor?.pointee else { preconditionFailure("a service is missing") }
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
