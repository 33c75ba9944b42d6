import StellarXDR
import TestKit
import Testing

@Suite(.disabled(if: Vectors.areAbsent, "no vectors")) struct FeeVectorTests {
  @Test func fees() throws {
    for vector in try VectorJSON.cases("fees", atLeast: 1) {
      switch vector.what.string {
      case "resource":
        let fees = try vector.rates.resourceFees()
        let use = try vector.resources.use()
        #expect(fees.nonRefundable(use) == (try vector.non_refundable.integer()), "\(vector.name)")
        #expect(fees.refundable(use) == (try vector.refundable.integer()), "\(vector.name)")
      case "rent":
        let fees = try vector.rates.rentFees()
        let changes = try vector.entries.array.map { try $0.rentChange() }
        #expect(
          fees.fee(changes, ledger: try vector.ledger.integer()) == (try vector.fee.integer()),
          "\(vector.name)")
      default:
        let config = vector.config
        let rate = RentFees.rate(
          stateBytes: try vector.state_bytes.integer(), target: try config.target_bytes.integer(),
          low: try config.low.integer(), high: try config.high.integer(),
          growthFactor: try config.growth_factor.integer())
        #expect(rate == (try vector.rate.integer()), "\(vector.name)")
      }
    }
  }
}

extension VectorJSON {
  fileprivate func resourceFees() throws -> ResourceFees {
    ResourceFees(
      per10KInstructions: try self["instruction_increment"].integer(),
      perDiskReadEntry: try self["disk_read_entry"].integer(),
      perWriteEntry: try self["write_entry"].integer(),
      perDiskRead1KB: try self["disk_read_1kb"].integer(),
      perWrite1KB: try self["write_1kb"].integer(),
      perHistorical1KB: try self["historical_1kb"].integer(),
      perEvent1KB: try self["contract_event_1kb"].integer(),
      perTransaction1KB: try self["transaction_size_1kb"].integer())
  }

  fileprivate func use() throws -> ResourceFees.Use {
    ResourceFees.Use(
      instructions: try self["instructions"].integer(),
      diskReadEntries: try self["disk_read_entries"].integer(),
      writeEntries: try self["write_entries"].integer(),
      diskReadBytes: try self["disk_read_bytes"].integer(),
      writeBytes: try self["write_bytes"].integer(),
      eventBytes: try self["contract_events_size_bytes"].integer(),
      transactionBytes: try self["transaction_size_bytes"].integer())
  }

  fileprivate func rentFees() throws -> RentFees {
    RentFees(
      perRent1KB: try self["rent_1kb"].integer(), perWriteEntry: try self["write_entry"].integer(),
      perWrite1KB: try self["write_1kb"].integer(),
      persistentDenominator: try self["persistent_denominator"].integer(),
      temporaryDenominator: try self["temporary_denominator"].integer())
  }

  fileprivate func rentChange() throws -> RentFees.Change {
    RentFees.Change(
      isPersistent: self["persistent"].isTrue, isCode: self["code"].isTrue,
      oldBytes: try self["old_size"].integer(), newBytes: try self["new_size"].integer(),
      oldLiveUntil: try self["old_live_until"].integer(),
      newLiveUntil: try self["new_live_until"].integer())
  }
}
