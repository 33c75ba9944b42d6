import Foundation

// What libFuzzer calls. `FUZZ_TARGET` names the target; with `FUZZ_SEEDS` its seeds are written into
// that folder and nothing is run; with `FUZZ_LIST` the names are printed.

/// Set once before the first input, and libFuzzer has one thread.
nonisolated(unsafe) private var run: @Sendable ([UInt8]) -> Void = { _ in }

@_cdecl("LLVMFuzzerInitialize")
public func fuzzInitialize(
  _ count: UnsafeMutablePointer<CInt>?,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> CInt {
  let environment = ProcessInfo.processInfo.environment
  let targets = FuzzTarget.all
  if environment["FUZZ_LIST"] != nil {
    for target in targets { print(target.name) }
    exit(0)
  }
  guard let target = targets.first(where: { $0.name == environment["FUZZ_TARGET"] }) else {
    FileHandle.standardError.write(Data("FUZZ_TARGET names no target\n".utf8))
    exit(2)
  }
  if let folder = environment["FUZZ_SEEDS"] {
    let seeds = target.seeds()
    for (at, seed) in seeds.enumerated() {
      let path = "\(folder)/seed-\(at)"
      guard FileManager.default.createFile(atPath: path, contents: Data(seed)) else {
        preconditionFailure("\(path) cannot be written")
      }
    }
    for seed in seeds { target.run(seed) }
    exit(0)
  }
  run = target.run
  return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  run(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
