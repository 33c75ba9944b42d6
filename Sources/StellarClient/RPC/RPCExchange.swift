import JSON

/// One HTTP request of JSON-RPC: a call, or several calls of one method as a batch.
struct RPCExchange: Sendable {
  let method: String
  let parameters: [JSONValue]
  let firstID: Int

  var body: JSONValue {
    let calls = parameters.enumerated().map { offset, parameters -> JSONValue in
      [
        "jsonrpc": "2.0", "id": .number("\(firstID + offset)"), "method": .string(method),
        "params": parameters,
      ]
    }
    return calls.count == 1 ? calls[0] : .array(calls)
  }

  /// What came of each call, in their order.
  func results(of body: [UInt8]) throws(RPCError) -> [Result<JSONValue, RPCError>] {
    let answer: JSONValue
    do {
      answer = try JSONValue(parsing: body)
    } catch {
      throw RPCError(.badAnswer, "\(method): the answer is not JSON: \(error)")
    }
    guard parameters.count > 1 else { return [result(of: answer)] }
    guard let items = answer.asArray else {
      throw RPCError(.badAnswer, "\(method): a batch was not answered as one")
    }
    var byID: [Int: JSONValue] = [:]
    for item in items { if let id: Int = item["id"]?.asInteger() { byID[id] = item } }
    return parameters.indices.map { offset in
      guard let item = byID[firstID + offset] else {
        return .failure(RPCError(.badAnswer, "\(method): a call of a batch has no answer"))
      }
      return result(of: item)
    }
  }

  private func result(of answer: JSONValue) -> Result<JSONValue, RPCError> {
    if let error = answer["error"], !error.isNull {
      let code: Int = error["code"]?.asInteger() ?? 0
      let message = error["message"]?.asString ?? "no message"
      return .failure(
        RPCError(RPCError.Code(jsonRPC: code), "\(method): \(message) (\(code))"))
    }
    guard let result = answer["result"] else {
      return .failure(RPCError(.badAnswer, "\(method): neither result nor error"))
    }
    return .success(result)
  }
}

extension RPCError.Code {
  /// Source: stellar.md §3. The deadline is the server's: what it had begun may go on.
  fileprivate init(jsonRPC code: Int) {
    switch code {
    case -32_098: self = .busy
    case -32_603, -32_097, -32_096: self = .outcomeUnknown
    default: self = .refused(code)
    }
  }
}
