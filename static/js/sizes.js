// Tells of a picture that is too large as soon as it is chosen, and takes it out again, so that the form can be sent.
// Without this script the same is said at its place after sending.
(function () {
  'use strict';

  function bytes(form) {
    return Array.prototype.reduce.call(form.querySelectorAll('input[type="file"]'), function (sum, input) {
      return sum + Array.prototype.reduce.call(input.files, function (size, file) { return size + file.size; }, 0);
    }, 0);
  }

  function said(input) { return document.getElementById(input.id + '-size'); }

  function complain(input, text) {
    var box = document.createElement('div');
    box.className = 'remark remark--mend';
    box.id = input.id + '-size';
    box.setAttribute('role', 'alert');
    box.innerHTML = '<span class="seal seal--mend" aria-hidden="true">改</span><div><p class="remark__what"></p></div>';
    box.querySelector('p').textContent = text;
    input.after(box);
    input.value = '';
  }

  document.addEventListener('change', function (event) {
    var input = event.target, form = input.closest('form[data-total]');
    if (!form || input.type !== 'file') return;
    if (said(input)) said(input).remove();
    var large = input.files.length && input.files[0].size > Number(form.dataset.limit) * 1048576;
    if (large) complain(input, form.dataset.large);
    else if (bytes(form) > Number(form.dataset.total) * 1048576) complain(input, form.dataset.many);
  });
})();
