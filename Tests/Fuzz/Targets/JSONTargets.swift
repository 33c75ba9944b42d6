import Bytes
import JSON
import StellarXDR

@testable import StellarClient

extension FuzzTarget {
  private static var answers: [[UInt8]] {
    [
      #"{"jsonrpc":"2.0","id":1,"result":{"status":"healthy","latestLedger":12,"oldestLedger":1}}"#,
      #"{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"no"}}"#,
      #"{"result":{"entries":[{"key":"AAAA","xdr":"AAAAAQ==","liveUntilLedgerSeq":9}]}}"#,
      #"[1,-0.5e3,true,false,null,"é😀\n\"\\/",{"a":{}},[]]"#, " {} ", "\"\\ud800\\udc00\"",
      #"{"result":{"status":"ERROR","errorResultXdr":"AAAAAAAAAGT////7AAAAAA==","latestLedger":"7"}}"#,
      "[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]", "1e309", "-0", "12345678901234567890",
    ].map { Array($0.utf8) }
  }

  /// What is read is what is written.
  static let json = FuzzTarget(
    "json", seeds: { answers },
    run: { input in
      guard let value = try? JSONValue(parsing: input) else { return }
      let bytes = value.bytes
      guard let again = try? JSONValue(parsing: bytes) else {
        preconditionFailure("the JSON cannot be read again")
      }
      precondition(again == value && again.bytes == bytes)
    })

  /// An answer of a node, its members read as every method reads them.
  static let rpcAnswer = FuzzTarget(
    "rpc-answer", seeds: { answers },
    run: { input in
      guard let answer = try? JSONValue(parsing: input) else { return }
      let _: Int? = answer["error"]?["code"]?.asInteger()
      for value in [answer, answer["result"] ?? .null] {
        let fields = RPCFields(value, "fuzz")
        let names = value.asObject?.keys.sorted() ?? []
        for name in names.prefix(16) {
          _ = try? fields.integer(name, UInt32.self)
          _ = try? fields.integer(name, Int64.self)
          _ = try? fields.string(name)
          _ = try? fields.xdr(name, TransactionResult.self)
          _ = try? fields.optionalXDR(name, SCVal.self)
          for item in fields.list(name).prefix(8) {
            let inner = RPCFields(item, "fuzz")
            _ = try? inner.xdr("xdr", LedgerEntryData.self)
            _ = try? inner.xdr("key", LedgerKey.self)
            _ = try? inner.integer("liveUntilLedgerSeq", UInt32.self)
          }
        }
      }
    })
}
