import ArgumentParser
import Foundation
import StellarClient
import UnixSignals

/// A demo from its first process to its last.
struct DemoRun: Sendable {
  let settings: DemoSettings
  let screen: Screen

  private enum Ending: Sendable {
    case finished(DemoReport)
    case interrupted
  }

  /// Runs until the blocks are played (the report), or until interrupted (nil where that is how it
  /// ends). Whatever happens, no process is left.
  func run() async throws -> DemoReport? {
    if settings.port != 0 && !FreePort.isFree(settings.port) {
      throw CommandFailure(
        "port \(settings.port) on 127.0.0.1 is in use: stop the program that holds it, or choose"
          + " another with --port")
    }
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    let folder = try DemoFolder()
    let processes = DemoProcesses(logs: folder.logs)
    let ending: Result<Ending, any Error>
    do {
      ending = .success(try await play(folder, processes, signals))
    } catch {
      ending = .failure(error)
    }
    screen.status("stopping")
    await processes.stop()
    // Until here a signal must not end us: it would leave the data.
    withExtendedLifetime(signals) {}
    if settings.keepsData {
      screen.line("The data stays in \(folder.path)")
    } else {
      try await folder.remove()
    }
    switch try ending.get() {
    case .finished(let report): return report
    case .interrupted:
      screen.line("Stopped; no process and no data are left.")
      // With --blocks it did not come to its end.
      if settings.blocks != nil { throw ExitCode(130) }
      return nil
    }
  }

  private func play(
    _ folder: DemoFolder, _ processes: DemoProcesses, _ signals: UnixSignalsSequence
  ) async throws -> Ending {
    try await withThrowingTaskGroup(of: Ending.self) { group in
      group.addTask {
        for await _ in signals { return .interrupted }
        throw CancellationError()
      }
      group.addTask {
        try await processes.watch()
        return .interrupted
      }
      group.addTask {
        let stage = DemoStage(
          settings: settings, screen: screen, folder: folder, processes: processes)
        return .finished(try await stage.play())
      }
      defer { group.cancelAll() }
      guard let first = try await group.next() else { return .interrupted }
      return first
    }
  }
}
