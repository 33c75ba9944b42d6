import Foundation
import StellarXDR

@testable import DevnetRequests

extension FuzzTarget {
  /// A request to the devnet, its parameters read as every method reads them.
  static let devnetRequest = FuzzTarget(
    "devnet-request",
    seeds: {
      [
        #"{"jsonrpc":"2.0","id":1,"method":"getHealth"}"#,
        #"{"jsonrpc":"2.0","id":"a","method":"getLedgerEntries","params":{"keys":["AAAAAA=="]}}"#,
        #"{"params":{"startLedger":5,"pagination":{"cursor":"0000000021474836480-0000000001","limit":9}}}"#,
        #"{"params":{"filters":[{"type":"contract","contractIds":["CBQHTQ7NTSKHVTSVM6EHUO3TU4P4BK2TAAII25V2TT2Q6OWXUJWELEO5"],"topics":[["AAAADwAAAAR3b3Jr","*","**"]]}]}}"#,
        #"[{"id":1.5e3,"xdrFormat":"base64"},null,true,"é\ud83d\ude00"]"#, "-9223372036854775808",
      ].map { Array($0.utf8) }
    },
    run: { input in
      guard let request = JSON(parsing: Data(input)) else { return }
      guard JSON(parsing: Data(request.bytes)) != nil else {
        preconditionFailure("the JSON cannot be read again")
      }
      for one in [request] + (request.asArray ?? []).prefix(8) {
        _ = one["method"]?.asString
        guard let parameters = try? RPCParameters(one["params"]) else { continue }
        for name in ["hash", "transaction", "cursor", "address"] {
          _ = try? parameters.string(name)
        }
        _ = try? parameters.flag("authMode")
        _ = try? parameters.int("limit")
        _ = try? parameters.ledger("startLedger")
        _ = parameters["pagination"]?["cursor"]?.asString.flatMap { EventID($0) }
        guard let query = try? EventQuery(parameters["filters"]) else { continue }
        _ = query
      }
    })
}
