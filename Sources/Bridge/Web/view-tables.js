// @ts-check
// Blocks and rewards, newest first, older ones on request.

import { get } from "./api.js";
import { fill, find, make, template } from "./page.js";
import { onChange } from "./live.js";
import { blockWords, money, moment, percent } from "./format.js";

/**
 * A table that is read page by page and again from the top when the server says that it changed.
 * @param {HTMLElement} main
 * @param {string} name  template, path and event part
 * @param {(row: any) => [string, string?][]} cells  text and class
 * @param {(page: any) => void} totals
 */
async function table(main, name, cells, totals) {
  main.replaceChildren(template("t-" + name));
  const body = find(main, "tbody");
  const more = find(main, "[data-more]");
  const empty = find(main, "[data-empty]");
  /** @type {number | undefined} */
  let next;
  let generation = 0;

  /** @param {boolean} fromTop */
  async function read(fromTop) {
    const mine = ++generation;
    const page = await get(`/${name}?limit=50` + (fromTop ? "" : `&before=${next}`));
    if (mine !== generation) return;
    const rows = page.rows.map((/** @type {any} */ row) => {
      const line = document.createElement("tr");
      line.append(...cells(row).map(([text, style]) => make("td", text, style)));
      return line;
    });
    if (fromTop) body.replaceChildren(...rows);
    else body.append(...rows);
    next = page.next;
    more.hidden = next === undefined;
    empty.hidden = body.childElementCount > 0;
    totals(page);
  }

  more.addEventListener("click", () => read(false));
  await read(true);
  // Whoever has gone back to older rows is not thrown to the top by news.
  return onChange((part) => { if (part === name && body.childElementCount <= 50) read(true).catch(console.warn); });
}

/** @param {HTMLElement} main */
export function blocks(main) {
  return table(main, "blocks", (row) => [
    [String(row.block), "number"], [blockWords[row.state] || row.state], [money(row.stake), "number"], [String(row.zeros ?? "–"), "number"],
    [String(row.gap ?? "–"), "number"], [money(row.reward), "number"], [money(row.fees), "number"], [row.note || "", "note"],
  ], () => {});
}

/** @param {HTMLElement} main */
export function rewards(main) {
  return table(main, "rewards", (row) => [
    [String(row.block), "number"], [money(row.reward), "number"], [money(row.farmerShare), "number"], [money(row.poolerShare), "number"],
    [String(row.zeros), "number"], [String(row.gap), "number"], [moment(row.harvestedAt)],
  ], (page) => fill(main, { since: money(page.sinceJoining, "KALE"), total: money(page.total, "KALE"), share: percent(page.shareBps) }));
}
