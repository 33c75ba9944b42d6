/// As much of JSON Schema as our own document uses; an unknown keyword is a fault, so that no check
/// is silently left out.
struct Schema {
  let document: JSON

  init(_ document: JSON) { self.document = document }

  func resolve(_ reference: String) -> JSON? {
    guard reference.hasPrefix("#/") else { return nil }
    return reference.dropFirst(2).split(separator: "/").reduce(document as JSON?) { value, part in
      value?[String(part)]
    }
  }

  func faults(of value: JSON, against schema: JSON, at path: String) -> [String] {
    if let reference = schema["$ref"]?.string {
      guard let target = resolve(reference) else { return ["\(path): no \(reference)"] }
      return faults(of: value, against: target, at: path)
    }
    var faults: [String] = []
    for keyword in (schema.object ?? [:]).keys {
      switch keyword {
      case "type":
        if !types(schema["type"]).contains(where: { value.isA($0) }) {
          faults.append("\(path): \(value) is no \(types(schema["type"]))")
        }
      case "enum":
        if !(schema["enum"]?.array ?? []).contains(value) {
          faults.append("\(path): \(value) is none of the values")
        }
      case "required":
        for name in schema["required"]?.array ?? [] where value[name.string ?? ""] == nil {
          faults.append("\(path): \(name) is missing")
        }
      case "properties":
        for (name, member) in value.object ?? [:] {
          if let known = schema["properties"]?[name] {
            faults += self.faults(of: member, against: known, at: "\(path).\(name)")
          } else if schema["additionalProperties"] == false {
            faults.append("\(path): \(name) is not described")
          }
        }
      case "items":
        for (at, member) in (value.array ?? []).enumerated() {
          faults += self.faults(
            of: member, against: schema["items"] ?? [:], at: "\(path)[\(at)]")
        }
      case "minimum":
        if let number = value.number, number < schema["minimum"]?.number ?? 0 {
          faults.append("\(path): \(number) is too small")
        }
      case "maximum":
        if let number = value.number, number > schema["maximum"]?.number ?? 0 {
          faults.append("\(path): \(number) is too great")
        }
      case "pattern":
        if let text = value.string, let pattern = schema["pattern"]?.string,
          (try? Regex(pattern).firstMatch(in: text)) == nil
        {
          faults.append("\(path): \(text) does not fit \(pattern)")
        }
      case "additionalProperties", "description", "format": break
      default: faults.append("\(path): the checker does not know \(keyword)")
      }
    }
    return faults
  }

  private func types(_ value: JSON?) -> [String] {
    value?.string.map { [$0] } ?? (value?.array ?? []).compactMap(\.string)
  }
}

extension JSON {
  fileprivate func isA(_ type: String) -> Bool {
    switch (type, self) {
    case ("null", .null), ("boolean", .bool), ("number", .number), ("string", .string),
      ("array", .array), ("object", .object):
      true
    case ("integer", .number(let number)): number == number.rounded()
    default: false
    }
  }
}
