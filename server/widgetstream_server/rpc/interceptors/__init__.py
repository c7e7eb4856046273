"""One concern each, outermost first: errors, access log, auth, admission, validation."""
