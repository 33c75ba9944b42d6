/// Who called, as far as the route's ``Access`` asked.
enum Caller: Sendable {
  case anybody
  case farmer(StoredSession)
  case `operator`

  /// The session of a farmer's route: the responder lets nobody else through.
  var session: StoredSession {
    guard case .farmer(let session) = self else {
      preconditionFailure("a farmer's route was called without a session")
    }
    return session
  }

  var farmer: API.FarmerID { session.farmer }
}
