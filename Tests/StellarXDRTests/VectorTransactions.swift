import Bytes
import StellarXDR
import Testing

/// Transactions and their parts, built from what a vector says of them.
extension VectorJSON {
  func transaction() throws -> Transaction {
    Transaction(
      source: try self["source"].muxed(), fee: try self["fee"].integer(),
      sequence: try self["sequence"].integer(),
      preconditions: try self["preconditions"].preconditionsModel(),
      memo: try self["memo"].memoModel(),
      operations: try self["operations"].array.map { try $0.operation() },
      sorobanData: self["soroban_data"].isNull ? nil : try self["soroban_data"].sorobanData())
  }

  func preconditionsModel() throws -> Preconditions {
    guard !isNull else { return .none }
    let bounds =
      self["time_bounds"].isNull
      ? nil
      : TimeBounds(
        min: try self["time_bounds"].min.integer(), max: try self["time_bounds"].max.integer())
    guard
      !(self["ledger_bounds"].isNull && self["min_seq"].isNull && self["min_seq_age"].isNull
        && self["min_seq_ledger_gap"].isNull
        && self["extra_signers"].array.isEmpty)
    else { return bounds.map { .time($0) } ?? .none }
    return .v2(
      .init(
        timeBounds: bounds,
        ledgerBounds: self["ledger_bounds"].isNull
          ? nil
          : LedgerBounds(
            min: try self["ledger_bounds"].min.integer(),
            max: try self["ledger_bounds"].max.integer()),
        minSequence: try self["min_seq"].optional(),
        minSequenceAge: try self["min_seq_age"].optional() ?? 0,
        minSequenceLedgerGap: try self["min_seq_ledger_gap"].optional() ?? 0,
        extraSigners: try self["extra_signers"].array.map { .ed25519(try $0.account()) }))
  }

  func memoModel() throws -> Memo {
    let value = self["value"]
    return switch self.type.string {
    case "text": .text(Array(value.string.utf8))
    case "id": .id(try value.integer())
    case "hash": .hash(try value.bytes32())
    case "return": .returnHash(try value.bytes32())
    default: .none
    }
  }

  func operation() throws -> Operation {
    Operation(try operationBody(), source: self["source"].isNull ? nil : try self["source"].muxed())
  }

  private func operationBody() throws -> Operation.Body {
    switch self.type.string {
    case "create_account":
      return .createAccount(
        destination: try self["destination"].account(),
        startingBalance: try self["starting_balance"].integer())
    case "payment":
      return .payment(
        destination: try self["destination"].muxed(), asset: try self["asset"].asset(),
        amount: try self["amount"].integer())
    case "change_trust":
      return .changeTrust(
        .asset(try self["asset"].asset()), limit: try self["limit"].integer())
    case "account_merge": return .accountMerge(destination: try self["destination"].muxed())
    case "bump_sequence": return .bumpSequence(to: try self["bump_to"].integer())
    case "manage_data":
      return .manageData(
        name: Array(self.name.utf8),
        value: self["value_hex"].isNull ? nil : try self["value_hex"].hex())
    case "set_options":
      var options = SetOptions()
      options.masterWeight = try self["master_weight"].optional()
      options.lowThreshold = try self["low"].optional()
      options.mediumThreshold = try self["med"].optional()
      options.highThreshold = try self["high"].optional()
      options.homeDomain = self["home_domain"].isNull ? nil : Array(self["home_domain"].string.utf8)
      if !self["signer"].isNull {
        options.signer = Signer(
          key: .ed25519(try self["signer"].key.account()),
          weight: try self["signer"].weight.integer())
      }
      return .setOptions(options)
    case "begin_sponsoring":
      return .beginSponsoringFutureReserves(sponsored: try self["sponsored"].account())
    case "end_sponsoring": return .endSponsoringFutureReserves
    case "extend_footprint_ttl":
      return .extendFootprintTTL(extendTo: try self["extend_to"].integer())
    case "restore_footprint": return .restoreFootprint
    default:
      return .invokeHostFunction(
        try hostFunction(), auth: try self["auth"].array.map { try $0.authorization() })
    }
  }

  private func hostFunction() throws -> HostFunction {
    switch self.type.string {
    case "upload_wasm": return .upload(wasm: try self["wasm_hex"].hex())
    case "create_contract_v2":
      return .createV2(
        CreateContractArgs(
          preimage: .address(try self["deployer"].address(), salt: try self["salt"].bytes32()),
          executable: .wasm(hash: try self["wasm_hash"].bytes32())),
        constructorArguments: try self["constructor_args"].array.map { try $0.scval() })
    case "create_sac":
      return .create(
        CreateContractArgs(
          preimage: .asset(try self["asset"].asset()), executable: .stellarAsset))
    case let other:
      #expect(other == "invoke_contract")
      return .invoke(try call())
    }
  }

  private func call() throws -> InvokeContractArgs {
    InvokeContractArgs(
      contract: try self["contract"].address(), function: self["function"].string,
      arguments: try self["args"].array.map { try $0.scval() })
  }

  func invocationModel() throws -> SorobanAuthorizedInvocation {
    SorobanAuthorizedInvocation(
      function: .contract(try call()),
      subInvocations: try self["sub_invocations"].array.map { try $0.invocationModel() })
  }

  func authorization() throws -> SorobanAuthorizationEntry {
    SorobanAuthorizationEntry(
      credentials: try self["credentials"].credentialsModel(),
      invocation: try self["invocation"].invocationModel())
  }

  private func credentialsModel() throws -> SorobanCredentials {
    if self.type.string == "source_account" { return .sourceAccount }
    let proof = SorobanCredentials.Address(
      address: try self["address"].address(), nonce: try self["nonce"].integer(),
      expirationLedger: try self["expiration_ledger"].integer(),
      signature: try self["signature"].scval())
    return self.type.string == "address" ? .address(proof) : .addressV2(proof)
  }

  func sorobanData() throws -> SorobanTransactionData {
    SorobanTransactionData(
      resources: SorobanResources(
        footprint: LedgerFootprint(
          readOnly: try self["read_only"].ledgerKeys(),
          readWrite: try self["read_write"].ledgerKeys()),
        instructions: try self["instructions"].integer(),
        diskReadBytes: try self["disk_read_bytes"].integer(),
        writeBytes: try self["write_bytes"].integer()),
      resourceFee: try self["resource_fee"].integer(),
      archivedEntries: self["archived_entries"].isNull
        ? nil : try self["archived_entries"].array.map { try $0.integer() })
  }
}
