package import Bytes

/// What a contract has stored under a key.
package struct ContractDataEntry: XDRCodable {
  package var contract: SCAddress
  package var key: SCVal
  package var durability: ContractDataDurability
  package var value: SCVal

  package init(
    contract: SCAddress, key: SCVal, durability: ContractDataDurability, value: SCVal
  ) {
    self.contract = contract
    self.key = key
    self.durability = durability
    self.value = value
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    try reader.noExtension(of: "ContractDataEntry")
    contract = try reader.value()
    key = try reader.value()
    durability = try reader.choice()
    value = try reader.value()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.noExtension()
    writer.value(contract)
    writer.value(key)
    writer.choice(durability)
    writer.value(value)
  }
}

/// A contract's program.
package struct ContractCodeEntry: XDRCodable {
  package var hash: Bytes32
  package var code: [UInt8]
  /// Ten counts by which the network prices the program (instructions, functions, …), or nil.
  package var costInputs: [UInt32]?

  private static let costInputCount = 10

  package init(hash: Bytes32, code: [UInt8]) {
    self.hash = hash
    self.code = code
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    let type = try reader.i32()
    switch type {
    case 0: costInputs = nil
    case 1:
      try reader.noExtension(of: "ContractCodeEntry v1")
      try reader.noExtension(of: "ContractCodeCostInputs")
      var inputs: [UInt32] = []
      for _ in 0..<Self.costInputCount { inputs.append(try reader.u32()) }
      costInputs = inputs
    default: throw .unknownArm(type: "ContractCodeEntry ext", value: type)
    }
    hash = try reader.bytes32()
    code = try reader.opaque()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.u32(costInputs == nil ? 0 : 1)
    if let costInputs {
      precondition(costInputs.count == Self.costInputCount)
      writer.noExtension()
      writer.noExtension()
      for input in costInputs { writer.u32(input) }
    }
    writer.bytes32(hash)
    writer.opaque(code)
  }
}

/// Through which ledger a contract's entry lives.
package struct TTLEntry: XDRCodable {
  package var keyHash: Bytes32
  package var liveUntil: UInt32

  package init(keyHash: Bytes32, liveUntil: UInt32) {
    self.keyHash = keyHash
    self.liveUntil = liveUntil
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    keyHash = try reader.bytes32()
    liveUntil = try reader.u32()
  }

  package func encode(to writer: inout XDRWriter) {
    writer.bytes32(keyHash)
    writer.u32(liveUntil)
  }
}

/// A name and value that an account keeps.
package struct DataEntry: XDRCodable {
  package var account: AccountID
  package var name: [UInt8]
  package var value: [UInt8]

  package init(account: AccountID, name: [UInt8], value: [UInt8]) {
    self.account = account
    self.name = name
    self.value = value
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    account = try reader.accountID()
    name = try reader.opaque(max: 64)
    value = try reader.opaque(max: 64)
    try reader.noExtension(of: "DataEntry")
  }

  package func encode(to writer: inout XDRWriter) {
    writer.accountID(account)
    writer.opaque(name)
    writer.opaque(value)
    writer.noExtension()
  }
}
