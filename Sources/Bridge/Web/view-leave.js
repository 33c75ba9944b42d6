// @ts-check
// Collecting: a preview, a confirmation with the password, progress, and the way back.

import { call, get } from "./api.js";
import { fill, find, invalid, make, onSubmit, show, template } from "./page.js";
import { loadDashboard, notice, onChange, state } from "./live.js";
import { isZero, money, percent, phaseWords } from "./format.js";

/** @param {HTMLElement} main */
export async function leave(main) {
  const view = template("t-leave");
  onSubmit(find(view, "form"), async (data) => {
    if (data.get("sure") !== "on") throw invalid("sure", "Tick this to leave.");
    await call("POST", "/leave", { password: data.get("password"), waitForPendingPayout: data.get("waitForPendingPayout") === "on" });
    await loadDashboard();
    notice("You are leaving. Nothing is planted for you from the next block on.");
  });
  const error = find(view, "[data-error]");
  find(view, "[data-calloff]").addEventListener("click", async () => {
    error.textContent = "";
    try {
      await call("DELETE", "/leave");
      await loadDashboard();
      notice("Called off: you stay.");
    } catch (problem) {
      error.textContent = problem instanceof Error ? problem.message : String(problem);
    }
  });
  main.replaceChildren(view);
  /** @param {string} part */
  const draw = async (part) => {
    if (part !== "dashboard" || !state.dashboard) return;
    const now = state.dashboard;
    const kind = now.leaving ? "leaving" : now.membership || (now.wallet.funded && now.status !== "departed") ? "preview" : "none";
    if (kind === "preview") await preview(main);
    for (const row of ["leaving", "preview", "none"]) show(main, row, row === kind);
    if (now.leaving) {
      fill(main, {
        phase: phaseWords[now.leaving.phase] || now.leaving.phase, note: now.leaving.note || "",
        toHarvest: now.leaving.blocksToHarvest > 0 ? `Blocks still to be harvested: ${now.leaving.blocksToHarvest}.` : "",
      });
      find(main, "[data-calloff]").hidden = !now.leaving.canCallOff;
    }
    fill(main, {
      none: now.status === "departed" ? "Everything is paid out. You may join a pooler again." : "Nothing has come to your wallet yet: there is nothing to take out.",
    });
  };
  await draw("dashboard");
  return onChange(draw);
}

/** @param {HTMLElement} main */
async function preview(main) {
  const sum = await get("/leave/preview");
  fill(main, {
    amount: money(sum.amount, "KALE"), rewards: money(sum.rewards, "KALE"), share: percent(sum.shareBps), poolerGross: money(sum.poolerGross, "KALE"),
    loss: money(sum.loss, "KALE"), poolerShare: money(sum.poolerShare, "KALE"), farmerShare: money(sum.farmerShare, "KALE"),
    debt: money(sum.debt, "KALE"), fee: money(sum.fee, "XLM"), xlm: money(sum.xlmReturned, "XLM"), payout: sum.payoutAddress,
    payoutNote: sum.payoutReady ? "" : sum.payoutNote || "This address cannot receive KALE yet: leaving waits until it can.",
    unharvested: sum.unharvestedBlocks > 0 ? `${sum.unharvestedBlocks} blocks are harvested first; their rewards come on top.` : "",
  });
  show(main, "loss", !isZero(sum.loss));
  show(main, "debt", !isZero(sum.debt));
  show(main, "wait", Boolean(state.dashboard.settings.payoutPending));
  find(main, '[data-slot="steps"]').replaceChildren(...sum.steps.map((/** @type {string} */ step) => make("li", step)));
}
