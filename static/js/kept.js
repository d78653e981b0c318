// Keeps what is typed into a form of one text until the service has said that it is saved: a window that is closed or
// loaded again, a cut net and a dead server take no word with them. Without this file the form is sent as any other.

import { BESIDE, button, line, NO_BOX, readNow, showWords } from "./kept_words.js";
import { openStores } from "./live_store.js";

const UNSAVED = "Not saved yet. Until you save it, what you type is kept in this browser, for you alone.";
const NOT_KEPT = "Not saved yet. This browser cannot keep what you type: save it before you leave the page.";
const NOT_REACHED =
  "Not saved: the service cannot be reached. Save it again when the connection is back.";
const AGAIN = "You typed this before, and it was not saved yet. Read it, and save it.";
const AS_SAVED = "This is what is saved. What you typed is kept until you type or save something else here.";
/** Reads what is kept in some places, as its writer may read it now. */
async function readKept(stores, { kept: address, keptWords, keptApart: apart }) {
  const all = await Promise.all(stores.map(async (store) => ({ store, clear: store.clear, ...(await store.read()) })));
  const there = all.filter(({ value }) => value !== undefined);
  const read = await readNow(there.map(({ value }) => value), address ?? keptWords, apart !== undefined);
  return there.map((one, index) => ({ ...one, ...read[index] }));
}

/** A name of its own for a form that is sent with other words than before. */
function newName() {
  return Array.from(window.crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

class Kept {
  constructor(form) {
    const { kept: address, keptMark: mark, keptKey: key, keptRefused: refused } = form.dataset;
    Object.assign(this, { form, address });
    this.box = form.querySelector("textarea");
    this.version = form.elements.namedItem("version");
    this.stores = openStores(address, mark, key);
    this.store = this.stores.own;
    this.came = { value: this.box.value, version: this.version.value };
    Object.assign(this, { refused: refused !== undefined, leaving: false, sending: false, touched: false, looked: false });
    [this.place, this.beside] = [this.makePlace(), this.makePlace()];
  }

  get unsaved() {
    return this.refused || this.box.value.trim() !== this.came.value.trim();
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
    this.place.replaceChildren(...(words ? [line("app-live__note", words)] : []), ...more);
  }

  /** Keeps what is not saved; gives whether it could be kept. */
  async keep() {
    if (this.unsaved) {
      return this.store.put({ value: this.box.value, version: this.version.value });
    }
    this.store.clear();
    return true;
  }

  async typed() {
    this.touched = true;
    const kept = await this.keep();
    this.say(!this.unsaved ? "" : kept ? UNSAVED : NOT_KEPT);
  }

  /** Puts back what was typed before, at the version it began from: who saved since is then asked about. */
  putBack(kept) {
    this.show(kept);
    this.say(AGAIN, button("Show what is saved instead", () => {
      const typed = { value: this.box.value, version: this.version.value };
      this.show(this.came);
      this.box.focus();
      this.say(AS_SAVED, button("Show what I typed", () => {
        this.putBack(typed);
        this.box.focus();
      }));
    }));
  }

  show({ value, version }) {
    Object.assign(this.box, { value });
    Object.assign(this.version, { value: version });
  }

  /**
   * Goes on from what is saved: what was typed while it was on its way is kept, and comes back on the form’s own page.
   * Where something else is saved than was sent, what was typed on is not a change of it: both are asked about again.
   */
  async goOn(sent, { to, version, text }) {
    const began = text.trim() === sent.trim() ? String(version) : this.version.value;
    Object.assign(this, { came: { value: sent, version: began }, refused: false });
    this.version.value = began;
    if (this.unsaved) {
      await this.keep();
      this.leaving = true;
      window.location.assign(this.address);
      return;
    }
    this.leaving = true;
    this.store.clear();
    window.location.assign(to);
  }

  async send(submitter, value) {
    const body = new URLSearchParams(new FormData(this.form));
    if (submitter?.name) {
      body.set(submitter.name, submitter.value);
    }
    const answer = await fetch(this.form.action, {
      method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual",
    });
    if (answer.status === 201) {
      await this.goOn(value, await answer.json());
    } else if (answer.status >= 500) {
      this.say(NOT_REACHED);
    } else {
      // The answer is a page: both texts, what to put right, or signing in. What was typed stays kept.
      this.nameFor(this.box.value, submitter);
      this.leaving = true;
      this.form.requestSubmit(submitter);
    }
  }

  /** A form is known by its name where its first answer was lost: with other words, or another button, it is another. */
  nameFor(value, submitter) {
    const named = JSON.stringify([value, submitter?.name, submitter?.value]);
    if (this.named !== undefined && this.named !== named) {
      this.form.elements.namedItem("form_id").value = newName();
    }
    this.named = named;
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
    const { value } = this.box;
    this.nameFor(value, event.submitter);
    await this.keep();
    try {
      await this.send(event.submitter, value);
    } catch {
      this.say(NOT_REACHED);
    }
    this.sending = false;
  }

  /** Keeps from the first letter on; what was typed before is read meanwhile, and takes the place of nothing. */
  async start() {
    this.listen();
    const safe = this.refused ? this.keep() : true;
    await this.stores.takeUp((stores) => this.takeUp(stores, safe));
  }

  async takeUp(stores, safe) {
    const kept = await readKept(stores, this.form.dataset);
    const same = ({ value }) => value.trim() === this.came.value.trim();
    if (await safe) {
      kept.filter(same).forEach(({ store }) => store.clear());
    }
    const others = kept.filter((one) => !same(one));
    const last = others.at(-1);
    if (last?.whole && this.isFree(last)) {
      others.pop();
      this.store = last.store;
      this.putBack(last);
    }
    showWords(this.beside, others, BESIDE);
    this.looked = true;
  }

  /**
   * Whether the box takes what was typed before: nothing was typed in it yet, and on a page that has been there for a
   * while it holds the very text, too, that those words began from, for nobody looks there whether it changes.
   */
  isFree({ version }) {
    const same = !this.looked || String(version) === this.came.version;
    return same && !this.touched && !this.unsaved && !this.sending && !this.leaving;
  }

  listen() {
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

/** Shows what is kept of a text whose box is not on its page any more. */
function showKept(place) {
  const { keptWords: address, keptMark: mark, keptKey: key } = place.dataset;
  openStores(address, mark, key).takeUp(async (stores) => showWords(place, await readKept(stores, place.dataset), NO_BOX));
}

for (const form of document.querySelectorAll("form[data-kept]")) {
  new Kept(form).start();
}
for (const place of document.querySelectorAll("[data-kept-words]")) {
  showKept(place);
}
