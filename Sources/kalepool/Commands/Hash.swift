import ArgumentParser
import Bytes
import KaleRules
import StellarXDR

struct Hash: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the hash of a nonce and its zeros, as the KALE contract computes them.")

  @Option(help: "The farm block's index.")
  var block: UInt32

  @Option(help: "The block's entropy: 32 bytes as base64 or hex.")
  var entropy: String

  @Option(help: "The nonce.")
  var nonce: UInt64

  @Option(help: "The farmer's address, G… or C….")
  var farmer: String

  @OptionGroup var output: OutputOptions

  func run() throws {
    let hash = KaleHash.hash(
      block: block, nonce: nonce, entropy: try entropyBytes(), farmer: try farmerBytes())
    let zeros = KaleHash.zeros(hash)
    if output.json {
      print(#"{"hash": "\#(hash)", "zeros": \#(zeros)}"#)
    } else {
      print("\(hash)\n\(zeros) zeros")
    }
  }

  private func entropyBytes() throws -> Bytes32 {
    guard let bytes = Bytes32(hex: entropy) ?? Base64.decode(entropy).flatMap({ Bytes32($0) })
    else {
      throw CommandFailure(
        "--entropy \(entropy) is not 32 bytes: give 64 hex digits or 44 characters of base64")
    }
    return bytes
  }

  private func farmerBytes() throws -> Bytes32 {
    guard let bytes = StrKey.account(farmer) ?? StrKey.contract(farmer) else {
      throw CommandFailure(
        "--farmer \(farmer) is no address: give the 56 characters of a G… or C… address as they are"
      )
    }
    return bytes
  }
}
