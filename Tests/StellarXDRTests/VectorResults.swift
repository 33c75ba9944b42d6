import Bytes
import StellarXDR
import Testing

/// Results, metas and headers, built from what a vector says of them.
extension VectorJSON {
  func transactionResult() throws -> TransactionResult {
    let code = try #require(TransactionResultCode(rawValue: self.code.integer()))
    let outcome: TransactionResult.Outcome
    if !self["inner"].isNull {
      outcome = .feeBump(
        success: code == .feeBumpInnerSuccess,
        innerHash: try self["inner"]["hash"].bytes32(),
        InnerTransactionResult(
          feeCharged: try self["inner"].fee_charged.integer(),
          code: try #require(TransactionResultCode(rawValue: self["inner"].code.integer())),
          operations: try self["inner"].operations.operationResults()))
    } else if let results = try self["operations"].operationResults() {
      outcome = .applied(success: code == .success, results)
    } else {
      outcome = .refused(code)
    }
    return TransactionResult(feeCharged: try self["fee_charged"].integer(), outcome: outcome)
  }

  private func operationResults() throws -> [OperationResult]? {
    isNull ? nil : try array.map { try $0.operationResult() }
  }

  private func operationResult() throws -> OperationResult {
    let outer: Int32 = try self["code"].integer()
    if outer != 0 { return .refused(try #require(OperationResult.Refusal(rawValue: outer))) }
    let types: [String: OperationType] = [
      "create_account": .createAccount, "payment": .payment, "change_trust": .changeTrust,
      "account_merge": .accountMerge, "manage_data": .manageData, "bump_sequence": .bumpSequence,
      "begin_sponsoring": .beginSponsoringFutureReserves,
      "end_sponsoring": .endSponsoringFutureReserves,
      "invoke_host_function": .invokeHostFunction, "extend_footprint_ttl": .extendFootprintTTL,
      "restore_footprint": .restoreFootprint,
    ]
    let payload: OperationResult.Payload =
      if let hash = Bytes32(hex: self["hash"].string) {
        .invoked(hash: hash)
      } else if !self["balance"].isNull {
        .merged(balance: try self["balance"].integer())
      } else {
        .none
      }
    return .tried(
      try #require(types[self["op"].string]), code: try self["result"].integer(), payload)
  }

  func sorobanFees() throws -> SorobanFees? {
    isNull
      ? nil
      : SorobanFees(
        nonRefundable: try self["non_refundable"].integer(),
        refundable: try self["refundable"].integer(),
        rent: try self["rent"].integer())
  }

  func changes() throws -> [LedgerEntryChange] {
    try array.map { row in
      switch row.change.string {
      case "created": .created(try row.entry.ledgerEntry())
      case "updated": .updated(try row.entry.ledgerEntry())
      case "state": .state(try row.entry.ledgerEntry())
      case "restored": .restored(try row.entry.ledgerEntry())
      default: .removed(try row.key.ledgerKey())
      }
    }
  }

  func event() throws -> ContractEvent {
    let kinds: [String: ContractEvent.Kind] = [
      "system": .system, "contract": .contract, "diagnostic": .diagnostic,
    ]
    let contract = self["contract"]
    return ContractEvent(
      contract: contract.isNull ? nil : try contract.contract(),
      kind: try #require(kinds[self.type.string]),
      topics: try self["topics"].array.map { try $0.scval() },
      data: try self["data"].scval())
  }

  func staged() throws -> TransactionEvent {
    TransactionEvent(
      stage: try #require(TransactionEvent.Stage(rawValue: self["stage"].integer())),
      event: try self["event"].event())
  }

  func diagnostic() throws -> DiagnosticEvent {
    DiagnosticEvent(
      inSuccessfulContractCall: self["in_successful_call"].isTrue,
      event: try self["event"].event())
  }

  func ledgerHeader() throws -> LedgerHeader {
    LedgerHeader(
      version: try self["ledger_version"].integer(),
      previousHash: try self["previous_ledger_hash"].bytes32(),
      value: StellarValue(
        transactionSetHash: try self["tx_set_hash"].bytes32(),
        closeTime: try self["close_time"].integer(),
        upgrades: try self["upgrades"].array.map { try $0.hex() },
        signature: self["signed_by"].isNull
          ? nil
          : .init(
            node: try self["signed_by"].account(), signature: try self["value_signature"].hex())),
      transactionSetResultHash: try self["tx_set_result_hash"].bytes32(),
      bucketListHash: try self["bucket_list_hash"].bytes32(),
      sequence: try self["ledger_seq"].integer(),
      totalCoins: try self["total_coins"].integer(), feePool: try self["fee_pool"].integer(),
      inflationSequence: try self["inflation_seq"].integer(), idPool: try self["id_pool"].integer(),
      baseFee: try self["base_fee"].integer(), baseReserve: try self["base_reserve"].integer(),
      transactionSetSizeMax: try self["max_tx_set_size"].integer(),
      skipList: try self["skip_list"].array.map { try $0.bytes32() })
  }
}
