// @ts-check
// Choosing a pooler, with the first settings.

import { call, get } from "./api.js";
import { fill, find, invalid, make, onSubmit, template } from "./page.js";
import { loadDashboard, notice, state } from "./live.js";
import { bpsFrom, hashRate, percent, share } from "./format.js";

/** A pooler as a card that can be chosen. @param {any} pooler @returns {HTMLElement} */
export function choice(pooler) {
  const card = /** @type {HTMLElement} */ (template("t-pooler").firstElementChild);
  const places = !pooler.accepting ? "takes nobody at present"
    : pooler.placesFree > 0 ? `${pooler.placesFree} places free` : `full: you would wait behind ${pooler.waiting}`;
  fill(card, {
    name: pooler.name, online: pooler.online ? "online" : "offline",
    facts: `${percent(pooler.shareBps)} of rewards · ${hashRate(pooler.hashRate)} · worked in time: ${share(pooler.workSuccess)}`
      + ` · up: ${share(pooler.uptime)} · ${pooler.farmers} ${pooler.farmers === 1 ? "farmer" : "farmers"}, ${places}`,
  });
  return card;
}

/** The hints under stake and harvest interval. @param {ParentNode} root */
export function settingHints(root) {
  fill(root, {
    stakeHint: "From 0 to 100. A stake is locked until harvest and can be lost; above 50 is bold. 0 still farms, for less.",
    harvestHint: `From 1 to ${state.pool.harvestAfterBlocksMax}. A block lasts about ${Math.round(state.pool.blockSeconds / 60)} minutes; fewer harvests cost fewer fees.`,
  });
}

/** @param {FormData} data */
export function farmingFields(data) {
  const stakeBps = bpsFrom(String(data.get("stakePercent")));
  if (Number.isNaN(stakeBps)) throw invalid("stakeBps", "Give the stake as a number of percent, like 20.");
  const blocks = String(data.get("harvestAfterBlocks")).trim();
  if (!/^-?\d{1,9}$/.test(blocks)) throw invalid("harvestAfterBlocks", "Give a whole number of blocks, like 5.");
  return { stakeBps, harvestAfterBlocks: Number(blocks) };
}

/** @param {HTMLElement} main */
export async function poolers(main) {
  const { rows } = await get("/poolers");
  const view = template("t-poolers");
  const form = find(view, "form");
  const slot = find(view, '[data-slot="choices"]');
  const { membership } = state.dashboard;
  const waitingFor = membership?.state === "waiting" ? membership.pooler : undefined;
  for (const pooler of rows) {
    const card = choice(pooler);
    const radio = find(card, "input");
    radio.value = String(pooler.id);
    radio.disabled = !pooler.accepting;
    if (pooler.id === waitingFor) radio.disabled = true;
    slot.append(card);
  }
  fill(view, { waiting: waitingFor === undefined ? "" : "You are on a waiting list. Choosing another pooler gives your place there up." });
  const first = slot.querySelector("input:enabled");
  if (first instanceof HTMLInputElement) first.checked = true;
  if (rows.length === 0) slot.append(make("p", "There is none yet: the operator has to set one up."));
  form.elements.namedItem("stakePercent").value = String(state.pool.stakeBpsDefault / 100);
  form.elements.namedItem("harvestAfterBlocks").value = String(state.pool.harvestAfterBlocksDefault);
  settingHints(view);
  if (!state.pool.joiningOpen) find(view, "[data-error]").textContent = state.pool.joiningNote || "Joining is closed at present.";
  onSubmit(form, async (data) => {
    const pooler = rows.find((/** @type {any} */ row) => String(row.id) === data.get("pooler"));
    if (!pooler) throw invalid("pooler", "Choose a pooler.");
    const joined = await call("POST", "/membership", { pooler: pooler.id, shareBps: pooler.shareBps, ...farmingFields(data) });
    await loadDashboard();
    location.hash = "#/overview";
    notice(joined.state === "waiting" ? `You are number ${joined.position} on the waiting list.` : `You have joined ${pooler.name}.`);
  });
  main.replaceChildren(view);
}
