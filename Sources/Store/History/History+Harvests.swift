package import KaleRules
package import Pool
import Postgres

extension History {
  /// What harvests of a farmer's blocks from `block` on brought in. Key: `(farmer, block)`.
  package func harvestPayments(
    farmer: FarmerID, from block: BlockIndex
  ) async throws(StoreError) -> Set<HarvestPayment> {
    try await read([
      Self.query(
        "SELECT ledger, stake + reward FROM harvests WHERE farmer = $1 AND block >= $2",
        .int(farmer), .int(Int64(block.rawValue)))
    ]) { (rows) throws(PostgresError) in
      var payments: Set<HarvestPayment> = []
      for row in rows[0] {
        payments.insert(
          HarvestPayment(
            ledger: LedgerSequence(UInt32(clamping: try row.int(0))),
            amount: Stroops(try row.int(1))))
      }
      return payments
    }
  }
}
