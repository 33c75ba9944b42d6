package import FramedRPC

/// Every method of the protocol, by number.
package enum PoolMethods {
  package static let all: [MethodInfo] = [
    Control.plant.info, Control.facts.info, Control.rotateKey.info, Control.serverKeys.info,
    Work.assignments.info, Work.nonces.info,
    Health.report.info, Health.capacity.info, Readiness.check.info, Readiness.watch.info,
    Reflection.describe.info,
  ]
}
