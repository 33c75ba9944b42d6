import Bytes
import KaleRules
import Pool

/// Leaving and paying, by the rule written another way. Source: requirements.md, "Split rule".
extension Auditor {
  mutating func left(
    _ event: any PoolEvent, _ state: PoolState, _ chain: ChainModel, now: Int64
  ) {
    switch event {
    case let event as Compensated: compensated(event, chain)
    case let event as ExitRequested:
      if farmers[event.farmer]?.exit != nil || exits[event.exit] != nil {
        violate("unique", "exit \(event.exit) of farmer \(event.farmer)", chain)
      }
      exits[event.exit] = event.farmer
      exitsAskedAt[event.exit] = now
      farmers[event.farmer]?.exit = event
      count(.exitRequested)
      if event.waitsForPayout { count(.waitedForPayout) }
    case let event as ExitCalledOff:
      if farmers[event.farmer]?.split != nil {
        violate("too late to call off", "farmer \(event.farmer) is paid", chain)
      }
      farmers[event.farmer]?.exit = nil
      count(.exitCalledOff)
    case let event as SplitPaid:
      timed(event, chain, now: now)
      paid(event, chain)
    case let event as ExitUnsplit:
      let truth = farmers[event.farmer]
      if truth?.exit?.exit != event.exit
        || state.farmers[event.farmer]?.agreement?.isConfirmed == true
      {
        violate("nothing is left undivided", "farmer \(event.farmer)", chain)
      }
      farmers[event.farmer]?.isUnsplit = true
    case let event as Swept:
      toCheck.insert(event.wallet)
      count(.swept)
    case let event as WalletClosed:
      if farmers[event.farmer]?.split == nil, farmers[event.farmer]?.isUnsplit != true {
        violate("paid before closed", "farmer \(event.farmer)", chain)
      }
      farmers[event.farmer]?.hasLeft = true
      toCheck.insert(event.wallet)
      count(.closed)
    default: break
    }
  }

  /// Where nothing goes wrong it takes a block and a minute at most, unless the farmer waits for a new
  /// payout address.
  private mutating func timed(_ event: SplitPaid, _ chain: ChainModel, now: Int64) {
    guard let asked = exitsAskedAt[event.exit],
      farmers[event.farmer]?.exit?.waitsForPayout == false
    else { return }
    longestExit = max(longestExit, now - asked)
    if isFair, now - asked > 1_000 * (settings.blockSeconds + 60) {
      violate(
        "paid within a block and a minute",
        "farmer \(event.farmer) after \((now - asked) / 1_000) s", chain)
    }
  }

  private mutating func compensated(_ event: Compensated, _ chain: ChainModel) {
    let paid = event.principal.rawValue + event.reward.rawValue
    farmers[event.farmer]?.owed -= paid
    farmers[event.farmer]?.rewards += event.reward.rawValue
    if let owed = farmers[event.farmer]?.owed, owed < 0 || paid <= 0 {
      violate(
        "compensated once", "farmer \(event.farmer) got \(paid), \(-owed) too much", chain)
    }
    toCheck.insert(event.wallet)
    toCheck.insert(event.treasury)
    count(.compensated)
  }

  /// A bond pays what it owes, to whom it owes it, and no more.
  mutating func bond(_ event: any PoolEvent, _ chain: ChainModel) {
    if let event = event as? BondReleased {
      if owes(event.pooler), chain.kale(event.bondWallet) < claimed(of: event.pooler) {
        violate("nothing is released that is owed", "pooler \(event.pooler)", chain)
      }
      toCheck.insert(event.bondWallet)
      count(.bondReleased)
    }
    guard let event = event as? BondPaid else { return }
    toCheck.insert(event.bondWallet)
    if let wallet = event.wallet {
      toCheck.insert(wallet)
      farmers[event.farmer]?.bondPaid += event.amount.rawValue
      let farmer = farmers[event.farmer]
      if farmer?.bondPaid ?? 0 > farmer?.lossByPooler ?? 0 {
        violate("a bond pays what is owed", "farmer \(event.farmer)", chain)
      }
      count(.bondPaidBefore)
    } else {
      claims[event.exit]?.amount -= event.amount.rawValue
      if claims[event.exit].map({ $0.amount < 0 || $0.pooler != event.pooler }) ?? true {
        violate("a bond pays what is owed", "exit \(event.exit)", chain)
      }
      count(.bondPaidAfter)
    }
  }

  private func claimed(of pooler: PoolerID) -> Int64 {
    claims.values.reduce(0) { $0 + ($1.pooler == pooler ? $1.amount : 0) }
  }

  private mutating func paid(_ event: SplitPaid, _ chain: ChainModel) {
    guard let farmer = farmers[event.farmer], let agreement = farmer.agreement,
      farmer.exit?.exit == event.exit, exitsPaid.insert(event.exit).inserted
    else { return violate("paid once", "exit \(event.exit)", chain) }
    let (amount, net) = (Int128(event.amount.rawValue), Int128(event.poolerNet.rawValue))
    let farmerNet = Int128(event.farmerNet.rawValue)
    let (rewards, loss) = (Int128(farmer.rewards), Int128(farmer.lossByPooler))
    // The greatest whole share that is not more than R·s/10000.
    var gross = rewards * Int128(agreement.shareBps.rawValue)
    gross = (gross - gross % 10_000) / 10_000
    let due = gross < loss ? 0 : gross - loss
    let shortfall = due > amount ? due - amount : 0
    let bondPaid = Int128(farmer.bondPaid)
    let debt = max(0, (loss > gross ? loss - gross : 0) - bondPaid)
    func need(_ isRight: Bool, _ text: String) {
      if !isRight { wrong.append(text) }
    }
    var wrong: [String] = []
    need(event.rewards.rawValue == farmer.rewards, "rewards \(farmer.rewards)")
    need(event.loss.rawValue == farmer.lossByPooler, "loss \(farmer.lossByPooler)")
    need(net + farmerNet == amount, "the parts are not the whole")
    need(net == due - shortfall, "the pooler's net is \(due - shortfall)")
    need(event.debt.rawValue == Int64(debt), "the debt is \(debt)")
    need(event.held.rawValue >= 0 && Int128(event.held.rawValue) <= net, "held")
    // As if nothing had been lost through the pooler, the debt being paid.
    let without = amount + loss - bondPaid
    need(farmerNet + debt >= without - min(gross, without), "the farmer is worse off")
    need(farmer.owed == 0, "\(farmer.owed) are owed by the treasury")
    if let settled = chain.exits[farmer.wallet]?[event.exit] {
      need(
        settled.amount == event.amount.rawValue && settled.held == event.held.rawValue
          && settled.rewards == farmer.rewards && settled.loss == farmer.lossByPooler,
        "the chain settled \(settled)")
    } else {
      wrong.append("the chain settled nothing")
    }
    if !wrong.isEmpty {
      violate("the split is right", "\(event): \(wrong.joined(separator: "; "))", chain)
    }
    if let next = farmer.exit?.nextPooler {
      farmers[event.farmer]?.exit = nil
      farmers[event.farmer]?.agreement = nil
      queued(event.farmer, next, chain)
      count(.wentOnToNext)
    } else {
      farmers[event.farmer]?.split = event
    }
    claims[event.exit] = (event.pooler, Int64(debt))
    toCheck.insert(event.wallet)
    toCheck.insert(event.bondWallet)
    count(.splitPaid)
    if debt > 0 { count(.splitWithDebt) }
    if event.held > 0 { count(.splitHeldBack) }
  }
}
