// Starts the components of GOV.UK and MOJ Frontend, and keeps a form from being sent twice.
// Every page works without this file.

import { initAll as startGovuk } from "../vendor/govuk-frontend.min.js";
import { initAll as startMoj } from "../vendor/moj-frontend.min.js";

const SENT = "data-sent";

/** The buttons that send `form`, inside it or beside it. */
function sendingButtons(form) {
  return Array.from(form.elements).filter((element) => element.matches("button:not([type=button]), input[type=submit]"));
}

/** Refuses a second submit. The button is disabled only after the browser has read the form, so its value is sent. */
function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.target === "_blank" || form.hasAttribute("data-many")) {
    return;
  }
  if (form.hasAttribute(SENT)) {
    event.preventDefault();
    return;
  }
  form.setAttribute(SENT, "");
  window.setTimeout(() => {
    for (const button of sendingButtons(form)) {
      button.disabled = true;
    }
  });
}

/** A page brought back by the back button has its buttons again. */
function wakeForms(event) {
  if (!event.persisted) {
    return;
  }
  for (const form of document.querySelectorAll(`form[${SENT}]`)) {
    form.removeAttribute(SENT);
    for (const button of sendingButtons(form)) {
      button.disabled = false;
    }
  }
}

/** A region with a wide table can be reached by keyboard where it really scrolls, and only there. */
function reachScrollingRegions() {
  for (const region of document.querySelectorAll(".app-scroll")) {
    if (region.scrollWidth > region.clientWidth) {
      region.setAttribute("tabindex", "0");
    } else {
      region.removeAttribute("tabindex");
    }
  }
}

/** The roles that some browsers drop when rows are laid out as cards. */
function keepTableRoles() {
  const roles = { table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell", "th[scope=col]": "columnheader", "th[scope=row]": "rowheader" };
  for (const table of document.querySelectorAll(".app-table--cards")) {
    table.setAttribute("role", "table");
    for (const [selector, role] of Object.entries(roles)) {
      table.querySelectorAll(selector).forEach((element) => element.setAttribute("role", role));
    }
  }
}

/** On a phone the filters are folded away until they are wanted; those that are on stand below them anyway. */
function foldFilters() {
  if (window.matchMedia("(max-width: 40em)").matches) {
    document.querySelectorAll("[data-app-filter]").forEach((filter) => filter.removeAttribute("open"));
  }
}

document.addEventListener("submit", sendOnce);
window.addEventListener("pageshow", wakeForms);
window.addEventListener("resize", reachScrollingRegions);
startGovuk();
startMoj();
reachScrollingRegions();
keepTableRoles();
foldFilters();
