// Sends a picture as soon as it is chosen, shows how far it is, and puts the slot as it is now in place of the old one.
// Without this script the same forms post and come back with the whole page.
(function () {
  'use strict';
  var running = new Map(); // form → its request
  var acted = ''; // id of the slot a button was pressed in
  var waiting = []; // forms to send again after signing in
  var words = function (name) { return document.getElementById('slots').dataset[name]; };

  function part(form, name) { return form.querySelector('.' + name); }

  function mb(bytes) { return (bytes / 1048576).toFixed(1); }

  function picture(form) {
    var inputs = Array.prototype.filter.call(form.querySelectorAll('input[type="file"]'), function (input) {
      return input.files.length;
    });
    return inputs.length ? inputs[0].files[0] : null;
  }

  // What went wrong without an answer from the site is said in the one shape of a remark.
  function complain(form, text) {
    forget(form);
    var box = document.createElement('div');
    box.className = 'remark remark--mend';
    box.setAttribute('role', 'alert');
    box.innerHTML = '<span class="seal seal--mend" aria-hidden="true">改</span><div><p class="remark__what"></p></div>';
    part(box, 'remark__what').textContent = text;
    form.before(box);
  }

  // Whatever was said of an earlier picture.
  function forget(form) {
    form.closest('.slot').querySelectorAll('[role="alert"]').forEach(function (said) { said.remove(); });
  }

  function settle(form) {
    running.delete(form);
    part(form, 'up').hidden = true;
    form.querySelectorAll('input[type="file"]').forEach(function (input) { input.disabled = false; });
    form.querySelector('[data-send]').hidden = false;
  }

  function put(form, markup) {
    var holder = document.createElement('template');
    holder.innerHTML = markup;
    var slot = holder.content.querySelector('.slot');
    if (!slot) return location.reload();
    form.closest('.slot').replaceWith(slot);
    if (window.htmx) window.htmx.process(slot);
    ready(slot);
    document.getElementById('said').textContent = part(slot, 'slot__head').textContent;
    enter(slot);
  }

  function enter(slot) {
    var first = slot.querySelector('form:not([data-up]) button, summary') || slot.querySelector('input[type="file"]');
    first.focus({ preventScroll: true });
  }

  // The form to sign in with, at its place; or the words that one is signed in again already, with a fresh token.
  function signIn(request) {
    var here = document.getElementById('sign-in-here');
    here.innerHTML = request.responseText;
    if (window.htmx) window.htmx.process(here);
    here.scrollIntoView({ block: 'nearest' });
  }

  // The events an answer asks for, as htmx dispatches them.
  function announce(header) {
    var events = header ? JSON.parse(header) : {};
    Object.keys(events).forEach(function (name) {
      document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: events[name] }));
    });
  }

  function answered(form, request) {
    if (request.status === 200 || request.status === 422 || (request.status === 413 && request.responseText)) {
      put(form, request.responseText);
    } else if (request.status === 401) {
      signIn(request);
      waiting.push(form);
      announce(request.getResponseHeader('HX-Trigger'));
    } else if (request.status >= 400 && request.status < 500) {
      location.reload(); // the filing, the link or the session has changed: the page says what became of it
    } else {
      complain(form, words('lost'));
    }
  }

  function send(form) {
    var file = picture(form);
    if (!file || running.has(form)) return;
    if (file.size > Number(words('limit')) * 1048576) return complain(form, words('large'));
    forget(form);
    var request = new XMLHttpRequest(), bar = form.querySelector('progress'), body = new FormData(form);
    body.delete('picture');
    body.append('picture', file);
    part(form, 'up__name').textContent = file.name;
    part(form, 'up__num').textContent = mb(file.size) + ' MB';
    part(form, 'up').hidden = false;
    bar.value = 0;
    form.querySelectorAll('input[type="file"]').forEach(function (input) { input.disabled = true; });
    form.querySelector('[data-send]').hidden = true;
    request.upload.onprogress = function (event) {
      if (!event.lengthComputable) return;
      if (event.loaded < event.total) bar.value = 100 * event.loaded / event.total;
      else bar.removeAttribute('value'); // sent; the site is still making the smaller copy
      part(form, 'up__num').textContent = mb(event.loaded) + ' / ' + mb(event.total) + ' MB';
    };
    request.onload = function () { settle(form); answered(form, request); };
    request.onerror = request.ontimeout = function () { settle(form); complain(form, words('lost')); };
    request.onabort = function () {
      settle(form);
      form.querySelectorAll('input[type="file"]').forEach(function (input) { input.value = ''; });
      form.querySelector('input[type="file"]').focus();
    };
    running.set(form, request);
    request.open('POST', form.action);
    request.setRequestHeader('HX-Request', 'true');
    request.timeout = 600000;
    request.send(body);
  }

  // With script a chosen picture is sent at once; the button is only for trying again.
  function ready(root) {
    root.querySelectorAll('[data-send]').forEach(function (line) { line.hidden = true; });
  }

  document.addEventListener('change', function (event) {
    var form = event.target.closest('form[data-up]');
    if (form && event.target.type === 'file') send(form);
  });
  document.addEventListener('submit', function (event) {
    if (!event.target.matches('form[data-up]') || !picture(event.target)) return;
    event.preventDefault();
    send(event.target);
  });
  document.addEventListener('click', function (event) {
    var stop = event.target.closest('.up button');
    if (stop) running.get(stop.closest('form')).abort();
  });
  document.addEventListener('signed-in', function () { setTimeout(function () { waiting.splice(0).forEach(send); }); });
  // News of the phone would sweep away an upload, or the sign-in form, that is under way here.
  document.addEventListener('htmx:before:request', function (event) {
    var slot = event.target.closest('.slot');
    if (slot) acted = slot.id;
    var busy = running.size || document.querySelector('#sign-in-here form');
    if (event.target.matches('[data-follows]') && busy) event.preventDefault();
  });
  document.addEventListener('htmx:after:swap', function () {
    ready(document);
    var slot = acted && document.activeElement === document.body && document.getElementById(acted);
    if (slot) enter(slot); // the button that was pressed is gone
    acted = '';
  });
  ready(document);
})();
