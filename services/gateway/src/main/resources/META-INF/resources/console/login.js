// A key behind the # of the address, as `tutelage up` prints it, logs in. Browsers send what is there to no server, and it
// leaves the address and the history before anything else is done.
(function () {
  "use strict";

  const form = document.getElementById("login");
  const key = decodeURIComponent(location.hash.slice(1));
  if (form && key.startsWith("ttl_")) {
    history.replaceState(null, "", location.pathname + location.search);
    form.elements.key.value = key;
    form.submit();
  }
})();
