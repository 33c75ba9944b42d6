import Bytes
import Testing

@testable import SecureChannel

@Suite struct KeyTextTests {
  @Test(arguments: KeyKind.allCases)
  func roundTripAndFirstLetter(_ kind: KeyKind) throws {
    let payload = (0..<kind.payloadBytes).map { UInt8(truncatingIfNeeded: $0 * 37 + 5) }
    let text = KeyText.encode(kind, payload)
    #expect(text.first == kind.letter)
    #expect(text.count == (kind == .enrolmentToken ? 31 : 56))
    #expect(try KeyText.decode("  \(text)\n", as: kind) == payload)
    for other in KeyKind.allCases where other != kind {
      #expect(throws: KeyTextError.self) { try KeyText.decode(text, as: other) }
    }
  }

  @Test func everyChangedCharacterIsNoticed() throws {
    let text = StaticKeyPair(owner: .server).publicText
    for at in text.indices {
      for letter in "ABQZ27" where letter != text[at] {
        var changed = text
        changed.replaceSubrange(at...at, with: String(letter))
        #expect(throws: KeyTextError.self) {
          try KeyText.publicKey(changed, as: .serverPublic)
        }
      }
    }
  }

  @Test(arguments: ["", "H", "HC4A", "not a key", "hc4af6kc7zm3qww6jgq6qsoaxp56nbw4"])
  func otherTextsAreRefused(_ text: String) {
    #expect(throws: KeyTextError.self) { try KeyText.decode(text, as: .serverPublic) }
  }

  @Test func noSecretIsPrinted() throws {
    let pair = StaticKeyPair(owner: .agent)
    let token = EnrolmentToken()
    #expect(!"\(pair)".contains(pair.secretText))
    #expect(!"\(token)".contains(token.text))
    let wrong = String(pair.secretText.reversed())
    do {
      _ = try StaticKeyPair(owner: .agent, secretText: wrong)
      Issue.record("accepted")
    } catch { #expect(!"\(error)".contains(wrong)) }
  }

  @Test func keysOutsideTheFieldAreNotCanonical() {
    let p: [UInt8] = [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]
    var below = p
    below[0] = 0xEC
    #expect(Bytes32(below)!.isCanonicalPublicKey)
    #expect(!Bytes32(p)!.isCanonicalPublicKey)
    var top = [UInt8](repeating: 1, count: 32)
    #expect(Bytes32(top)!.isCanonicalPublicKey)
    top[31] |= 0x80
    #expect(!Bytes32(top)!.isCanonicalPublicKey)
  }
}
