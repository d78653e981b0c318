// Keeps what is typed into a form of many boxes until it is saved, and offers what windows that are gone kept of it: in its
// box or, where it finds none that is shown and free, as words to copy.

import { BESIDE, FOLDED, NO_BOX, readNow, showWords } from "./kept_words.js";
import { openStores } from "./live_store.js";

/** A page that has no such form any more. */
const NO_FORM = { element: () => null, valueOf: () => null, putBack: () => false, toKeep: () => [] };

/** Where the words that find no box are shown: a screen reader reads out what comes into it. */
function makePlace() {
  const place = document.createElement("div");
  place.setAttribute("role", "status");
  return place;
}

/** Gives whether a box is on the page and the choices show it; what folds it away is opened. */
function openBox(element) {
  for (let fold = element?.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
  return Boolean(element) && element.getClientRects().length > 0;
}

/** Gives whether a box takes a value: it is the person’s own, and of a choice what was chosen is there still. */
function takes(element, value) {
  if (!element || element.readOnly || element.matches(":disabled")) {
    return false;
  }
  const all = { radio: Array.from(element.form.elements).filter(({ name }) => name === element.name), checkbox: [element] };
  const choices = element.options ? Array.from(element.options) : all[element.type];
  return !choices || (value === "" && !element.options) || choices.some((choice) => choice.value === value);
}

/** The part of a page that a box belongs to: a child’s reference, or the attendance. */
export function partOf(name) {
  return name.slice(0, name.lastIndexOf("-"));
}

/** Gives what is kept as entries. A draft was once kept as pairs of a name and a value, the hidden ones among them. */
function asEntries(kept) {
  const isHidden = ([name]) => /-(version|opened)$/.test(name);
  const hidden = kept.filter((one) => Array.isArray(one) && isHidden(one));
  const ofPair = ([name, value]) => {
    const part = partOf(name);
    return { name, value, about: part, began: hidden.filter(([other]) => partOf(other) === part) };
  };
  return kept.filter((one) => !hidden.includes(one)).map((one) => (Array.isArray(one) ? ofPair(one) : one));
}

/**
 * What is kept of one form. A part of it is called an entry: at least the `name` of its box and its `value`, further its
 * `label`, the `words` of a choice, and `about`, a child's reference, where the box is about one child.
 */
export class KeptFields {
  /** `page` is the address that it is kept for, `apart` says whether its person is kept from anybody. */
  constructor({ page, mark, key, apart }, place = makePlace()) {
    Object.assign(this, { page, apart, place, left: [], now: [], looked: false });
    this.stores = openStores(page, mark, key);
  }

  /** Keeps these entries, with what finds no box; gives whether it could. */
  async keep(entries) {
    this.now = entries;
    const all = [...this.left, ...entries];
    if (all.length > 0) {
      return this.stores.own.put(all);
    }
    this.stores.own.clear();
    return true;
  }

  /**
   * Takes up what windows that are gone kept. Of the form it needs `element` and `valueOf`, each by the name of a box,
   * `putBack`, which puts an entry into its box unless something else was typed there, and `toKeep`, its own entries;
   * `stands`, where it has it, is told of an entry that stands in its box already, and `inWords` gives how a box and a
   * choice are called. `putBack` is told, too, whether the page has been there for a while.
   */
  takeUp(form) {
    return this.stores.takeUp(async (stores) => {
      const read = await Promise.all(stores.map(async (store) => ({ store, entries: await store.read() })));
      const there = read.filter(({ entries }) => Array.isArray(entries));
      const entries = there.flatMap((one) => asEntries(one.entries)).reverse();
      if (entries.length > 0) {
        await this.offer(entries, form);
      }
      if (there.length > 0 && (await this.keep(form.toKeep()))) {
        there.forEach(({ store }) => store.clear());
      }
      this.looked = true;
    });
  }

  async offer(entries, form) {
    const texts = entries.flatMap(({ value, about }) => [value, about ?? ""]);
    const read = await readNow(texts, this.page, this.apart);
    const offered = entries.map((entry, index) => ({ entry, ...read[2 * index], seen: read[2 * index + 1].whole }));
    const left = this.putBack(offered, form);
    this.left.push(...left.map(({ entry }) => entry));
    // What is about somebody whose item cannot be seen waits unseen until it can.
    const shown = left.filter(({ entry, seen }) => seen !== false && entry.value.trim());
    const whyOf = ({ entry: { name, value } }) => {
      const element = form.element(name);
      return !takes(element, value) ? NO_BOX : openBox(element) ? BESIDE : FOLDED;
    };
    for (const why of [NO_BOX, FOLDED, BESIDE]) {
      const these = shown.filter((one) => whyOf(one) === why);
      showWords(this.place, these.map((one) => this.toShow(one, form)), why);
    }
  }

  /** Puts what may be read whole into its box, choices first, for they show boxes; gives what does not stand there then. */
  putBack(offered, form) {
    const isChoice = ({ entry }) => ["radio", "checkbox"].includes(form.element(entry.name)?.type);
    const stands = ({ entry, whole, seen }) => {
      if (!whole || !seen) {
        return false;
      }
      if (form.valueOf(entry.name) === entry.value) {
        form.stands?.(entry);
        return true;
      }
      const element = form.element(entry.name);
      return openBox(element) && takes(element, entry.value) && form.putBack(entry, this.looked);
    };
    const left = offered.filter(isChoice).filter((one) => !stands(one));
    return [...left, ...offered.filter((one) => !isChoice(one) && !stands(one))];
  }

  toShow({ entry, text, whole, seen }, form) {
    const { label, words } = entry.label ? entry : form.inWords?.(entry.name, entry.value) ?? {};
    const clear = () => {
      this.left.splice(this.left.indexOf(entry), 1);
      this.keep(this.now);
    };
    const waits = whole === undefined || seen === undefined;
    return { text: whole ? words ?? text : text, whole: waits ? undefined : whole, label, clear };
  }
}

/** Shows what is kept of a form that is not on its page any more. */
for (const place of document.querySelectorAll("[data-kept-fields]")) {
  const { keptFields: page, keptMark: mark, keptKey: key, keptApart: apart } = place.dataset;
  const kept = new KeptFields({ page, mark, key, apart: apart !== undefined }, place);
  kept.takeUp(NO_FORM);
}
