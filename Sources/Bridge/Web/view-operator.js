// @ts-check
// For the operator: how poolers stand, reinstating one, giving a bond back. The token is kept in this view alone.

import { call } from "./api.js";
import { fill, find, invalid, onSubmit, template } from "./page.js";
import { notice } from "./live.js";
import { money, percent, share, stroopsFrom } from "./format.js";

/** @param {HTMLElement} main */
export function operator(main) {
  const view = template("t-operator");
  const slot = find(view, '[data-slot="standings"]');
  let token = "";
  /** @param {string} method @param {string} path @param {object} [body] */
  const ask = (method, path, body) => call(method, "/operator" + path, body, token);
  const load = async () => {
    const { rows } = await ask("GET", "/pooler-standings");
    slot.replaceChildren(...rows.map((/** @type {any} */ row) => standing(row, ask, load)));
    if (rows.length === 0) slot.textContent = "There is no pooler yet.";
  };
  onSubmit(find(view, "form"), async (data) => {
    token = String(data.get("token")).trim();
    await load();
  });
  main.replaceChildren(view);
}

/**
 * One pooler's card.
 * @param {any} row
 * @param {(method: string, path: string, body?: object) => Promise<any>} ask
 * @param {() => Promise<void>} load
 */
function standing(row, ask, load) {
  const card = /** @type {HTMLElement} */ (template("t-standing").firstElementChild);
  const { pooler } = row;
  const bounds = [["its own word", row.placesOwn], ["hashes delivered", row.placesDelivered], ["bond", row.placesBonded]]
    .filter(([, places]) => places !== undefined && places !== null).map(([why, places]) => `${places} by ${why}`);
  fill(card, {
    name: pooler.name, online: pooler.online ? "online" : "offline", farmers: `${pooler.farmers}, ${pooler.waiting} waiting`, share: percent(pooler.shareBps),
    places: bounds.join(", "), success: share(pooler.workSuccess), uptime: share(pooler.uptime), zeros: row.zerosMean?.toFixed(2) ?? "–",
    bond: money(row.bond, "KALE"), debt: money(row.debt, "KALE"), bad: row.badBlocks, bondAddress: row.bondAddress,
    suspended: row.suspended ? `Suspended: it lost stakes in ${row.badBlocks} blocks in a row and plants for nobody.` : "",
    starved: row.starved.map((/** @type {any} */ one) => `${one.handle} gets ${one.zerosBelow.toFixed(2)} zeros a block less than its others (${one.blocks} blocks).`).join(" "),
  });
  const [reinstate, release] = card.querySelectorAll("form");
  reinstate.hidden = !row.suspended;
  onSubmit(reinstate, async () => {
    await ask("POST", `/poolers/${pooler.id}/reinstatements`);
    notice(`${pooler.name} may plant again.`);
    await load();
  });
  // Names its errors, of which each card has its own.
  release.dataset.form = `release-${pooler.id}`;
  const amount = find(release, "input");
  amount.id = `op-release-${pooler.id}`;
  find(release, "label").htmlFor = amount.id;
  onSubmit(release, async (data) => {
    const amountStroops = stroopsFrom(String(data.get("amount")));
    if (amountStroops === null) throw invalid("amountStroops", "Give an amount of KALE, like 250 or 0.5.");
    await ask("POST", `/poolers/${pooler.id}/bond-releases`, { amountStroops });
    notice(`The bond’s payment to ${pooler.name} is on its way.`);
    await load();
  });
  return card;
}
