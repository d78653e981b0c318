// The boxes and choices of an item's form, each as one field with one text, and what is said beneath it.

const LEFT_OUT = new Set(["hidden", "submit", "button"]);

/** The elements of a form that a person fills in, by the name of the field. */
function elementsByName(form) {
  const found = new Map();
  for (const element of form.elements) {
    if (element.name && !LEFT_OUT.has(element.type) && element.tagName !== "BUTTON" && element.tagName !== "FIELDSET") {
      found.set(element.name, [...(found.get(element.name) ?? []), element]);
    }
  }
  return found;
}

/** One field: its text now, the text that stands on the service with its mark, and what is still under way. */
class Field {
  constructor(name, elements, mark) {
    this.name = name;
    this.elements = elements;
    this.mark = mark;
    this.saved = this.value;
    this.sent = [];
    this.theirs = null;
    this.refused = null;
    this.aside = null;
    this.instead = false;
    this.touched = false;
    this.waiting = null;
    this.place = this.makePlace();
  }

  get value() {
    const [first] = this.elements;
    if (first.type === "radio") {
      return this.elements.find((element) => element.checked)?.value ?? "";
    }
    return first.type === "checkbox" ? (first.checked ? first.value : "") : first.value;
  }

  set value(text) {
    const [first] = this.elements;
    if (first.type === "radio" || first.type === "checkbox") {
      for (const element of this.elements) {
        element.checked = element.value === text;
      }
    } else if (first.value !== text) {
      const { selectionStart, selectionEnd } = first;
      first.value = text;
      if (document.activeElement === first && selectionStart !== null && first.setSelectionRange) {
        first.setSelectionRange(Math.min(selectionStart, text.length), Math.min(selectionEnd, text.length));
      }
    }
  }

  /** Takes nothing more where the person reads less than the whole of the text: `why` says so, empty where they may. */
  leaveToOthers(why) {
    for (const element of this.elements) {
      element.readOnly = Boolean(why);
    }
  }

  /** The number of the text that the one here was typed over. */
  get seen() {
    return Number.parseInt(this.mark, 10) || 0;
  }

  get changed() {
    return this.value !== this.saved;
  }

  /** Whether there is something to send that has not been answered yet. */
  get unsent() {
    if (this.theirs) {
      return this.value !== this.aside;
    }
    return this.changed && this.value !== this.refused;
  }

  /** What goes to the service: the text, what it was typed over, and marks by which a lost answer is recognised. */
  toSend() {
    const earlier = this.sent.slice(-10);
    const saveId = Array.from(window.crypto.getRandomValues(new Uint32Array(2))).join("-");
    this.sent.push(saveId);
    return { name: this.name, value: this.value, seen: this.seen, save_id: saveId, earlier, instead: this.instead };
  }

  /** What the browser keeps of it until it is saved. */
  toKeep() {
    const { name, value, mark, sent, label } = this;
    return { name, value, mark, sent, label, words: this.inWords(value) };
  }

  /**
   * Puts back what was typed before; gives whether the box was free for it. It is while nothing was typed here. Of a page
   * that has been there for a while (`late`) nobody looks whether a text changes: there it takes the very text, too,
   * that the words were typed over. On a page just shown, who saved since is asked about.
   */
  putBack({ value, sent, mark }, late) {
    if (this.changed || this.theirs || this.touched || (late && mark !== this.mark)) {
      return false;
    }
    Object.assign(this, { value, sent });
    this.say("You typed this before, and it was not saved yet.");
    return true;
  }

  /** A text has come to stand on the service: nothing of this field is under way any more. */
  standsAs(text) {
    if (this.theirs || this.refused !== null || this.saved !== text) {
      this.say("");
    }
    Object.assign(this, { saved: text, sent: [], theirs: null, refused: null, aside: null, instead: false });
  }

  get label() {
    const [first] = this.elements;
    const legend = first.type === "radio" ? first.closest("fieldset")?.querySelector("legend") : null;
    return (legend ?? first.labels?.[0])?.textContent.trim() ?? this.name;
  }

  /** A text as people read it: the words of a choice, not its code. */
  inWords(text) {
    const [first] = this.elements;
    if (first.type === "radio") {
      return this.elements.find((element) => element.value === text)?.labels[0].textContent.trim() ?? text;
    }
    if (first.type === "checkbox") {
      return text ? "Yes" : "No";
    }
    if (first.tagName === "SELECT") {
      return Array.from(first.options).find((option) => option.value === text)?.label ?? text;
    }
    return text;
  }

  makePlace() {
    const place = document.createElement("div");
    place.setAttribute("aria-live", "polite");
    const [first] = this.elements;
    const group = first.closest(".govuk-form-group") ?? first.parentElement;
    group.append(place);
    return place;
  }

  /** Says something beneath the field; names stand in an element of their own, for they may read from the right. */
  say(before, name = "", after = "") {
    const line = document.createElement("p");
    line.className = "app-live__note";
    line.append(before);
    if (name) {
      const who = document.createElement("bdi");
      who.textContent = name;
      line.append(who, after);
    }
    this.place.replaceChildren(...(before ? [line] : []));
  }
}

/** Gives the fields of a form by name, each with the mark that the form came with. */
export function fieldsOf(form, marks) {
  const fields = new Map();
  for (const [name, elements] of elementsByName(form)) {
    if (name in marks) {
      fields.set(name, new Field(name, elements, marks[name]));
    }
  }
  return fields;
}

/** Shows two texts of one field beside each other, and asks which one stands: `decide` is told "mine", "theirs" or "both". */
export function showConflict(field, decide) {
  const { theirs } = field;
  const box = document.createElement("section");
  box.className = "app-conflict app-conflict__side";
  box.setAttribute("aria-label", `Two texts: ${field.label}`);
  const who = document.createElement("p");
  who.className = "app-conflict__who";
  const name = document.createElement("bdi");
  name.textContent = theirs.by || "Somebody else";
  who.append(name, ` wrote this at ${theirs.at}, while you were typing. Yours is in the form. Both are kept.`);
  const text = document.createElement("div");
  text.className = "app-conflict__text app-text";
  text.textContent = field.inWords(theirs.value) || "Empty";
  const buttons = document.createElement("div");
  buttons.className = "govuk-button-group";
  const choices = [["Keep mine", "mine"], ["Keep theirs", "theirs"]];
  if (field.elements[0].tagName === "TEXTAREA") {
    choices.push(["Keep both", "both"]);
  }
  for (const [words, choice] of choices) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "govuk-button govuk-button--secondary";
    button.textContent = words;
    button.addEventListener("click", () => decide(choice));
    buttons.append(button);
  }
  box.append(who, text, buttons);
  field.place.replaceChildren(box);
}

/** Says that texts were set aside since the page was shown: a text that gives way is not to be missed. */
export function sayAside(place, count) {
  const line = place.querySelector(".app-live__aside");
  const more = count - Number(line?.dataset.aside ?? count);
  if (!line || more <= 0) {
    line?.replaceChildren();
    return;
  }
  const anchor = document.createElement("a");
  Object.assign(anchor, { href: window.location.pathname, className: "govuk-link" });
  anchor.textContent = "Load the page again to read it and to keep both";
  const words = more === 1 ? "A text that gave way to another is set aside. " : `${more} texts that gave way are set aside. `;
  line.replaceChildren(words, anchor);
}
