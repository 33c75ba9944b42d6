// @ts-check
// Which view is shown: the part of the address after #. Views are in view-*.js.

import { call, get } from "./api.js";
import { fill, make } from "./page.js";
import { clearNotices, listen, loadDashboard, loadPool, onChange, state, stop } from "./live.js";
import { custody, login, register, welcome } from "./view-account.js";
import { operator } from "./view-operator.js";
import { overview } from "./view-overview.js";
import { poolers } from "./view-poolers.js";
import { settings } from "./view-settings.js";
import { blocks, rewards } from "./view-tables.js";
import { leave } from "./view-leave.js";

/**
 * Fills the main part and may return what to call when it is left.
 * @typedef {(main: HTMLElement) => Promise<void | (() => void)> | void | (() => void)} View
 */

/** @type {Record<string, {view: View, open: boolean, title: string}>} */
const views = {
  "": { view: welcome, open: true, title: "KALE pool" },
  register: { view: register, open: true, title: "Register" },
  login: { view: login, open: true, title: "Log in" },
  custody: { view: custody, open: true, title: "How the pool keeps your wallet" },
  operator: { view: operator, open: true, title: "Poolers’ standing" },
  overview: { view: overview, open: false, title: "Overview" },
  poolers: { view: poolers, open: false, title: "Choose a pooler" },
  blocks: { view: blocks, open: false, title: "Blocks" },
  rewards: { view: rewards, open: false, title: "Rewards" },
  settings: { view: settings, open: false, title: "Settings" },
  leave: { view: leave, open: false, title: "Collect and leave" },
};

const main = /** @type {HTMLElement} */ (document.getElementById("view"));
const nav = /** @type {HTMLElement} */ (document.getElementById("nav"));
const logout = /** @type {HTMLButtonElement} */ (document.getElementById("logout"));
/** @type {void | (() => void)} */
let leaveView;
let turn = 0;

/** @param {boolean} byUser  a first load does not move the focus */
async function route(byUser) {
  let name = location.hash.startsWith("#/") ? location.hash.slice(2) : "";
  if (!(name in views)) name = "";
  const loggedIn = state.dashboard !== null;
  if (!views[name].open && !loggedIn) return go("login");
  if (loggedIn && ["", "register", "login"].includes(name)) return go("overview");
  const mine = ++turn;
  if (leaveView) leaveView();
  leaveView = undefined;
  nav.hidden = logout.hidden = !loggedIn;
  for (const link of nav.querySelectorAll("a")) {
    if (link.getAttribute("href") === "#/" + name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = name === "" ? "KALE pool" : `${views[name].title} – KALE pool`;
  if (byUser) clearNotices();
  main.replaceChildren();
  try {
    const left = await views[name].view(main);
    if (mine === turn) leaveView = left;
    else if (left) left();
  } catch (error) {
    if (mine !== turn) return;
    main.replaceChildren(make("h1", "This did not work"), make("p", error instanceof Error ? error.message : String(error)));
  }
  if (byUser && mine === turn) {
    window.scrollTo(0, 0);
    const heading = main.querySelector("h1");
    if (heading) {
      heading.tabIndex = -1;
      heading.focus();
    }
  }
}

/** @param {string} name */
function go(name) {
  if (location.hash === "#/" + name) route(true);
  else location.replace("#/" + name);
}

onChange((part) => {
  if (part !== "session") return;
  go("login");
});

logout.addEventListener("click", async () => {
  try {
    await call("DELETE", "/session");
  } catch (error) {
    console.warn(error);
  }
  stop();
  location.hash = "#/";
  route(true);
});

window.addEventListener("hashchange", () => route(true));
// The skip link points at the view itself, which is no route.
document.querySelector(".skip")?.addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});

try {
  await loadPool();
  fill(document, { poolName: state.pool.name, network: state.pool.network === "public" ? "" : state.pool.network });
  const { loggedIn } = await get("/session");
  if (loggedIn && (await loadDashboard())) listen();
  await route(false);
} catch (error) {
  main.replaceChildren(make("h1", "The pool cannot be reached"), make("p", error instanceof Error ? error.message : String(error)));
}
