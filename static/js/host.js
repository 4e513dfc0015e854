// Saving field by field. The answers come from the server; this only keeps the page in step with them:
// sends one field instead of the whole form, marks fields as their messages say, and never loses what was typed.
(function () {
  'use strict';
  const unsaved = new Set();
  const fieldOf = (element) => element.closest && element.closest('.field[hx-post]');

  // One field goes out, not the page: its controls, the value it was shown, its explanation and the button pressed.
  document.addEventListener('htmx:config:request', (event) => {
    const ctx = event.detail.ctx;
    const field = fieldOf(ctx.sourceElement);
    if (!field || !(ctx.request.body instanceof FormData)) return;
    const names = new Set(['csrf_token']);
    field.querySelectorAll('[name]').forEach((control) => names.add(control.name));
    [...ctx.request.body.keys()].forEach((name) => { if (!names.has(name)) ctx.request.body.delete(name); });
  });

  // A field looks as its message says.
  function follow(root) {
    root.querySelectorAll('.field[hx-post]').forEach((field) => {
      const told = field.querySelector('.told');
      if (!told) return;
      const mend = told.querySelector(':scope > .remark--mend') !== null;
      field.classList.toggle('field--mend', mend);
      field.classList.toggle('field--ask', !mend && told.querySelector(':scope > .remark--ask') !== null);
      field.querySelectorAll('input:not([type=hidden]), select, textarea').forEach((control) => {
        if (told.contains(control) || control.type === 'checkbox' || control.type === 'radio') return;
        if (mend) control.setAttribute('aria-invalid', 'true'); else control.removeAttribute('aria-invalid');
      });
    });
  }

  // After morphing, a choice somebody once touched would not follow its attribute any more.
  function agree(root) {
    root.querySelectorAll('select').forEach((select) => {
      if (select === document.activeElement) return;
      const chosen = [...select.options].findIndex((option) => option.hasAttribute('selected'));
      select.selectedIndex = Math.max(chosen, 0);
    });
    root.querySelectorAll('input[type=checkbox], input[type=radio]').forEach((control) => {
      if (control !== document.activeElement) control.checked = control.defaultChecked;
    });
  }

  document.addEventListener('htmx:after:swap', (event) => {
    const ctx = event.detail.ctx;
    follow(document);
    const target = ctx && ctx.target instanceof Element ? ctx.target : null;
    if (target && target.matches('#sheet, .field')) agree(target);
    if (target && target.matches('.field')) { // a button was pressed that is gone now
      const control = target.querySelector('input:not([type=hidden]), select, textarea');
      if (control) control.focus();
    }
  });

  // A request that waited for the one before it goes out with the value that one left, or it would contradict itself.
  document.addEventListener('htmx:before:request', (event) => {
    const ctx = event.detail.ctx;
    const field = fieldOf(ctx.sourceElement);
    if (!field) return;
    ctx.fieldId = field.id;
    field.querySelectorAll('.told > input[name^="shown:"]').forEach((shown) => {
      if (ctx.request.body && ctx.request.body.has(shown.name)) ctx.request.body.set(shown.name, shown.value);
    });
  });

  document.addEventListener('htmx:after:request', (event) => {
    const ctx = event.detail.ctx;
    const field = fieldOf(ctx.sourceElement) || document.getElementById(ctx.fieldId || '');
    if (!field) return;
    if (ctx.response && ctx.response.status < 400) unsaved.delete(field.id); else unsaved.add(field.id);
  });

  // The connection is gone: say so at the field, and send again when it is back.
  document.addEventListener('htmx:error', (event) => {
    const ctx = event.detail.ctx;
    const field = ctx && (fieldOf(ctx.sourceElement) || document.getElementById(ctx.fieldId || ''));
    if (!field) return;
    unsaved.add(field.id);
    const told = field.querySelector('.told');
    const form = field.closest('form');
    if (told && form && !told.querySelector('.lost')) {
      const said = document.createElement('p');
      said.className = 'saved lost';
      said.textContent = form.dataset.lost || '';
      told.append(said);
    }
  });
  const again = () => [...unsaved].forEach((id) => {
    const field = document.getElementById(id);
    if (field) field.dispatchEvent(new Event('change'));
  });
  window.addEventListener('online', again);
  document.addEventListener('signed-in', () => setTimeout(again));
  window.addEventListener('beforeunload', (event) => { if (unsaved.size) event.preventDefault(); });
  document.addEventListener('submit', (event) => { if (!event.target.closest('#sign-in-here')) unsaved.clear(); });

  document.addEventListener('draft-saved', (event) => {
    const said = document.getElementById('saved');
    if (said && event.detail && event.detail.text) said.lastChild.textContent = event.detail.text;
  });
})();
