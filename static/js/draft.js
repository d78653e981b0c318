// Saves a draft while somebody types. Without this file the button “Save as a draft” does it. What is not saved yet is
// kept in this browser, for a reload, a sign-in or a closed window in between.

import { openStore } from "./live_store.js";

const PAUSE = 2000;
const SAVED = "Your draft is saved.";
const NO_CONNECTION = "Your draft is not saved yet: the service cannot be reached. Go on typing; it is tried again.";
const SIGNED_OUT = "Your draft is not saved: you are signed out. What you typed stays here until you have signed in.";
const SOMEBODY_ELSE = "Your draft is not saved: somebody else has signed in with this browser. Sign in as yourself.";
const NOT_KEPT = ["csrf_token", "form_id", "do"];

class Draft {
  constructor(form) {
    this.form = form;
    this.state = form.querySelector("[data-autosave-state]");
    const { autosave: address, autosaveKey: key, autosaveMark: mark } = form.dataset;
    this.store = openStore(address, mark, key, window.localStorage);
    Object.assign(this, { address, mark, timer: 0, sending: null, leaving: false, saved: this.shown() });
  }

  /** What stands in the form now, as pairs of a name and a value. */
  get values() {
    return Array.from(new FormData(this.form)).filter(([name]) => !NOT_KEPT.includes(name));
  }

  shown() {
    return JSON.stringify(this.values);
  }

  get changed() {
    return this.shown() !== this.saved;
  }

  say(words, signIn = false) {
    this.state.replaceChildren(words);
    this.state.classList.toggle("app-autosave--unsaved", words !== SAVED);
    if (signIn) {
      const anchor = document.createElement("a");
      const href = `/sign-in?next=${encodeURIComponent(window.location.pathname)}`;
      Object.assign(anchor, { href, target: "_blank", className: "govuk-link" });
      anchor.textContent = "Sign in again (opens in a new tab)";
      this.state.append(" ", anchor);
    }
  }

  /** Takes the tokens of the session that holds now, for those of the page may be of one before; else says why not. */
  async takeNewTokens() {
    const answer = await fetch(window.location.pathname, { redirect: "manual" });
    if (answer.type === "opaqueredirect") {
      return SIGNED_OUT;
    }
    if (!answer.ok) {
      return NO_CONNECTION;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const theirs = page.querySelector("form[data-autosave]");
    if (theirs?.dataset.autosaveMark !== this.mark) {
      return SOMEBODY_ELSE;
    }
    const token = theirs.querySelector("input[name=csrf_token]").value;
    document.querySelectorAll("input[name=csrf_token]").forEach((input) => {
      input.value = token;
    });
    return "";
  }

  /** Sends what is typed; gives whether the service has answered to it, be it with a problem. */
  async send(again = true) {
    const body = new FormData(this.form);
    const sent = this.shown();
    const answer = await fetch(this.address, { method: "POST", body, redirect: "manual" });
    if (answer.type === "opaqueredirect") {
      this.say(SIGNED_OUT, true);
      return false;
    }
    if (!(answer.headers.get("Content-Type") ?? "").includes("json")) {
      const words = again ? await this.takeNewTokens() : NO_CONNECTION;
      if (!words) {
        return this.send(false);
      }
      this.say(words, words !== NO_CONNECTION);
      return false;
    }
    const said = await answer.json();
    if (answer.ok) {
      const before = this.shown() === sent;
      for (const [name, value] of Object.entries(said.versions)) {
        this.form.elements.namedItem(name).value = value;
      }
      this.saved = before ? this.shown() : "";
      this.say(SAVED);
    } else {
      this.saved = this.shown() === sent ? sent : "";
      this.say(said.problem);
    }
    return true;
  }

  /** Saves what is typed, one lot at a time, and goes on from the versions that were saved. */
  async save() {
    window.clearTimeout(this.timer);
    while (this.sending) {
      await this.sending;
    }
    let answered = false;
    this.sending = this.send().then(
      (done) => {
        answered = done;
      },
      () => this.say(NO_CONNECTION),
    );
    await this.sending;
    this.sending = null;
    if (answered && !this.changed) {
      this.store.clear();
    } else if (!this.leaving) {
      this.store.put(this.values);
      this.timer = window.setTimeout(() => this.save(), PAUSE * 2);
    }
    return answered;
  }

  typed() {
    this.store.put(this.values);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), PAUSE);
  }

  /** What is typed goes before the form, so that a sign-in that has ended takes no word with it. */
  async sent(event) {
    if (this.leaving) {
      return;
    }
    if (this.changed || this.sending) {
      event.preventDefault();
      const { submitter } = event;
      if (await this.save()) {
        this.leave();
        this.form.requestSubmit(submitter);
      }
      return;
    }
    this.leave();
  }

  leave() {
    this.leaving = true;
    window.clearTimeout(this.timer);
    this.store.clear();
  }

  /** Puts back what was typed before and not saved, at the versions it began from: who saved since is then asked about. */
  async start() {
    const kept = new Map((await this.store.read()) ?? []);
    for (const [name, value] of kept) {
      const field = this.form.elements.namedItem(name);
      if (field) {
        field.value = value;
      }
    }
    this.form.addEventListener("input", () => this.typed());
    this.form.addEventListener("change", () => this.typed());
    this.form.addEventListener("submit", (event) => this.sent(event));
    window.addEventListener("beforeunload", (event) => {
      if (!this.leaving && this.changed) {
        event.preventDefault();
      }
    });
    if (kept.size > 0 && this.changed) {
      // Shows the boxes that belong to what is chosen.
      window.dispatchEvent(new Event("pageshow"));
      await this.save();
    }
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) {
  new Draft(form).start();
}
