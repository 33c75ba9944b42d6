// @ts-check
// Stake, harvest interval, cap, pause; payout address; password.

import { call } from "./api.js";
import { fill, find, invalid, onSubmit, template } from "./page.js";
import { loadDashboard, notice, state } from "./live.js";
import { moment, stroopsFrom } from "./format.js";
import { farmingFields, settingHints } from "./view-poolers.js";

/** What is on or off. */
const switchNames = ["paused", "withinMaxStake", "evenBelowFees"];

/** @param {FormData} data */
const switches = (data) => Object.fromEntries(switchNames.map((name) => [name, data.get(name) === "on"]));

/** @param {HTMLElement} main */
export function settings(main) {
  const view = template("t-settings");
  settingHints(view);
  const farming = find(view, '[data-form="farming"]');
  const payout = find(view, '[data-form="payout"]');
  const password = find(view, '[data-form="password"]');
  onSubmit(farming, async (data) => {
    const cap = String(data.get("stakeCap")).trim();
    const stroops = cap === "" ? null : stroopsFrom(cap);
    if (cap !== "" && stroops === null) throw invalid("stakeCapStroops", "Give an amount of KALE, like 250 or 0.5.");
    await call("PATCH", "/settings", { ...farmingFields(data), stakeCapStroops: stroops, ...switches(data) });
    await done("Saved. It counts from the next block.");
  });
  onSubmit(payout, async (data) => {
    await call("PATCH", "/settings", { payoutAddress: data.get("payoutAddress"), password: data.get("password") });
    payout.reset();
    await done("The new address is noted.");
  });
  onSubmit(password, async (data) => {
    await call("PUT", "/password", { currentPassword: data.get("currentPassword"), newPassword: data.get("newPassword") });
    password.reset();
    notice("The password is changed. Other devices are logged out.");
  });
  main.replaceChildren(view);
  const now = state.dashboard.settings;
  farming.elements.namedItem("stakePercent").value = String(now.stakeBps / 100);
  farming.elements.namedItem("harvestAfterBlocks").value = String(now.harvestAfterBlocks);
  farming.elements.namedItem("stakeCap").value = now.stakeCap ? now.stakeCap.display : "";
  for (const name of switchNames) farming.elements.namedItem(name).checked = now[name];
  drawPayout();

  function drawPayout() {
    const { payoutAddress, payoutPending } = state.dashboard.settings;
    fill(main, {
      payout: payoutAddress,
      pending: payoutPending ? `${payoutPending.address} counts from ${moment(payoutPending.effectiveAt)} on.` : "",
    });
  }

  /** @param {string} words */
  async function done(words) {
    await loadDashboard();
    drawPayout();
    notice(words);
  }
}
