package import Bytes

/// A call of a contract's function.
package struct InvokeContractArgs: XDRCodable {
  package var contract: SCAddress
  package var function: String
  package var arguments: [SCVal]

  package init(contract: SCAddress, function: String, arguments: [SCVal]) {
    self.contract = contract
    self.function = function
    self.arguments = arguments
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    contract = try reader.value()
    function = try reader.symbol()
    arguments = try reader.list()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.value(contract)
    writer.opaque(function.utf8)
    writer.list(arguments)
  }
}

/// What a new contract's id is made from.
package enum ContractIDPreimage: XDRCodable {
  case address(SCAddress, salt: Bytes32)
  case asset(Asset)

  package init(from reader: inout XDRReader) throws(XDRError) {
    switch try reader.i32() {
    case 0: self = .address(try reader.value(), salt: try reader.bytes32())
    case 1: self = .asset(try reader.value())
    case let type: throw .unknownArm(type: "ContractIDPreimage", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    switch self {
    case .address(let deployer, let salt):
      writer.u32(0)
      writer.value(deployer)
      writer.bytes32(salt)
    case .asset(let asset):
      writer.u32(1)
      writer.value(asset)
    }
  }
}

/// A contract to make.
package struct CreateContractArgs: XDRCodable {
  package var preimage: ContractIDPreimage
  package var executable: ContractExecutable

  package init(preimage: ContractIDPreimage, executable: ContractExecutable) {
    self.preimage = preimage
    self.executable = executable
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    preimage = try reader.value()
    executable = try reader.value()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.value(preimage)
    writer.value(executable)
  }
}

/// What a Soroban transaction asks of the host.
package enum HostFunction: XDRCodable {
  case invoke(InvokeContractArgs)
  case create(CreateContractArgs)
  case upload(wasm: [UInt8])
  case createV2(CreateContractArgs, constructorArguments: [SCVal])

  package init(from reader: inout XDRReader) throws(XDRError) {
    switch try reader.i32() {
    case 0: self = .invoke(try reader.value())
    case 1: self = .create(try reader.value())
    case 2: self = .upload(wasm: try reader.opaque())
    case 3: self = .createV2(try reader.value(), constructorArguments: try reader.list())
    case let type: throw .unknownArm(type: "HostFunction", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    switch self {
    case .invoke(let call):
      writer.u32(0)
      writer.value(call)
    case .create(let arguments):
      writer.u32(1)
      writer.value(arguments)
    case .upload(let wasm):
      writer.u32(2)
      writer.opaque(wasm)
    case .createV2(let arguments, let constructorArguments):
      writer.u32(3)
      writer.value(arguments)
      writer.list(constructorArguments)
    }
  }
}
