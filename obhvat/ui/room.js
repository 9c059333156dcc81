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
