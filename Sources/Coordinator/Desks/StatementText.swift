import Bridge
import Bytes
import KaleRules
import Pool
import Store

extension API.StatementRow {
  init(_ record: StatementRecord) {
    let (kind, text) = record.words
    self.init(
      id: record.id, at: API.Timestamp(unixSeconds: record.at), kind: kind,
      asset: record.asset.shown, amount: API.Amount(stroops: record.amount),
      balance: API.Amount(stroops: record.balance), block: record.block?.rawValue, text: text,
      transaction: record.transaction?.description)
  }
}

extension BookAsset {
  /// As people know it.
  var shown: String {
    switch self {
    case .kale: "KALE"
    case .xlm: "XLM"
    }
  }
}

extension StatementRecord {
  /// Kind and words for the farmer.
  fileprivate var words: (kind: String, text: String) {
    let block = block.map { " in block \($0)" } ?? ""
    let address = address ?? "an unknown account"
    switch event {
    case "deposits": return ("deposit", "Received from \(address)")
    case "wallet_fundings": return ("deposit", "Received from the pool, to open the wallet")
    case "plantings": return ("stake", "Staked\(block)")
    case "harvests":
      return counterpart == .farm
        ? ("reward", "Reward harvested\(self.block.map { " from block \($0)" } ?? "")")
        : ("stake", "Stake back\(self.block.map { " from block \($0)" } ?? "")")
    case "compensations": return ("compensation", "Paid by the pool for what was lost")
    case "splits":
      return counterpart == .outside
        ? ("payout", "Settled: your part to \(address), the pooler's share to the pooler")
        : ("payout", "Settled: kept of the pooler's share for what it owes")
    case "transfers": return ("payout", "Came after the settlement, paid to \(address)")
    case "departures": return ("payout", "Wallet closed, paid to \(address)")
    case "tx_outcomes":
      return ("fee", "Network fee for \(kind?.shown ?? "a transaction")\(block)")
    default: return (event, "")
    }
  }
}

extension TransactionKind {
  fileprivate var shown: String {
    switch self {
    case .plant: "planting"
    case .work: "the work"
    case .harvest: "the harvest"
    case .openBlock: "opening a block"
    case .createBond: "making a bond wallet"
    case .createWallets: "making accounts that serve the others"
    case .trust: "making the wallet ready for KALE"
    case .join: "putting the terms on chain"
    case .setPayout: "changing the payout address on chain"
    case .compensate: "a compensation"
    case .payFromBond: "a payment from a bond"
    case .releaseBond: "giving back a bond"
    case .settle: "the settlement"
    case .sweep: "paying out what came late"
    case .untrust, .merge: "closing the wallet"
    }
  }
}
