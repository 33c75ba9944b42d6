package import Bytes

/// What the pool keeps books in.
package enum BookAsset: String, Codable, Sendable, Hashable, CaseIterable {
  case kale, xlm
}

/// One line of double entry: what an account gains (or, negative, loses) by an event.
///
/// The postings of one event sum to zero for each asset.
package struct Posting: Codable, Sendable, Hashable {
  package var account: BookAccount
  package var asset: BookAsset
  package var amount: Int64

  package init(_ account: BookAccount, _ asset: BookAsset, _ amount: Int64) {
    self.account = account
    self.asset = asset
    self.amount = amount
  }
}

/// An account of the books; its text form is what the database holds.
package enum BookAccount: Sendable, Hashable {
  /// What a wallet of the pool's holds on chain.
  case wallet(Bytes32)
  /// A farmer's stake that is planted.
  case staked(FarmerID)
  /// The KALE farm: it gives rewards and keeps lost stakes.
  case farm
  /// Network fees.
  case fees
  /// Everybody outside of the pool: deposits come from here, payouts go here.
  case outside

  package var text: String {
    switch self {
    case .wallet(let key): "wallet:\(key)"
    case .staked(let farmer): "staked:\(farmer)"
    case .farm: "farm"
    case .fees: "fees"
    case .outside: "outside"
    }
  }

  package init?(text: String) {
    let parts = text.split(separator: ":", maxSplits: 1)
    switch (parts.first, parts.count) {
    case ("wallet", 2):
      guard let key = Bytes32(hex: String(parts[1])) else { return nil }
      self = .wallet(key)
    case ("staked", 2):
      guard let farmer = FarmerID(parts[1]) else { return nil }
      self = .staked(farmer)
    case ("farm", 1): self = .farm
    case ("fees", 1): self = .fees
    case ("outside", 1): self = .outside
    default: return nil
    }
  }
}

extension BookAccount: Codable {
  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let account = BookAccount(text: text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "no book account: \(text)"))
    }
    self = account
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
