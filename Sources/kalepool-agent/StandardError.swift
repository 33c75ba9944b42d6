import Glibc

/// One line to standard error, which is not buffered.
enum StandardError {
  static func line(_ text: String) {
    let bytes = Array("kalepool-agent: \(text)\n".utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
  }
}
