// After signing in in place, the page's forms get the CSRF token of the new session (see icp/accounts_web/here.py).
(function () {
  if (window.signInHere) return; // some pages name it twice
  window.signInHere = true;
  document.addEventListener('signed-in', function (event) {
    var token = event.detail && event.detail.csrf;
    if (!token) return;
    document.querySelectorAll('input[name="csrf_token"]').forEach(function (input) { input.value = token; });
    var meta = document.querySelector('meta[name="csrf-token"]');
    if (meta) meta.content = token;
    document.body.setAttribute('hx-headers:inherited', JSON.stringify({ 'X-CSRFToken': token }));
  });
})();
