(() => {
  const root = document.currentScript.closest(".lr-explore");
  const data = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
  const knobs = [...root.querySelectorAll("input,select")];
  const svg = root.querySelector("svg"), groups = data.slots.map((i) => svg.children[i]);
  const say = root.querySelector(".lr-say"), play = root.querySelector(".lr-play");
  let shown = data.start, timer = 0;
  // the page already holds the start frame's parts: read them before anything moves
  data.frames[shown].forEach((part, slot) => { data.parts[part] = groups[slot].innerHTML; });

  function show() {
    let frame = 0;
    knobs.forEach((knob, i) => {
      const texts = data.texts[i], text = texts[knob.value];
      frame = frame * texts.length + Number(knob.value);
      if (knob.type !== "range") return;
      knob.nextSibling.value = text;
      knob.setAttribute("aria-valuetext", text);
    });
    if (frame === shown) return;
    data.frames[frame].forEach((part, slot) => {
      if (part !== data.frames[shown][slot]) groups[slot].innerHTML = data.parts[part];
    });
    if (say) say.textContent = data.say[frame];
    shown = frame;
    root.dataset.frame = frame;
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play " + play.dataset.label;
    if (say) say.setAttribute("aria-live", "polite");
  }

  function next(knob) {
    knob.value = Number(knob.value) + 1;
    show();
    return knob.value === knob.max;
  }

  if (play) {
    const knob = knobs[play.dataset.knob], calm = matchMedia("(prefers-reduced-motion: reduce)");
    // who asks for less motion gets the same walk, a press a step
    const name = () => { if (!timer) play.textContent = (calm.matches ? "Next " : "Play ") + play.dataset.label; };
    calm.addEventListener("change", name);
    name();
    play.addEventListener("click", () => {
      if (timer) return stop();
      if (knob.value === knob.max) { knob.value = 0; show(); }
      else if (calm.matches) next(knob);
      if (calm.matches) return;
      play.textContent = "Pause";
      // twenty sentences a second are noise to a listener: the last one is enough
      if (say) say.setAttribute("aria-live", "off");
      timer = setInterval(() => { if (next(knob)) stop(); }, Math.max(60, 6000 / knob.max));
    });
    knob.addEventListener("pointerdown", () => { if (timer) stop(); });
    knob.addEventListener("keydown", () => { if (timer) stop(); });
  }
  knobs.forEach((knob) => knob.addEventListener("input", show));
  root.querySelector(".lr-controls").hidden = false;
  root.classList.add("lr-live");
  show();
})();
