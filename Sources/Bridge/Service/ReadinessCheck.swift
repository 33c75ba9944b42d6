/// One condition of being ready to serve.
package struct ReadinessCheck: Hashable, Sendable, Codable {
  package var name: String
  package var ready: Bool
  /// What is wrong, in plain words and without secrets; nil when ready.
  package var detail: String?

  package init(name: String, ready: Bool, detail: String? = nil) {
    self.name = name
    self.ready = ready
    self.detail = detail
  }
}
