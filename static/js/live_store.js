// Keeps what is typed and not saved yet until it is saved, unreadable without the key, which the service gives only to the
// person who typed it. Where the browser cannot encrypt, nothing is kept.

const BEGINS = "typed ";

/** The bytes of a text of hexadecimal digits. */
function bytesOf(digits) {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The text of some bytes, as the store of a window takes it. */
function textOf(bytes) {
  return btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));
}

/**
 * Gives a place where one thing that a person typed at `address` can be put, read and taken away: in this window alone, or
 * with `window.localStorage` in this browser, so that a window may be closed. `mark` says whose it is.
 */
export function openStore(address, mark, digits, there = window.sessionStorage) {
  const name = `${BEGINS}${address} ${mark}`;
  const { subtle } = window.crypto ?? {};
  const key = subtle?.importKey("raw", bytesOf(digits), "AES-GCM", false, ["encrypt", "decrypt"]);
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
 * Gives the places in this browser where something is kept that a person typed at `address`, the earliest first, and a free
 * one: what is typed while the others are not read takes the place of none of them.
 */
export function openStores(address, mark, digits) {
  const there = window.localStorage;
  const begins = `${BEGINS}${address} `;
  const numbers = Object.keys(there)
    .filter((name) => name.startsWith(begins) && name.endsWith(` ${mark}`))
    .map((name) => Number(name.slice(begins.length, -mark.length)) || 1)
    .sort((one, other) => one - other);
  const open = (number) => openStore(number === 1 ? address : `${address} ${number}`, mark, digits, there);
  return { kept: numbers.map(open), free: open((numbers.at(-1) ?? 0) + 1) };
}

/** What is kept for the person with this mark: each the place and its name there. */
function keptFor(mark) {
  const kept = (name) => name.startsWith(BEGINS) && name.endsWith(` ${mark}`);
  return [window.sessionStorage, window.localStorage].flatMap(
    (there) => Object.keys(there).filter(kept).map((name) => [there, name]),
  );
}

/** Says whether anything is kept for the person with this mark. */
export function isAnythingKeptFor(mark) {
  return keptFor(mark).length > 0;
}

/** Takes away everything that is kept for the person with this mark, who signs out. */
export function forgetAllOf(mark) {
  for (const [there, name] of keptFor(mark)) {
    there.removeItem(name);
  }
}
