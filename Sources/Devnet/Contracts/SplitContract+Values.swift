import Bytes
import SplitRules
import StellarXDR

extension SplitContract {
  /// What a farmer agreed to.
  struct Terms {
    var pooler: SCAddress
    var bondWallet: SCAddress
    var shareBps: UInt32
    var payout: SCAddress

    /// From the arguments of `join` after the farmer.
    init?(_ arguments: ArraySlice<SCVal>) {
      let values = Array(arguments)
      guard values.count == 4, let pooler = values[0].asAddress,
        let bondWallet = values[1].asAddress, let shareBps = values[2].asU32,
        let payout = values[3].asAddress
      else { return nil }
      self.pooler = pooler
      self.bondWallet = bondWallet
      self.shareBps = shareBps
      self.payout = payout
    }

    init?(value: SCVal) {
      guard let pooler = value[field: "pooler"]?.asAddress,
        let bondWallet = value[field: "bond_wallet"]?.asAddress,
        let shareBps = value[field: "share_bps"]?.asU32,
        let payout = value[field: "payout"]?.asAddress
      else { return nil }
      self.pooler = pooler
      self.bondWallet = bondWallet
      self.shareBps = shareBps
      self.payout = payout
    }

    var value: SCVal {
      FarmStorage.map([
        ("bond_wallet", .address(bondWallet)), ("payout", .address(payout)),
        ("pooler", .address(pooler)), ("share_bps", .u32(shareBps)),
      ])
    }
  }

  /// What `settle` is asked, in stroops.
  struct Settlement {
    let exitID: Bytes32
    let amount: Int128
    let rewards: Int128
    let loss: Int128
    let held: Int128

    /// From the arguments after the farmer.
    init?(_ arguments: ArraySlice<SCVal>) {
      let values = Array(arguments)
      guard values.count == 5, let exitID = values[0].asBytes32, let amount = values[1].asI128,
        let rewards = values[2].asI128, let loss = values[3].asI128, let held = values[4].asI128
      else { return nil }
      self.exitID = exitID
      self.amount = amount
      self.rewards = rewards
      self.loss = loss
      self.held = held
    }

    func result(_ terms: Terms, _ split: Split) -> SCVal {
      FarmStorage.map([
        ("amount", .i128(amount)), ("bond_wallet", .address(terms.bondWallet)),
        ("debt", .i128(split.debt)), ("due", .i128(split.due)),
        ("farmer_net", .i128(split.farmerNet)), ("gross", .i128(split.gross)),
        ("held", .i128(held)), ("loss", .i128(loss)), ("payout", .address(terms.payout)),
        ("pooler", .address(terms.pooler)), ("pooler_net", .i128(split.poolerNet)),
        ("rewards", .i128(rewards)), ("share_bps", .u32(terms.shareBps)),
        ("shortfall", .i128(split.shortfall)),
      ])
    }
  }
}
