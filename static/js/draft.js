// Saves a draft while somebody types. Without this file the button “Save as a draft” does it. What is not saved yet is
// kept in this browser, for a reload, a sign-in or a closed window in between.

import { KeptFields, partOf } from "./kept_fields.js";

const PAUSE = 2000;
const SAVED = "Your draft is saved.";
const NO_CONNECTION = "Your draft is not saved yet: the service cannot be reached. Go on typing; it is tried again.";
const SIGNED_OUT = "Your draft is not saved: you are signed out. What you typed stays here until you have signed in.";
const SOMEBODY_ELSE = "Your draft is not saved: somebody else has signed in with this browser. Sign in as yourself.";
const ASKED = "Not saved yet: what you type is kept in this browser. Read both texts, and press a button to save yours.";
const NOT_KEPT = ["csrf_token", "form_id", "do"];

/** Whether two texts say the same: the service takes no account of the space around them. */
function isSame(one, other) {
  return one.trim() === other.trim();
}

class Draft {
  constructor(form) {
    this.form = form;
    this.state = form.querySelector("[data-autosave-state]");
    const { autosave: address, autosaveKey: key, autosaveMark: mark } = form.dataset;
    const [refused, asks] = ["autosaveRefused", "autosaveAsks"].map((said) => said in form.dataset);
    const apart = form.dataset.keptApart !== undefined;
    this.kept = new KeptFields({ page: address, mark, key, apart });
    form.prepend(this.kept.place);
    Object.assign(this, { address, mark, refused, asks, timer: 0, sending: null, leaving: false });
    this.saved = this.began = this.shown();
    // What the page came with, the boxes in which something was typed since, and what began from an earlier page.
    Object.assign(this, { came: new Map(this.values), touched: new Set(), earlier: new Map() });
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

  /** What is not saved, each with the text and the versions of its part that it began from. */
  toKeep() {
    const before = new Map(JSON.parse(this.began));
    const hidden = this.values.filter(([name]) => this.isHidden(name));
    const of = (part) => ({ about: part, began: hidden.filter(([name]) => partOf(name) === part) });
    return this.values
      .filter(([name, value]) => !this.isHidden(name) && (this.earlier.has(name) || (before.get(name) ?? "") !== value))
      .map(([name, value]) => {
        const beganFrom = this.earlier.get(name) ?? { ...of(partOf(name)), from: before.get(name) ?? "" };
        return { name, value, ...beganFrom, ...this.inWords(name, value) };
      });
  }

  /** How a box is called, with the child it is about, and the words of a choice. */
  inWords(name, value) {
    const element = this.element(name);
    const label = element?.labels?.[0]?.textContent.trim() ?? "";
    const named = Array.from(this.form.elements).filter((one) => one.name === name && one.type === "radio");
    const chosen = named.find((one) => one.value === value)?.labels[0].textContent.trim();
    const option = Array.from(element?.options ?? []).find((one) => one.value === value)?.label;
    const legend = element?.closest("fieldset")?.querySelector("legend")?.textContent.trim();
    return chosen ? { label: legend, words: chosen } : { label: `${partOf(name)}: ${label}`, words: option };
  }

  element(name) {
    const found = this.form.elements.namedItem(name);
    return found instanceof RadioNodeList ? found[0] : found;
  }

  isHidden(name) {
    return this.element(name)?.type === "hidden";
  }

  keep() {
    return this.kept.keep(this.toKeep());
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
      this.began = sent;
      this.earlier.clear();
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
    this.keep();
    if (!this.leaving && (!answered || this.changed)) {
      this.later(PAUSE * 2);
    }
    return answered;
  }

  typed(event) {
    this.touched.add(event.target.name);
    this.keep();
    this.later(PAUSE);
  }

  /** What is typed goes before the form, so that a sign-in that has ended takes no word with it. */
  async sent(event) {
    if (this.leaving) {
      return;
    }
    this.asks = false;
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
  }

  valueOf(name) {
    return this.form.elements.namedItem(name)?.value;
  }

  /**
   * Told of what was typed before and stands in its box. On a page that refused it, it is not saved for that, and what it
   * began from is not what this page began from: whoever leaves the page has not chosen it over what somebody else saved.
   */
  stands({ name, about, began, from }) {
    if (this.refused) {
      this.earlier.set(name, { about, began, from });
    }
  }

  /**
   * Puts back what was typed before and not saved; gives whether the box was free for it. It is while nothing was typed
   * there and it came with the very text that the words began from: they take the place of nobody’s words.
   */
  putBack({ name, value, began, from }) {
    const came = this.came.get(name) ?? "";
    const asBegan = () => began.length > 0 && began.every(([hidden, version]) => this.came.get(hidden) === version);
    const same = from === undefined ? asBegan() : isSame(from, came);
    if (!same || this.touched.has(name) || this.valueOf(name) !== came) {
      return false;
    }
    this.form.elements.namedItem(name).value = value;
    this.goBackTo(began);
    this.later(0);
    return true;
  }

  /** Goes back to the versions that something began from, where the page came with newer ones: that is asked about. */
  goBackTo(began) {
    if (began.some(([name, value]) => name.endsWith("-version") && Number(value) < Number(this.came.get(name)))) {
      for (const [name, value] of began) {
        this.form.elements.namedItem(name).value = value;
      }
    }
  }

  /** Saves in a while; on a page that shows two texts, only what a button is pressed for takes the place of theirs. */
  later(pause) {
    window.clearTimeout(this.timer);
    if (this.asks) {
      this.say(ASKED);
      return;
    }
    this.timer = window.setTimeout(() => this.save(), pause);
  }

  async start() {
    this.form.addEventListener("input", (event) => this.typed(event));
    this.form.addEventListener("change", (event) => this.typed(event));
    this.form.addEventListener("submit", (event) => this.sent(event));
    window.addEventListener("beforeunload", (event) => {
      if (!this.leaving && (this.changed || this.toKeep().length > 0)) {
        event.preventDefault();
      }
    });
    await this.kept.takeUp(this);
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) {
  new Draft(form).start();
}
