import Bridge
import Testing

/// Expects `body` to be refused with this code and field, and with words that say `words`.
func expectRefusal(
  _ code: BridgeError.Code, field: String? = nil, _ words: String,
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async {
  do {
    try await body()
    Issue.record("was not refused", sourceLocation: sourceLocation)
  } catch let error as BridgeError {
    #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
    #expect(error.field == field, "\(error)", sourceLocation: sourceLocation)
    #expect(
      error.message.contains(words), "said: \(error.message)", sourceLocation: sourceLocation)
  } catch {
    Issue.record("another error: \(error)", sourceLocation: sourceLocation)
  }
}
