extension TransactionReport {
  /// For people: a line for each thing there is.
  var text: String {
    var lines = [("hash", hash), ("network", network)]
    if let innerHash { lines.append(("inner", innerHash)) }
    if let feeSource { lines.append(("fee by", feeSource)) }
    lines.append(("source", "\(source), sequence \(sequence)"))
    lines.append(("fee", feeText))
    if let maxTime {
      let from = minTime.map { $0 == 0 ? "" : "from \($0) " } ?? ""
      lines.append(("time", from + (maxTime == 0 ? "without an end" : "until \(maxTime)")))
    }
    if let memo { lines.append(("memo", memo)) }
    for (at, operation) in operations.enumerated() {
      let source = operation.source.map { " (for \($0))" } ?? ""
      lines.append(("\(at + 1).", operation.text + source))
    }
    if let footprint {
      lines.append(
        (
          "touches",
          "\(footprint.readOnly) entries to read, \(footprint.readWrite) to write,"
            + " \(footprint.instructions) instructions, \(footprint.writeBytes) bytes written"
        ))
    }
    lines += signatures.map { ("signed", $0.text) }
    lines += (innerSignatures ?? []).map { ("inner", "signed " + $0.text) }
    if signatures.isEmpty { lines.append(("signed", "by nobody")) }
    return lines.map { name, value in
      name + String(repeating: " ", count: max(1, 9 - name.count)) + value
    }.joined(separator: "\n")
  }

  private var feeText: String {
    guard let resourceFee else { return "at most \(fee) stroops" }
    return "at most \(fee) stroops, \(resourceFee) of them for resources"
  }
}

extension TransactionReport.Signature {
  fileprivate var text: String {
    by.map { "by \($0)" } ?? "by a key that ends \(hint), or for another network"
  }
}
