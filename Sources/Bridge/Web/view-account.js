// @ts-check
// Before logging in: what this is, register, log in.

import { call, get } from "./api.js";
import { find, fill, make, onSubmit, template } from "./page.js";
import { listen, loadDashboard, notice, state } from "./live.js";
import { choice } from "./view-poolers.js";

/** @param {HTMLElement} main */
export async function welcome(main) {
  const view = template("t-welcome");
  const slot = find(view, '[data-slot="poolers"]');
  main.replaceChildren(view);
  const { rows } = await get("/poolers");
  for (const pooler of rows) {
    const card = choice(pooler);
    find(card, "input").remove();
    slot.append(card);
  }
  if (rows.length === 0) slot.append(make("p", "There is none yet."));
}

/** @param {ParentNode} root */
async function showCustody(root) {
  const { paragraphs } = await get("/custody-notice");
  find(root, '[data-slot="custody"]').replaceChildren(...paragraphs.map((/** @type {string} */ text) => make("p", text)));
}

/** @param {HTMLElement} main */
export async function custody(main) {
  main.replaceChildren(template("t-custody"));
  await showCustody(main);
}

/** @param {HTMLElement} main */
export async function register(main) {
  const view = template("t-register");
  fill(view, { closed: state.pool.registrationOpen ? "" : state.pool.registrationNote || "Registration is closed at present." });
  const form = find(view, "form");
  onSubmit(form, async (data) => {
    await call("POST", "/farmers", {
      handle: data.get("handle"), password: data.get("password"), payoutAddress: data.get("payoutAddress"),
      custodyAccepted: data.get("custodyAccepted") === "on",
    });
    await enter();
    notice("Welcome. Your wallet is made; its address is below.");
  });
  main.replaceChildren(view);
  await showCustody(main);
}

/** @param {HTMLElement} main */
export function login(main) {
  const view = template("t-login");
  onSubmit(find(view, "form"), async (data) => {
    await call("POST", "/session", { handle: data.get("handle"), password: data.get("password") });
    await enter();
  });
  main.replaceChildren(view);
}

async function enter() {
  await loadDashboard();
  listen();
  location.hash = "#/overview";
}
