#pragma once
#include <curl/curl.h>

// libcurl's setters and getters are variadic, which Swift cannot call: one inline wrapper for each
// kind of argument. All logic stays in Swift.

static inline CURLcode kp_curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode kp_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode kp_curl_set_string(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode kp_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}

typedef size_t (*kp_curl_data)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode kp_curl_set_body(CURL *handle, kp_curl_data callback, void *context) {
  CURLcode status = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, callback);
  return status ? status : curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
}

static inline CURLcode kp_curl_set_headers(CURL *handle, kp_curl_data callback, void *context) {
  CURLcode status = curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, callback);
  return status ? status : curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
}

static inline CURLcode kp_curl_get_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode kp_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

// A union member behind a macro-free accessor.
static inline CURLcode kp_curl_message_result(const CURLMsg *message) {
  return message->data.result;
}
