/// What goes over the JSON bridge: plain values, named apart from the pool's own.
///
/// Their JSON is described by `Web/openapi.json`; a test holds the two together. Field names are the
/// property names, nil is left out, amounts are ``Amount`` and times ``Timestamp``.
package enum API {}
