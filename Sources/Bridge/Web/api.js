// @ts-check
// The one way to the server: JSON in, JSON out, problem documents as errors.

/** An RFC 9457 problem document as an error. */
export class Problem extends Error {
  /** @param {{type: string, title: string, status: number, detail: string, field?: string}} document */
  constructor(document) {
    super(document.detail || document.title);
    this.status = document.status;
    this.code = (document.type || "").split("/").pop() || "";
    this.field = document.field;
  }
}

/**
 * @param {string} method
 * @param {string} path  below /api/v1
 * @param {object} [body]
 * @param {string} [bearer]  the operator's token; farmers have a cookie
 * @returns {Promise<any>}
 */
export async function call(method, path, body, bearer) {
  /** @type {RequestInit} */
  const options = { method, credentials: "same-origin", cache: "no-store" };
  /** @type {Record<string, string>} */
  const headers = bearer ? { Authorization: `Bearer ${bearer}` } : {};
  options.headers = headers;
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch("/api/v1" + path, options);
  } catch {
    throw new Problem({ type: "/unreachable", title: "", status: 0, detail: "The pool cannot be reached. Check your connection and try again." });
  }
  if (response.status === 204) return null;
  const type = response.headers.get("Content-Type") || "";
  if (!response.ok) {
    if (type.startsWith("application/problem+json")) throw new Problem(await response.json());
    throw new Problem({ type: "/unknown", title: "", status: response.status, detail: `The server answered ${response.status}. Try again later.` });
  }
  return response.json();
}

/** @param {string} path */
export const get = (path) => call("GET", path);
