// Saves an item field by field while somebody types, and shows what others type. Without this file the buttons of the
// form save it. Nothing is called saved before the service has said so: the line above the form says what is not.

import { KeptFields } from "./kept_fields.js";
import { fieldsOf, sayAside, showConflict } from "./live_fields.js";
import { openService, Trouble } from "./live_service.js";

const PAUSE = 800;
const ASK_EVERY = 3000;
const ASK_UNSEEN_EVERY = 15000;
const TRY_AGAIN = 3000;

class Live {
  constructor(place) {
    this.place = place;
    this.form = place.closest("form");
    this.line = place.querySelector(".app-live__state");
    const { live: address, liveMark: mark, liveKey: key, liveAfter: after, keptApart: apart } = place.dataset;
    this.marks = JSON.parse(this.form.elements.namedItem("seen").value);
    this.fields = fieldsOf(this.form, this.marks);
    this.service = openService(address, mark, this.form);
    this.kept = new KeptFields({ page: address, mark, key, apart: apart !== undefined });
    place.after(this.kept.place);
    Object.assign(this, { after: Number(after), timer: 0, sending: null, trouble: null, leaving: false, at: "" });
  }

  get all() {
    return Array.from(this.fields.values());
  }

  get unsaved() {
    return this.all.some((field) => field.changed);
  }

  get stopped() {
    return this.leaving || Boolean(this.trouble?.final);
  }

  /** Says above the form what is saved and what is not. */
  say() {
    const conflicts = this.all.filter((field) => field.theirs);
    const refused = this.all.filter((field) => field.refused !== null && field.refused === field.value);
    const labels = (found) => found.map((field) => field.label).join(", ");
    let words = this.at ? `Saved ${this.at}` : "What you type is saved as you go.";
    if (this.trouble) {
      words = this.trouble.message;
    } else if (conflicts.length > 0) {
      words = `Two texts: choose which one stands for ${labels(conflicts)}.`;
    } else if (refused.length > 0) {
      words = `Not saved: ${labels(refused)}.`;
    } else if (this.unsaved) {
      words = "Not saved yet.";
    }
    this.place.hidden = false;
    this.place.classList.toggle("app-live--unsaved", Boolean(this.trouble) || this.unsaved);
    if (this.line.dataset.said === words) {
      return;
    }
    this.line.dataset.said = words;
    this.line.replaceChildren(words);
    if (this.trouble?.link) {
      const anchor = document.createElement("a");
      Object.assign(anchor, { href: this.trouble.link, target: "_blank", className: "govuk-link" });
      anchor.textContent = "Sign in again (opens in a new tab)";
      this.line.append(" ", anchor);
    }
  }

  setMark(field, mark) {
    field.mark = mark;
    this.marks[field.name] = mark;
    this.form.elements.namedItem("seen").value = JSON.stringify(this.marks);
  }

  /** Keeps what is not saved in this browser, for a reload, a sign-in or a closed window in between. */
  keep() {
    this.kept.keep(this.toKeep());
  }

  toKeep() {
    return this.all.filter((field) => field.changed).map((field) => field.toKeep());
  }

