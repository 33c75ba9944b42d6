import CPoolProtos
package import FramedRPC

/// How an agent is, every few seconds.
package struct HealthReport: RPCMessage, Hashable {
  /// Version of the assignment set being worked on; 0: none.
  package var assignmentsVersion: UInt64 = 0
  /// Since the agent's start.
  package var hashesTotal: UInt64 = 0
  package var hashesPerSecond: UInt64 = 0
  package var threads: UInt32 = 0
  /// Assignments being worked on.
  package var queue: UInt32 = 0
  package var temperatureCelsius: Int32?
  /// Since the agent's start.
  package var errors: UInt64 = 0

  package init() {}

  package init(unpacking bytes: [UInt8]) throws(MessageError) {
    self = try CMessage.read(
      bytes, max: MessageLimits.small, kalepool_message_health_report(),
      kalepool__v1__health_report__unpack, kalepool__v1__health_report__free_unpacked
    ) { (m) throws(MessageError) in
      var report = HealthReport()
      report.assignmentsVersion = m.assignments_version
      report.hashesTotal = m.hashes_total
      report.hashesPerSecond = m.hashes_per_second
      report.threads = m.threads
      report.queue = m.queue
      report.temperatureCelsius = m.has_temperature != 0 ? m.temperature_celsius : nil
      report.errors = m.errors
      return report
    }
  }

  package func pack() -> [UInt8] {
    var m = Kalepool__V1__HealthReport()
    kalepool__v1__health_report__init(&m)
    m.assignments_version = assignmentsVersion
    m.hashes_total = hashesTotal
    m.hashes_per_second = hashesPerSecond
    m.threads = threads
    m.queue = queue
    m.has_temperature = temperatureCelsius == nil ? 0 : 1
    m.temperature_celsius = temperatureCelsius ?? 0
    m.errors = errors
    return CMessage.pack(
      &m, kalepool__v1__health_report__get_packed_size, kalepool__v1__health_report__pack)
  }
}

package struct HealthReply: RPCMessage, Hashable {
  package init() {}

  package init(unpacking bytes: [UInt8]) throws(MessageError) {
    self = try CMessage.read(
      bytes, max: MessageLimits.small, kalepool_message_health_reply(),
      kalepool__v1__health_reply__unpack, kalepool__v1__health_reply__free_unpacked
    ) { (_) throws(MessageError) in HealthReply() }
  }

  package func pack() -> [UInt8] { [] }
}

/// What an agent can do.
package struct CapacityReport: RPCMessage, Hashable {
  package var hashesPerSecond: UInt64
  /// The pooler's own limit, nil for none.
  package var farmersMax: UInt32?

  package init(hashesPerSecond: UInt64, farmersMax: UInt32?) {
    self.hashesPerSecond = hashesPerSecond
    self.farmersMax = farmersMax
  }

  package init(unpacking bytes: [UInt8]) throws(MessageError) {
    self = try CMessage.read(
      bytes, max: MessageLimits.small, kalepool_message_capacity_report(),
      kalepool__v1__capacity_report__unpack, kalepool__v1__capacity_report__free_unpacked
    ) { (m) throws(MessageError) in
      CapacityReport(
        hashesPerSecond: m.hashes_per_second,
        farmersMax: m.farmers_max == 0 ? nil : m.farmers_max)
    }
  }

  package func pack() -> [UInt8] {
    var m = Kalepool__V1__CapacityReport()
    kalepool__v1__capacity_report__init(&m)
    m.hashes_per_second = hashesPerSecond
    m.farmers_max = farmersMax ?? 0
    return CMessage.pack(
      &m, kalepool__v1__capacity_report__get_packed_size, kalepool__v1__capacity_report__pack)
  }
}

package struct CapacityReply: RPCMessage, Hashable {
  package init() {}

  package init(unpacking bytes: [UInt8]) throws(MessageError) {
    self = try CMessage.read(
      bytes, max: MessageLimits.small, kalepool_message_capacity_reply(),
      kalepool__v1__capacity_reply__unpack, kalepool__v1__capacity_reply__free_unpacked
    ) { (_) throws(MessageError) in CapacityReply() }
  }

  package func pack() -> [UInt8] { [] }
}
