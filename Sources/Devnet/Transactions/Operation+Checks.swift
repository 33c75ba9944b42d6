import Bytes
import StellarXDR

extension Operation {
  /// Which of an account's thresholds (master, low, medium, high) its signatures must reach.
  var thresholdIndex: Int {
    switch body {
    case .accountMerge: 3
    case .bumpSequence: 1
    default: 2
    }
  }
}

extension Operation.Body {
  /// Whether it can never succeed by its own fields.
  func isMalformed(source: AccountID) -> Bool {
    switch self {
    case .createAccount(let destination, let balance): balance < 0 || destination == source
    case .payment(_, _, let amount): amount <= 0
    case .changeTrust(_, let limit): limit < 0
    case .accountMerge(let destination): destination.accountID == source
    case .beginSponsoringFutureReserves(let sponsored): sponsored == source
    default: false
    }
  }

  /// What a success of this kind carries before it was tried.
  var emptyPayload: OperationResult.Payload {
    switch self {
    case .invokeHostFunction: .invoked(hash: .zero)
    case .accountMerge: .merged(balance: 0)
    default: .none
    }
  }
}
