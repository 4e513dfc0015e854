// Single keys at the desk. Each presses what the page shows anyway; all of them can be switched off.
(function () {
  'use strict';
  const KEPT = 'desk-keys-off';
  let at = ''; // id of the line people are at

  function off() {
    try { return localStorage.getItem(KEPT) === '1'; } catch (error) { return false; }
  }

  function show() {
    document.documentElement.classList.toggle('keys-off', off());
    document.querySelectorAll('[data-keys-switch]').forEach((link) => {
      link.dataset.off = link.dataset.off || link.textContent;
      link.textContent = off() ? link.dataset.on : link.dataset.off;
    });
  }

  // The lines of the review, or the rows of the queue.
  function stops() {
    const lines = [...document.querySelectorAll('[data-line]')];
    return lines.length ? lines : [...document.querySelectorAll('.rows--queue tbody tr')];
  }

  function mark(stop, scroll) {
    const row = stop.tagName === 'TR';
    document.querySelectorAll('.is-here, .is-cursor').forEach((old) => old.classList.remove('is-here', 'is-cursor'));
    stop.classList.add(row ? 'is-cursor' : 'is-here');
    at = stop.id;
    (row ? stop.querySelector('a') || stop : stop).focus({ preventScroll: !scroll });
    if (scroll) stop.scrollIntoView({ block: 'nearest' });
  }

  function here() {
    return document.querySelector('.is-here, .is-cursor') || (at && document.getElementById(at)) || null;
  }

  function go(step) {
    const all = stops();
    if (!all.length) return;
    const now = all.indexOf(here());
    mark(all[now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + step, 0), all.length - 1)], true);
  }

  function press(element) {
    if (!element) return false;
    element.click();
    return true;
  }

  function does(key) {
    const line = here();
    if (key === 'j' || key === 'k') { go(key === 'j' ? 1 : -1); return true; }
    if (key === 'm') return press(line && line.querySelector('[data-pen]'));
    if (key === 'p') return press(line && line.querySelector('[data-pass]'));
    if (key === '/') {
      const find = document.querySelector('input[type=search]');
      if (find) find.focus();
      return Boolean(find);
    }
    return press(document.querySelector('[data-key="' + CSS.escape(key) + '"]'));
  }

  function typing(element) {
    return element.isContentEditable || element.matches('input:not([type=checkbox], [type=radio]), textarea, select');
  }

  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && event.target.closest('.pen')) { press(event.target.closest('.pen').querySelector('[data-close]')); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && !'jk'.includes(event.key)) return;
    if (off() || event.key.length !== 1 || typing(event.target)) return;
    if (does(event.key.toLowerCase())) event.preventDefault();
  });

  document.addEventListener('click', (event) => {
    const toggle = event.target.closest('[data-keys-switch]');
    if (toggle) {
      event.preventDefault();
      try { localStorage.setItem(KEPT, off() ? '0' : '1'); } catch (error) { return; }
      show();
      return;
    }
    const close = event.target.closest('[data-close]');
    const line = event.target.closest('[data-line]');
    if (close && line) {
      event.preventDefault();
      close.closest('.pen').remove();
      mark(line, false);
      return;
    }
    if (line) at = line.id;
  });

  // What was swapped keeps the place: the line people were at, or the words to be written.
  document.addEventListener('htmx:after:swap', () => {
    show();
    const pen = document.querySelector('.pen [autofocus]');
    const line = at && document.getElementById(at);
    if (line) mark(line, false);
    if (pen) pen.focus();
  });

  show();
})();
