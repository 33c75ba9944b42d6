import JSON

/// The fields of a request's JSON object, read one by one with an error that names the field.
///
/// Ends with ``allowOnly(_:)``: an unknown field is refused, so that a misspelt one is not silently
/// without effect.
struct RequestFields: Sendable {
  private let values: [String: JSONValue]

  init(_ values: [String: JSONValue] = [:]) { self.values = values }

  var isEmpty: Bool { values.isEmpty }

  func allowOnly(_ names: String...) throws(BridgeError) {
    for name in values.keys.sorted() where !names.contains(name) {
      throw .invalid(
        name, "There is no field of this name; known are \(names.joined(separator: ", ")).")
    }
  }

  /// Nil where the field is absent or null.
  func optionalString(_ name: String) throws(BridgeError) -> String? {
    switch values[name] {
    case nil, .null: return nil
    case .string(let text): return text
    default: throw .invalid(name, "This must be a text.")
    }
  }

  func string(_ name: String) throws(BridgeError) -> String {
    guard let text = try optionalString(name) else { throw .invalid(name, "This is missing.") }
    return text
  }

  func optionalBool(_ name: String) throws(BridgeError) -> Bool? {
    switch values[name] {
    case nil, .null: return nil
    case .bool(let bool): return bool
    default: throw .invalid(name, "This must be true or false.")
    }
  }

  func optionalInteger(_ name: String) throws(BridgeError) -> Int? {
    switch values[name] {
    case nil, .null: return nil
    case .number(let text):
      guard let number = Int(text) else { fallthrough }
      return number
    default: throw .invalid(name, "This must be a whole number.")
    }
  }

  func integer(_ name: String) throws(BridgeError) -> Int {
    guard let number = try optionalInteger(name) else { throw .invalid(name, "This is missing.") }
    return number
  }

  /// True where the field is there, as null too.
  func has(_ name: String) -> Bool { values[name] != nil }

  /// An amount in stroops, written as a text of digits; nil where absent or null.
  func optionalStroops(_ name: String) throws(BridgeError) -> Int64? {
    guard let text = try optionalString(name) else { return nil }
    guard let stroops = Int64(text), stroops >= 0, text.utf8.allSatisfy({ (48...57).contains($0) })
    else { throw .invalid(name, "This must be an amount in stroops, digits only.") }
    return stroops
  }
}
