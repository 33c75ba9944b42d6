/// A value as text that is the same in every process: sets and dictionaries in order.
enum Canonical {
  static func text(_ value: Any) -> String {
    let mirror = Mirror(reflecting: value)
    guard !mirror.children.isEmpty else { return "\(value)" }
    switch mirror.displayStyle {
    case .optional: return mirror.children.first.map { text($0.value) } ?? "nil"
    case .set, .dictionary:
      return "[" + mirror.children.map { text($0.value) }.sorted().joined(separator: ",") + "]"
    case .collection, .tuple:
      return "(" + mirror.children.map { text($0.value) }.joined(separator: ",") + ")"
    default:
      if let described = value as? any CustomStringConvertible { return described.description }
      return "\(mirror.subjectType){"
        + mirror.children.map { "\($0.label ?? "")=\(text($0.value))" }.joined(separator: ",") + "}"
    }
  }
}
