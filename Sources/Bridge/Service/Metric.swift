/// One metric family in Prometheus' sense, as read at this moment.
package struct Metric: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable { case counter, gauge }

  /// One value under its labels.
  package struct Sample: Hashable, Sendable {
    /// Name and value, in the order to print; names are `[a-zA-Z_][a-zA-Z0-9_]*`.
    package var labels: [Label]
    package var value: Double

    package init(_ value: Double, labels: KeyValuePairs<String, String> = [:]) {
      self.labels = labels.map { Label(name: $0.key, value: $0.value) }
      self.value = value
    }
  }

  package struct Label: Hashable, Sendable {
    package var name: String
    package var value: String
  }

  /// `[a-zA-Z_:][a-zA-Z0-9_:]*`, with unit and, for a counter, `_total` last.
  package var name: String
  package var kind: Kind
  package var help: String
  package var samples: [Sample]

  package init(_ name: String, _ kind: Kind, help: String, _ samples: [Sample]) {
    self.name = name
    self.kind = kind
    self.help = help
    self.samples = samples
  }
}
