@testable import BridgeRequests

extension FuzzTarget {
  /// The body of a request to the JSON API.
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
      let depth = JSONValue.depth(of: input)
      guard let object = try? JSONValue.object(parsing: input) else { return }
      precondition(depth <= Limits.jsonDepthMax && depth > 0)
      precondition(object.count <= input.count)
    })
}
