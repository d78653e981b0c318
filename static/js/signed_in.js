// Says on a page with a form, two minutes before, that its person is about to be signed out, with a button to stay.
// Without this file a form that comes too late is kept, and filled in again after signing in.

import { forgetAllOf, isAnythingKeptFor } from "./live_store.js";

const FIRST_LOOK = 17 * 60;
const WARN = 2 * 60;
const LOOK_AGAIN = 15;

const SOON = "You will be signed out in less than 2 minutes, because we have not heard from you for a while.";
const AT_AN_END =
  "You will be signed out in less than 2 minutes, because you have been signed in for ten hours. Send what you typed now.";
const OUT =
  "You are signed out. Send the form all the same: you are asked to sign in, and what you typed stands in it again.";

const LOSES =
  "Something that you typed is not saved yet. Signing out takes it away from this browser. Sign out all the same?";

const form = document.querySelector("main form[method=post]");
const token = document.querySelector("input[name=csrf_token]");

/** The place where it is said; a screen reader reads out what comes into it. */
function makePlace() {
  const place = document.createElement("div");
  place.className = "app-signed-in";
  place.setAttribute("role", "alert");
  place.hidden = true;
  document.querySelector("main").prepend(place);
  return place;
}

class Watch {
  constructor() {
    Object.assign(this, { place: makePlace(), stayed: false, timer: 0, from: null });
    this.later(FIRST_LOOK);
  }

  later(seconds) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.look(), seconds * 1000);
  }

  /** Asks how long the person stays signed in, which keeps nobody signed in; without a connection it asks again. */
  async look() {
    try {
      const answer = await fetch("/signed-in", { redirect: "manual" });
      if (answer.type === "opaqueredirect") {
        this.out();
        return;
      }
      const { left } = await answer.json();
      if (left > WARN) {
        this.stayed = false;
        this.hide();
        this.later(left - WARN);
        return;
      }
      this.warn();
    } catch {
      // Whether the person is signed in is not known, so nothing is said.
    }
    this.later(LOOK_AGAIN);
  }

  say(words, ...more) {
    if (this.place.dataset.said !== words) {
      this.place.dataset.said = words;
      const line = document.createElement("p");
      line.className = "govuk-body";
      line.textContent = words;
      this.place.replaceChildren(line, ...more);
      this.place.hidden = false;
    }
  }

  hide() {
    this.place.hidden = true;
    this.place.dataset.said = "";
  }

  warn() {
    if (this.stayed) {
      // Staying did not lengthen it: the ten hours of one sign-in are over.
      this.say(AT_AN_END);
      return;
    }
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "govuk-button", textContent: "Stay signed in" });
    button.addEventListener("focus", (event) => {
      this.from = event.relatedTarget;
    });
    button.addEventListener("click", () => this.stay());
    this.say(SOON, button);
  }

  async stay() {
    try {
      await fetch("/signed-in", { method: "POST", headers: { "X-CSRFToken": token.value }, redirect: "manual" });
      this.stayed = true;
    } catch {
      // What is asked next says whether it was heard.
    }
    await this.look();
    if (this.place.hidden) {
      // Whoever was typing goes on where they were.
      this.from?.focus();
    }
  }

  /** The page of an item, and of a draft, say themselves what becomes of what is typed. */
  out() {
    if (document.querySelector("[data-live], [data-autosave]")) {
      this.hide();
    } else {
      this.say(OUT);
    }
  }
}

/** Whoever signs out leaves nothing in the browser, and is asked once, before any other script takes the form for sent. */
function forgetAtSignOut() {
  const out = document.querySelector("[data-typed-mark]");
  let asked = false;
  document.addEventListener("submit", (event) => {
    if (!out || event.target.getAttribute("action") !== out.getAttribute("action")) {
      return;
    }
    const mark = out.dataset.typedMark;
    if (isAnythingKeptFor(mark)) {
      asked = window.confirm(LOSES);
      if (!asked) {
        event.preventDefault();
        return;
      }
    }
    window.addEventListener("pagehide", () => forgetAllOf(mark));
  }, { capture: true });
  // It comes before those of the scripts of the page, which would ask a second time.
  window.addEventListener("beforeunload", (event) => {
    if (asked) {
      asked = false;
      event.stopImmediatePropagation();
    }
  });
}

forgetAtSignOut();
if (form && token) {
  new Watch();
}
