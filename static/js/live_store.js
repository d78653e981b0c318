// Keeps what is typed and not saved yet until it is saved, unreadable without the key, which the service gives only to the
// person who typed it. Where the browser cannot encrypt, nothing is kept. Each window has a place of its own: what it
// kept is another window’s to take up only once it is closed, however that came.

const BEGINS = "typed ";
/** How long other windows may take to be gone, as one does that is loaded again, before the first look is over. */
const GONE_WITHIN = 500;

/** The bytes of a text of hexadecimal digits. */
function bytesOf(digits) {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The text of some bytes, as the store of a browser takes it. */
function textOf(bytes) {
  return btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));
}

/** Gives a place of this browser, by its name, where one thing can be put, read and taken away. */
function openStore(name, digits) {
  const { subtle } = window.crypto ?? {};
  const key = subtle?.importKey("raw", bytesOf(digits), "AES-GCM", false, ["encrypt", "decrypt"]);
  const there = window.localStorage;
  let turn = 0;

  return {
    /** Puts a thing there, and gives whether it is kept, by this or by one that came after it. */
    async put(thing) {
      turn += 1;
      const mine = turn;
      if (!key) {
        return false;
      }
      const iv = window.crypto.getRandomValues(new Uint8Array(12));
      const sealed = await subtle.encrypt({ name: "AES-GCM", iv }, await key, new TextEncoder().encode(JSON.stringify(thing)));
      if (mine !== turn) {
        return true;
      }
      try {
        there.setItem(name, `${textOf(iv)}.${textOf(sealed)}`);
      } catch {
        // The browser has no room, or keeps nothing.
        return false;
      }
      return true;
    },

    async read() {
      const [iv, sealed] = (there.getItem(name) ?? "").split(".");
      if (!key || !sealed) {
        return null;
      }
      try {
        const [start, rest] = [iv, sealed].map((text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
        return JSON.parse(new TextDecoder().decode(await subtle.decrypt({ name: "AES-GCM", iv: start }, await key, rest)));
      } catch {
        return null;
      }
    },

    clear() {
      turn += 1;
      there.removeItem(name);
    },
  };
}

/**
 * Waits until no other window has a place, and has it from then on, for as long as this window is there. A browser that
 * cannot tell offers every place at once: what is kept is read twice there rather than never.
 */
function hold(name) {
  if (!navigator.locks) {
    return Promise.resolve();
  }
  return new Promise((held) => {
    navigator.locks.request(name, () => {
      held();
      return new Promise(() => {});
    });
  });
}

/**
 * Opens what this browser keeps of what a person typed at `address`; `mark` says whose it is. `own` is a place of this
 * window. `takeUp` tells of the places of windows that are gone: at once of those before now, the earliest first, and
 * of each that is open still when it has been closed.
 */
export function openStores(address, mark, digits) {
  const begins = `${BEGINS}${address} `;
  const opened = (name) => Number.parseInt(name.slice(begins.length, -mark.length), 10) || 0;
  const before = Object.keys(window.localStorage)
    .filter((name) => name.startsWith(begins) && name.endsWith(` ${mark}`))
    .sort((one, other) => opened(one) - opened(other));
  const mine = `${begins}${Date.now()}-${textOf(window.crypto.getRandomValues(new Uint8Array(6)))} ${mark}`;
  hold(mine);

  async function takeUp(told) {
    const free = new Set();
    let first = true;
    const all = before.map(async (name) => {
      await hold(name);
      free.add(name);
      if (!first) {
        told([openStore(name, digits)]);
      }
    });
    await Promise.race([Promise.all(all), new Promise((over) => window.setTimeout(over, GONE_WITHIN))]);
    first = false;
    await told(before.filter((name) => free.has(name)).map((name) => openStore(name, digits)));
  }

  return { own: openStore(mine, digits), takeUp };
}

/** The names of what is kept for the person with this mark. */
function keptFor(mark) {
  return Object.keys(window.localStorage).filter((name) => name.startsWith(BEGINS) && name.endsWith(` ${mark}`));
}

/** Says whether anything is kept for the person with this mark. */
export function isAnythingKeptFor(mark) {
  return keptFor(mark).length > 0;
}

/** Takes away everything that is kept for the person with this mark, who signs out. */
export function forgetAllOf(mark) {
  for (const name of keptFor(mark)) {
    window.localStorage.removeItem(name);
  }
}
