// Keeps what is typed into a form of one text until the service has said that it is saved: a window that is closed or
// loaded again, a cut net and a dead server take no word with them. Without this file the form is sent as any other.

import { openStore } from "./live_store.js";

const UNSAVED = "Not saved yet. Until you save it, what you type is kept in this browser, for you alone.";
const NOT_REACHED =
  "Not saved: the service cannot be reached. What you typed is kept in this browser. Save it again when the connection is back.";
const AGAIN = "You typed this before, and it was not saved yet. Read it, and save it.";

class Kept {
  constructor(form) {
    const { kept: address, keptMark: mark, keptKey: key, keptRefused: refused } = form.dataset;
    this.form = form;
    this.box = form.querySelector("textarea");
    this.version = form.elements.namedItem("version");
    this.store = openStore(address, mark, key, window.localStorage);
    this.came = { value: this.box.value, version: this.version.value };
    Object.assign(this, { refused: refused !== undefined, leaving: false, sending: false, place: this.makePlace() });
  }

  get unsaved() {
    return this.refused || this.box.value !== this.came.value;
  }

  makePlace() {
    const place = document.createElement("div");
    place.setAttribute("role", "status");
    this.box.closest(".govuk-form-group").append(place);
    return place;
  }

  /** Says beneath the box what becomes of the text; `more` is a button that stands there with it. */
  say(words, ...more) {
    if (this.place.dataset.said === words) {
      return;
    }
    this.place.dataset.said = words;
    const line = document.createElement("p");
    line.className = "app-live__note";
    line.textContent = words;
    this.place.replaceChildren(...(words ? [line] : []), ...more);
  }

  keep() {
    if (this.unsaved) {
      this.store.put({ value: this.box.value, version: this.version.value });
    } else {
      this.store.clear();
    }
  }

  typed() {
    this.keep();
    this.say(this.unsaved ? UNSAVED : "");
  }

  /** Puts back what was typed before, at the version it began from: who saved since is then asked about. */
  putBack(kept) {
    this.box.value = kept.value;
    this.version.value = kept.version;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "govuk-button govuk-button--secondary";
    button.textContent = "Show what is saved instead";
    button.addEventListener("click", () => {
      this.box.value = this.came.value;
      this.version.value = this.came.version;
      this.typed();
      this.box.focus();
    });
    this.say(AGAIN, button);
  }

  async send(submitter) {
    const body = new URLSearchParams(new FormData(this.form));
    if (submitter?.name) {
      body.set(submitter.name, submitter.value);
    }
    const answer = await fetch(this.form.action, {
      method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual",
    });
    if (answer.status === 201) {
      const { to } = await answer.json();
      this.leaving = true;
      this.store.clear();
      window.location.assign(to);
    } else if (answer.status >= 500) {
      this.say(NOT_REACHED);
    } else {
      // The answer is a page: both texts, what to put right, or signing in. What was typed stays kept.
      this.leaving = true;
      this.form.requestSubmit(submitter);
    }
  }

  /** Sends the text from here first: only what has come to the service is forgotten, and no page is lost for it. */
  async sent(event) {
    if (this.leaving) {
      return;
    }
    event.preventDefault();
    if (this.sending) {
      return;
    }
    this.sending = true;
    this.keep();
    try {
      await this.send(event.submitter);
    } catch {
      this.say(NOT_REACHED);
    }
    this.sending = false;
  }

  async start() {
    const kept = await this.store.read();
    if (this.refused) {
      this.keep();
    } else if (kept && kept.value.trim() === this.box.value.trim()) {
      this.store.clear();
    } else if (kept) {
      this.putBack(kept);
    }
    this.form.addEventListener("input", () => this.typed());
    this.form.addEventListener("submit", (event) => this.sent(event));
    window.addEventListener("beforeunload", (event) => {
      if (!this.leaving && this.unsaved) {
        event.preventDefault();
      }
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) {
        this.leaving = false;
      }
    });
  }
}

for (const form of document.querySelectorAll("form[data-kept]")) {
  new Kept(form).start();
}
