import CCurl

/// One request under way.
///
/// Unchecked because everything but `request` and `completion` is touched on the loop's thread only
/// (callbacks run there as well).
final class CurlTransfer: @unchecked Sendable {
  typealias Result = Swift.Result<HTTPResponse, HTTPClientError>

  /// All header lines of an answer together; more than any server of ours sends.
  static let headerBytesMax = 64 * 1024

  let request: HTTPRequest
  let completion = Completion<Result>()

  var isCancelled = false
  private(set) var easy: UnsafeMutableRawPointer?
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

  private var headers: [(name: String, value: String)] = []
  private var headerBytes = 0
  private var body: [UInt8] = []
  private var isTooLarge = false

  init(_ request: HTTPRequest) {
    self.request = request
    errorText.pointee = 0
  }

  deinit { errorText.deallocate() }

  /// A configured easy handle whose callbacks hold one reference to this object, which
  /// ``dismantle()`` gives back; nil where the request cannot be sent.
  func prepare(_ settings: HTTPClient.Settings) -> UnsafeMutableRawPointer? {
    guard isWellFormed, let easy = curl_easy_init() else { return nil }
    self.easy = easy
    var list: UnsafeMutablePointer<curl_slist>?
    list = curl_slist_append(list, "Expect:")  // no waiting for "100 Continue"
    for header in request.headers {
      // libcurl sends a header without value only in this form.
      list = curl_slist_append(
        list, header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
    }
    headerList = list
    let context = Unmanaged.passRetained(self).toOpaque()
    kp_curl_set_body(easy, Self.onBody, context)
    kp_curl_set_headers(easy, Self.onHeader, context)
    kp_curl_set_pointer(easy, CURLOPT_PRIVATE, context)
    kp_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
    kp_curl_set_pointer(easy, CURLOPT_HTTPHEADER, list)
    kp_curl_set_string(easy, CURLOPT_URL, request.url)
    kp_curl_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https")
    kp_curl_set_string(easy, CURLOPT_USERAGENT, settings.userAgent)
    kp_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
    // Over TLS, where the other end offers it; then one connection carries all requests.
    kp_curl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
    kp_curl_set_long(easy, CURLOPT_PIPEWAIT, request.url.hasPrefix("https:") ? 1 : 0)
    kp_curl_set_long(easy, CURLOPT_TIMEOUT_MS, Self.milliseconds(request.timeout))
    kp_curl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(settings.connectTimeout))
    if let body = request.body {
      kp_curl_set_long(easy, CURLOPT_POST, 1)
      kp_curl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
      _ = body.withUnsafeBytes { bytes in
        // libcurl copies here; an empty body has no address, but may not be nil.
        kp_curl_set_pointer(
          easy, CURLOPT_COPYPOSTFIELDS,
          UnsafeMutableRawPointer(mutating: bytes.baseAddress ?? UnsafeRawPointer(errorText)))
      }
    } else if request.method == "HEAD" {
      kp_curl_set_long(easy, CURLOPT_NOBODY, 1)
    }
    kp_curl_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method)
    return easy
  }

  /// Frees the handle, which must be out of the multi handle; no callback comes afterwards.
  func dismantle() {
    guard let easy else { return }
    curl_easy_cleanup(easy)
    curl_slist_free_all(headerList)
    self.easy = nil
    headerList = nil
    Unmanaged.passUnretained(self).release()  // balances `prepare`
  }

  /// What libcurl's end of the transfer means.
  func result(_ status: CURLcode) -> Result {
    guard status == CURLE_OK else { return .failure(error(status)) }
    var code = 0
    kp_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &code)
    return .success(HTTPResponse(status: code, headers: headers, body: body))
  }

  private func error(_ status: CURLcode) -> HTTPClientError {
    if isTooLarge {
      return HTTPClientError(
        .bodyTooLarge,
        "the answer of \(NodeAddress.host(of: request.url)) has more than \(request.responseBytesMax) bytes"
      )
    }
    let text =
      errorText.pointee == 0
      ? String(cString: curl_easy_strerror(status)) : String(cString: errorText)
    let code: HTTPClientError.Code =
      switch status {
      case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .badRequest
      case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
        CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION:
        .notSent
      case CURLE_OPERATION_TIMEDOUT: .timedOut
      default: .connectionLost
      }
    return HTTPClientError(code, "\(NodeAddress.host(of: request.url)): \(text)")
  }

  private var isWellFormed: Bool {
    let texts = [request.method, request.url] + request.headers.flatMap { [$0.name, $0.value] }
    return !request.method.isEmpty
      && texts.allSatisfy { $0.utf8.allSatisfy { $0 != 0 && $0 != 10 && $0 != 13 } }
  }

  private static func milliseconds(_ duration: Duration) -> Int {
    let (seconds, attoseconds) = duration.components
    return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
  }

  // MARK: Callbacks. Each stores and decides nothing but whether there is room.

  private static let onBody: kp_curl_data = { bytes, size, count, context in
    let transfer = Unmanaged<CurlTransfer>.fromOpaque(context!).takeUnretainedValue()
    let length = size * count
    guard transfer.body.count + length <= transfer.request.responseBytesMax else {
      transfer.isTooLarge = true
      return 0
    }
    transfer.body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: length))
    return length
  }

  private static let onHeader: kp_curl_data = { bytes, size, count, context in
    let transfer = Unmanaged<CurlTransfer>.fromOpaque(context!).takeUnretainedValue()
    let length = size * count
    transfer.headerBytes += length
    guard transfer.headerBytes <= CurlTransfer.headerBytesMax else {
      transfer.isTooLarge = true
      return 0
    }
    let line = String(
      decoding: UnsafeRawBufferPointer(start: bytes, count: length), as: UTF8.self)
    transfer.note(headerLine: line)
    return length
  }

  /// A status line starts anew: an interim answer (1xx) comes before the real one.
  private func note(headerLine line: String) {
    if line.hasPrefix("HTTP/") {
      headers = []
      return
    }
    guard let colon = line.firstIndex(of: ":") else { return }
    let value = line[line.index(after: colon)...]
    headers.append(
      (name: line[..<colon].lowercased(), value: String(value.trimmingWhitespace)))
  }
}

extension Substring {
  fileprivate var trimmingWhitespace: Substring {
    var text = self
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }
}
