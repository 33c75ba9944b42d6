// @ts-check
// Collecting: a preview, a confirmation with the password, progress, and the way back.

import { call, get } from "./api.js";
import { fill, find, invalid, make, onSubmit, show, template } from "./page.js";
import { loadDashboard, notice, onChange, state } from "./live.js";
import { isZero, money, percent } from "./format.js";

/** @param {HTMLElement} main */
export async function leave(main) {
  const view = template("t-leave");
  const { membership } = state.dashboard;
  const isMember = membership?.state === "joined";
  /** Whom a member can go on with. @type {any[]} */
  const others = (await get("/poolers")).rows.filter((/** @type {any} */ row) => isMember && row.accepting && row.id !== membership.pooler);
  const select = find(view, '[name="nextPooler"]');
  select.append(new Option("Leave for good", ""), ...others.map((row) => new Option(`Go on with ${row.name}, for ${percent(row.shareBps)} of rewards`, String(row.id))));
  select.addEventListener("change", () => words(main, select.value !== ""));
  onSubmit(find(view, "form"), async (data) => {
    if (data.get("sure") !== "on") throw invalid("sure", "Tick this to leave.");
    const next = others.find((pooler) => String(pooler.id) === data.get("nextPooler"));
    await call("POST", "/leave", {
      password: data.get("password"), waitForPendingPayout: data.get("waitForPendingPayout") === "on",
      ...(next ? { nextPooler: next.id, nextShareBps: next.shareBps } : {}),
    });
    await loadDashboard();
    notice(next ? `You go on with ${next.name} when the share so far is paid.` : "You are leaving. Nothing is planted for you from the next block on.");
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
        phase: now.nextStep,
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

/** What is agreed to. @param {HTMLElement} main @param {boolean} goesOn */
function words(main, goesOn) {
  fill(main, {
    nextHint: goesOn ? "The pooler’s share is paid, your KALE stays in the wallet, and you farm on under the new terms, or wait where the pooler is full." : "",
    sure: goesOn ? "Yes, harvest everything, pay the pooler its share and go on with the other." : "Yes, harvest everything, split the rewards and pay me out.",
    submit: goesOn ? "Change the pooler" : "Leave and collect",
  });
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
