// @ts-check
// The farmer's state as the server tells it, and who wants to know when it changes.

import { get, Problem } from "./api.js";

/** @type {any} */
let dashboard = null;
/** @type {any} */
let pool = null;
/** @type {EventSource | null} */
let source = null;
let noticedAt = -Infinity;
/** @type {Set<(part: string) => void>} */
const listeners = new Set();

export const state = {
  get dashboard() { return dashboard; },
  get pool() { return pool; },
};

/** @param {(part: string) => void} listener  @returns {() => void} what ends it */
export function onChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** @param {string} part */
function tell(part) {
  for (const listener of [...listeners]) listener(part);
}

export async function loadPool() {
  pool = await get("/pool");
}

/** Reads the dashboard; false where nobody is logged in. */
export async function loadDashboard() {
  try {
    dashboard = await get("/dashboard");
    dashboard.readAt = performance.now();
  } catch (error) {
    if (error instanceof Problem && error.status === 401) {
      stop();
      return false;
    }
    throw error;
  }
  tell("dashboard");
  return true;
}

/** Listens for the server's events until `stop`. */
export function listen() {
  if (source) return;
  source = new EventSource("/api/v1/events");
  source.addEventListener("changed", async (event) => {
    const parts = JSON.parse(/** @type {MessageEvent} */ (event).data).parts;
    connection("");
    if (parts.includes("dashboard")) await refresh();
    for (const part of parts) if (part !== "dashboard") tell(part);
  });
  source.addEventListener("block", (event) => {
    if (!dashboard) return;
    dashboard.block = JSON.parse(/** @type {MessageEvent} */ (event).data);
    dashboard.readAt = performance.now();
    tell("dashboard");
  });
  source.addEventListener("notice", (event) => notice(JSON.parse(/** @type {MessageEvent} */ (event).data).text));
  source.addEventListener("error", () => {
    connection("The connection to the pool is interrupted; the figures may be old. Trying again…");
    // The browser tries again by itself, except after a refusal: then the session may be over.
    if (source && source.readyState === EventSource.CLOSED) {
      source = null;
      setTimeout(async () => { if (dashboard && (await refresh())) listen(); }, 3000);
    }
  });
}

async function refresh() {
  try {
    if (await loadDashboard()) return true;
    tell("session");
  } catch (error) {
    connection(error instanceof Problem ? error.message : "The figures could not be read. Reload the page.");
  }
  return dashboard !== null;
}

export function stop() {
  source?.close();
  source = null;
  dashboard = null;
  connection("");
}

/** @param {string} text */
function connection(text) {
  const banner = document.getElementById("connection");
  if (!banner) return;
  banner.textContent = text;
  banner.hidden = text === "";
}

/** Words that appear above the view and are read out. @param {string} text */
export function notice(text) {
  const place = document.getElementById("notices");
  if (!place) return;
  const line = document.createElement("p");
  line.className = "notice";
  line.textContent = text;
  place.replaceChildren(line);
  noticedAt = performance.now();
}

/** Takes old words away on the way to another view; what led there stays. */
export function clearNotices() {
  if (performance.now() - noticedAt < 1000) return;
  document.getElementById("notices")?.replaceChildren();
}
