import CSodium

/// Argon2id password hashes in libsodium's own text form. Slow on purpose: about 0.1 s and 64 MiB.
package enum PasswordHash {
  package static func make(_ password: String) -> String {
    Sodium.start()
    var out = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
    let status = password.withCString { text in
      crypto_pwhash_str(
        &out, text, UInt64(password.utf8.count), UInt64(crypto_pwhash_OPSLIMIT_INTERACTIVE),
        Int(crypto_pwhash_MEMLIMIT_INTERACTIVE))
    }
    precondition(status == 0, "no memory for a password hash")
    return String(decoding: out.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  package static func verify(_ password: String, against hash: String) -> Bool {
    Sodium.start()
    return password.withCString { text in
      crypto_pwhash_str_verify(hash, text, UInt64(password.utf8.count)) == 0
    }
  }
}
