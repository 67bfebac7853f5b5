// The key that leads to the search, and the switch that turns it off: whoever dictates types it by accident.

const KEPT = 'holdfast.keys';
const hint = document.getElementById('keys');
const button = hint.querySelector('button');
const span = hint.querySelector('span');
let isOn = kept() !== 'off';

/** @param {() => void} search what the key does */
export function onSearchKey(search) {
  hint.hidden = false;
  shown();
  button.addEventListener('click', () => {
    isOn = !isOn;
    keep(isOn ? 'on' : 'off');
    shown();
  });
  addEventListener('keydown', (event) => {
    if (!isOn || event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    search();
  });
}

function shown() {
  span.hidden = !isOn;
  button.textContent = isOn ? 'Turn the key off' : 'Turn the key / on';
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof Element && target.closest('input, select, textarea, [contenteditable]') !== null;
}

// A browser may refuse to keep anything; then the key is on again the next time.
function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

/** @param {string} value */
function keep(value) {
  try {
    localStorage.setItem(KEPT, value);
  } catch {
    // It holds for this visit.
  }
}
