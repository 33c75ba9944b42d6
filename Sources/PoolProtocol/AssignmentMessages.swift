package import Bytes
import CPoolProtos
import CProtobufC
package import FramedRPC

package struct AssignmentsRequest: RPCMessage, Hashable {
  package init() {}

  package init(unpacking bytes: [UInt8]) throws(MessageError) {
    self = try CMessage.read(
      bytes, max: MessageLimits.small, kalepool_message_assignments_request(),
      kalepool__v1__assignments_request__unpack, kalepool__v1__assignments_request__free_unpacked
    ) { (_) throws(MessageError) in AssignmentsRequest() }
  }

  package func pack() -> [UInt8] { [] }
}

/// One farmer to hash for. No name and no stake: the pooler needs neither.
package struct Assignment: Sendable, Hashable {
  /// Names the assignment for as long as it lives.
  package var handle: UInt64
  package var farmerKey: Bytes32
  package var nonces: ClosedRange<UInt64>
  /// Zeros of the best nonce the coordinator has, nil for none.
  package var bestZeros: Int?

  package init(handle: UInt64, farmerKey: Bytes32, nonces: ClosedRange<UInt64>, bestZeros: Int?) {
    self.handle = handle
    self.farmerKey = farmerKey
    self.nonces = nonces
    self.bestZeros = bestZeros
  }
}

/// Everything an agent is to work on; takes the place of every set before it.
package struct AssignmentSet: RPCMessage, Hashable {
  /// Rises with every set of a session.
  package var version: UInt64
  package var blockIndex: UInt32
  package var entropy: Bytes32
  /// More zeros than these earn nothing more.
  package var maxZeros: Int
  /// Wall-clock time in which nonces are still of use.
  package var remainingMs: UInt32
  package var assignments: [Assignment]

  package init(
    version: UInt64, blockIndex: UInt32, entropy: Bytes32, maxZeros: Int, remainingMs: UInt32,
    assignments: [Assignment]
  ) {
    self.version = version
    self.blockIndex = blockIndex
    self.entropy = entropy
    self.maxZeros = maxZeros
    self.remainingMs = remainingMs
    self.assignments = assignments
  }

  package init(unpacking bytes: [UInt8]) throws(MessageError) {
    self = try CMessage.read(
      bytes, max: MessageLimits.assignments, fieldsMax: MessageLimits.assignmentFields,
      kalepool_message_assignment_set(), kalepool__v1__assignment_set__unpack,
      kalepool__v1__assignment_set__free_unpacked
    ) { (m) throws(MessageError) in
      guard m.n_assignments <= MessageLimits.assignmentsPerSet else {
        throw MessageError("AssignmentSet with \(m.n_assignments) assignments")
      }
      let entropy = m.entropy.array
      guard let entropy = entropy.isEmpty ? Bytes32.zero : Bytes32(entropy) else {
        throw MessageError("AssignmentSet with entropy of \(entropy.count) bytes")
      }
      guard m.max_zeros <= 64 else { throw MessageError("max_zeros \(m.max_zeros)") }
      var assignments: [Assignment] = []
      assignments.reserveCapacity(m.n_assignments)
      for at in 0..<m.n_assignments {
        guard let one = m.assignments[at]?.pointee else { continue }
        assignments.append(try Assignment(one))
      }
      return AssignmentSet(
        version: m.version, blockIndex: m.block_index, entropy: entropy,
        maxZeros: Int(m.max_zeros), remainingMs: m.remaining_ms, assignments: assignments)
    }
  }

  package func pack() -> [UInt8] {
    precondition(assignments.count <= MessageLimits.assignmentsPerSet)
    var entropy = assignments.isEmpty && entropy == .zero ? [] : entropy.bytes
    var keys: [UInt8] = []
    keys.reserveCapacity(assignments.count * 32)
    for one in assignments { keys += one.farmerKey.bytes }
    var items = [Kalepool__V1__Assignment](repeating: .init(), count: assignments.count)
    return entropy.withUnsafeMutableBufferPointer { entropy in
      keys.withUnsafeMutableBufferPointer { keys in
        items.withUnsafeMutableBufferPointer { items in
          var pointers: [UnsafeMutablePointer<Kalepool__V1__Assignment>?] = []
          pointers.reserveCapacity(items.count)
          for (at, one) in assignments.enumerated() {
            one.fill(&items[at], key: keys.baseAddress! + at * 32)
            pointers.append(items.baseAddress! + at)
          }
          return pointers.withUnsafeMutableBufferPointer { pointers in
            var m = Kalepool__V1__AssignmentSet()
            kalepool__v1__assignment_set__init(&m)
            m.version = version
            m.block_index = blockIndex
            m.entropy = ProtobufCBinaryData(len: entropy.count, data: entropy.baseAddress)
            m.max_zeros = UInt32(maxZeros)
            m.remaining_ms = remainingMs
            m.n_assignments = pointers.count
            m.assignments = pointers.baseAddress
            return CMessage.pack(
              &m, kalepool__v1__assignment_set__get_packed_size,
              kalepool__v1__assignment_set__pack)
          }
        }
      }
    }
  }
}

extension Assignment {
  fileprivate init(_ m: Kalepool__V1__Assignment) throws(MessageError) {
    guard let key = Bytes32(m.farmer_key.array) else {
      throw MessageError("a farmer key that has not 32 bytes")
    }
    guard m.nonce_first <= m.nonce_last else { throw MessageError("an empty nonce range") }
    guard m.best_zeros <= 64 else { throw MessageError("best_zeros \(m.best_zeros)") }
    self.init(
      handle: m.handle, farmerKey: key, nonces: m.nonce_first...m.nonce_last,
      bestZeros: m.has_best != 0 ? Int(m.best_zeros) : nil)
  }

  fileprivate func fill(_ m: inout Kalepool__V1__Assignment, key: UnsafeMutablePointer<UInt8>) {
    kalepool__v1__assignment__init(&m)
    m.handle = handle
    m.farmer_key = ProtobufCBinaryData(len: 32, data: key)
    m.nonce_first = nonces.lowerBound
    m.nonce_last = nonces.upperBound
    m.has_best = bestZeros == nil ? 0 : 1
    m.best_zeros = UInt32(bestZeros ?? 0)
  }
}
