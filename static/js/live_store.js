// Keeps what is typed and not saved yet until it is saved, in this window alone and unreadable without the key, which
// the service gives only to the person who typed it. Where the browser cannot encrypt, nothing is kept.

/** The bytes of a text of hexadecimal digits. */
function bytesOf(digits) {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The text of some bytes, as the store of a window takes it. */
function textOf(bytes) {
  return btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));
}

/** Gives a place called `name` where one thing can be put, read and taken away. */
export function openStore(name, digits) {
  const { subtle } = window.crypto ?? {};
  const key = subtle?.importKey("raw", bytesOf(digits), "AES-GCM", false, ["encrypt", "decrypt"]);
  let turn = 0;

  return {
    async put(thing) {
      turn += 1;
      const mine = turn;
      if (!key) {
        return;
      }
      const iv = window.crypto.getRandomValues(new Uint8Array(12));
      const sealed = await subtle.encrypt({ name: "AES-GCM", iv }, await key, new TextEncoder().encode(JSON.stringify(thing)));
      if (mine === turn) {
        window.sessionStorage.setItem(name, `${textOf(iv)}.${textOf(sealed)}`);
      }
    },

    async read() {
      const [iv, sealed] = (window.sessionStorage.getItem(name) ?? "").split(".");
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
      window.sessionStorage.removeItem(name);
    },
  };
}
