// @ts-check
// Helpers to fill templates and forms. Data goes into the page as text only, never as markup.

import { Problem } from "./api.js";
import { state } from "./live.js";

/**
 * A template's content, cloned.
 * @param {string} id
 * @returns {DocumentFragment}
 */
export function template(id) {
  const found = document.getElementById(id);
  console.assert(found instanceof HTMLTemplateElement, id);
  return /** @type {DocumentFragment} */ (/** @type {HTMLTemplateElement} */ (found).content.cloneNode(true));
}

/**
 * Sets the text of every `data-text` named; null or "" hides the element where it is optional (has been `hidden`).
 * @param {ParentNode} root
 * @param {Record<string, string | number | null | undefined>} texts
 */
export function fill(root, texts) {
  for (const [name, text] of Object.entries(texts)) {
    for (const element of root.querySelectorAll(`[data-text="${name}"]`)) {
      if (!(element instanceof HTMLElement)) continue;
      const words = text === null || text === undefined ? "" : String(text);
      if (element.textContent !== words) element.textContent = words;
      if (element.hidden || element.dataset.optional) {
        element.dataset.optional = "yes";
        element.hidden = words === "";
      }
    }
  }
}

/**
 * Shows or hides a `data-row`.
 * @param {ParentNode} root
 * @param {string} name
 * @param {boolean} shown
 */
export function show(root, name, shown) {
  for (const element of root.querySelectorAll(`[data-row="${name}"]`)) {
    if (element instanceof HTMLElement) element.hidden = !shown;
  }
}

/**
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {any}
 */
export function find(root, selector) {
  const found = root.querySelector(selector);
  console.assert(found, selector);
  return found;
}

/**
 * An element with text and a class.
 * @param {string} tag
 * @param {string} text
 * @param {string} [name]
 */
export function make(tag, text, name) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (name) element.className = name;
  return element;
}

/**
 * Sends a form by `submit`, shows what the server refuses beside its field, and keeps it from being sent twice.
 * @param {HTMLFormElement} form
 * @param {(data: FormData) => Promise<void>} submit
 */
export function onSubmit(form, submit) {
  for (const error of form.querySelectorAll("[data-error-for]")) {
    const name = error.getAttribute("data-error-for");
    error.id = `${form.dataset.form || "form"}-${name}-error`;
  }
  for (const name of form.querySelectorAll("[data-username]")) {
    // For password managers, which want to know whose password it is.
    if (name instanceof HTMLInputElement) name.value = state.dashboard?.handle || "";
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearErrors(form);
    const button = find(form, "button[type=submit]");
    button.disabled = true;
    try {
      await submit(new FormData(form));
    } catch (error) {
      showError(form, error);
    } finally {
      button.disabled = false;
    }
  });
}

/** Form inputs whose name differs from the API's field. */
const inputNames = new Map([["stakeBps", "stakePercent"], ["stakeCapStroops", "stakeCap"], ["amountStroops", "amount"]]);

/** @param {HTMLFormElement} form */
function clearErrors(form) {
  for (const error of form.querySelectorAll(".error")) error.textContent = "";
  for (const input of form.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {unknown} error
 */
function showError(form, error) {
  if (!(error instanceof Problem)) {
    console.error(error);
    find(form, "[data-error]").textContent = "Something went wrong in this page. Reload it.";
    return;
  }
  const place = error.field ? form.querySelector(`[data-error-for="${error.field}"]`) : null;
  if (!place) {
    find(form, "[data-error]").textContent = error.message;
    return;
  }
  place.textContent = error.message;
  const name = inputNames.get(error.field || "") || error.field;
  const input = form.querySelector(`[name="${name}"]`);
  if (input instanceof HTMLInputElement || input instanceof HTMLSelectElement) {
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", place.id);
    input.focus();
  }
}

/**
 * An error that the page itself finds, shown like the server's.
 * @param {string} field
 * @param {string} detail
 */
export function invalid(field, detail) {
  return new Problem({ type: "/problems/invalid-value", title: "", status: 422, detail, field });
}
