// The big screen of the room: asks whether there is something new to show, and loads the page again when there is.
// Without this file the page loads itself again every half minute.

const ASK_EVERY = 4000;
const place = document.querySelector("[data-screen]");

async function ask() {
  try {
    const answer = await fetch(place.dataset.screen, { redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status === 404) {
      window.location.reload();
      return;
    }
    const said = answer.ok ? await answer.json() : null;
    if (said && said.mark !== place.dataset.screenMark) {
      window.location.reload();
      return;
    }
  } catch {
    // Without a connection the screen stays as it is, and asks again.
  }
  window.setTimeout(ask, ASK_EVERY);
}

if (place) {
  window.setTimeout(ask, ASK_EVERY);
}
