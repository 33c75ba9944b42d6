import ArgumentParser
@preconcurrency import Glibc  // `stdout` is a variable there; it is only handed on
import Logging
import Runtime

/// What every long-running command shares: a log on standard error, one clear line for an error.
enum Program {
  static func run(_ body: (Logger) async throws -> Void) async throws {
    // Lines that were printed reach a pipe even if the program is killed.
    setvbuf(stdout, nil, _IOLBF, 0)
    LoggingSystem.bootstrap(StreamLogHandler.standardError)
    OwnProcess.forbidCoreDumps()
    OwnProcess.allowManyFiles()
    do {
      try await body(Logger(label: "kalepool"))
    } catch let error as ExitCode {
      throw error
    } catch {
      fputs("kalepool: \(error)\n", stderr)
      throw ExitCode.failure
    }
  }
}
