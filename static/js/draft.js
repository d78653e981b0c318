// Saves a draft while somebody types. Without this file the button “Save as a draft” does it. What is not saved yet is
// kept in this browser, for a reload, a sign-in or a closed window in between.

import { KeptFields } from "./kept_fields.js";

const PAUSE = 2000;
const SAVED = "Your draft is saved.";
const NO_CONNECTION = "Your draft is not saved yet: the service cannot be reached. Go on typing; it is tried again.";
const SIGNED_OUT = "Your draft is not saved: you are signed out. What you typed stays here until you have signed in.";
const SOMEBODY_ELSE = "Your draft is not saved: somebody else has signed in with this browser. Sign in as yourself.";
const NOT_KEPT = ["csrf_token", "form_id", "do"];

/** The part of the page that a box belongs to: a child’s reference, or the attendance. */
function partOf(name) {
  return name.slice(0, name.lastIndexOf("-"));
}

class Draft {
  constructor(form) {
    this.form = form;
    this.state = form.querySelector("[data-autosave-state]");
    const { autosave: address, autosaveKey: key, autosaveMark: mark, autosaveRefused: refused } = form.dataset;
    const apart = form.dataset.keptApart !== undefined;
    this.kept = new KeptFields({ page: address, mark, key, apart });
    form.prepend(this.kept.place);
    Object.assign(this, { address, mark, refused: refused !== undefined, timer: 0, sending: null, leaving: false });
    this.saved = this.began = this.shown();
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

  /** What is not saved, each with the versions that its part began from. */
  toKeep() {
    const before = new Map(JSON.parse(this.began));
    const hidden = this.values.filter(([name]) => this.isHidden(name));
    const of = (part) => ({ about: part, began: hidden.filter(([name]) => partOf(name) === part) });
    return this.values
      .filter(([name, value]) => !this.isHidden(name) && (before.has(name) ? before.get(name) : "") !== value)
      .map(([name, value]) => ({ name, value, ...of(partOf(name)), ...this.inWords(name) }));
  }

  /** How a box is called, with the child it is about, and the words of a choice. */
  inWords(name) {
    const element = this.element(name);
    const label = element.labels?.[0]?.textContent.trim() ?? "";
    const chosen = this.form.querySelector(`[name="${CSS.escape(name)}"]:checked`)?.labels[0].textContent.trim();
    const option = element.selectedOptions?.[0]?.label;
    const legend = element.closest("fieldset")?.querySelector("legend")?.textContent.trim();
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

  typed() {
    this.keep();
    this.later(PAUSE);
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
  }

  valueOf(name) {
    return this.form.elements.namedItem(name)?.value;
  }

  /** Told of what was typed before and stands in its box: on a page that refused it, it is not saved for that. */
  stands({ name }) {
    if (this.refused) {
      this.began = JSON.stringify([...JSON.parse(this.began).filter(([other]) => other !== name), [name, null]]);
    }
  }

  /** Puts back what was typed before and not saved; gives whether the box was free for it. */
  putBack({ name, value, began }) {
    const before = new Map(JSON.parse(this.began)).get(name) ?? "";
    if (this.valueOf(name) !== before || this.element(name).readOnly) {
      return false;
    }
    this.form.elements.namedItem(name).value = value;
    this.goBackTo(began);
    this.later(0);
    return true;
  }

  /** Goes back to the versions that something began from, where they are older: who saved since is then asked about. */
  goBackTo(began) {
    if (began.some(([name, value]) => name.endsWith("-version") && Number(value) < Number(this.valueOf(name)))) {
      for (const [name, value] of began) {
        this.form.elements.namedItem(name).value = value;
      }
    }
  }

  later(pause) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), pause);
  }

  async start() {
    this.form.addEventListener("input", () => this.typed());
    this.form.addEventListener("change", () => this.typed());
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
