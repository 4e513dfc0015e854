"""Forms of the filing: plain ``wtforms.Form``, one line a field; they know no request and no database."""
