/// Who agrees, and how it is shown.
package enum SorobanCredentials: XDRCodable {
  /// The transaction's source, whose signature covers everything.
  case sourceAccount
  case address(Address)
  /// As `address`, the address being part of what is signed. From protocol 27 on (CAP-71).
  case addressV2(Address)
  /// As `addressV2`, with others signing in the address's place. From protocol 27 on.
  case addressWithDelegates(Address, [Delegate])

  package struct Address: XDRCodable {
    package var address: SCAddress
    package var nonce: Int64
    /// The last ledger in which the signature counts.
    package var expirationLedger: UInt32
    package var signature: SCVal

    package init(
      address: SCAddress, nonce: Int64, expirationLedger: UInt32, signature: SCVal = .void
    ) {
      self.address = address
      self.nonce = nonce
      self.expirationLedger = expirationLedger
      self.signature = signature
    }

    package init(from reader: inout XDRReader) throws(XDRError) {
      address = try reader.value()
      nonce = try reader.i64()
      expirationLedger = try reader.u32()
      signature = try reader.value()
    }

    package func encode(to writer: inout XDRWriter) {
      writer.value(address)
      writer.i64(nonce)
      writer.u32(expirationLedger)
      writer.value(signature)
    }
  }

  package struct Delegate: XDRCodable {
    package var address: SCAddress
    package var signature: SCVal
    package var delegates: [Delegate]

    package init(from reader: inout XDRReader) throws(XDRError) {
      self = try reader.nested { reader throws(XDRError) in
        Delegate(
          address: try reader.value(), signature: try reader.value(), delegates: try reader.list())
      }
    }

    private init(address: SCAddress, signature: SCVal, delegates: [Delegate]) {
      self.address = address
      self.signature = signature
      self.delegates = delegates
    }

    package func encode(to writer: inout XDRWriter) {
      writer.value(address)
      writer.value(signature)
      writer.list(delegates)
    }
  }

  package init(from reader: inout XDRReader) throws(XDRError) {
    switch try reader.i32() {
    case 0: self = .sourceAccount
    case 1: self = .address(try reader.value())
    case 2: self = .addressV2(try reader.value())
    case 3: self = .addressWithDelegates(try reader.value(), try reader.list())
    case let type: throw .unknownArm(type: "SorobanCredentials", value: type)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    switch self {
    case .sourceAccount: writer.u32(0)
    case .address(let address):
      writer.u32(1)
      writer.value(address)
    case .addressV2(let address):
      writer.u32(2)
      writer.value(address)
    case .addressWithDelegates(let address, let delegates):
      writer.u32(3)
      writer.value(address)
      writer.list(delegates)
    }
  }
}
