import Coordinator
import Testing

@Suite struct NonceRecordTests {
  @Test func manyInvalidOnesMakeItPoorUntilBetterOnesFollow() {
    var record = NonceRecord()
    for _ in 0..<9 { record.note(isInvalid: true) }
    #expect(!record.isPoor, "fewer than ten may be a bad moment")
    record.note(isInvalid: true)
    #expect(record.isPoor)
    // Ten of two hundred are 5 %, and not more.
    for _ in 0..<189 { record.note(isInvalid: false) }
    #expect(record.isPoor)
    record.note(isInvalid: false)
    #expect(!record.isPoor)
    record.note(isInvalid: true)
    // An old one fell out of the window with it.
    #expect(!record.isPoor)
    for _ in 0..<11 { record.note(isInvalid: true) }
    #expect(record.isPoor)
  }
}
