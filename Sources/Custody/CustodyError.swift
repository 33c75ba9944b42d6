/// Why custody did not do what it was asked. Never holds a secret.
package struct CustodyError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: Sendable, Hashable {
    /// There is no master key, or one that cannot be used: no wallet is made until that is mended.
    case masterKey
    /// A sealed seed does not open: another master key, or bytes that were changed or exchanged.
    case unsealable
    /// There is no sealed seed for this wallet.
    case unknownWallet
    /// The rules do not allow this signature.
    case refused(SigningRule)
  }

  package var code: Code
  /// For the operator: one line that says what to do.
  package var message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }
}
