// Speaks to the service for the page of an item: sends what is typed, asks what others type, and says what went wrong.

const NO_CONNECTION = "Not saved: no connection. Go on typing: it is saved when the connection is back.";
const SIGNED_OUT = "Not saved: you are signed out. What you typed stays here until you have signed in.";
const SOMEBODY_ELSE = "Not saved: somebody else has signed in with this browser. Sign in as yourself to save.";
const GONE = "Not saved: you can no longer open this item. Copy what you typed.";

/**
 * What went wrong, in words: no connection, where nothing else is said. `link` is where to sign in again; after
 * something `final` nothing is tried again.
 */
export class Trouble extends Error {
  constructor(words = NO_CONNECTION, { link = "", final = false } = {}) {
    super(words);
    this.link = link;
    this.final = final;
  }
}

/** Gives the ways to speak to the service at `address`, as long as the person with this `mark` is signed in. */
export function openService(address, mark, form) {
  let tag = "";

  function isJson(answer) {
    return (answer.headers.get("Content-Type") ?? "").includes("json");
  }

  /** Gives an answer and what it says. One that is cut off in the middle is no answer: it is asked for again. */
  async function reach(url, options) {
    let answer;
    let said = null;
    try {
      answer = await fetch(url, { ...options, redirect: "manual" });
      said = isJson(answer) && answer.status !== 304 ? await answer.json() : null;
    } catch {
      throw new Trouble();
    }
    if (answer.type === "opaqueredirect") {
      throw new Trouble(SIGNED_OUT, { link: `/sign-in?next=${encodeURIComponent(window.location.pathname)}` });
    }
    if (answer.status === 404) {
      throw new Trouble(GONE, { final: true });
    }
    return { answer, said };
  }

  /** Gives what others have typed after a number, or null where nothing was. `afresh` asks in any case. */
  async function ask(after, afresh = false) {
    const { answer, said } = await reach(`${address}?after=${after}`, { headers: tag && !afresh ? { "If-None-Match": tag } : {} });
    if (answer.status === 304) {
      return null;
    }
    if (!answer.ok || !said) {
      throw new Trouble();
    }
    if (said.mark !== mark) {
      throw new Trouble(SOMEBODY_ELSE);
    }
    // After signing in again the tokens of the page are those of the session before.
    form.ownerDocument.querySelectorAll("input[name=csrf_token]").forEach((input) => {
      input.value = said.token;
    });
    tag = answer.headers.get("ETag") ?? "";
    return said;
  }

  /** Sends something and gives what the service said to it. */
  async function send(body, again = true) {
    const text = JSON.stringify(body);
    const { answer, said } = await reach(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.namedItem("csrf_token").value },
      body: text,
      keepalive: text.length < 30000,
    });
    if (answer.status === 400 && !said && again) {
      await ask(Number.MAX_SAFE_INTEGER, true);
      return send(body, false);
    }
    if (!said) {
      throw new Trouble();
    }
    if (!answer.ok) {
      throw new Trouble(`Not saved: ${said.problem}`, { final: said.over });
    }
    return said;
  }

  return { ask, send };
}
