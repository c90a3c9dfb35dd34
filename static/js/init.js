// Runs once, at the end of the page's loading. Without it every page still works.
(() => {
  const { initAll } = GOVUKFrontend;
  const body = document.body;

  body.classList.add("js-enabled");
  if ("noModule" in HTMLScriptElement.prototype) {
    body.classList.add("govuk-frontend-supported");
  }
  initAll();

  // A part that htmx put in gets its components as well. Its neighbours have theirs already and say so: that is no fault.
  // An error summary takes the focus as it starts.
  document.addEventListener("htmx:load", ({ detail }) => {
    if (detail.elt === body) return;
    initAll({
      scope: detail.elt.parentElement ?? detail.elt,
      onError: (error) => {
        if (error.name !== "InitError") console.error(error);
      },
    });
  });

  // What changed is told to people who cannot see it change: words from data-announce, else the heading of the new part.
  const listener = document.createElement("div");
  listener.className = "govuk-visually-hidden";
  listener.setAttribute("role", "status");
  body.append(listener);

  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    const part = detail.target ?? detail.elt;
    const asked = detail.requestConfig?.triggeringEvent?.type !== "load";
    if (!asked || !part?.querySelector || part.querySelector(".govuk-error-summary")) return;
    const marked = part.matches("[data-announce]") ? part : part.querySelector("[data-announce]");
    const heading = part.querySelector("h1, h2, h3, caption");
    const words = marked ? marked.dataset.announce || marked.textContent : heading?.textContent;
    if (words) listener.textContent = words.trim().replace(/\s+/g, " ");
  });

  // A request that failed on the way must not look like nothing happened.
  for (const failed of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(failed, () => {
      listener.textContent = "That did not work. Nothing was changed. Try again, or reload the page.";
    });
  }
})();
