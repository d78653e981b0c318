// Shows what is asked about an indicator once it is ticked. Without this file everything is shown at once.

/** Whether anything of an indicator is filled in. */
function inUse(indicator) {
  const boxes = indicator.querySelectorAll("input[type=checkbox]");
  const texts = indicator.querySelectorAll("textarea, input[type=text]");
  const wrong = indicator.querySelector(".govuk-form-group--error");
  return wrong !== null || Array.from(boxes).some((box) => box.checked) || Array.from(texts).some((text) => text.value !== "");
}

for (const indicator of document.querySelectorAll("[data-indicator]")) {
  const more = indicator.querySelector("[data-indicator-more]");
  const show = () => {
    more.hidden = !inUse(indicator);
  };
  indicator.addEventListener("change", show);
  show();
}
