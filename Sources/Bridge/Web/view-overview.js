// @ts-check
// The first view of a farmer: what to do next, the open block, the money.

import { call } from "./api.js";
import { fill, find, make, show, template } from "./page.js";
import { loadDashboard, notice, onChange, state } from "./live.js";
import { blockWords, duration, isZero, money, percent, share, statusWords } from "./format.js";

/** What may be done next from here. @type {Record<string, [string, string]>} */
const actions = {
  ready: ["Choose a pooler", "#/poolers"], departed: ["Join again", "#/poolers"],
  waiting: ["Choose another pooler", "#/poolers"], paused: ["Change the settings", "#/settings"], leaving: ["See how far it is", "#/leave"],
};

/** @param {HTMLElement} main */
export function overview(main) {
  const view = template("t-overview");
  find(view, '[data-copy="address"]').addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(state.dashboard.wallet.address);
      notice("The address is copied.");
    } catch {
      notice("Copying is not allowed here: select the address by hand.");
    }
  });
  const error = find(view, "[data-error]");
  find(view, "[data-unqueue]").addEventListener("click", async () => {
    error.textContent = "";
    try {
      await call("DELETE", "/membership");
      await loadDashboard();
      notice("You have left the waiting list.");
    } catch (problem) {
      error.textContent = problem instanceof Error ? problem.message : String(problem);
    }
  });
  main.replaceChildren(view);
  draw(main);
  const ended = onChange((part) => { if (part === "dashboard") draw(main); });
  const clock = setInterval(() => tick(main), 1000);
  return () => {
    ended();
    clearInterval(clock);
  };
}

/** @param {HTMLElement} main */
function draw(main) {
  const { dashboard: now, pool } = state;
  if (!now) return;
  const block = now.block;
  const needsFunds = now.status === "awaitingXLM" || (now.status === "ready" && isZero(now.wallet.kale));
  fill(main, {
    status: statusWords[now.status] || now.status, nextStep: now.nextStep,
    fundingHint: needsFunds ? pool.fundingHint : "",
    blockIndex: block ? block.index : "–", blockState: block?.state ? blockWords[block.state] : "–",
    blockStake: money(block?.stake, "KALE"), blockZeros: block?.zeros ?? "–",
    kale: money(now.wallet.kale, "KALE"), xlm: money(now.wallet.xlm, "XLM"), rewards: money(now.rewardsSinceJoining, "KALE"),
    unharvested: now.unharvestedBlocks === 0 ? "nothing"
      : `${money(now.unharvestedStake, "KALE")} in ${now.unharvestedBlocks} ${now.unharvestedBlocks === 1 ? "block" : "blocks"}`,
    lost: `${money(now.stakeLost, "KALE")}, of it ${money(now.stakeLostByPooler)} made good by the pooler`,
    address: now.wallet.address,
    walletHint: now.wallet.trustline ? "The wallet is ready for XLM and KALE."
      : `Send XLM first, at least ${money(pool.minimumXLM)}. KALE sent before the wallet is ready comes back.`,
    poolerName: now.pooler?.name, poolerShare: now.membership ? percent(now.membership.shareBps) : "",
    poolerOnline: now.pooler?.online ? "online" : "offline: nothing is planted, nothing is at risk",
    poolerSuccess: share(now.pooler?.workSuccess), queuePlace: now.membership?.position ?? "",
  });
  show(main, "queue", now.membership?.state === "waiting");
  show(main, "advice", now.advice.length > 0);
  find(main, '[data-slot="advice"]').replaceChildren(...now.advice.map((/** @type {string} */ line) => make("li", line)));
  show(main, "lost", !isZero(now.stakeLost));
  show(main, "pooler", Boolean(now.pooler));
  const slot = find(main, '[data-slot="action"]');
  const action = now.membership && now.status === "ready" ? undefined : actions[now.status];
  if (slot.firstElementChild?.getAttribute("href") !== action?.[1]) {
    slot.replaceChildren();
    if (action) {
      const link = make("a", action[0], "button");
      link.setAttribute("href", action[1]);
      slot.append(link);
    }
  }
  tick(main);
}

/** Counts down between two readings. @param {HTMLElement} main */
function tick(main) {
  const now = state.dashboard;
  const left = now?.block?.nextOpensInSeconds;
  fill(main, {
    nextBlock: left === undefined ? "–" : duration(left - (performance.now() - now.readAt) / 1000),
  });
}
