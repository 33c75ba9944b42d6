import JSON

@testable import BridgeRequests

extension FuzzTarget {
  /// The body of a request to the JSON API, each field read in every way.
  static let bridgeRequest = FuzzTarget(
    "bridge-request",
    seeds: {
      [
        #"{"handle":"é","password":"x","custodyAccepted":true,"payoutAddress":"G"}"#,
        #"{"a":[1,-2,3.5,1e400,null,false,{"b":{}}],"c":"\u0000\ud83d\ude00"}"#, "{}", "[{}]",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
        #"{"a":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}"#,
      ].map { Array($0.utf8) }
    },
    run: { input in
      let value = try? JSONValue(parsing: input, depthMax: Limits.jsonDepthMax)
      guard let object = value?.asObject else { return }
      let fields = RequestFields(object)
      for name in object.keys.sorted().prefix(16) {
        _ = try? fields.optionalString(name)
        _ = try? fields.optionalBool(name)
        _ = try? fields.optionalInteger(name)
        _ = try? fields.optionalStroops(name)
      }
    })
}
