/// Codes of GOAWAY and CLOSE. Source: PROTOCOL.md, "Codes".
package enum CloseCode: UInt32, Sendable, Hashable {
  case done = 0
  case protocolError = 1
  case credit = 2
  case limit = 3
  case dead = 4
  case replaced = 5
  case revoked = 6
  case shutdown = 7
  case age = 8
  case slowConsumer = 9
  case calm = 10
  case internalError = 11
  case approved = 12
}
