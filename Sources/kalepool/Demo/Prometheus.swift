/// Values read from `/metrics`, Prometheus' text format 0.0.4.
struct Prometheus: Sendable {
  private struct Sample {
    var name: Substring
    var labels: Substring
    var value: Double
  }

  private let samples: [Sample]

  init(_ text: String) {
    samples = text.split(separator: "\n").compactMap { line in
      guard !line.hasPrefix("#"), let space = line.lastIndex(of: " "),
        let value = Double(line[line.index(after: space)...])
      else { return nil }
      let series = line[..<space]
      let brace = series.firstIndex(of: "{") ?? series.endIndex
      return Sample(name: series[..<brace], labels: series[brace...], value: value)
    }
  }

  /// The sum over a name's series, or over those that carry `label`, as `outcome="planted"`; nil
  /// where there is none.
  func whole(_ name: String, _ label: String? = nil) -> Int? {
    let found = samples.filter { sample in
      sample.name == name && label.map { sample.labels.contains($0) } ?? true
    }
    return found.isEmpty ? nil : Int(found.map(\.value).reduce(0, +))
  }
}
