extension Operation.Body {
  package init(from reader: inout XDRReader) throws(XDRError) {
    let type: OperationType = try reader.choice()
    switch type {
    case .createAccount:
      self = .createAccount(
        destination: try reader.accountID(), startingBalance: try reader.i64())
    case .payment:
      self = .payment(
        destination: try reader.value(), asset: try reader.value(), amount: try reader.i64())
    case .setOptions: self = .setOptions(try reader.value())
    case .changeTrust: self = .changeTrust(try reader.value(), limit: try reader.i64())
    case .accountMerge: self = .accountMerge(destination: try reader.value())
    case .manageData:
      let name = try reader.opaque(max: 64)
      self = .manageData(name: name, value: try reader.bool() ? reader.opaque(max: 64) : nil)
    case .bumpSequence: self = .bumpSequence(to: try reader.i64())
    case .beginSponsoringFutureReserves:
      self = .beginSponsoringFutureReserves(sponsored: try reader.accountID())
    case .endSponsoringFutureReserves: self = .endSponsoringFutureReserves
    case .revokeSponsorship: self = .revokeSponsorship(try reader.value())
    case .clawback:
      self = .clawback(try reader.value(), from: try reader.value(), amount: try reader.i64())
    case .setTrustLineFlags:
      self = .setTrustLineFlags(
        trustor: try reader.accountID(), asset: try reader.value(), clear: try reader.u32(),
        set: try reader.u32())
    case .invokeHostFunction:
      self = .invokeHostFunction(try reader.value(), auth: try reader.list())
    case .extendFootprintTTL:
      try reader.noExtension(of: "ExtendFootprintTTLOp")
      self = .extendFootprintTTL(extendTo: try reader.u32())
    case .restoreFootprint:
      try reader.noExtension(of: "RestoreFootprintOp")
      self = .restoreFootprint
    default: throw .unknownArm(type: "Operation", value: type.rawValue)
    }
  }

  package func encode(to writer: inout XDRWriter) {
    writer.choice(type)
    switch self {
    case .createAccount(let destination, let balance):
      writer.accountID(destination)
      writer.i64(balance)
    case .payment(let destination, let asset, let amount):
      writer.value(destination)
      writer.value(asset)
      writer.i64(amount)
    case .setOptions(let options): writer.value(options)
    case .changeTrust(let asset, let limit):
      writer.value(asset)
      writer.i64(limit)
    case .accountMerge(let destination): writer.value(destination)
    case .manageData(let name, let value):
      writer.opaque(name)
      writer.bool(value != nil)
      if let value { writer.opaque(value) }
    case .bumpSequence(let sequence): writer.i64(sequence)
    case .beginSponsoringFutureReserves(let sponsored): writer.accountID(sponsored)
    case .endSponsoringFutureReserves: break
    case .revokeSponsorship(let what): writer.value(what)
    case .clawback(let asset, let from, let amount):
      writer.value(asset)
      writer.value(from)
      writer.i64(amount)
    case .setTrustLineFlags(let trustor, let asset, let clear, let set):
      writer.accountID(trustor)
      writer.value(asset)
      writer.u32(clear)
      writer.u32(set)
    case .invokeHostFunction(let function, let auth):
      writer.value(function)
      writer.list(auth)
    case .extendFootprintTTL(let ledgers):
      writer.noExtension()
      writer.u32(ledgers)
    case .restoreFootprint: writer.noExtension()
    }
  }

  package var type: OperationType {
    switch self {
    case .createAccount: .createAccount
    case .payment: .payment
    case .setOptions: .setOptions
    case .changeTrust: .changeTrust
    case .accountMerge: .accountMerge
    case .manageData: .manageData
    case .bumpSequence: .bumpSequence
    case .beginSponsoringFutureReserves: .beginSponsoringFutureReserves
    case .endSponsoringFutureReserves: .endSponsoringFutureReserves
    case .revokeSponsorship: .revokeSponsorship
    case .clawback: .clawback
    case .setTrustLineFlags: .setTrustLineFlags
    case .invokeHostFunction: .invokeHostFunction
    case .extendFootprintTTL: .extendFootprintTTL
    case .restoreFootprint: .restoreFootprint
    }
  }
}
