/// What somebody agrees to: a call and the calls below it.
package struct SorobanAuthorizedInvocation: XDRCodable {
  package enum Function: XDRCodable {
    case contract(InvokeContractArgs)
    case create(CreateContractArgs)
    case createV2(CreateContractArgs, constructorArguments: [SCVal])

    package init(from reader: inout XDRReader) throws(XDRError) {
      switch try reader.i32() {
      case 0: self = .contract(try reader.value())
      case 1: self = .create(try reader.value())
      case 2: self = .createV2(try reader.value(), constructorArguments: try reader.list())
      case let type: throw .unknownArm(type: "SorobanAuthorizedFunction", value: type)
      }
    }

    package func encode(to writer: inout XDRWriter) {
      switch self {
      case .contract(let call):
        writer.u32(0)
        writer.value(call)
      case .create(let arguments):
        writer.u32(1)
        writer.value(arguments)
      case .createV2(let arguments, let constructorArguments):
        writer.u32(2)
        writer.value(arguments)
        writer.list(constructorArguments)
      }
    }
  }

  package var function: Function
  package var subInvocations: [SorobanAuthorizedInvocation]

  package init(function: Function, subInvocations: [SorobanAuthorizedInvocation] = []) {
    self.function = function
    self.subInvocations = subInvocations
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    self = try reader.nested { reader throws(XDRError) in
      SorobanAuthorizedInvocation(
        function: try reader.value(), subInvocations: try reader.list())
    }
  }

  package func encode(to writer: inout XDRWriter) {
    writer.value(function)
    writer.list(subInvocations)
  }
}

/// An invocation with the proof that somebody agrees to it.
package struct SorobanAuthorizationEntry: XDRCodable {
  package var credentials: SorobanCredentials
  package var invocation: SorobanAuthorizedInvocation

  package init(credentials: SorobanCredentials, invocation: SorobanAuthorizedInvocation) {
    self.credentials = credentials
    self.invocation = invocation
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    credentials = try reader.value()
    invocation = try reader.value()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.value(credentials)
    writer.value(invocation)
  }
}