  later(pause = PAUSE) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), pause);
  }

  /** Sends every field that is not saved, one lot at a time; gives whether everything is saved. */
  async save() {
    window.clearTimeout(this.timer);
    while (this.sending) {
      await this.sending;
    }
    const due = this.all.filter((field) => field.unsent);
    if (due.length > 0 && !this.stopped) {
      this.sending = this.saveThese(due);
      await this.sending;
    }
    return !this.unsaved;
  }

  async saveThese(due) {
    const texts = new Map(due.map((field) => [field, field.value]));
    try {
      const said = await this.service.send({ fields: due.map((field) => field.toSend()) });
      this.trouble = null;
      this.at = said.at;
      texts.forEach((text, field) => this.settle(field, text, said));
    } catch (trouble) {
      this.fail(trouble);
    } finally {
      this.sending = null;
    }
    this.all.forEach((field) => this.takeWaiting(field));
    this.keep();
    this.say();
    if (this.all.some((field) => field.unsent)) {
      this.later(this.trouble ? TRY_AGAIN : PAUSE);
    }
  }

  /** Keeps what went wrong, to be said and tried again. What nobody thought of stands in the browser’s console too. */
  fail(trouble) {
    this.trouble = trouble instanceof Trouble ? trouble : new Trouble();
    if (this.trouble !== trouble) {
      window.reportError(trouble);
    }
  }

  /** Takes over what the service said about one field that was sent. */
  settle(field, text, said) {
    const kept = said.kept.find((one) => one.name === field.name);
    if (kept === undefined) {
      field.refused = text;
      field.say(said.problems[field.name] ?? "This cannot be saved here.");
    } else if (kept.theirs) {
      field.aside = text;
      this.meet(field, kept.theirs);
    } else {
      field.standsAs(text);
      this.setMark(field, kept.mark);
    }
  }

  /** Shows the text of somebody else beside the one here. */
  meet(field, theirs) {
    field.theirs = theirs;
    showConflict(field, (choice) => {
      this.setMark(field, theirs.mark);
      Object.assign(field, { theirs: null, aside: null, instead: choice !== "theirs" });
      if (choice === "both") {
        field.value = `${theirs.value.trim()}\n\n${field.value.trim()}`;
      } else if (choice === "theirs") {
        field.value = theirs.value;
        field.standsAs(field.value);
        field.say("Your text is set aside. Load the page again to see it beneath the form.");
        this.service.send({ fields: [], let_stand: [field.name] }).catch((trouble) => this.fail(trouble));
      }
      field.elements[0].focus();
      this.keep();
      this.save().then(() => this.say());
    });
  }

  /** Shows what somebody else typed, unless something of one’s own is there that is not saved. */
  take(field, row) {
    if (Number.parseInt(row.mark, 10) <= field.seen) {
      return;
    }
    if (field.theirs && !row.mine) {
      this.meet(field, row);
    } else if (field.changed || this.sending) {
      field.waiting = row;
    } else {
      field.value = row.value;
      field.standsAs(field.value);
      this.setMark(field, row.mark);
      field.leaveToOthers(row.others);
      field.say(row.mine ? "" : "Changed by ", row.by || "somebody else", `, ${row.at}${row.others ? `. ${row.others}` : ""}`);
    }
  }

  takeWaiting(field) {
    if (field.waiting && !field.changed && !this.sending) {
      const row = field.waiting;
      field.waiting = null;
      this.take(field, row);
    }
  }

  /** Asks what others have typed, and tries again to save what is not. */
  async ask() {
    try {
      const said = await this.service.ask(this.after);
      this.trouble = null;
      for (const row of said?.fields ?? []) {
        if (this.fields.has(row.name)) {
          this.take(this.fields.get(row.name), row);
        }
      }
      this.after = said?.after ?? this.after;
      if (said) {
        sayAside(this.place, said.aside);
        document.dispatchEvent(new CustomEvent("app:room", { detail: said.room }));
      }
      if (said && !said.open) {
        this.trouble = { message: "The meeting is over: nothing more is saved here.", link: "", final: true };
      }
    } catch (trouble) {
      this.fail(trouble);
    }
    if (!this.trouble) {
      await this.save();
    }
    this.say();
  }

  async keepAsking() {
    while (!this.stopped) {
      await new Promise((done) => {
        window.setTimeout(done, document.hidden ? ASK_UNSEEN_EVERY : ASK_EVERY);
      });
      if (!this.stopped) {
        await this.ask().catch((trouble) => this.fail(trouble));
      }
    }
  }

  typed(event) {
    const field = this.fields.get(event.target.name);
    if (field) {
      field.touched = true;
      this.keep();
      this.say();
      this.later();
    }
  }

  /** What is typed goes before the form: only when all of it has come to the service does the form follow. */
  async sent(event) {
    if (!this.sending && !this.unsaved) {
      this.leaving = true;
      this.keep();
      return;
    }
    event.preventDefault();
    const { submitter } = event;
    if (await this.save()) {
      this.form.requestSubmit(submitter);
    } else {
      this.say();
      this.all.find((field) => field.changed)?.elements[0].focus();
    }
  }

  element(name) {
    return this.fields.get(name)?.elements[0];
  }

  valueOf(name) {
    return this.fields.get(name)?.value;
  }

  /** Puts back what was typed before, over the text that it was typed over; gives whether the box was free for it. */
  putBack(entry, late) {
    const field = this.fields.get(entry.name);
    if (!field.putBack(entry, late)) {
      return false;
    }
    this.setMark(field, entry.mark);
    this.later(0);
    return true;
  }

  async start() {
    this.form.addEventListener("input", (event) => this.typed(event));
    this.form.addEventListener("change", (event) => this.typed(event));
    this.form.addEventListener("submit", (event) => this.sent(event));
    window.addEventListener("online", () => this.ask());
    window.addEventListener("pagehide", () => this.leaving || this.save());
    window.addEventListener("beforeunload", (event) => {
      if (!this.leaving && this.trouble && this.unsaved) {
        event.preventDefault();
      }
    });
    await this.kept.takeUp(this);
    await this.save();
    this.say();
    await this.keepAsking();
  }
}

const place = document.querySelector("[data-live]");
if (place) {
  new Live(place).start();
}
