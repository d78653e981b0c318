// Keeps what is typed into a form of many boxes until it is saved, and offers what windows that are gone kept of it: in its
// box or, where it finds none that is shown and free, as words to copy.

import { BESIDE, NO_BOX, readNow, showWords } from "./kept_words.js";
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

/**
 * What is kept of one form. A part of it is called an entry: at least the `name` of its box and its `value`, further its
 * `label`, the `words` of a choice, and `about`, a child's reference, where the box is about one child.
 */
export class KeptFields {
  /** `page` is the address that it is kept for, `apart` says whether its person is kept from anybody. */
  constructor({ page, mark, key, apart }, place = makePlace()) {
    Object.assign(this, { page, apart, place, left: [], now: [] });
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
   * `stands`, where it has it, is told of an entry that stands in its box already.
   */
  takeUp(form) {
    return this.stores.takeUp(async (stores) => {
      const read = await Promise.all(stores.map(async (store) => ({ store, entries: await store.read() })));
      const there = read.filter(({ entries }) => Array.isArray(entries));
      const entries = there.flatMap((one) => one.entries).toReversed();
      if (entries.length > 0) {
        await this.offer(entries, form);
      }
      if (there.length > 0 && (await this.keep(form.toKeep()))) {
        there.forEach(({ store }) => store.clear());
      }
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
    for (const [why, free] of [[NO_BOX, false], [BESIDE, true]]) {
      const these = shown.filter(({ entry }) => openBox(form.element(entry.name)) === free);
      showWords(this.place, these.map((one) => this.toShow(one)), why);
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
      return openBox(form.element(entry.name)) && form.putBack(entry);
    };
    const left = offered.filter(isChoice).filter((one) => !stands(one));
    return [...left, ...offered.filter((one) => !isChoice(one) && !stands(one))];
  }

  toShow({ entry, text, whole, seen }) {
    const clear = () => {
      this.left.splice(this.left.indexOf(entry), 1);
      this.keep(this.now);
    };
    const waits = whole === undefined || seen === undefined;
    return { text: whole ? entry.words ?? text : text, whole: waits ? undefined : whole, label: entry.label, clear };
  }
}

/** Shows what is kept of a form that is not on its page any more. */
for (const place of document.querySelectorAll("[data-kept-fields]")) {
  const { keptFields: page, keptMark: mark, keptKey: key, keptApart: apart } = place.dataset;
  const kept = new KeptFields({ page, mark, key, apart: apart !== undefined }, place);
  kept.takeUp(NO_FORM);
}
