package import Bytes
package import KaleRules
package import Pool
import Postgres

extension History {
  /// The transactions that brought in a farmer's blocks from `block` on. Key: `(farmer, block)`.
  package func harvestTransactions(
    farmer: FarmerID, from block: BlockIndex
  ) async throws(StoreError) -> Set<Bytes32> {
    try await read([
      Self.query(
        "SELECT transaction FROM harvests WHERE farmer = $1 AND block >= $2",
        .int(farmer), .int(Int64(block.rawValue)))
    ]) { (rows) throws(PostgresError) in
      var transactions: Set<Bytes32> = []
      for row in rows[0] {
        if let transaction = Bytes32(try row.bytes(0)) { transactions.insert(transaction) }
      }
      return transactions
    }
  }
}
