// @ts-check
// How figures look. Amounts come as exact texts and stay texts: no floating point touches money.

/** @typedef {{stroops: string, display: string}} Amount */

const space = "\u202f"; // narrow, does not break

/**
 * `1234567.5` as `1 234 567.5`.
 * @param {string} text
 */
function grouped(text) {
  const [whole, decimals] = text.split(".");
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, space);
  return decimals ? `${groups}.${decimals}` : groups;
}

/** @param {Amount | undefined | null} amount @param {string} [unit] */
export function money(amount, unit) {
  if (!amount) return "–";
  return grouped(amount.display) + (unit ? " " + unit : "");
}

/** @param {Amount} amount */
export const isZero = (amount) => amount.stroops === "0";

/** @param {number} bps */
export function percent(bps) {
  return String(bps / 100) + "\u00a0%";
}

/** @param {number | undefined} part  0...1 */
export function share(part) {
  return part === undefined ? "no record yet" : (Math.floor(part * 1000) / 10).toFixed(1) + "\u00a0%";
}

/** @param {number} perSecond */
export function hashRate(perSecond) {
  for (const [unit, size] of /** @type {[string, number][]} */ ([["GH/s", 1e9], ["MH/s", 1e6], ["kH/s", 1e3]])) {
    if (perSecond >= size) return (perSecond / size).toFixed(1) + "\u00a0" + unit;
  }
  return Math.round(perSecond) + "\u00a0H/s";
}

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds <= 0) return "due now";
  const minutes = Math.floor(seconds / 60);
  return `in ${minutes}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

/** @param {string | undefined} time */
export function moment(time) {
  return time ? new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }) : "–";
}

/**
 * A percentage as typed, in basis points; NaN where it is no number.
 * @param {string} text
 */
export function bpsFrom(text) {
  const typed = text.trim().replace(",", ".");
  return /^-?\d+(\.\d+)?$/.test(typed) ? Math.round(Number(typed) * 100) : NaN;
}

/**
 * KALE as typed, in stroops; null where it is no amount.
 * @param {string} text
 */
export function stroopsFrom(text) {
  const match = /^(\d+)(?:[.,](\d{1,7}))?$/.exec(text.trim());
  if (!match) return null;
  return (match[1] + (match[2] || "").padEnd(7, "0")).replace(/^0+(?=\d)/, "");
}

/** @type {Record<string, string>} */
export const statusWords = {
  registered: "Registered", awaitingXLM: "Waiting for XLM", awaitingTrustline: "Preparing the wallet", ready: "Ready to join",
  waiting: "On the waiting list", farming: "Farming", paused: "Paused", leaving: "Leaving", departed: "Paid out",
};

/** @type {Record<string, string>} */
export const blockWords = {
  missed: "Not planted", planting: "Planting", planted: "Planted, being hashed", worked: "Worked", harvested: "Harvested", lost: "Lost",
};
