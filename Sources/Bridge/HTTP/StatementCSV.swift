import Hummingbird
import NIOCore

/// A farmer's whole statement as RFC 4180 CSV, written page by page.
enum StatementCSV {
  static let header = "id,time,kind,asset,amount,balance,block,text,transaction"

  static func response(pool: any PoolService, farmer: API.FarmerID) -> Response {
    Response(
      status: .ok,
      headers: [
        .contentType: "text/csv; charset=utf-8",
        .contentDisposition: "attachment; filename=\"kale-statement.csv\"",
      ],
      body: ResponseBody { writer in
        try await writer.write(ByteBuffer(string: header + "\r\n"))
        var after: Int64?
        repeat {
          let page = try await pool.statement(
            farmer: farmer, after: after, limit: Limits.statementRows.upperBound)
          let lines = page.rows.map { line($0) + "\r\n" }.joined()
          try await writer.write(ByteBuffer(string: lines))
          // A page that does not advance would be asked for without end.
          after = page.next.flatMap { next in after.map { next > $0 } ?? true ? next : nil }
        } while after != nil
        try await writer.finish(nil)
      })
  }

  static func line(_ row: API.StatementRow) -> String {
    [
      String(row.id), row.at.description, text(row.kind), text(row.asset), row.amount.display,
      row.balance.display, row.block.map(String.init) ?? "", text(row.text),
      text(row.transaction ?? ""),
    ].joined(separator: ",")
  }

  /// Quoted where needed; a leading `=`, `+`, `-` or `@` gets an apostrophe, so that a spreadsheet
  /// does not take words for a formula.
  static func text(_ text: String) -> String {
    var text = text
    if let first = text.first, "=+-@\t\r".contains(first) { text = "'" + text }
    guard text.contains(where: { ",\"\n\r\r\n".contains($0) }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
