/// What a farmer is told, and must accept, before a wallet is made for them.
package enum CustodyNotice {
  /// Changes with every change of the text; the accepted version is part of the registration.
  package static let version = "2026-11-23"

  package static let text = [
    "The pool makes a Stellar wallet for you and keeps its secret key, encrypted. You do not get"
      + " the key.",
    "The wallet is for KALE farming only. The pool signs planting, work, harvests and the split"
      + " at the end with it, and can pay only to your payout address and to your pooler's share.",
    "You get everything out by leaving the pool: all blocks are harvested, the pooler gets its"
      + " agreed share of the rewards, and the rest goes to your payout address.",
    "Stakes can be lost. A stake lost through your pooler's fault is made good from the pooler's"
      + " share; other losses are explained where they happen.",
    "Network fees are paid in XLM from your wallet. KALE is a meme coin: put in only what you can"
      + " afford to lose.",
  ]
}
