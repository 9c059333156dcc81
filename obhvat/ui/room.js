// Arrow keys, a clicker (Page Up, Page Down), space, Home, End and a swipe press the buttons under the slide.
(() => {
  if (window.obhvatRoom) return;
  window.obhvatRoom = true;
  const press = (name) => {
    const button = document.querySelector(`.st-key-room-${name} button`);
    if (button && !button.disabled) button.click();
  };
  const keys = {
    ArrowRight: "next", ArrowDown: "next", PageDown: "next", " ": "next", Enter: "next",
    ArrowLeft: "back", ArrowUp: "back", PageUp: "back", Backspace: "back",
    Home: "first", End: "last", Escape: "leave",
  };
  const isRoom = () => document.querySelector(".st-key-room-bar") !== null;
  // Before the widgets: a focused choice of audience would take the arrows for itself.
  document.addEventListener("keydown", (event) => {
    if (!isRoom() || event.ctrlKey || event.altKey || event.metaKey) return;
    // Space and Enter on a focused button already press it.
    if ((event.key === " " || event.key === "Enter") && event.target.closest("button")) return;
    const name = keys[event.key];
    if (!name) return;
    event.preventDefault();
    event.stopPropagation();
    press(name);
  }, true);
  // A button that was pressed with the mouse gives the focus back: space would press it again instead of going on.
  document.addEventListener("click", (event) => {
    if (!isRoom() || !event.detail || !event.target.closest(".st-key-room-bar")) return;
    setTimeout(() => document.activeElement.blur(), 0);
  }, true);
  // The bar stands over the slide while somebody points.
  const root = document.documentElement.classList;
  let rest = 0;
  const point = () => {
    root.remove("obhvat-still");
    clearTimeout(rest);
    rest = setTimeout(() => root.add("obhvat-still"), 3000);
  };
  for (const event of ["pointermove", "pointerdown"]) document.addEventListener(event, point, { passive: true });
  point();
  // What does not fit is set smaller, down to two thirds.
  const fit = () => {
    const slide = document.querySelector(".room-slide");
    const beside = slide && slide.querySelector(".room-beside");
    if (!beside) return;
    for (let size = 1; size > 0.66; size *= 0.96) {
      slide.style.setProperty("--fit", size);
      if (beside.scrollHeight <= beside.clientHeight + 1 && beside.scrollWidth <= beside.clientWidth + 1) return;
    }
  };
  new MutationObserver(fit).observe(document.body, { childList: true, subtree: true, characterData: true });
  window.addEventListener("resize", fit);
  fit();
  let from = null;
  document.addEventListener("touchstart", (event) => { from = event.changedTouches[0]; }, { passive: true });
  document.addEventListener("touchend", (event) => {
    if (!from || !isRoom()) return;
    const to = event.changedTouches[0];
    const across = to.clientX - from.clientX;
    if (Math.abs(across) > 60 && Math.abs(across) > 2 * Math.abs(to.clientY - from.clientY)) press(across < 0 ? "next" : "back");
    from = null;
  }, { passive: true });
})();
